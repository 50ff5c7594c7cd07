/**
 * Bytes on links. For every class of links the busiest one is found among the units of the class; the number of units that
 * are looked at depends on the pattern, not on the number of chips.
 */
import type { Cut, LinkClass, Network, PairLinks, Stack } from './network.ts';
import { countFlows, type Digit, type FlowSet } from './pattern.ts';

/** Flows of one step: sets of shifts, or every member of a one-digit group to every other. */
export type Traffic =
  | { kind: 'sets'; sets: readonly FlowSet[] }
  | { kind: 'pairs'; digit: Digit; bytes: number };

export interface ClassLoad {
  link: LinkClass;
  /** Bytes over the busiest link in its busier direction. */
  bytes: number;
  /** Flows behind those bytes. */
  flows: number;
  /** Bytes over the busiest link, both directions together. */
  both: number;
}

/** Up to this many units all are looked at; beyond it those around the pattern's edges. */
const EXHAUSTIVE_UNITS = 12;

interface Counted {
  bytes: number;
  flows: number;
}

/**
 * @param chips ranks of the mesh: chips [0, chips) are used.
 * @returns one entry per link class that carries anything.
 */
export function loadsOf(
  network: Network,
  traffic: Traffic,
  chips: number,
  exhaustive = EXHAUSTIVE_UNITS,
): ClassLoad[] {
  const loads: ClassLoad[] = [];
  for (const stack of network.stacks) {
    if (stack.below >= chips) continue;
    for (const link of stack.links) {
      const load =
        link.kind === 'tree'
          ? cutLoad(link, stack, traffic, chips, exhaustive)
          : pairLoad(link, traffic, chips, exhaustive);
      if (load.bytes > 0) loads.push(load);
    }
  }
  return loads;
}

function cutLoad(link: Cut, stack: Stack, traffic: Traffic, chips: number, exhaustive: number): ClassLoad {
  const best: ClassLoad = { link, bytes: 0, flows: 0, both: 0 };
  for (const unit of candidateUnits(link.span, stack, traffic, chips, exhaustive)) {
    const from = unit * link.span;
    const to = Math.min(from + link.span, chips);
    // What stays below the stack's lowest unit is another network's traffic.
    const inner = link.span < stack.below ? enclosing(from, stack.below) : [from, from + link.span];
    const outer = enclosing(from, stack.above);
    const out = subtract(
      flowsBetween(traffic, from, to, outer, chips),
      flowsBetween(traffic, from, to, inner, chips),
    );
    const into = traffic.kind === 'pairs' ? out : incoming(traffic.sets, from, to, inner, outer, chips);
    const busier = out.bytes >= into.bytes ? out : into;
    if (busier.bytes > best.bytes) {
      best.bytes = busier.bytes;
      best.flows = busier.flows;
    }
    best.both = Math.max(best.both, out.bytes + into.bytes);
  }
  return best;
}

function enclosing(at: number, span: number): [number, number] {
  const from = Math.floor(at / span) * span;
  return [from, from + span];
}

function subtract(a: Counted, b: Counted): Counted {
  return { bytes: a.bytes - b.bytes, flows: a.flows - b.flows };
}

function flowsBetween(
  traffic: Traffic,
  from: number,
  to: number,
  target: readonly number[],
  chips: number,
): Counted {
  const [inFrom = 0, inTo = 0] = target;
  if (traffic.kind === 'pairs') {
    const pairs = countPairs(traffic.digit, from, to, Math.max(0, inFrom), Math.min(inTo, chips));
    return { bytes: pairs * traffic.bytes, flows: pairs };
  }
  const sum = { bytes: 0, flows: 0 };
  for (const set of traffic.sets) {
    const flows = countFlows(set, from, to, inFrom, inTo, chips);
    sum.flows += flows;
    sum.bytes += flows * set.bytes;
  }
  return sum;
}

function incoming(
  sets: readonly FlowSet[],
  from: number,
  to: number,
  inner: readonly number[],
  outer: readonly number[],
  chips: number,
): Counted {
  const sum = { bytes: 0, flows: 0 };
  const [innerFrom = 0, innerTo = 0] = inner;
  const [outerFrom = 0, outerTo = 0] = outer;
  for (const set of sets) {
    const flows =
      countFlows(set, outerFrom, outerTo, from, to, chips) -
      countFlows(set, innerFrom, innerTo, from, to, chips);
    sum.flows += flows;
    sum.bytes += flows * set.bytes;
  }
  return sum;
}

function pairLoad(link: PairLinks, traffic: Traffic, chips: number, exhaustive: number): ClassLoad {
  const best: ClassLoad = { link, bytes: 0, flows: 0, both: 0 };
  const stack: Stack = { below: link.span, above: link.unit, links: [] };
  for (const child of candidateUnits(link.span, stack, traffic, chips, exhaustive)) {
    const from = child * link.span;
    const [unitFrom, unitTo] = enclosing(from, link.unit);
    const children = Math.ceil((Math.min(unitTo, chips) - unitFrom) / link.span);
    for (let other = 0; other < children; other++) {
      const target = unitFrom + other * link.span;
      if (target === from) continue;
      const there = flowsBetween(traffic, from, from + link.span, [target, target + link.span], chips);
      if (there.bytes > best.bytes) {
        best.bytes = there.bytes;
        best.flows = there.flows;
        const back = flowsBetween(traffic, target, target + link.span, [from, from + link.span], chips);
        best.both = there.bytes + back.bytes;
      }
    }
  }
  return best;
}

