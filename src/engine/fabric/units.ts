/**
 * Which units of a class of links can be the busiest. What a unit carries depends on where it lies against the digits of the
 * group and against the stack's own lowest and highest units.
 *
 * - Where all of these nest (the usual case: 8 chips to a node, 8 ranks to a group), a unit's place is a number in mixed radix,
 *   and only first, last and any other value of each digit differ.
 * - Otherwise every unit is looked at until the whole constellation repeats itself.
 * - Where that takes more than `MOST_UNITS`, units around the edges of groups stand for the rest.
 */
import type { Traffic } from './load.ts';
import type { LinkClass, Stack } from './network.ts';
import { type Group, periodOf } from './pattern.ts';

/** Intervals of `span` chips, counted from the start of every `unit` chips. */
export type Units = Pick<LinkClass, 'span' | 'unit'> & { kind?: LinkClass['kind'] };

/** Up to this many units all are looked at. */
const FEW_UNITS = 8;
const MOST_UNITS = 1024;
/** Positions of one digit that are looked at where each may differ. */
const MOST_POSITIONS = 48;

/** @returns the first chip of each unit that must be looked at */
export function unitsToCheck(
  link: Units,
  stack: Stack,
  traffic: Traffic,
  chips: number,
  exhaustive = FEW_UNITS,
): number[] {
  const count = unitCount(link, chips);
  if (count <= exhaustive) return firstUnits(link, count);
  const bounds = boundsOf(link, stack, chips);
  const grid = link.unit % link.span === 0 ? link.span : link.unit;
  if (grid === link.span && nests(traffic.group, [grid, ...bounds])) {
    if (traffic.kind === 'sets' && traffic.parts !== 'same')
      return distinctPlaces(traffic.group, link.span, bounds, traffic.parts === 'own');
    return traffic.kind === 'pairs' && traffic.fromRoots
      ? distinctPlaces(traffic.group, link.span, bounds, false)
      : [0];
  }
  const repeats = [grid, ...bounds, periodOf(traffic.group.at(-1)!)].reduce(leastCommonMultiple);
  const distinct = repeats < chips ? unitCount(link, repeats) : count;
  if (distinct <= MOST_UNITS) return firstUnits(link, distinct, lastUnit(link, chips));
  return aroundEdges(link, traffic.group, bounds, chips);
}

/** Spans of the stack's lowest and highest units, where they split the chips in use. */
function boundsOf(link: Units, stack: Stack, chips: number): number[] {
  const spans = link.kind === 'pairs' ? [link.unit] : [stack.below, stack.above];
  return spans.filter(span => span > 1 && span < chips);
}

/** Units among chips [0, chips), the last of which may be cut short. */
function unitCount({ span, unit }: Units, chips: number): number {
  const perBlock = Math.ceil(unit / span);
  const blocks = Math.floor(chips / unit);
  return blocks * perBlock + Math.ceil((chips - blocks * unit) / span);
}

function firstUnits(link: Units, count: number, ...more: number[]): number[] {
  const perBlock = Math.ceil(link.unit / link.span);
  const units = Array.from(
    { length: count },
    (_, index) => Math.floor(index / perBlock) * link.unit + (index % perBlock) * link.span,
  );
  return [...units, ...more];
}

const lastUnit = (link: Units, chips: number): number => unitAt(link, chips - 1);

/** First chip of the unit that holds `chip`. */
function unitAt({ span, unit }: Units, chip: number): number {
  const block = Math.floor(chip / unit) * unit;
  return block + Math.floor((chip - block) / span) * span;
}

/** Whether of each digit's stride and period and each of `spans` one divides the other. */
function nests(group: Group, spans: readonly number[]): boolean {
  for (const digit of group) {
    const period = periodOf(digit);
    for (const span of spans) {
      if (period % span !== 0 && span % period !== 0) return false;
      if (digit.stride % span !== 0 && span % digit.stride !== 0) return false;
    }
  }
  return true;
}

/** First, middle and last position of every digit that is coarser than the unit, split where a bound lies inside the digit. */
function distinctPlaces(group: Group, span: number, bounds: readonly number[], all: boolean): number[] {
  let places = [0];
  for (const digit of group) {
    const period = periodOf(digit);
    if (period <= span) continue;
    const inside = bounds.filter(bound => bound > Math.max(span, digit.stride) && bound < period);
    const grains = [Math.max(span, digit.stride), ...inside.sort((a, b) => a - b), period];
    for (let at = 1; at < grains.length; at++) {
      const grain = grains[at - 1]!;
      const positions = (all ? spread : ends)(grains[at]! / grain);
      places = places.flatMap(place => positions.map(position => place + position * grain));
    }
  }
  return places;
}

function ends(count: number): number[] {
  return count < 3 ? [0, count - 1] : [0, count >> 1, count - 1];
}

/** All, or runs at the start, around the middle and at the end: a binary tree repeats itself between its powers of two. */
function spread(count: number): number[] {
  const indices = Array.from({ length: Math.min(count, MOST_POSITIONS) }, (_, index) => index);
  if (count <= MOST_POSITIONS) return indices;
  const run = MOST_POSITIONS / 3;
  const starts = [0, (count - run) >> 1, count - run];
  return indices.map(index => starts[Math.floor(index / run)]! + (index % run));
}

/** Units at the edges of digits, bounds and blocks, in the first, a middle and the last period of the group. */
function aroundEdges(link: Units, group: Group, bounds: readonly number[], chips: number): number[] {
  const found = new Set<number>();
  const near = (chip: number): void => {
    for (const at of [chip - link.span, chip - 1, chip, chip + link.span])
      if (at >= 0 && at < chips) found.add(unitAt(link, at));
  };
  let places = [0];
  for (const digit of [...group].reverse()) {
    const offsets = [0, 1, digit.size >> 1, digit.size - 1, digit.size].map(index => index * digit.stride);
    places = places.flatMap(place => offsets.map(offset => place + offset));
  }
  const period = periodOf(group.at(-1)!);
  const starts = [0, Math.floor(chips / period / 2) * period, chips - period];
  for (const start of starts) for (const place of places) near(start + place);
  for (const bound of [...bounds, link.unit])
    for (const index of [0, 1, 2, 3, Math.floor(chips / bound / 2), Math.floor(chips / bound)])
      near(index * bound);
  return [...found];
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
