/** Laws that hold for every legal plan, over random shapes: what peers break (see CONTRIBUTING, "Right by construction"). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import type { Estimate } from '../../../src/engine/estimate/result.ts';
import type { PlanSpec } from '../../../src/engine/plan/spec.ts';
import { axis, level, llama405b, pretrain } from './samples.ts';

const power = (most: number) => fc.integer({ min: 0, max: most }).map(exponent => 2 ** exponent);

const moe = {
  experts: 64,
  topk: 4,
  expertFfn: 2048,
  sharedFfn: 2048,
  denseLayers: 1,
  routerBias: false,
  groups: 0,
  groupTopk: 0,
};

/** Any legal combination of degrees on any nesting of switch and fat tree. */
const plans: fc.Arbitrary<PlanSpec> = fc
  .record({
    tp: power(4),
    cp: power(2),
    pp: power(3),
    dp: power(4),
    fsdp: power(2),
    ep: power(3),
    perRank: fc.integer({ min: 1, max: 4 }),
    micro: fc.constantFrom(1, 2),
    zero: fc.constantFrom(0, 1, 2, 3) as fc.Arbitrary<0 | 1 | 2 | 3>,
    accumulate: fc.constantFrom('local', 'sharded') as fc.Arbitrary<'local' | 'sharded'>,
    sequenceParallel: fc.boolean(),
    overlap: fc.boolean(),
    experts: fc.boolean(),
    context: fc.record({
      method: fc.constantFrom('ring', 'all_gather', 'ulysses', 'hierarchical'),
      balance: fc.constantFrom('head_tail', 'none'),
    }) as fc.Arbitrary<PlanSpec['cp']>,
    dispatch: fc.record({
      dispatch: fc.constantFrom('bf16', 'fp8'),
      combine: fc.constant('bf16'),
      maxNodes: fc.constantFrom(0, 2),
      imbalance: fc.constantFrom(1, 1.3),
      overlap: fc.constantFrom(true, false, 'shared_experts'),
      dispatcher: fc.constantFrom('all_to_all', 'all_gather'),
      sms: fc.constantFrom(0, 20),
    }) as fc.Arbitrary<PlanSpec['ep']>,
    reshard: fc.boolean(),
    prefetch: fc.constantFrom(0, 1, 2),
    noise: fc.constantFrom(0, 0.02),
    recompute: fc.constantFrom('none', 'full') as fc.Arbitrary<'none' | 'full'>,
    chunks: fc.constantFrom(1, 2, 4),
    node: fc.constantFrom(4, 6, 8, 72),
    ratio: fc.constantFrom(1, 3, 7),
    order: fc.shuffledSubarray(['tp', 'cp', 'pp', 'dp', 'fsdp'], { minLength: 5 }),
    software: fc.constantFrom(undefined, 'megatron_2021', 'megatron_2024'),
  })
  .map(random => {
    const ranks = random.tp * random.cp * random.pp * random.dp * random.fsdp;
    const parents = random.dp * random.fsdp;
    const ep = random.experts ? Math.min(random.ep, parents) : 1;
    const base = pretrain();
    return pretrain({
      fabric: {
        ...base.fabric,
        levels: [
          level('node', random.node, {
            topology: { kind: 'switch', reduce: true },
            bandwidth: 450e9,
            latency: 1e-6,
            tier: 'scale_up',
          }),
          level('pod', 16, {
            topology: { kind: 'fat_tree', tiers: 2, planes: 1, oversubscription: [], reduce: false },
            bandwidth: 50e9,
            latency: 4e-6,
            tier: 'scale_out',
          }),
          level('cluster', Math.ceil(ranks / (16 * random.node)) + 1, {
            topology: {
              kind: 'fat_tree',
              tiers: 1,
              planes: 1,
              oversubscription: [random.ratio],
              reduce: false,
            },
            bandwidth: 50e9,
            latency: 7e-6,
            tier: 'scale_out',
          }),
        ],
      },
      model: {
        ...llama405b,
        layers: 32,
        hidden: 4096,
        ffn: 14336,
        heads: 32,
        ...(random.experts ? { moe } : {}),
      },
      mesh: {
        name: 'm',
        axes: [
          axis('tp', random.tp),
          axis('cp', random.cp),
          axis('pp', random.pp),
          axis('dp', random.dp),
          axis('fsdp', random.fsdp),
          ...(ep > 1 ? [axis('ep', ep, { from: ['dp', 'fsdp'] })] : []),
        ],
        order: random.order,
      },
      batch: {
        global: parents * random.micro * random.perRank * random.pp,
        micro: random.micro,
        sequence: 4096,
      },
      tp: { sequenceParallel: random.sequenceParallel, overlap: random.overlap },
      dp: {
        zero: random.zero,
        accumulate: random.accumulate,
        overlapForward: random.overlap,
        overlapBackward: random.overlap,
      },
      fsdp: {
        zero: 3,
        reshard: random.reshard,
        accumulate: random.accumulate,
        prefetch: random.prefetch,
        overlapForward: random.overlap,
        overlapBackward: random.overlap,
      },
      cp: random.context,
      ep: random.dispatch,
      noise: random.noise,
      pp: { schedule: random.chunks > 1 ? { kind: 'interleaved', chunks: random.chunks } : { kind: '1f1b' } },
      recompute: { mode: random.recompute },
      software: random.software,
    });
  });

