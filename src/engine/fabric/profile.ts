/**
 * Where a group's bytes go: how many meet on which level, and how many pass each class of links. Busiest links are `load.ts`'s
 * business; this one counts totals, the mean over all groups of the axis.
 */
import type { CollectivePrice } from '../estimate/result.ts';
import type { Algorithm, CollectiveOp } from '../plan/spec.ts';
import { laidOut } from './laid-out.ts';
import { listFlows } from './listing.ts';
import type { Traffic } from './load.ts';
import { type LinkClass, meetingLevel, type Network, sameUnit } from './network.ts';
import { countFromRoots, countPairs } from './pairs.ts';
import { countInWindows, type FlowSet, flowSet, type Group, groupSize, periodOf } from './pattern.ts';
import { treeEdges } from './trees.ts';
import { leastCommonMultiple, type Units } from './units.ts';
import { relayedTraffic, throughPorts, wiredLoads } from './wired.ts';

export interface Profile {
  /** Bytes of one group by the level on which sender and receiver meet. */
  meeting: number[];
  /** Bytes of one group over all links of a class. */
  passing: Map<LinkClass, number>;
}

/** What a priced collective does, of `bytes` instead of those it was priced for. */
export function profileOfPrice(
  network: Network,
  group: Group,
  bytes: number,
  price: CollectivePrice,
  chips: number,
): Profile {
  if (!price.stages) return profileOf(network, group, price.op, bytes, price.algorithm, chips);
  const sum: Profile = { meeting: network.levels.map(() => 0), passing: new Map() };
  for (const { group: part, op, bytes: priced, algorithm } of price.stages) {
    // Every part of a group does the same: as many of them as the group is larger.
    const parts = groupSize(group) / groupSize(part);
    const share = (bytes / price.bytes) * priced;
    const { meeting, passing } = profileOf(network, part, op, share, algorithm, chips);
    for (const [at, each] of meeting.entries()) sum.meeting[at]! += each * parts;
    for (const [link, each] of passing) sum.passing.set(link, (sum.passing.get(link) ?? 0) + each * parts);
  }
  return sum;
}

/** Per byte of the buffer; found again as long as the network lives. */
const known = new WeakMap<object, Profile>();

/** @param chips ranks of the mesh */
export function profileOf(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  algorithm: Algorithm,
  chips: number,
): Profile {
  const empty: Profile = { meeting: network.levels.map(() => 0), passing: new Map() };
  const laid = laidOut(network, group, op, chips).algorithms.find(
    ({ schedule }) => schedule.algorithm === algorithm,
  );
  if (!laid) return empty;
  let profile = known.get(laid);
  if (!profile) {
    profile = empty;
    for (const { traffic, repeat } of laid.schedule.steps())
      addTraffic(profile, network, group, traffic, repeat, chips);
    known.set(laid, profile);
  }
  return {
    meeting: profile.meeting.map(each => each * bytes),
    passing: new Map([...profile.passing].map(([link, each]) => [link, each * bytes])),
  };
}

/** Flows that stay within a unit, all groups together. */
type Within = (units: Units) => number;

function addTraffic(
  profile: Profile,
  network: Network,
  group: Group,
  traffic: Traffic,
  repeat: number,
  chips: number,
): void {
  const groups = chips / groupSize(group);
  addWired(profile, network, traffic, repeat / groups, chips);
  addRelayed(profile, network, traffic, repeat / groups, chips);
  if (traffic.kind === 'gather') addBelow(profile, network, group, traffic, repeat, chips);
  if (traffic.kind === 'gather' || traffic.kind === 'packed') return;
  if (traffic.kind === 'sets') {
    for (const set of traffic.sets) {
      const within: Within = units => flowsWithin(set, units, chips);
      addFlows(profile, network, within, (set.bytes * repeat) / groups);
    }
  } else if (traffic.kind === 'trees') addTrees(profile, network, traffic, repeat);
  else {
    const within: Within = units => pairsWithin(traffic, units, chips);
    addFlows(profile, network, within, (traffic.bytes * repeat) / groups);
  }
}

/** Over wirings, the bytes of one unit for all of them. What is passed from neighbour to neighbour meets on every link. */
function addWired(profile: Profile, network: Network, traffic: Traffic, repeat: number, chips: number): void {
  for (const { wired } of network.stacks) {
    for (const each of wired) {
      const units = chips / Math.min(each.unit, chips);
      for (const { link, total = 0 } of wiredLoads(each, traffic, chips)) {
        const bytes = total * units * repeat;
        profile.passing.set(link, (profile.passing.get(link) ?? 0) + bytes);
        if (traffic.kind !== 'gather' && traffic.kind !== 'packed') continue;
        const at = network.levels.findIndex(({ spec }) => spec.name === link.level);
        profile.meeting[at] = (profile.meeting[at] ?? 0) + bytes;
      }
    }
  }
}