/**
 * Units worth looking at. The load of a unit depends on where it lies against the edges of the pattern's windows and of the
 * stack's outer units; between two edges it is the same for all units of a period or changes evenly, so the units around
 * the edges and in the middle of the windows contain the busiest one. Patterns of many sets (trees) have edges everywhere:
 * there every distinct position within one period is looked at.
 */
function candidateUnits(
  span: number,
  stack: Stack,
  traffic: Traffic,
  chips: number,
  exhaustive: number,
): Iterable<number> {
  const count = Math.ceil(chips / span);
  if (count <= exhaustive) return range(count);
  const units = new Set<number>([0, count - 1, count >> 1]);
  const near = (edge: number): void => {
    const unit = Math.floor(edge / span);
    for (let each = unit - 1; each <= unit + 1; each++) if (each >= 0 && each < count) units.add(each);
  };
  const { period, stride } = shape(traffic);
  const many = traffic.kind === 'sets' && traffic.sets.length > FEW_SETS;
  const edges = many ? positions(period, Math.max(span, stride)) : patternEdges(traffic);
  for (const place of places(period, span, stack, chips)) {
    for (const edge of edges) {
      if (many) units.add(Math.min(count - 1, Math.floor((place + edge) / span)));
      else near(place + edge);
    }
  }
  if (stack.above < chips) for (let outer = 1; outer <= 3; outer++) near(outer * stack.above);
  return units;
}

const FEW_SETS = 8;
const MOST_POSITIONS = 32;

/** Starts of the periods that differ in how they lie in the stack's outer units: one where everything is aligned. */
function places(period: number, span: number, stack: Stack, chips: number): number[] {
  const aligned =
    period % span === 0 && (stack.above >= chips || stack.above % period === 0 || period % stack.above === 0);
  const last = Math.floor((chips - 1) / period) * period;
  if (aligned) return [0, last];
  const found = [0, period, Math.floor(chips / (2 * period)) * period, last];
  for (let outer = 1; outer <= 3; outer++) found.push(Math.floor((outer * stack.above) / period) * period);
  return [...new Set(found)].filter(place => place < chips);
}

/** Every `grain` chips through one period; thinned out evenly where there are too many. */
function positions(period: number, grain: number): number[] {
  const count = Math.ceil(period / grain);
  const every = Math.max(1, Math.ceil(count / MOST_POSITIONS));
  return Array.from({ length: Math.ceil(count / every) }, (_, index) => index * every * grain);
}

function* range(count: number): Iterable<number> {
  for (let i = 0; i < count; i++) yield i;
}

/** Outermost period of a pattern and the smallest distance at which it changes, chips. */
function shape(traffic: Traffic): { period: number; stride: number } {
  if (traffic.kind === 'pairs')
    return { period: traffic.digit.stride * traffic.digit.size, stride: traffic.digit.stride };
  let period = 1;
  let stride = Number.POSITIVE_INFINITY;
  for (const set of traffic.sets) {
    for (const window of set.windows) {
      period = Math.max(period, window.period);
      stride = Math.min(stride, window.hi - window.lo);
    }
  }
  return { period, stride };
}

/** Edges and middles of the source and target windows of each set, within one outer period. */
function patternEdges(traffic: Traffic): number[] {
  if (traffic.kind === 'pairs') {
    const { stride, size } = traffic.digit;
    return [0, stride, Math.floor(size / 2) * stride, (size - 1) * stride, size * stride];
  }
  const edges: number[] = [0];
  for (const set of traffic.sets) {
    let base = 0;
    for (const window of set.windows) {
      const points = [window.lo, (window.lo + window.hi) / 2, window.hi];
      for (const point of points) edges.push(base + point, base + point + set.shift);
      base += window.lo;
    }
  }
  return [...new Set(edges)];
}

/**
 * Ordered pairs of different members of one group with the first in [from, to) and the second in [inFrom, inTo), over all
 * groups of the one-digit axis. [from, to) must lie inside [inFrom, inTo) or outside of it.
 */
export function countPairs(digit: Digit, from: number, to: number, inFrom: number, inTo: number): number {
  if (to <= from || inTo <= inFrom) return 0;
  const block = digit.stride * digit.size;
  const first = Math.floor(from / block);
  const last = Math.floor((to - 1) / block);
  let pairs = 0;
  const inBlock = (index: number): number => {
    const start = index * block;
    return memberProducts(
      digit.stride,
      Math.max(from, start) - start,
      Math.min(to, start + block) - start,
      Math.max(inFrom, start) - start,
      Math.min(inTo, start + block) - start,
    );
  };
  if (last - first < 4) for (let index = first; index <= last; index++) pairs += inBlock(index);
  else pairs = inBlock(first) + inBlock(last) + inBlock(first + 1) * (last - first - 1);
  // A member is no partner of its own.
  const shared = Math.max(0, Math.min(to, inTo) - Math.max(from, inFrom));
  return pairs - shared;
}

/** Sum over residues i of (members of [a, b) with residue i) x (members of [c, d) with residue i), positions in one block. */
function memberProducts(stride: number, a: number, b: number, c: number, d: number): number {
  if (b <= a || d <= c) return 0;
  const cuts = [...new Set([0, a % stride, b % stride, c % stride, d % stride])].sort((x, y) => x - y);
  const members = (lo: number, hi: number, residue: number): number =>
    Math.floor((hi - 1 - residue) / stride) - Math.floor((lo - 1 - residue) / stride);
  let sum = 0;
  cuts.forEach((start, index) => {
    const end = cuts[index + 1] ?? stride;
    sum += (end - start) * members(a, b, start) * members(c, d, start);
  });
  return sum;
}
