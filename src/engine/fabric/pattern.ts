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

/** Innermost first, with strides that grow; neighbours that continue each other are merged. */
export type Group = readonly Digit[];

/** Chips whose position modulo `period` lies in [lo, hi); windows nest, the first is the outermost. */
export interface Window {
  period: number;
  lo: number;
  hi: number;
}

/** Every chip inside all windows sends `bytes` to the chip `shift` further. */
export interface FlowSet {
  windows: readonly Window[];
  shift: number;
  bytes: number;
}

export function groupSize(group: Group): number {
  return group.reduce((product, digit) => product * digit.size, 1);
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

/** Number of chips in [0, end) inside all windows from index `at` on, positions counted relative to the outer window's period. */
export function countInWindows(windows: readonly Window[], end: number, at = 0): number {
  if (end <= 0) return 0;
  const window = windows[at];
  if (!window) return end;
  const periods = Math.floor(end / window.period);
  const rest = end - periods * window.period;
  const before = countInWindows(windows, window.lo, at + 1);
  let count = rest > window.lo ? countInWindows(windows, Math.min(rest, window.hi), at + 1) - before : 0;
  if (periods > 0) count += periods * (countInWindows(windows, window.hi, at + 1) - before);
  return count;
}

/** Flows of `set` with source in [from, to) and target in [inFrom, inTo), among chips [0, chips). */
export function countFlows(
  set: FlowSet,
  from: number,
  to: number,
  inFrom: number,
  inTo: number,
  chips: number,
): number {
  const lo = Math.max(from, inFrom - set.shift, 0);
  const hi = Math.min(to, inTo - set.shift, chips);
  return hi > lo ? countInWindows(set.windows, hi) - countInWindows(set.windows, lo) : 0;
}

/** Window that fixes digit values [from, to) of `digit`. */
function digitWindow(digit: Digit, from: number, to: number): Window {
  return { period: digit.stride * digit.size, lo: from * digit.stride, hi: to * digit.stride };
}

/**
 * Every member sends `bytes` to the next one of its group, the last to the first (a ring); without `wrap` the last sends
 * nothing (a pipeline). Digits carry like an odometer: the innermost runs fastest.
 */
export function ringFlows(group: Group, bytes: number, wrap = true): FlowSet[] {
  const sets: FlowSet[] = [];
  let reset = 0;
  const full: Window[] = [];
  for (const digit of group) {
    sets.push({
      windows: [digitWindow(digit, 0, digit.size - 1), ...full],
      shift: digit.stride - reset,
      bytes,
    });
    reset += digit.stride * (digit.size - 1);
    full.unshift(digitWindow(digit, digit.size - 1, digit.size));
  }
  if (wrap) sets.push({ windows: full, shift: -reset, bytes });
  return sets;
}

/**
 * `inner.size` rings at once, each carrying its share of `bytes`, that leave an inner group (the ranks of one node) through
 * a different member each, so that every network port carries the same: ring j enters at member j, walks j, j+1, …, j-1 and
 * leaves for member j of the next inner group. NCCL lays its channels so. With an inner group of one this is `ringFlows`.
 */
export function railRingFlows(inner: Digit, outer: Group, bytes: number): FlowSet[] {
  if (inner.size === 1) return ringFlows(outer, bytes);
  const inside = ringFlows([inner], (bytes * (inner.size - 1)) / inner.size);
  const back = inner.stride * (inner.size - 1);
  const across = ringFlows(outer, bytes / inner.size).flatMap(set => [
    {
      ...set,
      windows: [...set.windows, digitWindow(inner, 0, inner.size - 1)],
      shift: set.shift + inner.stride,
    },
    {
      ...set,
      windows: [...set.windows, digitWindow(inner, inner.size - 1, inner.size)],
      shift: set.shift - back,
    },
  ]);
  return [...inside, ...across];
}

/** Members exchange `bytes` with the partner whose member number differs in bit `bit` of digit `index`. */
export function exchangeFlows(group: Group, index: number, bit: number, bytes: number): FlowSet[] {
  const digit = group[index];
  if (!digit) return [];
  const half = 2 ** bit * digit.stride;
  const whole: Window = { period: digit.stride * digit.size, lo: 0, hi: digit.stride * digit.size };
  return [
    { windows: [whole, { period: 2 * half, lo: 0, hi: half }], shift: half, bytes },
    { windows: [whole, { period: 2 * half, lo: half, hi: 2 * half }], shift: -half, bytes },
  ];
}

/** Every member sends `bytes` to every other member. One flow set per difference of digits: for groups of several digits. */
export function allPairsFlows(group: Group, bytes: number): FlowSet[] {
  let sets: FlowSet[] = [{ windows: [], shift: 0, bytes }];
  for (const digit of group) {
    const next: FlowSet[] = [];
    for (let difference = 1 - digit.size; difference < digit.size; difference++) {
      const window = digitWindow(
        digit,
        Math.max(0, -difference),
        Math.min(digit.size, digit.size - difference),
      );
      for (const set of sets) {
        next.push({ windows: [window, ...set.windows], shift: set.shift + difference * digit.stride, bytes });
      }
    }
    sets = next;
  }
  return sets.filter(set => set.shift !== 0);
}

/**
 * Reduce-and-broadcast over two complementary binary trees (as NCCL builds them), each carrying half of the buffer: flows
 * of the whole collective, `bytes` = size of the buffer. In tree one a member with lowest set bit j hangs under the member
 * 2^j away whose lowest set bit is j+1; tree two is its mirror image, so that nobody is an inner node twice.
 */
export function doubleTreeFlows(digit: Digit, bytes: number): FlowSet[] {
  const { stride, size } = digit;
  const sets: FlowSet[] = [];
  const period = stride * size;
  const add = (window: Window, residue: number, modulus: number, shift: number): void => {
    if (window.hi <= window.lo) return;
    const at = ((residue % modulus) + modulus) % modulus;
    const inner: Window = { period: modulus * stride, lo: at * stride, hi: (at + 1) * stride };
    sets.push({ windows: [window, inner], shift: shift * stride, bytes: bytes / 2 });
  };
  for (let step = 1; step < size; step *= 2) {
    // Members q (mod 4 step) = step hang under q + step if that exists, else under q - step; q = 3 step under q - step.
    const cases: { residue: number; from: number; to: number; parent: number }[] = [
      { residue: step, from: 0, to: size - step, parent: step },
      { residue: step, from: Math.max(0, size - step), to: size, parent: -step },
      { residue: 3 * step, from: 0, to: size, parent: -step },
    ];
    for (const { residue, from, to, parent } of cases) {
      for (const mirror of [false, true]) {
        const window: Window = mirror
          ? { period, lo: (size - to) * stride, hi: (size - from) * stride }
          : { period, lo: from * stride, hi: to * stride };
        const childResidue = mirror ? size - 1 - residue : residue;
        const direction = mirror ? -parent : parent;
        add(window, childResidue, 4 * step, direction);
        // The way down: parent to child. Its source window is the child's, moved by the edge.
        const shifted: Window = {
          period,
          lo: window.lo + direction * stride,
          hi: window.hi + direction * stride,
        };
        add(shifted, childResidue + direction, 4 * step, -direction);
      }
    }
  }
  return sets;
}
