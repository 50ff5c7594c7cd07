/**
 * Which units of a class of links can be the busiest. What a unit carries depends on where it lies against the digits of the
 * group and against the stack's own lowest and highest units.
 *
 * - Where all of these nest (the usual case: 8 chips to a node, 8 ranks to a group), a unit's place is a number in mixed radix,
 *   and only first, last and any other value of each digit differ.
 * - Otherwise every unit is looked at until the whole constellation repeats itself.
 * - Where that takes more than `MOST_UNITS`, units around edges stand for the rest; the only case that is not exact.
 */
import type { TreeTraffic } from './load.ts';
import type { LinkClass, Stack } from './network.ts';
import { type Digit, type Group, periodOf } from './pattern.ts';

/** Intervals of `span` chips, counted from the start of every `unit` chips. */
export type Units = Pick<LinkClass, 'span' | 'unit'> & { kind?: LinkClass['kind'] };

/** Up to this many units all are looked at. */
const FEW_UNITS = 8;
const MOST_UNITS = 4096;
/** Edges of one kind that are looked at where not even the distinct units can be. */
const MOST_EDGES = 128;
/** Ranks of a tree that are looked at: a tree of 2^k ranks repeats itself at once, any other one late. */
const MOST_RANKS = { binary: 48, other: 768 };

/** @returns the first chip of each unit that must be looked at */
export function unitsToCheck(
  link: Units,
  stack: Stack,
  traffic: TreeTraffic,
  chips: number,
  exhaustive = FEW_UNITS,
): number[] {
  const count = unitCount(link, chips);
  if (count <= exhaustive) return firstUnits(link, count);
  const bounds = boundsOf(link, stack, chips);
  const grid = link.unit % link.span === 0 ? link.span : link.unit;
  const nested = nestedUnits(link, grid, bounds, traffic);
  if (nested) return nested;
  const outermost = periodOf(traffic.group.at(-1)!);
  const repeats = Math.min(chips, [grid, ...bounds, outermost].reduce(leastCommonMultiple));
  const step = grid === link.span ? alikeChips(traffic, link.span, bounds) : link.span;
  const distinct = step > link.span ? Math.ceil(repeats / step) : unitCount(link, repeats);
  if (distinct > MOST_UNITS) return aroundEdges(link, traffic.group, bounds, chips);
  const units = step > link.span ? multiples(step, distinct) : firstUnits(link, distinct);
  return [...units, lastUnit(link, chips)];
}

/**
 * Where the outer digits nest with everything else: their distinct places, and in each of these all units of one cell, in
 * which the inner digits, the units and the small bounds repeat themselves. Undefined where not even the outermost nests.
 */
function nestedUnits(
  link: Units,
  grid: number,
  bounds: readonly number[],
  traffic: TreeTraffic,
): number[] | undefined {
  for (let inner = 0; inner < traffic.group.length; inner++) {
    const outer = traffic.group.slice(inner);
    const wide = inner === 0 ? bounds : bounds.filter(bound => bound >= outer[0]!.stride);
    const small = bounds.filter(bound => !wide.includes(bound));
    const below = traffic.group.slice(0, inner).map(periodOf);
    const cell = [grid, ...below, ...small].reduce(leastCommonMultiple);
    if (!nests(outer, [cell, ...wide]) || wide.some(bound => bound % cell !== 0)) continue;
    const places = placesOf(traffic, outer, cell, wide);
    // The first digit alone needs no cell: within its positions all units are alike.
    if (inner === 0 && grid === link.span) return places;
    const units = firstUnits(link, unitCount(link, cell));
    if (units.length * places.length > MOST_UNITS) continue;
    return places.flatMap(place => units.map(unit => place + unit));
  }
  return undefined;
}

function placesOf(traffic: TreeTraffic, group: Group, span: number, bounds: readonly number[]): number[] {
  if (traffic.kind === 'trees') return treePlaces(traffic.group[0], span, bounds);
  const same = traffic.kind === 'pairs' ? !traffic.fromRoots : traffic.parts === 'same';
  return same ? [0] : distinctPlaces(group, span, bounds);
}

