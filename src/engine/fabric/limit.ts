/**
 * The least time any algorithm could take on this fabric with all groups of the axis at once, at line rate and without
 * latency: the largest ratio of bytes that must enter (or leave) a unit to the capacity of the cut around it.
 *
 * All-gather: a byte must enter each unit that lacks it once; reduce-scatter is its mirror image. All-reduce: every chip
 * sends and receives 2 S (n-1)/n without in-network reduction, S with it, and S must cross any cut that splits a group.
 * Sums of cuts over several networks count together, because a chip may use its scale-up and its scale-out port at once.
 */
import type { CollectiveOp } from '../plan/spec.ts';
import { loadsOf, type Traffic } from './load.ts';
import type { Network } from './network.ts';
import { allPairsFlows, type Group, groupSize, ringFlows } from './pattern.ts';

export function limitOf(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  chips: number,
  reduces: boolean,
): number {
  const n = groupSize(group);
  if (n < 2) return 0;
  if (op === 'send_recv' || op === 'all_to_all') return trafficLimit(network, group, op, bytes, chips);
  let limit = 0;
  for (const span of spans(network)) {
    const capacity = capacityAround(network, span, group);
    if (capacity === 0) continue;
    const { groups, members } = touching(group, span);
    if (members >= n) continue;
    const missing = (n - members) / n;
    const perGroup =
      op === 'all_reduce' ? (span === 1 && !reduces ? 2 * missing : 1) : op === 'broadcast' ? 1 : missing;
    limit = Math.max(limit, (groups * perGroup * bytes) / capacity);
  }
  return limit;
}

/** What must travel is fixed: the flows themselves at line rate, over the busiest link. */
function trafficLimit(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  chips: number,
): number {
  const n = groupSize(group);
  const [digit, ...more] = group;
  let traffic: Traffic;
  if (op === 'send_recv') traffic = { kind: 'sets', sets: ringFlows(group, bytes, false) };
  else if (digit && more.length === 0) traffic = { kind: 'pairs', digit, bytes: bytes / n };
  else traffic = { kind: 'sets', sets: allPairsFlows(group, bytes / n) };
  return loadsOf(network, traffic, chips).reduce(
    (most, load) => Math.max(most, load.bytes / load.link.capacity),
    0,
  );
}

/** Sizes of the units around which some class of links runs. */
function spans(network: Network): Set<number> {
  const all = new Set<number>([1]);
  for (const stack of network.stacks) for (const link of stack.links) all.add(link.span);
  return all;
}

/** Capacity that leaves one unit of `span` chips, all networks together, bytes/s and direction. */
function capacityAround(network: Network, span: number, group: Group): number {
  let sum = 0;
  const first = group[0]?.stride ?? 1;
  const reach = group.reduce((far, digit) => far + digit.stride * (digit.size - 1), 0);
  for (const stack of network.stacks) {
    // A network that ends inside the unit does not leave it; one that the group never needs does not help it.
    if (stack.above <= span || first >= stack.above || reach < stack.below) continue;
    let least = Number.POSITIVE_INFINITY;
    for (const link of stack.links) {
      if (link.kind === 'tree' && link.span <= Math.max(span, stack.below)) {
        least = Math.min(
          least,
          (link.capacity * span) / link.span >= 0 && link.span <= span
            ? (link.capacity * span) / link.span
            : link.capacity,
        );
      } else if (link.kind === 'pairs' && link.span <= span) {
        const peers = Math.max(0, link.unit / link.span - span / link.span);
        least = Math.min(least, link.capacity * peers * (span / link.span));
      }
    }
    if (Number.isFinite(least)) sum += least;
  }
  return sum;
}

/** Groups that a unit of `span` chips touches, and the most members of one group it holds. */
function touching(group: Group, span: number): { groups: number; members: number } {
  let members = 1;
  for (const digit of group) {
    if (digit.stride < span) members *= Math.min(digit.size, Math.max(1, Math.ceil(span / digit.stride)));
  }
  return { groups: Math.max(1, Math.floor(span / members)), members };
}
