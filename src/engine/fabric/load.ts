/**
 * Bytes on links. For every class of links the busiest one is found among the units of the class; the number of units that
 * are looked at (`units.ts`) depends on the pattern, not on the number of chips.
 */
import type { Cut, LinkClass, Network, PairLinks, Stack } from './network.ts';
import { countFromRoots, countPairs } from './pairs.ts';
import { countInWindows, type Digit, type FlowSet, type Group } from './pattern.ts';
import { countTreeFlows } from './trees.ts';
import { unitsToCheck } from './units.ts';
import { relayedFlows, relayedTraffic, throughPorts, wiredLoads } from './wired.ts';
import type { Demand } from './wiring/wiring.ts';

/** Flows of one step: sets of shifts, every member (or the root) to every other, or both ways on two trees per group. */
export type Traffic =
  | { kind: 'sets'; group: Group; sets: readonly FlowSet[]; parts: Parts }
  | { kind: 'pairs'; group: Group; bytes: number; fromRoots?: boolean }
  | { kind: 'trees'; group: readonly [Digit]; bytes: number }
  /** On a grid: every group gathers along each of its parts' dimensions at once, shards of `bytes`, neighbour by neighbour. */
  | { kind: 'gather'; parts: readonly { group: Group; bytes: number }[] }
  /** Over the links of `level`: each endpoint sends `bytes`, in trees packed so that all links are used alike. */
  | { kind: 'packed'; level: string; bytes: number };

/** What trees carry. */
export type TreeTraffic = Exclude<Traffic, { kind: 'gather' | 'packed' }>;

/**
 * Which members do the same: all of them (an exchange, in which every flow is answered by an equal one), or all between the
 * first and the last of a digit (a ring).
 */
export type Parts = 'same' | 'ends';

export interface ClassLoad {
  link: LinkClass;
  /** Bytes over the busiest link in its busier direction. */
  bytes: number;
  /** Flows behind those bytes. */
  flows: number;
  /** Bytes over the busiest link, both directions together. */
  both: number;
  /** Wirings only: bytes over all links of the class in one unit. */
  total?: number;
  /** Wirings only: estimated from some of the endpoints. */
  sampled?: true;
}

interface Counted {
  bytes: number;
  flows: number;
}

/** Chips [from, to). */
interface Interval {
  from: number;
  to: number;
}

/**
 * @param chips ranks of the mesh: chips [0, chips) are used.
 * @param exhaustive look at every unit of a class that has no more than these
 * @returns one entry per link class that carries anything.
 */
export function loadsOf(network: Network, traffic: Traffic, chips: number, exhaustive?: number): ClassLoad[] {
  const loads: ClassLoad[] = [];
  for (const relay of relaysOf(network, traffic, chips)) addLoads(loads, relay);
  const listed = listedRelays(network, traffic, chips);
  for (const stack of network.stacks) {
    if (stack.below >= chips) continue;
    if (listed.has(stack)) {
      loads.push(...listedLoads(stack, listed.get(stack)!));
      continue;
    }
    for (const wired of stack.wired) loads.push(...wiredLoads(wired, traffic, chips));
    if (traffic.kind === 'packed') continue;
    if (traffic.kind === 'gather') {
      loads.push(...gatheredBelow(stack, traffic, chips));
      continue;
    }
    for (const link of stack.links) {
      const units = unitsToCheck(link, stack, traffic, chips, exhaustive);
      const load =
        link.kind === 'tree'
          ? cutLoad(link, stack, traffic, chips, units)
          : pairLoad(link, traffic, chips, units);
      if (load.bytes > 0) addLoads(loads, load);
    }
  }
  return loads;
}

/** Gathers between children of several chips go through the chips' ports and what lies above them in the children. */
function gatheredBelow(
  { wired, links }: Stack,
  { parts }: Traffic & { kind: 'gather' },
  chips: number,
): ClassLoad[] {
  return wired.flatMap(each => {
    const { bytes, both } = throughPorts(each, parts, chips);
    if (bytes === 0) return [];
    return links.flatMap(link =>
      link.kind === 'tree' && link.span < each.end
        ? [{ link, bytes: bytes * link.span, both: both * link.span, flows: 2 * link.span }]
        : [],
    );
  });
}

