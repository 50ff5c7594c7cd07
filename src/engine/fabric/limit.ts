/**
 * The least time any algorithm could take on this fabric with all groups of the axis at once, at line rate and without
 * latency: the largest ratio of bytes that must pass the cut around a unit to the capacity of that cut.
 *
 * All-gather: a shard must enter each unit that lacks it once; reduce-scatter is its mirror image. For one group on a tree
 * this is not only a bound but reached (Zhao et al., "ForestColl", arXiv 2402.06787). All-reduce: every chip sends and
 * receives 2 S (n-1)/n unless switches reduce, and S must cross any cut that splits a group.
 *
 * The networks that the groups need count together, because a chip may use its scale-up and its scale-out port at once. A
 * network that no member needs (the network cards, for a group inside a node) does not count. An all-to-all and a send leave
 * nothing to choose but the network: their own flows are the limit.
 *
 * Every limit says what it comes from and whether some schedule reaches it.
 */
import type { CollectiveOp } from '../plan/spec.ts';
import { reduces } from './algorithms/in-switch.ts';
import { crossedLevels } from './crossing.ts';
import { ringFlows } from './flows.ts';
import { loadsOf, type Traffic } from './load.ts';
import { groupsInside, groupsTouching } from './membership.ts';
import type { LinkClass, Network, NetworkLevel, Stack, Wired } from './network.ts';
import { countRoots } from './pairs.ts';
import { type Digit, type Group, groupSize, periodOf } from './pattern.ts';
import { type Units, unitsToCheck } from './units.ts';
import { placesOn } from './wired.ts';
import type { Bound } from './wiring/wiring.ts';

export interface Limit {
  /** Seconds at line rate and without latency. */
  time: number;
  /** What cannot go faster, for people: "port of a chip", "cut around a pod", "min-cut". */
  by: string;
  /** Some schedule is known to reach it; else it is a lower bound only. */
  exact: boolean;
  /** All-reduce: what some schedule without reducing switches reaches where that is more, twice the best all-gather. */
  reachable?: number;
}

const CLOSE = 1e-9;

/** Of the wirings that one group uses: on explicit links each is a row of largest flows. */
type Gathers = Map<Wired, Bound>;

export function limitOf(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  chips: number,
): Limit {
  const n = groupSize(group);
  if (n < 2) return { time: 0, by: 'nothing to send', exact: true };
  if (op === 'send_recv' || op === 'all_to_all') return limitOfFlows(network, group, op, bytes, chips);
  if (op !== 'all_reduce') return limitOfCuts(network, group, op, bytes, chips);
  const known: Gathers = new Map();
  const limit = limitOfCuts(network, group, op, bytes, chips, known);
  const gather = limitOfCuts(network, group, 'all_gather', bytes, chips, known);
  const reachable = 2 * gather.time;
  if (!gather.exact) return limit;
  return reachable > limit.time * (1 + CLOSE) ? { ...limit, reachable } : { ...limit, exact: true };
}

/** What must enter or leave parts of the fabric, over what leads there. */
function limitOfCuts(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  chips: number,
  known: Gathers = new Map(),
): Limit {
  const n = groupSize(group);
  const crossed = crossedLevels(network, group, chips).map(index => network.levels[index]!);
  const used = network.stacks.filter(stack => crossed.some(level => level.stack === stack));
  const summed = crossed.some(level => reduces(level.spec.topology));
  const limit = wiredLimit(network, group, op, bytes, chips, known);
  if (op !== 'all_reduce' && isReachedOnTree(used, group, chips)) limit.exact = true;
  for (const { link, stack } of cutsOf(used)) {
    const capacity = used.reduce((sum, each) => sum + capacityAround(each, link.span, op), 0);
    const around: Traffic = { kind: 'pairs', group, bytes: 0, fromRoots: op === 'broadcast' };
    for (const from of unitsToCheck(link, stack, around, chips)) {
      const to = Math.min(from + link.span, Math.floor(from / link.unit) * link.unit + link.unit, chips);
      const passing =
        op === 'all_reduce' && link.span === 1 && !summed
          ? 2 * (1 - 1 / n)
          : buffersThrough(group, op, n, { from, to }, chips);
      const time = (passing * bytes) / capacity;
      if (time <= limit.time * (1 + CLOSE)) continue;
      limit.time = time;
      limit.by = cutName(network, link, crossed, used);
      // Where links are wired, a cut around them says nothing of how they are used.
      if (used.some(({ wired }) => wired.length > 0)) limit.exact = false;
    }
  }
  return limit;
}

