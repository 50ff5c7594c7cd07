import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisDigits } from '../../src/layout/model/axes.ts';
import type { PanelAxis, PanelLevel } from '../../src/layout/model/types.ts';
import { chipOf, coordinate, coordinateRange, crosses, groupOf, ranksOf } from '../../src/layout/ranks.ts';
import { llama405b, mesh } from '../panel/fixture.ts';

type Shape = Pick<PanelLevel, 'count' | 'spare' | 'span' | 'childSpan'>;

/** Levels of random counts, some with spares. */
const fabrics = fc
  .array(fc.record({ count: fc.integer({ min: 1, max: 5 }), spare: fc.integer({ min: 0, max: 2 }) }), {
    minLength: 1,
    maxLength: 4,
  })
  .map(list => {
    let span = 1;
    return list.map(({ count, spare }): Shape => {
      const childSpan = span;
      span *= count;
      return { count, spare: Math.min(spare, count - 1), span, childSpan };
    });
  });

/** The obvious way: chips one after the other, spares skipped. */
function chipsInUse(levels: readonly Shape[]): number[] {
  const chips = levels.at(-1)!.span;
  return Array.from({ length: chips }, (_, chip) => chip).filter(chip =>
    levels.every(({ count, spare, childSpan }) => Math.floor(chip / childSpan) % count < count - spare),
  );
}

describe('which ranks live where', () => {
  test('agrees with counting chips one by one, spares left out', () => {
    fc.assert(
      fc.property(fabrics, fc.integer({ min: 0, max: 700 }), (levels, wanted) => {
        const used = chipsInUse(levels);
        const total = Math.min(used.length, wanted);
        for (let level = -1; level < levels.length; level++) {
          const span = level < 0 ? 1 : levels[level]!.span;
          for (let unit = 0; unit * span < levels.at(-1)!.span; unit++) {
            const inside = used.slice(0, total).filter(chip => Math.floor(chip / span) === unit);
            const { from, to } = ranksOf(levels, level, unit, total);
            expect(to - from).toBe(inside.length);
            if (inside.length > 0) expect(used[from]).toBe(inside[0]);
          }
        }
        expect(used.map((_, rank) => chipOf(levels, rank))).toEqual(used);
      }),
    );
  });

  test('pod 5 of the first example holds the last 8 of 128 data-parallel ranks, pods 6 and 7 nothing', () => {
    const { levels, axes, ranks } = llama405b();
    const dp = axes.find(({ name }) => name === 'dp')!;
    expect(coordinateRange(dp, ranksOf(levels, 1, 2, ranks))).toEqual({ low: 48, high: 71 });
    expect(coordinateRange(dp, ranksOf(levels, 1, 5, ranks))).toEqual({ low: 120, high: 127 });
    expect(ranksOf(levels, 1, 6, ranks)).toEqual({ from: 0, to: 0 });
  });

  test('chip 8875 of the first example is tp 3, pp 5, dp 69', () => {
    const { axes } = llama405b();
    expect(Object.fromEntries(axes.map(axis => [axis.name, coordinate(axis, 8875)]))).toEqual({
      tp: 3,
      cp: 0,
      pp: 5,
      dp: 69,
    });
  });
});

const meshes = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
  .map(sizes => mesh(Object.fromEntries(sizes.map((size, index) => [`a${index}`, size]))));

function axesOf(spec: ReturnType<typeof mesh>): PanelAxis[] {
  const digits = axisDigits(spec);
  return spec.axes.map(({ name, role, size }) => ({ name, role, size, digits: digits.get(name) ?? [] }));
}

describe('coordinates', () => {
  test('are the digits of the rank in the order of the mesh', () => {
    fc.assert(
      fc.property(meshes, spec => {
        const axes = axesOf(spec);
        const total = axes.reduce((product, { size }) => product * size, 1);
        for (let rank = 0; rank < total; rank++) {
          let rest = rank;
          for (const axis of axes) {
            expect(coordinate(axis, rank)).toBe(rest % axis.size);
            rest = Math.floor(rest / axis.size);
          }
        }
      }),
    );
  });

  test('a derived axis counts through the innermost part of its parents', () => {
    const [dp, pp, ep] = axesOf(mesh({ dp: 8, pp: 2 }, { ep: { size: 4, from: ['dp'] } }));
    expect([0, 3, 4, 7, 8, 13].map(rank => coordinate(ep!, rank))).toEqual([0, 3, 0, 3, 0, 1]);
    expect(coordinate(dp!, 13)).toBe(5);
    expect(coordinate(pp!, 13)).toBe(1);
  });

  test('a derived axis reads two parents that are not neighbours', () => {
    const axes = axesOf(mesh({ cp: 2, pp: 3, dp: 4 }, { ep: { size: 8, from: ['cp', 'dp'] } }));
    const [cp, , dp, ep] = axes;
    for (let rank = 0; rank < 24; rank++) {
      expect(coordinate(ep!, rank)).toBe(coordinate(cp!, rank) + 2 * coordinate(dp!, rank));
    }
  });

  test('groups agree with comparing coordinates, and cross an interval exactly when they have members on both sides', () => {
    fc.assert(
      fc.property(meshes, fc.nat(), fc.nat(), fc.nat(), (spec, pick, a, b) => {
        const axes = axesOf(spec);
        const total = axes.reduce((product, { size }) => product * size, 1);
        const axis = axes[pick % axes.length]!;
        const others = axes.filter(other => other !== axis);
        const group = (rank: number): number[] =>
          Array.from({ length: total }, (_, other) => other).filter(other =>
            others.every(same => coordinate(same, rank) === coordinate(same, other)),
          );
        const rank = a % total;
        expect(groupOf([axis], rank)).toEqual(group(rank));
        const [from, to] = [a % (total + 1), b % (total + 1)].sort((x, y) => x - y) as [number, number];
        const inside = (other: number): boolean => other >= from && other < to;
        const crossed = Array.from({ length: total }, (_, other) => other).some(
          other => inside(other) && group(other).some(member => !inside(member)),
        );
        expect(crosses([axis], { from, to }, total)).toBe(crossed);
      }),
    );
  });
});