/** What is passed on inside children (rail-only fabrics) comes on top of what their links carry anyway. */
function addLoads(loads: ClassLoad[], load: ClassLoad): void {
  const same = loads.find(({ link }) => link === load.link);
  if (!same) loads.push(load);
  else {
    same.bytes += load.bytes;
    same.both += load.both;
    same.flows += load.flows;
  }
}

/**
 * Flows that are no exchange, one by one, by the network inside children that carries them: those between chips of one child,
 * and those on their way to the chip on the right rail.
 */
function listedRelays(network: Network, traffic: Traffic, chips: number): Map<Stack, Demand[]> {
  const listed = new Map<Stack, Demand[]>();
  for (const each of network.stacks.flatMap(({ wired }) => wired)) {
    const flows = relayedFlows(each, traffic, chips);
    if (!flows) continue;
    for (const stack of network.stacks) {
      const { above, below } = stack;
      if (above > each.below) continue;
      const met = flows.filter(
        ({ source, target }) =>
          Math.floor(source / above) === Math.floor(target / above) &&
          Math.floor(source / below) !== Math.floor(target / below),
      );
      listed.set(stack, met);
    }
  }
  return listed;
}

/** Flows one by one over the links of a network of switches. */
function listedLoads({ links }: Stack, flows: readonly Demand[]): ClassLoad[] {
  return links.flatMap(link => {
    // By unit (of a mesh: by pair of children): out of it, and into it.
    const out = new Map<string, Counted>();
    const into = new Map<string, Counted>();
    const add = (sums: Map<string, Counted>, key: string, bytes: number): void => {
      const sum = sums.get(key) ?? { bytes: 0, flows: 0 };
      sums.set(key, { bytes: sum.bytes + bytes, flows: sum.flows + 1 });
    };
    const unitOf = (chip: number): string =>
      `${Math.floor(chip / link.unit)}/${Math.floor((chip % link.unit) / link.span)}`;
    for (const { source, target, bytes } of flows) {
      const [from, to] = [unitOf(source), unitOf(target)];
      if (from === to) continue;
      if (link.kind === 'tree') {
        add(out, from, bytes);
        add(into, to, bytes);
      } else if (Math.floor(source / link.unit) === Math.floor(target / link.unit)) {
        add(out, `${from} ${to}`, bytes);
        add(into, `${to} ${from}`, bytes);
      }
    }
    const best: ClassLoad = { link, bytes: 0, flows: 0, both: 0 };
    const none = { bytes: 0, flows: 0 };
    for (const key of new Set([...out.keys(), ...into.keys()]))
      keepBusier(best, out.get(key) ?? none, into.get(key) ?? none);
    return best.bytes > 0 ? [best] : [];
  });
}

/** Loads of the networks inside children that pass on what changes rails. */
function relaysOf(network: Network, traffic: Traffic, chips: number): ClassLoad[] {
  const loads: ClassLoad[] = [];
  for (const { wired } of network.stacks) {
    for (const each of wired) {
      const relayed = relayedTraffic(each, traffic, chips);
      if (!relayed) continue;
      const inside = network.stacks.filter(({ above }) => above <= each.below);
      for (const load of loadsOf({ ...network, stacks: inside }, relayed, chips)) loads.push(load);
    }
  }
  return loads;
}

function cutLoad(link: Cut, stack: Stack, traffic: TreeTraffic, chips: number, units: number[]): ClassLoad {
  const best: ClassLoad = { link, bytes: 0, flows: 0, both: 0 };
  for (const from of units) {
    const unit = { from, to: Math.min(from + link.span, enclosing(from, link.unit, chips).to) };
    // What stays below the stack's lowest unit is another network's traffic.
    const inner = link.span < stack.below ? enclosing(from, stack.below, chips) : unit;
    const outer = enclosing(from, stack.above, chips);
    const out = leaving(traffic, unit, inner, outer);
    const into = entering(traffic, unit, inner, outer, out);
    keepBusier(best, out, into);
  }
  return best;
}

