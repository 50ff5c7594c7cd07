/** Which groups an interval of chips holds members of: counted without listing them. */
import { type Group, groupSize, periodOf } from './pattern.ts';

type Interval = readonly [from: number, to: number];

/** Groups with at least one member in [from, to). */
export function groupsTouching(group: Group, from: number, to: number): number {
  return union(shadows(group, [[from, to]]));
}

/** Groups with all members in [from, to), among chips [0, chips). */
export function groupsInside(group: Group, from: number, to: number, chips: number): number {
  const outside = union(
    shadows(group, [
      [0, from],
      [to, chips],
    ]),
  );
  return chips / groupSize(group) - outside;
}

/**
 * Numbers of the groups that have members in the intervals. Without its outermost digit a chip's number is the number it would
 * have if that axis had one rank; without all of them it is the number of its group.
 */
function shadows(group: Group, intervals: readonly Interval[]): readonly Interval[] {
  let cast = intervals;
  for (let at = group.length - 1; at >= 0; at--) {
    const { stride } = group[at]!;
    const period = periodOf(group[at]!);
    cast = cast.flatMap(interval => withoutDigit(interval, stride, period));
  }
  return cast;
}

/** Where the chips of an interval land when every position of a digit is laid over its first one. */
function withoutDigit([from, to]: Interval, stride: number, period: number): Interval[] {
  if (to <= from) return [];
  const first = Math.floor(from / period);
  const last = Math.floor((to - 1) / period);
  if (last > first) {
    const whole: Interval = [(first + 1) * stride, last * stride];
    return [
      ...withoutDigit([from, (first + 1) * period], stride, period),
      whole,
      ...withoutDigit([last * period, to], stride, period),
    ];
  }
  const base = first * stride;
  if (to - from >= stride) return [[base, base + stride]];
  const start = (from - first * period) % stride;
  const end = start + to - from;
  return end <= stride
    ? [[base + start, base + end]]
    : [
        [base + start, base + stride],
        [base, base + end - stride],
      ];
}

/** Numbers in at least one of the intervals. */
function union(intervals: readonly Interval[]): number {
  let count = 0;
  let reached = 0;
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    count += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return count;
}
