/**
 * The first example against the figures of its sources. Bytes and memory: Megatron-LM's formulas and ZeRO (2205.05198,
 * 1910.02054) worked out by hand for Llama 3.1 405B; step: 400 TFLOP/s per chip (Llama 3 report, 2407.21783, Table 4), which is
 * 6.46 s counting causal attention and 6.72 s counting it full.
 */
import { describe, expect, it } from 'vitest';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import { measure } from '../../../src/engine/estimate/metrics.ts';
import type { CollectiveEstimate, Estimate } from '../../../src/engine/estimate/result.ts';
import type { PlanSpec } from '../../../src/engine/plan/spec.ts';
import { pipelineSeconds } from '../../../src/engine/schedule/closed.ts';
import { axis, llama405b, pretrain } from './samples.ts';

function estimate(fields: Partial<PlanSpec> = {}): Estimate {
  const result = estimatePlan(pretrain(fields));
  if (!result.ok) throw new Error(result.refusals.map(refusal => refusal.message).join('; '));
  return result.estimate;
}

function collectives(from: Estimate, name: string): CollectiveEstimate[] {
  return from.collectives.filter(collective => collective.name === name);
}

const GB = 1e9;
const part = (from: Estimate, stage: number, name: string): number =>
  from.memory.stages[stage]!.parts.find(each => each.name === name)!.bytes;

describe('collectives of Llama 3 405B on 16,384 H100', () => {
  const sample = estimate();

  it('gathers and scatters 256 MiB 1,280 times over the tensor axis, 0.522 ms at line rate', () => {
    const tp = [...collectives(sample, 'tp_gather'), ...collectives(sample, 'tp_scatter')];
    expect(tp.reduce((sum, each) => sum + each.count, 0)).toBe(1280);
    for (const each of tp) {
      expect(each.bytes).toBe(256 * 2 ** 20);
      expect(each.price.limit).toBeCloseTo(0.522e-3, 5);
      expect(each.price.time).toBeGreaterThan(each.price.limit);
      expect(each.price.bottleneck.level).toBe('node');
    }
  });

  it('sends 33.55 MB per rank between stages in 0.671 ms at 50 GB/s', () => {
    const [send] = collectives(sample, 'stage_send');
    expect(send!.bytes).toBe(33_554_432);
    expect(send!.price.limit).toBeCloseTo(0.671e-3, 6);
    expect(send!.count).toBe(128);
  });

  it('reduces 12.75 GB and gathers 6.38 GB per rank of an inner stage, 12.21 and 6.10 GB in the first and last', () => {
    const [reduce] = collectives(sample, 'grad_reduce');
    const [gather] = collectives(sample, 'param_gather');
    expect(reduce!.bytes / GB).toBeCloseTo(12.75, 2);
    expect(gather!.bytes / GB).toBeCloseTo(6.38, 2);
    for (const stage of [0, 15]) {
      expect(part(sample, stage, 'gradients') / GB).toBeCloseTo(12.21, 2);
      expect(part(sample, stage, 'weights') / GB).toBeCloseTo(6.1, 2);
    }
  });

  it('runs the data-parallel ring over the 7:1 tier in 0.25 s: 128 flows per pod uplink load it to 29 %', () => {
    const [reduce] = collectives(sample, 'grad_reduce');
    const uplink = reduce!.price.links.find(link => link.link === 'pod uplink')!;
    expect(reduce!.price.time).toBeCloseTo(0.2535, 3);
    expect(uplink.flows).toBe(128);
    expect(uplink.load).toBeCloseTo(0.29, 2);
    expect(reduce!.price.bottleneck).toEqual({ level: 'pod', link: 'chip to leaf' });
  });

  it("keeps the ring in pods and slows sends to 21.4 GB/s in Megatron's default order", () => {
    const axes = [axis('tp', 8), axis('cp', 1), axis('pp', 16), axis('dp', 128)];
    const megatron = estimate({ mesh: { name: 'm16k', axes, order: ['tp', 'cp', 'dp', 'pp'] } });
    expect(collectives(megatron, 'grad_reduce')[0]!.price.levels).toEqual(['pod']);
    const [send] = collectives(megatron, 'stage_send');
    expect(send!.price.time - send!.price.latency).toBeCloseTo(1.566e-3, 6);
    expect(send!.bytes / (send!.price.time - send!.price.latency) / GB).toBeCloseTo(21.43, 2);
    expect(send!.price.bothDirections! - send!.price.latency).toBeCloseTo(2 * 1.566e-3, 6);
  });

  it('never beats the limit of the fabric', () => {
    for (const each of sample.collectives) expect(each.price.time).toBeGreaterThanOrEqual(each.price.limit);
  });
});

