/**
 * Everybody to everybody within every group, counted between intervals of chips.
 *
 * A group has some members in interval I and some in J; pairs are the products of the two numbers, summed over all groups.
 * One digit at a time: I consists of whole positions of the digit, in which every inner group lies with all of its members,
 * and of a rest at either end, which the inner digits split further.
 */
import { type Group, groupSize, periodOf } from './pattern.ts';

/** Ordered pairs of different members of one group, the first in [from, to), the second in [inFrom, inTo). */
export function countPairs(group: Group, from: number, to: number, inFrom: number, inTo: number): number {
  // A member is no partner of its own.
  const shared = Math.max(0, Math.min(to, inTo) - Math.max(from, inFrom));
  return products(group, group.length, groupSize(group), from, to, inFrom, inTo, false) - shared;
}

/** As `countPairs`, the first being the root of its group: the member whose digits are all 0. */
export function countFromRoots(group: Group, from: number, to: number, inFrom: number, inTo: number): number {
  const shared = countRoots(group, Math.max(from, inFrom), Math.min(to, inTo));
  return products(group, group.length, groupSize(group), from, to, inFrom, inTo, true) - shared;
}

/** Roots in [from, to). */
export function countRoots(group: Group, from: number, to: number): number {
  return innerRoots(group, group.length, from, to);
}

/** Chips in [from, to) whose innermost `digits` digits are 0. */
function innerRoots(group: Group, digits: number, from: number, to: number): number {
  return to > from ? rootsBefore(group, digits, to) - rootsBefore(group, digits, from) : 0;
}

function rootsBefore(group: Group, digits: number, end: number): number {
  let rest = end;
  // Chips whose outer digit is 0 are numbered anew; in the new numbers the inner digits are what they were.
  for (let at = digits - 1; at >= 0; at--) {
    const { stride } = group[at]!;
    const period = periodOf(group[at]!);
    const periods = Math.floor(rest / period);
    rest = periods * stride + Math.min(rest - periods * period, stride);
  }
  return rest;
}

/**
 * Sum over the groups formed by the innermost `digits` digits of (members in [a, b)) x (members in [c, d)).
 * @param size members of such a group
 * @param roots of [a, b) only the roots count
 */
function products(
  group: Group,
  digits: number,
  size: number,
  a: number,
  b: number,
  c: number,
  d: number,
  roots: boolean,
): number {
  if (b <= a || d <= c) return 0;
  if (digits === 0) return Math.max(0, Math.min(b, d) - Math.max(a, c));
  const digit = group[digits - 1]!;
  const period = periodOf(digit);
  const first = Math.max(Math.floor(a / period), Math.floor(c / period));
  const last = Math.min(Math.floor((b - 1) / period), Math.floor((d - 1) / period));
  if (last < first) return 0;
  const within = (index: number): number => {
    const start = index * period;
    const end = start + period;
    return inPeriod(
      group,
      digits,
      size / digit.size,
      Math.max(a, start) - start,
      Math.min(b, end) - start,
      Math.max(c, start) - start,
      Math.min(d, end) - start,
      roots,
    );
  };
  let sum = within(first);
  if (last > first) {
    // Periods between the outermost two lie in both intervals with all of their groups.
    const whole = digit.stride * digit.size * (roots ? 1 : size);
    sum += within(last) + (last - first - 1) * whole;
  }
  return sum;
}

/** `products` in one period of the outermost digit. @param size members of a group of the digits inside of it */
function inPeriod(
  group: Group,
  digits: number,
  size: number,
  a: number,
  b: number,
  c: number,
  d: number,
  roots: boolean,
): number {
  const { stride } = group[digits - 1]!;
  const source = roots ? firstPosition(a, b, stride) : split(a, b, stride);
  const target = split(c, d, stride);
  const inner = digits - 1;
  const both = (from: number, to: number, inFrom: number, inTo: number): number =>
    products(group, inner, size, from, to, inFrom, inTo, roots);
  // A rest of k chips holds k members of inner groups; each meets `size` partners in every whole position.
  const restOfSource = roots
    ? innerRoots(group, inner, source.from, source.to)
    : source.to - source.from + source.end;
  const restOfTarget = target.to - target.from + target.end;
  return (
    source.whole * target.whole * stride * size +
    source.whole * size * restOfTarget +
    target.whole * size * restOfSource +
    both(source.from, source.to, target.from, target.to) +
    both(source.from, source.to, 0, target.end) +
    both(0, source.end, target.from, target.to) +
    both(0, source.end, 0, target.end)
  );
}

/** An interval of one period: a rest [from, to) of one position, whole positions, a rest [0, end) of another one. */
interface Split {
  from: number;
  to: number;
  whole: number;
  end: number;
}

function split(a: number, b: number, stride: number): Split {
  const first = Math.floor(a / stride);
  const last = Math.floor(b / stride);
  const from = a - first * stride;
  const end = b - last * stride;
  if (b <= a) return { from: 0, to: 0, whole: 0, end: 0 };
  if (first === last) return { from, to: end, whole: 0, end: 0 };
  return from === 0
    ? { from: 0, to: 0, whole: last - first, end }
    : { from, to: stride, whole: last - first - 1, end };
}

/** Roots lie in the first position only. */
function firstPosition(a: number, b: number, stride: number): Split {
  return { from: Math.min(a, stride), to: Math.min(b, stride), whole: 0, end: 0 };
}