/**
 * Chips of an aligned block in which all units carry the same, because no edge runs inside of it: neither of a digit's
 * positions nor of a bound. Where all members of a group do the same, positions are no edges either. The unit's own span
 * when there is no such block.
 */
function alikeChips(traffic: TreeTraffic, span: number, bounds: readonly number[]): number {
  const [inner] = traffic.group;
  const symmetric = traffic.kind === 'pairs' && !traffic.fromRoots;
  const whole = symmetric && bounds.every(bound => bound % inner!.stride === 0);
  const block = [whole ? periodOf(inner!) : inner!.stride, ...bounds].reduce(greatestCommonDivisor);
  return block % span === 0 ? block : span;
}

/** Spans of the stack's lowest and highest units, where they are wider than the link's own and split the chips in use. */
function boundsOf(link: Units, stack: Stack, chips: number): number[] {
  const spans = link.kind === 'pairs' ? [link.unit] : [stack.below, stack.above];
  return spans.filter(span => span > link.span && span < chips);
}

/** Units among chips [0, chips), the last of which may be cut short. */
function unitCount({ span, unit }: Units, chips: number): number {
  const perBlock = Math.ceil(unit / span);
  const blocks = Math.floor(chips / unit);
  return blocks * perBlock + Math.ceil((chips - blocks * unit) / span);
}

function firstUnits(link: Units, count: number): number[] {
  const perBlock = Math.ceil(link.unit / link.span);
  return Array.from(
    { length: count },
    (_, index) => Math.floor(index / perBlock) * link.unit + (index % perBlock) * link.span,
  );
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
function distinctPlaces(group: Group, span: number, bounds: readonly number[]): number[] {
  let places = [0];
  for (const digit of group) {
    const period = periodOf(digit);
    if (period <= span) continue;
    const finest = Math.max(span, digit.stride);
    const inside = bounds.filter(bound => bound > finest && bound < period).sort((a, b) => a - b);
    const grains = [finest, ...inside, period];
    for (let at = 1; at < grains.length; at++) {
      const grain = grains[at - 1]!;
      const count = grains[at]! / grain;
      const positions = count < 3 ? [0, count - 1] : [0, count >> 1, count - 1];
      places = places.flatMap(place => positions.map(position => place + position * grain));
    }
  }
  return places;
}

/**
 * Every position, because in a tree each rank plays its own part. Of very many, runs at the start, around the middle and at
 * the end, of positions and of the edges of bounds.
 */
function treePlaces(digit: Digit, span: number, bounds: readonly number[]): number[] {
  const period = periodOf(digit);
  const grain = Math.max(span, digit.stride);
  if (period <= grain) return [0];
  const most = Number.isInteger(Math.log2(digit.size)) ? MOST_RANKS.binary : MOST_RANKS.other;
  const places = new Set(runs(period / grain, most).map(index => index * grain));
  for (const bound of bounds.filter(each => each > grain && each < period)) {
    for (const index of runs(period / bound, most)) {
      places.add(index * bound);
      places.add((index + 1) * bound - grain);
    }
  }
  return [...places];
}

function runs(count: number, most: number): number[] {
  const indices = Array.from({ length: Math.min(count, most) }, (_, index) => index);
  if (count <= most) return indices;
  const run = most / 3;
  const starts = [0, (count - run) >> 1, count - run];
  return indices.map(index => starts[Math.floor(index / run)]! + (index % run));
}

/** Units at the edges of digits, bounds and blocks, and one step of the group away from them. */
function aroundEdges(link: Units, group: Group, bounds: readonly number[], chips: number): number[] {
  const found = new Set<number>();
  const steps = [0, ...group.map(digit => digit.stride)];
  const near = (edge: number): void => {
    for (const step of steps) {
      for (const at of [edge - step - 1, edge - step, edge + step, edge + step + link.span])
        if (at >= 0 && at < chips) found.add(unitAt(link, at));
    }
  };
  for (const length of [...bounds, link.unit, ...group.map(periodOf)]) {
    const count = Math.ceil(chips / length);
    const every = Math.max(1, Math.floor(count / MOST_EDGES));
    for (let index = 0; index <= count; index += every) {
      near(index * length);
      near(index * length + (length >> 1));
    }
  }
  return [...found];
}

function multiples(step: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => index * step);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

export function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}