/**
 * Whether the largest cut of a gather or broadcast is reached: on one tree of switches, where all groups lie alike in the units
 * of every class. Each group then has its share of every link, and with that a tree on which it is alone; one tree with all
 * chips of a group reaches its cuts (ForestColl; broadcasts: Edmonds' branchings).
 */
function isReachedOnTree(used: readonly Stack[], group: Group, chips: number): boolean {
  const [stack] = used;
  if (!stack || used.length > 1 || stack.wired.length > 0) return false;
  const whole = groupSize(group) === chips;
  return stack.links.every(({ kind, span, unit }) => {
    // Chips of a full mesh can pass on what is not theirs, and so can a level above it.
    if (kind === 'pairs')
      return unit === stack.above && (whole || (group[0]!.stride === 1 && group[0]!.size === unit));
    return whole || (unit % span === 0 && group.every(digit => liesEvenly(digit, span)));
  });
}

const liesEvenly = (digit: Digit, span: number): boolean =>
  digit.stride % span === 0 ||
  (span % digit.stride === 0 && (periodOf(digit) % span === 0 || span % periodOf(digit) === 0));

/** "port of a chip", "ports of a chip into node and pod", "cut around a pod", "cut around a leaf of pod". */
function cutName(
  { levels, stacks }: Network,
  { span }: Units,
  crossed: readonly NetworkLevel[],
  used: readonly Stack[],
): string {
  if (span === 1) {
    const into = used.flatMap(stack => crossed.find(level => level.stack === stack)?.spec.name ?? []);
    return into.length > 1 ? `ports of a chip into ${into.join(' and ')}` : 'port of a chip';
  }
  const unit = levels.find(level => level.span === span);
  if (unit) return `cut around a ${unit.spec.name}`;
  const own = stacks.flatMap(({ links }) => links).find(link => link.span === span);
  return own?.link === 'leaf to spine'
    ? `cut around a leaf of ${own.level}`
    : `cut around ${span} chips${own ? ` of ${own.level}` : ''}`;
}

/** What must travel is fixed: the flows themselves at line rate, over the busiest link. */
function limitOfFlows(
  network: Network,
  group: Group,
  op: 'send_recv' | 'all_to_all',
  bytes: number,
  chips: number,
): Limit {
  const traffic: Traffic =
    op === 'send_recv'
      ? { kind: 'sets', group, sets: ringFlows(group, bytes, false), parts: 'ends' }
      : { kind: 'pairs', group, bytes: bytes / groupSize(group) };
  const limit = wiredLimit(network, group, op, bytes, chips);
  const wired = crossedLevels(network, group, chips).some(index => network.levels[index]!.wired);
  if (!wired) limit.exact = true;
  // Wirings leave a choice of ways: their flows are no limit.
  for (const { link, bytes: most } of loadsOf(network, traffic, chips)) {
    const time = most / link.capacity;
    if (link.kind === 'wired' || time <= limit.time * (1 + CLOSE)) continue;
    limit.time = time;
    limit.by = `its own flows over the ${link.link} of ${link.level}`;
    if (wired) limit.exact = false;
  }
  return limit;
}

/** What the wirings allow for the part of the group that lies on each of them. */
function wiredLimit(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  chips: number,
  known: Gathers = new Map(),
): Limit {
  const limit: Limit = { time: 0, by: 'nothing', exact: false };
  const crossed = crossedLevels(network, group, chips).map(index => network.levels[index]!);
  const stacks = new Set(crossed.map(level => level.stack));
  const n = groupSize(group);
  for (const wired of new Set(crossed.flatMap(level => level.wired ?? []))) {
    const places = placesOn(wired, group, chips);
    // Reached only where the whole collective runs on these links and needs no others, and no idle chip could help.
    const alone =
      stacks.size === 1 &&
      places?.members === n &&
      chips % wired.unit === 0 &&
      crossed[0]!.stack.links.length === 0;
    const raise = (time: number, by: string, exact = false): void => {
      if (time <= limit.time * (1 + CLOSE)) return;
      limit.time = time;
      limit.by = by;
      limit.exact = exact && alone;
    };
    if (op === 'all_to_all') {
      // Of the buffer each member sends n_here / n to members of its own unit, whatever the rest does.
      if (places && places.atEnd === 1) {
        const { time, by, exact } = wired.wiring.exchangeBound(places.lattice);
        raise(time * bytes * (places.members / n) * wired.end, by, exact);
      }
    } else if (op === 'send_recv' || op === 'broadcast' || stacks.size > 1) {
      // Every byte needs one link at the least; a member may use its ports into other networks instead, or its child's switch.
      const atEnd = wired.end > 1 ? places?.atEnd : 1;
      if (stacks.size === 1 && atEnd !== undefined)
        raise((bytes * buffersAcross(group, atEnd)) / portRate(wired, 'mean'), 'one link for every byte');
    } else if (places && places.atEnd === 1) {
      const gather = known.get(wired) ?? wired.wiring.gatherBound(places.lattice);
      known.set(wired, gather);
      raise(gather.time * bytes * wired.end, gather.by, gather.exact && op !== 'all_reduce');
      if (op !== 'all_reduce') continue;
      const { time, by, exact } = wired.wiring.reduceBound?.(places.lattice) ?? {
        time: (2 * (1 - 1 / n)) / (portRate(wired, 'mean') * wired.end),
        by: 'bytes over all links',
        exact: false,
      };
      raise(time * bytes * wired.end, by, exact);
    }
  }
  return limit;
}

