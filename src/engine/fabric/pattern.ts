/**
 * Who sends to whom in one step of an algorithm, for all groups of an axis at once, without listing ranks.
 *
 * Ranks sit on consecutive chips, so an axis is a digit of the chip number: stride `s`, size `n`. A flow set is "every chip
 * whose digits lie in these windows sends to the chip `shift` away"; how many such flows leave an interval of chips is
 * arithmetic, whatever the number of chips.
 */

/** One axis (or merged axes) of a group: members lie `stride` chips apart. */
export interface Digit {
  stride: number;
  size: number;
}

/**
 * Innermost first, with strides that grow; neighbours that continue each other are merged. Digits of one mesh nest: the stride
 * of each is a multiple of the whole period (stride x size) of the one before.
 */
export type Group = readonly Digit[];

/** Chips whose position modulo `period` lies in [lo, hi). */
export interface Range {
  period: number;
  lo: number;
  hi: number;
}

/** A range with the chips counted that lie in all windows inside of it: windows nest, the first is the outermost. */
interface Window extends Range {
  /** Chips in [0, lo) that lie in the inner windows. */
  before: number;
  /** Chips in [lo, hi) that lie in the inner windows. */
  inside: number;
}

/** Every chip inside all windows sends `bytes` to the chip `shift` further. */
export interface FlowSet {
  windows: readonly Window[];
  shift: number;
  bytes: number;
}

export function groupSize(group: Group): number {
  let product = 1;
  for (const digit of group) product *= digit.size;
  return product;
}

/** Sorts digits by stride, drops those of size 1 and merges those that continue each other. */
export function normaliseGroup(digits: readonly Digit[]): Digit[] {
  const sorted = digits.filter(digit => digit.size > 1).sort((a, b) => a.stride - b.stride);
  const merged: Digit[] = [];
  for (const digit of sorted) {
    const last = merged.at(-1);
    if (last && last.stride * last.size === digit.stride) last.size *= digit.size;
    else merged.push({ ...digit });
  }
  return merged;
}

/** Chips after which the pattern of members repeats. */
export function periodOf(digit: Digit): number {
  return digit.stride * digit.size;
}

/** @param ranges nested, the outermost first; positions in each count from the start of a period of the one around it. */
export function flowSet(ranges: readonly Range[], shift: number, bytes: number): FlowSet {
  const windows: Window[] = [];
  for (const range of [...ranges].reverse()) {
    const before = countInWindows(windows, range.lo);
    const inside = range.hi > range.lo ? countInWindows(windows, range.hi) - before : 0;
    windows.unshift({ ...range, before, inside });
  }
  return { windows, shift, bytes };
}

/** Number of chips in [0, end) inside all windows from index `at` on. */
export function countInWindows(windows: readonly Window[], end: number, at = 0): number {
  if (end <= 0) return 0;
  const window = windows[at];
  if (window === undefined) return end;
  const periods = Math.floor(end / window.period);
  const rest = end - periods * window.period;
  let count = periods * window.inside;
  if (rest >= window.hi) count += window.inside;
  else if (rest > window.lo) count += countInWindows(windows, rest, at + 1) - window.before;
  return count;
}

/** Range that fixes digit values [from, to) of `digit`. */
export function digitRange(digit: Digit, from: number, to: number): Range {
  return { period: periodOf(digit), lo: from * digit.stride, hi: to * digit.stride };
}
