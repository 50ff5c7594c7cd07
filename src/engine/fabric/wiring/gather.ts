/**
 * Least time of an all-gather. For one group over all endpoints the exact one: shards of all members reach member v only as
 * fast as cuts between v and the others allow, and packed trees reach that (Zhao et al., "ForestColl", arXiv 2402.06787):
 * t* = max over vertex sets X that lack some member of |members in X| / capacity out of X.
 *
 * Found without trying all X: with a source that feeds every member at rate 1/t, a largest flow to each member in turn either
 * carries everything, and t is enough, or its least cut is an X that asks for more (Newton's method on the ratio).
 */
import { membersOnSide, planeCuts } from './cuts.ts';
import type { Hubs } from './explicit.ts';
import { type FlowNetwork, flowNetwork, push, sourceSide } from './max-flow.ts';
import type { Groups } from './members.ts';
import type { Bound, Coordinate } from './wiring.ts';

/** Members times links up to which the exact bound is worth its flows (about 60 ms). */
const MOST_WORK = 1.2e6;
/** Hubs times links, and members times their partners, up to which the nearest of all members are looked for. */
const MOST_LOOKED = 6e6;

export function gatherBoundOf(hubs: Hubs, groups: Groups, coordinates: readonly Coordinate[]): Bound {
  const { graph } = hubs;
  const n = groups.members[0]?.length ?? 0;
  if (n < 2) return { time: 0, exact: true, by: 'nothing to send' };
  if (groups.members.length === 1) {
    const merged = mergedGraph(hubs);
    const tested = hubs.alike ?? merged.sinks;
    if (tested.length * graph.from.length <= MOST_WORK) {
      const { time, by } = exactGather(merged, tested, n);
      return { time: Math.max(time, portOfHosts(hubs, n)) / n, exact: hubs.inChild === 1, by };
    }
  }
  return boundByCuts(hubs, groups, coordinates, n);
}

/** The graph with endpoints drawn together that need no vertex of their own. */
interface Merged {
  vertices: number;
  /** Members at every vertex. */
  weight: Float64Array;
  /** Vertices with members. */
  sinks: number[];
  arcs: [number, number, number][];
}

/**
 * An endpoint with one link is worth a cut of its own only as the one that lacks the others' shards (`portOfHosts`); in all
 * other cuts it goes with its switch. Endpoints of one child exchange what they like over the level below.
 */
function mergedGraph({ graph, of, inChild }: Hubs): Merged {
  const place = Int32Array.from({ length: graph.vertices }, (_, vertex) => vertex);
  for (let end = 0; end < graph.ends; end++)
    place[end] = inChild > 1 ? Math.floor(end / inChild) * inChild : of[end]!;
  const weight = new Float64Array(graph.vertices);
  for (let end = 0; end < graph.ends; end++) weight[place[end]!]!++;
  const arcs: [number, number, number][] = [];
  for (let edge = 0; edge < graph.from.length; edge += 2) {
    const a = place[graph.from[edge]!]!;
    const b = place[graph.to[edge]!]!;
    if (a !== b) arcs.push([a, b, graph.capacity[edge]!]);
  }
  const sinks = [...weight.keys()].filter(vertex => weight[vertex]! > 0);
  return { vertices: graph.vertices, weight, sinks, arcs };
}

function portOfHosts({ graph, port, inChild }: Hubs, n: number): number {
  if (inChild > 1) return 0;
  let most = 0;
  for (const edge of port) if (edge >= 0) most = Math.max(most, (n - 1) / graph.capacity[edge]!);
  return most;
}

/**
 * @param tested vertices with members, one of each kind that looks the same from everywhere
 * @returns t* in seconds for shards of one byte
 */
function exactGather(merged: Merged, tested: readonly number[], n: number): { time: number; by: string } {
  const { vertices, weight, sinks, arcs } = merged;
  if (sinks.length < 2) return { time: 0, by: 'ports' };
  const into = new Float64Array(vertices);
  for (const [a, b, rate] of arcs) {
    into[a]! += rate;
    into[b]! += rate;
  }
  let time = 0;
  for (const sink of sinks) time = Math.max(time, (n - weight[sink]!) / into[sink]!);
  let by = 'ports';
  for (;;) {
    const worse = violated(merged, tested, n, time);
    if (worse === undefined) return { time, by };
    time = worse;
    by = 'min-cut';
  }
}

