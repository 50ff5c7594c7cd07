/**
 * Where one group's bytes go: how many meet on which level, and how many pass each class of links. Busiest links are
 * `load.ts`'s business; this one counts totals, from the group that starts at chip 0 (all groups of an axis look alike).
 */
import type { Algorithm, CollectiveOp } from '../plan/spec.ts';
import { schedulesFor } from './algorithms.ts';
import type { Traffic } from './load.ts';
import { type LinkClass, meetingLevel, type Network, sameUnit } from './network.ts';
import { type FlowSet, type Group, groupSize } from './pattern.ts';
import { treeEdges } from './trees.ts';

export interface Profile {
  /** Bytes of one group by the level on which sender and receiver meet. */
  meeting: number[];
  /** Bytes of one group over all links of a class. */
  passing: Map<LinkClass, number>;
}

export function profileOf(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  algorithm: Algorithm,
): Profile {
  const profile: Profile = { meeting: network.levels.map(() => 0), passing: new Map() };
  const schedule = schedulesFor(network, group, op, bytes).find(each => each.algorithm === algorithm);
  for (const step of schedule?.steps() ?? []) addTraffic(profile, network, group, step.traffic, step.repeat);
  return profile;
}

function addTraffic(
  profile: Profile,
  network: Network,
  group: Group,
  traffic: Traffic,
  repeat: number,
): void {
  if (traffic.kind === 'pairs') addPairs(profile, network, traffic, repeat);
  else if (traffic.kind === 'sets') addSets(profile, network, group, traffic.sets, repeat);
  else addTrees(profile, network, traffic, repeat);
}

/** Of n members, k lie in one unit of a span: each (or only the root) has n - k partners outside of it. */
function addPairs(
  profile: Profile,
  network: Network,
  traffic: Traffic & { kind: 'pairs' },
  repeat: number,
): void {
  const within = (span: number): number => {
    let members = 1;
    for (const { stride, size } of traffic.group) members *= Math.min(size, Math.max(1, span / stride));
    return members;
  };
  const senders = traffic.fromRoots ? 1 : groupSize(traffic.group);
  const bytes = senders * traffic.bytes * repeat;
  network.levels.forEach((level, index) => {
    profile.meeting[index] =
      (profile.meeting[index] ?? 0) + bytes * (within(level.span) - within(level.childSpan));
  });
  for (const stack of network.stacks) {
    for (const link of stack.links) {
      const outer = link.kind === 'pairs' ? link.unit : stack.above;
      const crossing = within(outer) - Math.max(within(link.span), within(stack.below));
      if (crossing > 0) profile.passing.set(link, (profile.passing.get(link) ?? 0) + bytes * crossing);
    }
  }
}

/** Every edge of both trees, up and down. */
function addTrees(
  profile: Profile,
  network: Network,
  { group: [digit], bytes }: Traffic & { kind: 'trees' },
  repeat: number,
): void {
  for (const [child, parent] of treeEdges(digit.size))
    addFlow(profile, network, child * digit.stride, parent * digit.stride, 2 * bytes * repeat);
}

function addSets(
  profile: Profile,
  network: Network,
  group: Group,
  sets: readonly FlowSet[],
  repeat: number,
): void {
  const n = groupSize(group);
  for (let index = 0; index < n; index++) {
    let chip = 0;
    let rest = index;
    for (const digit of group) {
      chip += (rest % digit.size) * digit.stride;
      rest = Math.floor(rest / digit.size);
    }
    for (const set of sets)
      if (inside(set, chip)) addFlow(profile, network, chip, chip + set.shift, set.bytes * repeat);
  }
}

function addFlow(profile: Profile, network: Network, source: number, target: number, bytes: number): void {
  const at = meetingLevel(network, source, target);
  const level = network.levels[at];
  if (!level) return;
  profile.meeting[at] = (profile.meeting[at] ?? 0) + bytes;
  for (const link of level.stack.links) {
    const same = sameUnit(link, source, target);
    if (same || (link.kind === 'pairs' && link.unit !== level.span)) continue;
    profile.passing.set(link, (profile.passing.get(link) ?? 0) + bytes);
  }
}

function inside(set: FlowSet, chip: number): boolean {
  let at = chip;
  for (const window of set.windows) {
    at %= window.period;
    if (at < window.lo || at >= window.hi) return false;
  }
  return true;
}