describe('the step of Llama 3 405B on 16,384 H100', () => {
  it('takes 6.0 to 7.6 s; published: 6.46 s', () => {
    const { step, throughput } = estimate();
    expect(step.time).toBeGreaterThan(6);
    expect(step.time).toBeLessThan(7.6);
    expect(throughput.mfuFull / throughput.mfu).toBeCloseTo(44.05 / 42.34, 3);
  });

  it('is the sum of its parts', () => {
    const { step } = estimate();
    const parts =
      step.compute +
      Object.values(step.exposed).reduce((a, b) => a + b, 0) +
      step.bubble +
      step.optimizer +
      step.overhead;
    expect(parts).toBeCloseTo(step.time, 9);
  });

  it('waits 11.7 % of its work for a pipeline of even stages, 93.8 % with one chunk per stage', () => {
    // 128 layers, and a vocabulary so small that embedding and head take no time.
    const even = { ...llama405b, layers: 128, vocab: 8 };
    expect(
      estimate({ model: even, pp: { schedule: { kind: 'interleaved', chunks: 8 } } }).bubbleShare,
    ).toBeCloseTo(15 / 128, 2);
    const plain = estimate({ model: even, pp: { schedule: { kind: '1f1b' } } });
    // The last stage still gathers its head's input, and is so the busiest by half a percent.
    expect(plain.bubbleShare / (15 / 16)).toBeGreaterThan(0.99);
    expect(plain.bubbleShare / (15 / 16)).toBeLessThanOrEqual(1);
    expect(plain.bound.by).toBe('bubble');
  });

  it('waits less with its own stages: the first chunk has the embedding and the last one the head in place of a layer', () => {
    // One slot of 128 less to fill and to drain, at most, and half of one more where the head stands.
    const { bubbleShare: share } = estimate();
    expect(share).toBeGreaterThan(13 / 128);
    expect(share).toBeLessThan(15 / 128);
  });

  it('holds 65.1 GB with selective recompute and 87.7 GB without, over the capacity', () => {
    const selective = estimate();
    expect(selective.memory.peak / GB).toBeCloseTo(65.1, 1);
    expect(part(selective, 1, 'activations') / GB).toBeCloseTo(45.7, 1);
    const none = estimate({ recompute: { mode: 'none' } });
    expect(none.memory.peak / GB).toBeCloseTo(87.7, 1);
    expect(part(none, 1, 'activations') / GB).toBeCloseTo(68.2, 0);
    expect(none.memory.peak).toBeGreaterThan(none.memory.capacity);
    expect(none.bound.by).toBe('memory');
  });

  it('binds on the network with ZeRO-3, which gathers the weights for each of 16 microbatches', () => {
    const zero3 = estimate({
      dp: { zero: 3, accumulate: 'sharded', overlapForward: true, overlapBackward: true },
    });
    const gathers = collectives(zero3, 'param_gather');
    expect(gathers.map(each => each.count)).toEqual([16, 16]);
    expect(zero3.bound).toEqual({ by: 'network', axis: 'dp', level: 'pod' });
    expect(zero3.step.time).toBeGreaterThan(1.25 * estimate().step.time);
  });

  it('counts bytes by the level where they meet: tensor traffic stays in nodes, each ring crosses pods six times', () => {
    const sample = estimate();
    const plan = pretrain();
    expect(measure(sample, plan, 'crosses', { axis: 'tp', level: 'pod' })).toBe(false);
    expect(measure(sample, plan, 'crosses', { axis: 'dp', level: 'cluster' })).toBe(true);
    expect(measure(sample, plan, 'inside', { level: 'node' })).toBeGreaterThan(0.9);
    expect(measure(sample, plan, 'inside', { level: 'cluster' })).toBeCloseTo(1, 12);
    // 127/128 of 12.75 + 6.38 GB pass each hop of a ring; five boundaries between six pods and the way back are crossed.
    const cluster = sample.levels[2]!.bytes;
    const perRing = (127 / 128) * (12.7517e9 + 6.3759e9);
    expect(cluster / (128 * perRing)).toBeCloseTo(6, 1);
  });
});

describe('gradients under ZeRO', () => {
  const counts = (zero: 2 | 3, accumulate: 'local' | 'sharded') =>
    collectives(
      estimate({ dp: { zero, accumulate, overlapForward: true, overlapBackward: true } }),
      'grad_reduce',
    )[0]!.count;

  it('are reduced once a step while they stay whole, every microbatch in shards', () => {
    expect([counts(2, 'local'), counts(2, 'sharded'), counts(3, 'local'), counts(3, 'sharded')]).toEqual([
      1, 16, 1, 16,
    ]);
  });
});