/** Buffers that go from endpoint to endpoint of a broadcast or a line of sends, for each member. @param atEnd members at one */
function buffersAcross(group: Group, atEnd: number): number {
  const n = groupSize(group);
  return (n / atEnd - 1) / n;
}

/** All links of a chip into a wiring, of the poorest one or on average, bytes/s. */
function portRate({ wiring, links, end }: Wired, which: 'least' | 'mean'): number {
  if (which === 'least') return wiring.leastPort / end;
  const all = links.reduce((sum, each) => sum + each.capacity * each.links, 0);
  return all / wiring.ends / end;
}

/** Units around which a cut is worth checking: those of every class, every chip, and every unit below a network's ports. */
function cutsOf(stacks: readonly Stack[]): { link: Units; stack: Stack }[] {
  const cuts = new Map<string, { link: Units; stack: Stack }>();
  for (const stack of stacks) {
    const { below, above } = stack;
    for (const link of [{ span: 1, unit: above }, { span: below, unit: above }, ...stack.links]) {
      const key = `${link.span}/${link.unit % link.span === 0 ? 0 : link.unit}`;
      if (!cuts.has(key)) cuts.set(key, { link, stack });
    }
  }
  return [...cuts.values()];
}

/** Buffers of size S that must pass the cut around chips [from, to) in its busier direction. */
function buffersThrough(
  group: Group,
  op: CollectiveOp,
  n: number,
  { from, to }: { from: number; to: number },
  chips: number,
): number {
  const touching = groupsTouching(group, from, to);
  const inside = groupsInside(group, from, to, chips);
  if (op === 'all_reduce') return touching - inside;
  if (op === 'broadcast') {
    const roots = countRoots(group, from, to);
    return Math.max(touching - roots, roots - inside);
  }
  // A gather brings in the shards of the members outside and sends out those of the members inside; a scatter the reverse.
  const members = to - from;
  return Math.max(n * touching - members, members - n * inside) / n;
}

/** Rate at which `span` chips of one unit can send to all others through one network, bytes/s: the least cut around them. */
function capacityAround(stack: Stack, span: number, op: CollectiveOp): number {
  // A network that ends inside the unit does not leave it.
  if (stack.above <= span) return 0;
  let least = Number.POSITIVE_INFINITY;
  if (stack.links.length === 0 && span === 1) {
    const gathers = op === 'all_gather' || op === 'reduce_scatter';
    return stack.wired.reduce((sum, each) => sum + portRate(each, gathers ? 'least' : 'mean'), 0);
  }
  for (const link of stack.links) {
    if (link.span > span) continue;
    if (link.kind === 'tree') least = Math.min(least, link.capacity * Math.ceil(span / link.span));
    else if (span < link.unit) least = Math.min(least, meshCapacity(stack, link, span));
  }
  return least;
}

/** All direct links from `span` chips of a full mesh to their peers, and what the unit of the mesh can send further on. */
function meshCapacity(stack: Stack, link: LinkClass, span: number): number {
  const children = Math.ceil(span / link.span);
  const direct = link.capacity * children * (link.unit / link.span - children);
  const beyond = stack.links.find(each => each.kind === 'tree' && each.span === link.unit);
  return direct + (stack.above > link.unit ? (beyond?.capacity ?? Number.POSITIVE_INFINITY) : 0);
}