function pairLoad(link: PairLinks, traffic: TreeTraffic, chips: number, units: number[]): ClassLoad {
  const best: ClassLoad = { link, bytes: 0, flows: 0, both: 0 };
  for (const from of units) {
    const child = { from, to: Math.min(from + link.span, chips) };
    const unit = enclosing(from, link.unit, chips);
    for (let other = unit.from; other < unit.to; other += link.span) {
      if (other === from) continue;
      const peer = { from: other, to: Math.min(other + link.span, chips) };
      keepBusier(best, flowsBetween(traffic, child, peer), flowsBetween(traffic, peer, child));
    }
  }
  return best;
}

function keepBusier(best: ClassLoad, one: Counted, other: Counted): void {
  const busier = one.bytes >= other.bytes ? one : other;
  if (busier.bytes > best.bytes) {
    best.bytes = busier.bytes;
    best.flows = busier.flows;
  }
  best.both = Math.max(best.both, one.bytes + other.bytes);
}

function enclosing(at: number, span: number, chips: number): Interval {
  const from = Math.floor(at / span) * span;
  return { from, to: Math.min(from + span, chips) };
}

/** Flows between two intervals that do not overlap, or (pairs only) of which one holds the other. */
function flowsBetween(traffic: TreeTraffic, source: Interval, target: Interval): Counted {
  if (traffic.kind === 'pairs') {
    const count = traffic.fromRoots ? countFromRoots : countPairs;
    const pairs = count(traffic.group, source.from, source.to, target.from, target.to);
    return { bytes: pairs * traffic.bytes, flows: pairs };
  }
  if (traffic.kind === 'trees') {
    const flows = countTreeFlows(traffic.group[0], source, target);
    return { bytes: flows * traffic.bytes, flows };
  }
  const sum = { bytes: 0, flows: 0 };
  for (const set of traffic.sets) {
    const lo = Math.max(source.from, target.from - set.shift);
    addFlows(sum, set, lo, Math.min(source.to, target.to - set.shift));
  }
  return sum;
}

/** Flows from `unit` to chips of `outer` that are not in `inner`; `inner` holds the unit, `outer` holds both. */
function leaving(traffic: TreeTraffic, unit: Interval, inner: Interval, outer: Interval): Counted {
  if (traffic.kind === 'pairs')
    return subtract(flowsBetween(traffic, unit, outer), flowsBetween(traffic, unit, inner));
  if (traffic.kind === 'trees') {
    const below = flowsBetween(traffic, unit, { from: outer.from, to: inner.from });
    const above = flowsBetween(traffic, unit, { from: inner.to, to: outer.to });
    return { bytes: below.bytes + above.bytes, flows: below.flows + above.flows };
  }
  const sum = { bytes: 0, flows: 0 };
  for (const set of traffic.sets) {
    // Going up, the target lies beyond the inner interval; going down, before it.
    const { shift } = set;
    const from = (shift > 0 ? inner.to : outer.from) - shift;
    const to = (shift > 0 ? outer.to : inner.from) - shift;
    addFlows(sum, set, Math.max(unit.from, from), Math.min(unit.to, to));
  }
  return sum;
}

/** Flows to `unit` from chips of `outer` that are not in `inner`. @param out what leaves: the same, where flows are answered */
function entering(
  traffic: TreeTraffic,
  unit: Interval,
  inner: Interval,
  outer: Interval,
  out: Counted,
): Counted {
  if (traffic.kind === 'pairs')
    return traffic.fromRoots
      ? subtract(flowsBetween(traffic, outer, unit), flowsBetween(traffic, inner, unit))
      : out;
  if (traffic.kind === 'trees' || traffic.parts === 'same') return out;
  const sum = { bytes: 0, flows: 0 };
  for (const set of traffic.sets) {
    const from = unit.from - set.shift;
    const to = unit.to - set.shift;
    if (set.shift > 0) addFlows(sum, set, Math.max(outer.from, from), Math.min(inner.from, to));
    else addFlows(sum, set, Math.max(inner.to, from), Math.min(outer.to, to));
  }
  return sum;
}

/** Adds the flows of `set` whose source lies in [from, to). */
function addFlows(sum: Counted, set: FlowSet, from: number, to: number): void {
  if (to <= from) return;
  const flows = countInWindows(set.windows, to) - countInWindows(set.windows, from);
  sum.flows += flows;
  sum.bytes += flows * set.bytes;
}

function subtract(a: Counted, b: Counted): Counted {
  return { bytes: a.bytes - b.bytes, flows: a.flows - b.flows };
}