describe('a link that is slower by a tenth', () => {
  const slowed = (name: string): number => {
    const { fabric } = pretrain();
    const levels = fabric.levels.map(each =>
      each.name === name ? { ...each, bandwidth: 0.9 * each.bandwidth } : each,
    );
    return estimate({ fabric: { ...fabric, levels } }).step.time;
  };

  it('leaves the step as it is off the critical path, and lengthens it on it', () => {
    const before = estimate().step.time;
    // The ring over the top tier loads its uplinks to 29 %: ports of the pods bind.
    expect(slowed('cluster')).toBeCloseTo(before, 9);
    expect(slowed('node')).toBeGreaterThan(1.01 * before);
    expect(slowed('pod')).toBeGreaterThan(before);
  });
});

describe('interleaving with fewer microbatches than stages', () => {
  /** Plays Megatron-LM's interleaved order task by task; forward takes 1, backward 2. @returns waiting over working time */
  function simulated(p: number, v: number, m: number): number {
    const order: [number, number][] = [];
    for (let first = 0; first < m; first += p) {
      for (let chunk = 0; chunk < v; chunk++) {
        for (let batch = first; batch < Math.min(first + p, m); batch++) order.push([batch, chunk]);
      }
    }
    const backward = (index: number): string => `B${order[index]![0]}.${v - 1 - order[index]![1]}`;
    const forward = (index: number): string => `F${order[index]![0]}.${order[index]![1]}`;
    const tasks = Array.from({ length: p }, (_, rank) => {
      const warm = Math.min(order.length, 2 * (p - rank - 1) + (v - 1) * p);
      const list = order.slice(0, warm).map((_, index) => forward(index));
      for (let index = warm; index < order.length; index++) list.push(forward(index), backward(index - warm));
      for (let index = order.length - warm; index < order.length; index++) list.push(backward(index));
      return list;
    });
    const done = new Map<string, number>();
    const clock = new Array<number>(p).fill(0);
    const at = new Array<number>(p).fill(0);
    for (let moved = true; moved; ) {
      moved = false;
      for (let rank = 0; rank < p; rank++) {
        for (;;) {
          const task = tasks[rank]![at[rank]!];
          if (task === undefined) break;
          const [batch, chunk] = task.slice(1).split('.').map(Number) as [number, number];
          const last = v - 1;
          const needs =
            task[0] === 'F'
              ? rank > 0
                ? `F${batch}.${chunk}@${rank - 1}`
                : chunk > 0
                  ? `F${batch}.${chunk - 1}@${p - 1}`
                  : undefined
              : rank < p - 1
                ? `B${batch}.${chunk}@${rank + 1}`
                : chunk < last
                  ? `B${batch}.${chunk + 1}@0`
                  : `F${batch}.${chunk}@${rank}`;
          if (needs !== undefined && !done.has(needs)) break;
          clock[rank] = Math.max(clock[rank]!, done.get(needs ?? '') ?? 0) + (task[0] === 'F' ? 1 : 2);
          done.set(`${task}@${rank}`, clock[rank]!);
          at[rank]!++;
          moved = true;
        }
      }
    }
    return Math.max(...clock) / (3 * m * v) - 1;
  }

  /** Of the closed form, over the work of an even stage: a forward pass of one second, a backward pass of two. */
  function closed(p: number, chunks: number, m: number): number {
    const every = (seconds: number) => new Float64Array(p * chunks).fill(seconds);
    const durations = { forward: every(1), inputGradient: every(1), weights: every(1) };
    return pipelineSeconds({ kind: 'interleaved', chunks }, p, m, durations) / (3 * m * chunks) - 1;
  }

  it('waits as long as a simulation of the schedule says', () => {
    for (const [p, v, m] of [
      [4, 2, 2],
      [4, 2, 3],
      [4, 2, 8],
      [8, 4, 4],
      [16, 8, 8],
      [16, 8, 16],
      [16, 8, 32],
    ] as const) {
      expect(closed(p, v, m)).toBeCloseTo(simulated(p, v, m), 9);
    }
  });
});

describe('how far doubling the chips pays', () => {
  it('blames the pipeline where even a free network would gain little', () => {
    const { networkBound } = estimate();
    expect(networkBound).toMatchObject({ bound: false, bindsAtChips: null });
    expect(networkBound.reason).toContain("the pipeline's waiting");
  });
});
