/** Closed forms over digits against loops over chips. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupsInside, groupsTouching } from '../../../src/engine/fabric/membership.ts';
import { countFromRoots, countPairs, countRoots } from '../../../src/engine/fabric/pairs.ts';
import { countInWindows, flowSet, groupSize, normaliseGroup } from '../../../src/engine/fabric/pattern.ts';
import { listGroups } from '../../oracle/groups.ts';

/** One to three digits that nest, with other axes between them, on a few periods of the outermost. */
const anyGroup = fc
  .tuple(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 2, max: 5 })), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.integer({ min: 1, max: 7 }),
  )
  .map(([parts, periods]) => {
    let stride = 1;
    const digits = parts.map(([gap, size]) => {
      stride *= gap;
      const digit = { stride, size };
      stride *= size;
      return digit;
    });
    return { group: normaliseGroup(digits), chips: stride * periods };
  })
  .filter(({ chips }) => chips <= 3000);

const cut = fc.double({ min: 0, max: 1, noNaN: true });
const interval = (chips: number, a: number, b: number): [number, number] => {
  const ends = [Math.round(a * chips), Math.round(b * chips)].sort((x, y) => x - y);
  return [ends[0]!, ends[1]!];
};
const inside = (chip: number, [from, to]: [number, number]): boolean => chip >= from && chip < to;

it('pairs between any two intervals of chips', () => {
  fc.assert(
    fc.property(anyGroup, cut, cut, cut, cut, ({ group, chips }, a, b, c, d) => {
      const from = interval(chips, a, b);
      const to = interval(chips, c, d);
      let pairs = 0;
      let fromRoots = 0;
      for (const members of listGroups(group, chips)) {
        for (const one of members.filter(chip => inside(chip, from))) {
          const others = members.filter(other => other !== one && inside(other, to)).length;
          pairs += others;
          if (one === members[0]) fromRoots += others;
        }
      }
      expect(countPairs(group, ...from, ...to)).toBe(pairs);
      expect(countFromRoots(group, ...from, ...to)).toBe(fromRoots);
    }),
    { numRuns: 500 },
  );
});

it('groups and roots in an interval of chips', () => {
  fc.assert(
    fc.property(anyGroup, cut, cut, ({ group, chips }, a, b) => {
      const range = interval(chips, a, b);
      const groups = listGroups(group, chips);
      const within = groups.map(members => members.filter(chip => inside(chip, range)).length);
      expect(groupsTouching(group, ...range)).toBe(within.filter(count => count > 0).length);
      expect(groupsInside(group, ...range, chips)).toBe(
        within.filter(count => count === groupSize(group)).length,
      );
      expect(countRoots(group, ...range)).toBe(groups.filter(members => inside(members[0]!, range)).length);
    }),
    { numRuns: 500 },
  );
});

it('chips in nested windows', () => {
  const window = fc.tuple(fc.integer({ min: 1, max: 6 }), cut, cut);
  fc.assert(
    fc.property(fc.array(window, { maxLength: 3 }), fc.integer({ min: 0, max: 999 }), (parts, end) => {
      let period = 1;
      const ranges = parts
        .map(([factor, a, b]) => {
          period *= factor + 1;
          const [lo, hi] = interval(period, a, b);
          return { period, lo, hi };
        })
        .reverse();
      let count = 0;
      for (let chip = 0; chip < end; chip++)
        if (ranges.every(({ period: length, lo, hi }) => inside(chip % length, [lo, hi]))) count++;
      expect(countInWindows(flowSet(ranges, 1, 1).windows, end)).toBe(count);
    }),
    { numRuns: 500 },
  );
});