/** The ratio of a set that t = `time` is not enough for. */
function violated(merged: Merged, tested: readonly number[], n: number, time: number): number | undefined {
  const { vertices, weight, sinks, arcs } = merged;
  const source = vertices;
  // In units of what one member sends: capacities are then counts of shards.
  const all: [number, number, number, number][] = arcs.map(([a, b, rate]) => [
    a,
    b,
    rate * time,
    rate * time,
  ]);
  for (const sink of sinks) all.push([source, sink, weight[sink]!, 0]);
  const network = flowNetwork(vertices + 1, all);
  const grain = 1e-9;
  let from = source;
  for (const sink of tested) {
    // From the second member on, the flow to the one before is taken on to the next.
    const pushed = push(network, from, sink, grain);
    if (pushed < n * (1 - 1e-7)) {
      const ratio = ratioOf(network, from, merged, grain);
      if (ratio > time * (1 + 1e-9)) return ratio;
    }
    from = sink;
  }
  return undefined;
}

function ratioOf(network: FlowNetwork, from: number, { weight, sinks, arcs }: Merged, grain: number): number {
  const side = sourceSide(network, from, grain);
  let members = 0;
  for (const sink of sinks) if (side[sink] !== 0) members += weight[sink]!;
  let leaving = 0;
  for (const [a, b, rate] of arcs) if ((side[a] === 0) !== (side[b] === 0)) leaving += rate;
  return leaving > 0 ? members / leaving : 0;
}

/** Every shard must enter every part of the fabric in which a member lacks it: ports, planes, and links on the shortest tree. */
function boundByCuts(hubs: Hubs, groups: Groups, coordinates: readonly Coordinate[], n: number): Bound {
  let time = portBound(hubs, groups, n);
  let by = 'ports';
  const raise = (other: number, name: string): void => {
    if (other <= time * (1 + 1e-12)) return;
    time = other;
    by = name;
  };
  raise(treeBound(hubs, groups, n), 'hops');
  for (const cut of planeCuts(hubs, coordinates)) {
    let enter = 0;
    let leave = 0;
    const inside = membersOnSide(groups, cut.side);
    for (const members of inside) {
      if (members === 0 || members === n) continue;
      enter += n - members;
      leave += members;
    }
    raise(Math.max(enter, leave) / cut.capacity, `cut of ${cut.name}`);
  }
  return { time: time / n, exact: false, by };
}

/** What must enter the child with the least of ports. */
function portBound({ graph, inChild }: Hubs, groups: Groups, n: number): number {
  let most = 0;
  for (let start = 0; start < graph.ends; start += inChild) {
    const touched = new Map<number, number>();
    let rate = 0;
    for (let end = start; end < Math.min(start + inChild, graph.ends); end++) {
      touched.set(groups.of[end]!, (touched.get(groups.of[end]!) ?? 0) + 1);
      for (let i = graph.first[end]!; i < graph.first[end + 1]!; i++) rate += graph.capacity[graph.out[i]!]!;
    }
    let enter = 0;
    for (const members of touched.values()) enter += n - members;
    most = Math.max(most, enter / rate);
  }
  return most;
}

/**
 * A tree over a group's members takes at least n - 1 links, and half of the ways to the nearest other member: no two members
 * share these halves.
 */
function treeBound({ graph, of, port, used, spread, inChild }: Hubs, groups: Groups, n: number): number {
  if (inChild > 1) return 0;
  const looks = Math.max(used.length * graph.from.length, graph.ends * n);
  if (looks > MOST_LOOKED) return 0;
  let capacity = 0;
  for (const each of graph.capacity) capacity += each;
  const nearest = new Float64Array(groups.members.length);
  let last = -1;
  let distances: Int32Array = new Int32Array(0);
  for (const end of [...of.keys()].sort((a, b) => of[a]! - of[b]!)) {
    if (of[end] !== last) {
      last = of[end]!;
      distances = spread.distances(last);
    }
    const own = port[end]! < 0 ? 0 : 1;
    let least = Number.POSITIVE_INFINITY;
    for (const member of groups.members[groups.of[end]!]!)
      if (member !== end)
        least = Math.min(least, own + distances[of[member]!]! + (port[member]! < 0 ? 0 : 1));
    nearest[groups.of[end]!]! += least / 2;
  }
  let links = 0;
  for (const half of nearest) links += n * Math.max(n - 1, half);
  return links / capacity;
}
