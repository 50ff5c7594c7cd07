/** Plans that make no sense are refused in words: whatever the numbers, nothing throws and nothing that is not a number comes out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import type { PlanSpec } from '../../../src/engine/plan/spec.ts';
import { deepseekV3 } from '../model/models.ts';
import { axis, pretrain } from './samples.ts';

type Path = readonly (string | number)[];

/** Every number of a plan, by its path. */
function numbersOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number') return [path];
  if (value === null || typeof value !== 'object') return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, child]) => numbersOf(child, [...path, key]));
}

function withNumber<T>(from: T, path: Path, number: number): T {
  const copy = structuredClone(from);
  // biome-ignore lint/suspicious/noExplicitAny: the path was read off this very object
  let at: any = copy;
  for (const key of path.slice(0, -1)) at = at[key];
  at[path.at(-1)!] = number;
  return copy;
}

const experts = (): PlanSpec =>
  pretrain({
    model: deepseekV3,
    mesh: {
      name: 'm',
      axes: [
        axis('tp', 2),
        axis('cp', 2),
        axis('pp', 4),
        axis('dp', 16),
        axis('fsdp', 2),
        axis('ep', 16, { from: ['dp'] }),
        axis('etp', 2, { from: ['tp'] }),
      ],
      order: ['tp', 'cp', 'fsdp', 'dp', 'pp'],
    },
    ep: { dispatch: 'fp8', combine: 'bf16', maxNodes: 4, imbalance: 1.1, overlap: true },
    pp: { schedule: { kind: '1f1b' }, layers: [15, 16, 15, 15] },
    collectives: [
      {
        name: 'extra',
        op: 'all_gather',
        over: ['dp'],
        size: 1e6,
        per: 'layer',
        phase: 'forward',
        overlap: [],
      },
    ],
  });

const absurd = fc.oneof(
  fc.constantFrom(0, -1, -0.5, 0.5, 1.5, 2, 3, 7, 1e9, 1e18, 1e300, 5e-324),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.integer({ min: -5, max: 5000 }),
);

/** Follows `estimate` down to its numbers. */
function expectNumbers(plan: PlanSpec, what: string): void {
  const result = estimatePlan(plan);
  if (!result.ok) {
    expect(result.refusals.length, what).toBeGreaterThan(0);
    for (const { message } of result.refusals) expect(message, what).not.toMatch(/NaN|Infinity|undefined/);
    return;
  }
  const { fabric: _, ...rest } = result.estimate;
  const odd = numbersOf(rest).filter(path => {
    const number = path.reduce((at: unknown, key) => (at as Record<string | number, unknown>)[key], rest);
    return !Number.isFinite(number);
  });
  expect(
    odd.map(path => path.join('.')),
    what,
  ).toEqual([]);
  expect(result.estimate.step.time, what).toBeGreaterThan(0);
  for (const each of result.estimate.collectives) expect(each.exposed, what).toBeGreaterThanOrEqual(0);
  for (const stage of result.estimate.memory.stages)
    for (const part of stage.parts) expect(part.bytes, `${what}: ${part.name}`).toBeGreaterThanOrEqual(0);
}

describe('absurd numbers', () => {
  for (const [name, make] of [
    ['a dense plan', () => pretrain()],
    ['a plan with experts', experts],
  ] as const) {
    it(`of ${name} are priced or refused, one wrong at a time`, () => {
      const plan = make();
      fc.assert(
        fc.property(fc.constantFrom(...numbersOf(plan)), absurd, (path, number) => {
          expectNumbers(withNumber(plan, path, number), `${path.join('.')} = ${number}`);
        }),
        { numRuns: 400 },
      );
    });

    it(`of ${name} are priced or refused, several wrong at once`, () => {
      const plan = make();
      const change = fc.tuple(fc.constantFrom(...numbersOf(plan)), absurd);
      fc.assert(
        fc.property(fc.array(change, { minLength: 2, maxLength: 4 }), changes => {
          const changed = changes.reduce((at, [path, number]) => withNumber(at, path, number), plan);
          expectNumbers(changed, changes.map(([path, number]) => `${path.join('.')} = ${number}`).join(', '));
        }),
        { numRuns: 200 },
      );
    });
  }
});
