/** Memory of a whole plan: the table of Megatron-LM's paper, and laws that hold whatever the plan is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import { type ActivationOptions, layerActivationBytes } from '../../../src/engine/model/activations.ts';
import type { ModelSpec } from '../../../src/engine/model/spec.ts';
import type { PlanSpec, RecomputeItem } from '../../../src/engine/plan/spec.ts';
import { microbatchesHeld } from '../../../src/engine/schedule/in-flight.ts';
import { deepseekV3, gpt3, llama8b, llama70b, mixtral, palm } from '../model/models.ts';
import { axis, pretrain } from './samples.ts';

const MIB = 2 ** 20;

describe('the activations of one layer of GPT-3 175B, 2048 tokens', () => {
  // Korthikanti et al., 2205.05198, table 2 with s 2048, b 1, h 12288, a 96: sbh (34 + 5as/h) = 2736 MiB without parallelism.
  const bytes = (more: Partial<ActivationOptions>): number =>
    layerActivationBytes(gpt3, 'dense', {
      tokens: 2048,
      tp: 8,
      sequenceParallel: false,
      ep: 1,
      etp: 1,
      imbalance: 1,
      recompute: { mode: 'none' },
      bytes: 2,
      dropout: true,
      unfusedSequence: 2048,
      ...more,
    }) / MIB;

  it.each([
    ['none', { tp: 1 }, 2736],
    ['tensor parallelism of 8', {}, 552],
    ['sequence parallelism as well', { sequenceParallel: true }, 342],
    [
      'attention recomputed as well',
      { sequenceParallel: true, recompute: { mode: 'selective', items: ['attention'] } },
      102,
    ],
    ['everything recomputed', { recompute: { mode: 'full' } }, 48],
  ] as const)('%s', (_name, more, expected) => {
    expect(bytes(more as Partial<ActivationOptions>)).toBeCloseTo(expected, 6);
  });
});

const MODELS: readonly ModelSpec[] = [
  llama8b,
  llama70b,
  gpt3,
  palm,
  mixtral,
  { ...deepseekV3, mtpLayers: 0 },
];
const SOFTWARE = [undefined, 'megatron_2021', 'megatron_2024', 'torchtitan', 'llm_foundry', 'maxtext_gpu'];

interface Shape {
  model: ModelSpec;
  software: string | undefined;
  tp: number;
  pp: number;
  dp: number;
  micro: number;
  sequenceParallel: boolean;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  model: fc.constantFrom(...MODELS),
  software: fc.constantFrom(...SOFTWARE),
  tp: fc.constantFrom(1, 2, 4),
  pp: fc.constantFrom(1, 2, 4),
  dp: fc.constantFrom(1, 2, 8),
  micro: fc.constantFrom(1, 2),
  sequenceParallel: fc.boolean(),
});

function peak(shape: Shape, more: Partial<PlanSpec> = {}, sharded = false): number {
  const { model, software, tp, pp, dp, micro, sequenceParallel } = shape;
  const axes = [axis('tp', tp), axis('cp', 1), axis('pp', pp), axis(sharded ? 'fsdp' : 'dp', dp)];
  const result = estimatePlan(
    pretrain({
      model,
      ...(software !== undefined && { software }),
      mesh: { name: 'm', axes, order: axes.map(({ name }) => name) },
      batch: { global: 8 * dp * micro, micro, sequence: 2048 },
      tp: { sequenceParallel, overlap: false },
      dp: { zero: 1, accumulate: 'local', overlapForward: true, overlapBackward: true },
      pp: { schedule: { kind: '1f1b' } },
      recompute: { mode: 'none' },
      ...more,
    }),
  );
  if (!result.ok) throw new Error(result.refusals.map(({ message }) => message).join(' '));
  const { memory } = result.estimate;
  for (const { parts, total } of memory.stages) {
    for (const part of parts) expect(part.bytes).toBeGreaterThanOrEqual(0);
    expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBeCloseTo(total, 0);
  }
  expect(memory.leastReserved).toBeGreaterThanOrEqual(memory.peak);
  expect(memory.reserved).toBeGreaterThanOrEqual(memory.leastReserved);
  return memory.peak;
}

const check = (property: (shape: Shape) => void): void =>
  fc.assert(fc.property(shapes, property), { numRuns: 40 });
const NO_MORE = 1 + 1e-9;

describe('the peak never grows', () => {
  it('with more recomputation', () => {
    check(shape => {
      const some: RecomputeItem[] = ['norm', 'swiglu'];
      const none = peak(shape);
      const selective = peak(shape, { recompute: { mode: 'selective', items: some } });
      const more = peak(shape, {
        recompute: { mode: 'selective', items: [...some, 'attention', 'qkv', 'out', 'mlp_up', 'moe_act'] },
      });
      expect(selective).toBeLessThanOrEqual(none * NO_MORE);
      expect(more).toBeLessThanOrEqual(selective * NO_MORE);
    });
  });

  it('with more layers of a stage recomputed, the first of which costs what one holds while it is computed again', () => {
    check(shape => {
      const peaks = [1, 2, 4, 8].map(layers => peak(shape, { recompute: { mode: 'full', layers } }));
      peaks.slice(1).forEach((each, at) => {
        expect(each).toBeLessThanOrEqual(peaks[at]! * NO_MORE);
      });
    });
  });

  it('with tensor parallelism twice as wide', () => {
    check(shape => {
      expect(peak({ ...shape, tp: 2 * shape.tp })).toBeLessThanOrEqual(peak(shape) * NO_MORE);
    });
  });

  it('with more ranks that share the optimizer, and with the shards of ZeRO-3', () => {
    check(shape => {
      const wider = { ...shape, dp: 2 * shape.dp };
      expect(peak(wider)).toBeLessThanOrEqual(peak(shape) * NO_MORE);
      if (shape.dp > 1) expect(peak(wider, {}, true)).toBeLessThanOrEqual(peak(shape, {}, true) * NO_MORE);
    });
  });

  it('with narrower states, a fused loss or one in pieces', () => {
    check(shape => {
      const base = pretrain().precision;
      const whole = peak(shape, { loss: { fused: false } });
      expect(peak(shape, { loss: { fused: true } })).toBeLessThanOrEqual(whole * NO_MORE);
      expect(peak(shape, { loss: { fused: false, chunk: 512 } })).toBeLessThanOrEqual(whole * NO_MORE);
      expect(peak(shape, { loss: { fused: false, chunkBytes: 64 * MIB } })).toBeLessThanOrEqual(
        whole * NO_MORE,
      );
      const wide = peak(shape);
      for (const narrow of [{ gradient: 'bf16' }, { moments: 'bf16' }, { main: 'none' }] as const)
        expect(peak(shape, { precision: { ...base, ...narrow } })).toBeLessThanOrEqual(wide * NO_MORE);
    });
  });
});

describe('states per parameter', () => {
  // ZeRO (1910.02054) and Megatron-LM's table of the distributed optimizer: 18 bytes, 6 + 12/n with a sharded optimizer, 16/n or 18/n sharded.
  const alone = { model: llama8b, software: undefined, tp: 1, pp: 1, micro: 1, sequenceParallel: false };
  const states = (dp: number, more: Partial<PlanSpec>, sharded = false): number => {
    const axes = [axis('tp', 1), axis('cp', 1), axis('pp', 1), axis(sharded ? 'fsdp' : 'dp', dp)];
    const result = estimatePlan(
      pretrain({
        model: alone.model,
        mesh: { name: 'm', axes, order: axes.map(({ name }) => name) },
        batch: { global: dp, micro: 1, sequence: 128 },
        pp: { schedule: { kind: '1f1b' } },
        ...more,
      }),
    );
    if (!result.ok) throw new Error('refused');
    const bytes = (name: string): number =>
      result.estimate.memory.parts.find(part => part.name === name)!.bytes;
    return (bytes('weights') + bytes('gradients') + bytes('optimizer')) / result.estimate.parameters.total;
  };
  const data = (zero: 0 | 1 | 2) =>
    ({ dp: { zero, accumulate: 'sharded', overlapForward: true, overlapBackward: true } }) as const;
  const { precision } = pretrain();

  it.each([
    ['plain', data(0), false, 18],
    ['ZeRO-1', data(1), false, 6 + 12 / 8],
    ['ZeRO-2', data(2), false, 2 + 16 / 8],
    ['ZeRO-3 that casts as it gathers', {}, true, 16 / 8],
    ['ZeRO-3 with a 16-bit shard', { software: 'megatron_2024' }, true, 18 / 8],
    ['16-bit gradients', { ...data(1), precision: { ...precision, gradient: 'bf16' } }, false, 4 + 12 / 8],
    [
      '16-bit gradients and moments',
      { ...data(1), precision: { ...precision, gradient: 'bf16', moments: 'bf16' } },
      false,
      4 + 8 / 8,
    ],
    [
      'all in 16 bit',
      { ...data(0), precision: { ...precision, gradient: 'bf16', main: 'none', moments: 'bf16' } },
      false,
      8,
    ],
    ['32-bit weights', { ...data(0), precision: { ...precision, weights: 'fp32' } }, false, 16],
  ] as const)('%s', (_name, more, sharded, expected) => {
    expect(states(8, more as Partial<PlanSpec>, sharded)).toBeCloseTo(expected, 9);
  });
});

it('holds the fewer microbatches the later the stage, and all of them under GPipe', () => {
  for (const schedule of [{ kind: '1f1b' }, { kind: 'interleaved', chunks: 2 }] as const) {
    const held = Array.from({ length: 8 }, (_, stage) => microbatchesHeld(schedule, 8, 32, stage));
    held.slice(1).forEach((each, at) => {
      expect(each).toBeLessThan(held[at]!);
    });
  }
  expect(microbatchesHeld({ kind: 'gpipe' }, 8, 32, 7)).toBe(32);
});

it('the logits of a GPipe are there for every microbatch', () => {
  const shape: Shape = {
    model: llama8b,
    software: undefined,
    tp: 1,
    pp: 2,
    dp: 1,
    micro: 1,
    sequenceParallel: false,
  };
  const logits = (kind: 'gpipe' | '1f1b'): number => {
    const axes = [axis('tp', 1), axis('cp', 1), axis('pp', 2), axis('dp', 1)];
    const result = estimatePlan(
      pretrain({
        model: shape.model,
        mesh: { name: 'm', axes, order: axes.map(({ name }) => name) },
        batch: { global: 8, micro: 1, sequence: 2048 },
        pp: { schedule: { kind } },
      }),
    );
    if (!result.ok) throw new Error('refused');
    return result.estimate.memory.stages[1]!.parts.find(({ name }) => name === 'logits')!.bytes;
  };
  expect(logits('gpipe')).toBe(8 * logits('1f1b'));
});