/** What changes rails inside a child passes its links once more; sender and receiver meet on the rails all the same. */
function addRelayed(
  profile: Profile,
  network: Network,
  traffic: Traffic,
  repeat: number,
  chips: number,
): void {
  for (const wired of network.stacks.flatMap(stack => stack.wired)) {
    const { wiring, below, unit, end } = wired;
    if (!wiring.relays || below >= chips || end > 1) continue;
    const units = chips / Math.min(unit, chips);
    const section = { from: 0, to: Math.min(chips, unit), end, below };
    const inside = network.stacks.filter(({ above }) => above <= below);
    const exchange = relayedTraffic(wired, traffic, chips);
    if (exchange?.kind === 'pairs') {
      const within: Within = units => pairsWithin(exchange, units, chips);
      const aside: Profile = { meeting: [], passing: profile.passing };
      addFlows(aside, { ...network, stacks: inside }, within, exchange.bytes * repeat);
      continue;
    }
    for (const { source, target, bytes } of wiring.relays.flows(listFlows(traffic, section))) {
      const at = meetingLevel(network, source, target);
      for (const link of inside.find(stack => stack === network.levels[at]!.stack)?.links ?? []) {
        if (sameUnit(link, source, target)) continue;
        profile.passing.set(link, (profile.passing.get(link) ?? 0) + bytes * units * repeat);
      }
    }
  }
}

/** Through the ports of chips below the endpoints that gather: what each member sends. */
function addBelow(
  profile: Profile,
  network: Network,
  group: Group,
  { parts }: Traffic & { kind: 'gather' },
  repeat: number,
  chips: number,
): void {
  for (const { wired, links } of network.stacks) {
    for (const each of wired) {
      const bytes = throughPorts(each, parts, chips).sent * groupSize(group) * repeat;
      for (const link of links)
        if (link.kind === 'tree' && link.span < each.end && bytes > 0)
          profile.passing.set(link, (profile.passing.get(link) ?? 0) + bytes);
    }
  }
}

function addFlows(profile: Profile, network: Network, within: Within, bytes: number): void {
  network.levels.forEach(({ childSpan, span }, index) => {
    const flows = within({ span, unit: span }) - within({ span: childSpan, unit: childSpan });
    profile.meeting[index] = (profile.meeting[index] ?? 0) + flows * bytes;
  });
  for (const { below, above, links } of network.stacks) {
    for (const link of links) {
      const outer = link.kind === 'pairs' ? link.unit : above;
      const inner = link.span < below ? { span: below, unit: below } : link;
      const flows = within({ span: outer, unit: outer }) - within(inner);
      if (flows > 0) profile.passing.set(link, (profile.passing.get(link) ?? 0) + flows * bytes);
    }
  }
}

/** Sources of a set whose target lies in the same unit: those that are not within `shift` of its end. */
function flowsWithin(set: FlowSet, { span, unit }: Units, chips: number): number {
  const ahead = Math.max(0, set.shift);
  const behind = Math.max(0, -set.shift);
  if (ahead + behind >= span) return 0;
  const ranges = [...set.windows, { period: span, lo: behind, hi: span - ahead }];
  ranges.sort((a, b) => b.period - a.period);
  const nested = ranges.every((range, at) => at === 0 || ranges[at - 1]!.period % range.period === 0);
  if (nested && unit % span === 0) return countInWindows(flowSet(ranges, set.shift, 1).windows, chips);
  return sumOverUnits({ span, unit }, set.windows[0]?.period ?? 1, chips, (from, to) =>
    to - ahead > from + behind
      ? countInWindows(set.windows, to - ahead) - countInWindows(set.windows, from + behind)
      : 0,
  );
}

/** Pairs (or pairs with the root) inside of units, all groups together. */
function pairsWithin({ group, fromRoots }: Traffic & { kind: 'pairs' }, units: Units, chips: number): number {
  const count = fromRoots ? countFromRoots : countPairs;
  return sumOverUnits(units, periodOf(group.at(-1)!), chips, (from, to) => count(group, from, to, from, to));
}

/** Sum over all units; where pattern and units repeat themselves, over one repetition. */
function sumOverUnits(
  { span, unit }: Units,
  period: number,
  chips: number,
  count: (from: number, to: number) => number,
): number {
  const repeats = [unit % span === 0 ? span : unit, period].reduce(leastCommonMultiple);
  const whole = chips % repeats === 0 ? repeats : chips;
  let sum = 0;
  for (let block = 0; block < whole; block += unit)
    for (let from = block; from < Math.min(block + unit, whole); from += span)
      sum += count(from, Math.min(from + span, block + unit, whole));
  return (sum * chips) / whole;
}

/** Every edge of both trees, up and down, of the group that starts at chip 0. */
function addTrees(
  profile: Profile,
  network: Network,
  { group: [digit], bytes }: Traffic & { kind: 'trees' },
  repeat: number,
): void {
  for (const [child, parent] of treeEdges(digit.size)) {
    const [source, target] = [child * digit.stride, parent * digit.stride];
    const at = meetingLevel(network, source, target);
    const level = network.levels[at];
    if (!level) continue;
    const both = 2 * bytes * repeat;
    profile.meeting[at] = (profile.meeting[at] ?? 0) + both;
    for (const link of level.stack.links) {
      if (sameUnit(link, source, target) || (link.kind === 'pairs' && link.unit !== level.span)) continue;
      profile.passing.set(link, (profile.passing.get(link) ?? 0) + both);
    }
  }
}
