/** Flow sets of the steps in which every member has one partner: rings, exchanges, rotations. */
import {
  type Digit,
  digitRange,
  type FlowSet,
  flowSet,
  type Group,
  periodOf,
  type Range,
} from './pattern.ts';

/**
 * Every member sends `bytes` to the next one of its group, the last to the first (a ring); without `wrap` the last sends
 * nothing (a pipeline). Digits carry like an odometer: the innermost runs fastest.
 */
export function ringFlows(group: Group, bytes: number, wrap = true): FlowSet[] {
  return ringSteps(group, wrap).map(({ ranges, shift }) => flowSet(ranges, shift, bytes));
}

interface RingStep {
  ranges: Range[];
  shift: number;
}

/** One per digit that is turned while all inner ones fall back, and one for the way from last to first. */
function ringSteps(group: Group, wrap: boolean): RingStep[] {
  const steps: RingStep[] = [];
  let fallBack = 0;
  let innerAtEnd: Range[] = [];
  for (const digit of group) {
    steps.push({
      ranges: [digitRange(digit, 0, digit.size - 1), ...innerAtEnd],
      shift: digit.stride - fallBack,
    });
    fallBack += digit.stride * (digit.size - 1);
    innerAtEnd = [digitRange(digit, digit.size - 1, digit.size), ...innerAtEnd];
  }
  if (wrap) steps.push({ ranges: innerAtEnd, shift: -fallBack });
  return steps;
}

/**
 * `inner.size` rings at once, each carrying its share of `bytes`, that leave an inner group (the ranks of one node) through
 * a different member each, so that every network port carries the same: ring j enters at member j, walks j, j+1, …, j-1 and
 * leaves for member j of the next inner group. NCCL lays its channels so.
 */
export function railRingFlows(inner: Digit, outer: Group, bytes: number): FlowSet[] {
  const inside = ringFlows([inner], (bytes * (inner.size - 1)) / inner.size);
  const share = bytes / inner.size;
  const back = inner.stride * (inner.size - 1);
  const across = ringSteps(outer, true).flatMap(({ ranges, shift }) => [
    flowSet([...ranges, digitRange(inner, 0, inner.size - 1)], shift + inner.stride, share),
    flowSet([...ranges, digitRange(inner, inner.size - 1, inner.size)], shift - back, share),
  ]);
  return [...inside, ...across];
}

/** Members exchange `bytes` with the partner whose member number differs in bit `bit` of `digit`, whose size is 2^k. */
export function exchangeFlows(digit: Digit, bit: number, bytes: number): FlowSet[] {
  const half = 2 ** bit * digit.stride;
  return [
    flowSet([{ period: 2 * half, lo: 0, hi: half }], half, bytes),
    flowSet([{ period: 2 * half, lo: half, hi: 2 * half }], -half, bytes),
  ];
}

/** Every member sends `bytes` to the member `distance` further round the digit. */
export function rotationFlows(digit: Digit, distance: number, bytes: number): FlowSet[] {
  const stays = digit.size - distance;
  return [
    flowSet([digitRange(digit, 0, stays)], distance * digit.stride, bytes),
    flowSet([digitRange(digit, stays, digit.size)], distance * digit.stride - periodOf(digit), bytes),
  ];
}