function priced(plan: PlanSpec): Estimate {
  const result = estimatePlan(plan);
  if (!result.ok) throw new Error(result.refusals.map(refusal => refusal.message).join('; '));
  return result.estimate;
}

const check = (law: (plan: PlanSpec) => void, numRuns = 60): void =>
  fc.assert(fc.property(plans, law), { numRuns });
/** A library keeps its default algorithm until another is 2 % faster: a step may lose that much when it changes its mind. */
const CHANGE = 1.021;

describe('every legal plan', () => {
  it('has finite, positive numbers that add up', () => {
    check(plan => {
      const { step, memory, collectives, throughput } = priced(plan);
      const parts =
        step.compute +
        Object.values(step.exposed).reduce((a, b) => a + b, 0) +
        step.bubble +
        step.optimizer +
        step.overhead;
      expect(Math.abs(parts / step.time - 1)).toBeLessThan(1e-9);
      for (const value of [step.time, step.compute, memory.peak, throughput.mfu])
        expect(value).toBeGreaterThan(0);
      expect(throughput.mfu).toBeLessThan(1);
      for (const each of collectives) {
        expect(Number.isFinite(each.total) && each.total > 0).toBe(true);
        expect(each.exposed).toBeGreaterThanOrEqual(0);
        expect(each.price.time).toBeGreaterThanOrEqual(each.price.limit * (1 - 1e-9));
        for (const use of each.price.links) expect(use.load).toBeLessThanOrEqual(1 + 1e-9);
      }
    });
  });

  it('is not made slower by a faster link, chip or memory', () => {
    check(plan => {
      const before = priced(plan).step.time;
      const { fabric } = plan;
      const faster = [
        ...fabric.levels.map((_, index) => ({
          ...fabric,
          levels: fabric.levels.map((each, at) =>
            at === index ? { ...each, bandwidth: 1.5 * each.bandwidth } : each,
          ),
        })),
        { ...fabric, chip: { ...fabric.chip, peak: { bf16: 1500e12 } } },
        { ...fabric, chip: { ...fabric.chip, hbm: { ...fabric.chip.hbm, bandwidth: 5e12 } } },
      ];
      for (const each of faster)
        expect(priced({ ...plan, fabric: each }).step.time).toBeLessThan(before * CHANGE);
    }, 25);
  });

  it('gains from overlap up to its tax', () => {
    check(plan => {
      const off = { overlapForward: false, overlapBackward: false };
      const on = { overlapForward: true, overlapBackward: true };
      const without = priced({
        ...plan,
        tp: { ...plan.tp, overlap: false },
        dp: { ...plan.dp, ...off },
        fsdp: { ...plan.fsdp, ...off },
      });
      const overlapped = priced({
        ...plan,
        tp: { ...plan.tp, overlap: true },
        dp: { ...plan.dp, ...on },
        fsdp: { ...plan.fsdp, ...on },
      });
      expect(overlapped.step.time).toBeLessThanOrEqual(without.step.time * (1 + 1e-9));
    });
  });

  it('never has a larger bubble share with more microbatches', () => {
    check(plan => {
      const more = { ...plan, batch: { ...plan.batch, global: 2 * plan.batch.global } };
      expect(priced(more).bubbleShare).toBeLessThanOrEqual(priced(plan).bubbleShare + 1e-12);
    });
  });

  it('needs no more memory for a higher ZeRO stage, more recomputation or more tensor parallelism', () => {
    check(plan => {
      const stages = ([0, 1, 2] as const).map(
        zero => priced({ ...plan, dp: { ...plan.dp, zero } }).memory.peak,
      );
      expect(stages[1]).toBeLessThanOrEqual(stages[0]!);
      expect(stages[2]).toBeLessThanOrEqual(stages[1]!);
    });
  });

  it('does not care what its axes are called', () => {
    check(plan => {
      const renamed = (name: string): string => `${name}_x`;
      const mesh = {
        ...plan.mesh,
        axes: plan.mesh.axes.map(each => ({
          ...each,
          name: renamed(each.name),
          from: each.from.map(renamed),
        })),
        order: plan.mesh.order.map(renamed),
      };
      expect(priced({ ...plan, mesh }).step.time).toBe(priced(plan).step.time);
    });
  });

  it('is the same every time', () => {
    check(plan => {
      expect(priced(plan)).toEqual(priced(structuredClone(plan)));
    }, 20);
  });
});

describe('degrees of one', () => {
  it('price a single chip without any collective', () => {
    const alone = ['tp', 'cp', 'pp', 'dp'].map(name => axis(name, 1));
    const single = priced(
      pretrain({
        mesh: { name: 'm', axes: alone, order: ['tp', 'cp', 'pp', 'dp'] },
        batch: { global: 1, micro: 1, sequence: 128 },
        pp: { schedule: { kind: '1f1b' } },
      }),
    );
    expect(single.collectives).toEqual([]);
    expect(single.step.bubble).toBe(0);
  });
});
