/** Sequences of the schedules: complete, possible, and as good as their papers say. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Schedule } from '../../../src/engine/plan/spec.ts';
import { microbatchesHeld } from '../../../src/engine/schedule/in-flight.ts';
import { heldOf, programOf, sizeOf } from '../../../src/engine/schedule/program.ts';
import { playStep } from '../../../src/engine/schedule/step.ts';
import { listed, SCHEDULES, shapesOf, titleOf } from './support.ts';

const even = (schedule: Schedule, p: number, f: number, b: number, w: number) => {
  const { chunks } = sizeOf(schedule, p, 2 * p);
  const copies = schedule.kind === 'dualpipe' ? 1 : chunks;
  const all = (time: number) => new Array<number>(p * chunks).fill(time / copies);
  return { forward: all(f), inputGradient: all(b), weights: all(w) };
};

/** Seconds that even stages wait. */
function bubble(
  schedule: Schedule,
  p: number,
  m: number,
  [f, b, w]: readonly [number, number, number],
): number {
  const step = playStep({ schedule, stages: p, microbatches: m, durations: even(schedule, p, f, b, w) })!;
  return step.compute - m * (f + b + w);
}

describe.each(SCHEDULES.map(schedule => [titleOf(schedule), schedule] as const))('%s', (_, schedule) => {
  test('does every pass of every microbatch once, forward before backward before weights', () => {
    fc.assert(
      fc.property(shapesOf(schedule), ({ p, m }) => {
        const { chunks, microbatches } = sizeOf(schedule, p, m);
        for (const order of listed(schedule, p, m)) {
          const seen = new Map<string, number>();
          order.forEach(({ kind, chunk, micro }, at) => {
            for (const each of kind === 'BW' ? ['B', 'W'] : [kind]) {
              const key = `${each}${chunk}.${micro}`;
              expect(seen.has(key)).toBe(false);
              seen.set(key, at);
            }
          });
          expect(seen.size).toBe(3 * chunks * microbatches);
          for (let chunk = 0; chunk < chunks; chunk++)
            for (let micro = 0; micro < microbatches; micro++) {
              const at = (kind: string) => seen.get(`${kind}${chunk}.${micro}`)!;
              expect(at('F')).toBeLessThan(at('B'));
              expect(at('B')).toBeLessThanOrEqual(at('W'));
            }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('never stops, and holds what is said of it', () => {
    fc.assert(
      fc.property(shapesOf(schedule), ({ p, m }) => {
        const program = programOf(schedule, sizeOf(schedule, p, m));
        const held = Array.from({ length: p }, (_, stage) => heldOf(program, stage));
        held.forEach((most, stage) => {
          expect(most).toBeLessThanOrEqual(microbatchesHeld(schedule, p, m, stage) + 1e-9);
        });
        // And not more than is ever held, once the pipeline is full.
        if (m >= 3 * p)
          expect(Math.max(...held)).toBeCloseTo(
            Math.max(...held.map((_, stage) => microbatchesHeld(schedule, p, m, stage))),
            9,
          );
      }),
      { numRuns: 60 },
    );
  });

  test('never has a larger bubble share with more microbatches', () => {
    fc.assert(
      fc.property(shapesOf(schedule), fc.integer({ min: 1, max: 3 }), ({ p, m }, times) => {
        const share = (count: number) => bubble(schedule, p, count, [1, 1, 1]) / (3 * count);
        expect(share(m * (times + 1))).toBeLessThanOrEqual(share(m) + 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});

describe('waits of even stages', () => {
  const times = [
    [1, 1, 1],
    [1, 1.2, 0.8],
    [0.9, 1.4, 0.7],
  ] as const;
  const shapes = [
    [2, 4],
    [4, 8],
    [4, 19],
    [8, 16],
    [8, 40],
  ] as const;
  test.each<[string, Schedule, (p: number, f: number, b: number, w: number) => number]>([
    ['GPipe: (p-1)(F+B)', { kind: 'gpipe' }, (p, f, b, w) => (p - 1) * (f + b + w)],
    ['1F1B: (p-1)(F+B)', { kind: '1f1b' }, (p, f, b, w) => (p - 1) * (f + b + w)],
    // 2401.10241, table 1, with B for the input gradient alone.
    ['ZB-H1: (p-1)(F+B-W)', { kind: 'zero_bubble', variant: 'h1' }, (p, f, b, w) => (p - 1) * (f + b - w)],
    [
      'ZB-H2: (p-1)(F+B-2W)',
      { kind: 'zero_bubble', variant: 'h2' },
      (p, f, b, w) => (p - 1) * (f + b - 2 * w),
    ],
  ])('%s', (_, schedule, expected) => {
    for (const [p, m] of shapes)
      for (const [f, b, w] of times)
        if (schedule.kind !== 'zero_bubble' || schedule.variant !== 'h2' || m >= 2 * p - 1)
          expect(bubble(schedule, p, m, [f, b, w])).toBeCloseTo(expected(p, f, b, w), 9);
  });

  // 2104.04473 from m = p on; below it the pipeline also waits for its own end.
  test('interleaved and circular: ((v-1) max(0, p-m) + p-1)/(mv) of the work', () => {
    for (const kind of ['interleaved', 'circular'] as const)
      for (const v of [2, 3, 8])
        for (const [p, m] of [...shapes, [8, 4], [8, 5], [5, 7], [6, 8], [5, 12], [16, 16]] as const) {
          const share = bubble({ kind, chunks: v }, p, m, [1, 1, 1]) / (3 * m);
          expect(share, `${kind} ${p} ${v} ${m}`).toBeCloseTo(
            ((v - 1) * Math.max(0, p - m) + p - 1) / (m * v),
            9,
          );
        }
  });

  // 2405.15362: none where the three passes take equally long.
  test('ZB-V: none', () => {
    for (const [p, m] of [
      [2, 3],
      [4, 7],
      [4, 16],
      [8, 15],
      [8, 32],
      [5, 9],
    ] as const)
      expect(bubble({ kind: 'zero_bubble', variant: 'v' }, p, m, [1, 1, 1])).toBeCloseTo(0, 9);
  });

  // "half", "two thirds" of 1F1B's and a constant number of passes (2405.15362, section 4.3).
  test.each([
    ['v_half', 1 / 2],
    ['v_min', 2 / 3],
  ] as const)('%s: about that of 1F1B times %f', (kind, share) => {
    for (const [p, m] of [
      [4, 16],
      [8, 32],
      [12, 48],
      [16, 64],
    ] as const)
      expect(Math.abs(bubble({ kind }, p, m, [1, 1, 1]) - share * 3 * (p - 1))).toBeLessThanOrEqual(2.5);
  });

  // deepseek-ai/DualPipe, README: (p/2-1)(F&B + B - 3W), B with its weights; here nothing hides in a pair.
  test('DualPipe: (p/2-1)(F&B + B - 3W) where the passes take equally long, never more than a W per stage off', () => {
    for (const [p, m] of [
      [2, 4],
      [4, 8],
      [8, 20],
      [16, 64],
    ] as const)
      for (const [f, b, w] of times) {
        const expected = (p / 2 - 1) * (f + b + w + b + w - 3 * w);
        const found = bubble({ kind: 'dualpipe' }, p, m, [f, b, w]);
        if (f === b && b === w) expect(found).toBeCloseTo(expected, 9);
        else expect(Math.abs(found - expected)).toBeLessThanOrEqual((p / 2) * w);
      }
  });
});

describe('activations', () => {
  const held = (schedule: Schedule, p: number): number =>
    heldOf(programOf(schedule, sizeOf(schedule, p, 4 * p)), 0);
  test.each([4, 8, 12, 16])('of %i stages, in whole stages', p => {
    expect(held({ kind: '1f1b' }, p)).toBe(p);
    expect(held({ kind: 'zero_bubble', variant: 'h1' }, p)).toBe(p);
    expect(held({ kind: 'zero_bubble', variant: 'h2' }, p)).toBe(2 * p - 1);
    expect(held({ kind: 'zero_bubble', variant: 'v' }, p)).toBe(p);
    expect(held({ kind: 'interleaved', chunks: 2 }, p)).toBe((3 * p - 1) / 2);
    // One more than half and two more than a third at the most: the papers' "O(1)".
    expect(held({ kind: 'v_half' }, p)).toBeLessThanOrEqual(p / 2 + 1);
    expect(held({ kind: 'v_min' }, p)).toBeLessThanOrEqual(p / 3 + 2);
    // p + 1 of one of the two copies that a stage holds.
    expect(held({ kind: 'dualpipe' }, p)).toBe((p + 1) / 2);
  });
});
