/**
 * Least time of an all-to-all. Any lengths given to the links bound it: what travels takes at least its shortest way in those
 * lengths, and the links together offer capacity times length. With every link as long as the other this is the hop bound;
 * with length on one class only, the bound of one dimension; with length on the links of a cut only, the cut.
 * A bound that some routing meets is the optimum.
 */
import { membersOnSide, planeCuts } from './cuts.ts';
import { busiestTime, type Hubs, pairsTravel, routeShortest, type Travel } from './explicit.ts';
import type { LinkGraph } from './link-graph.ts';
import type { Groups } from './members.ts';
import type { Bound, Coordinate } from './wiring.ts';

/** Hubs times links up to which lengths and routings are tried. */
const MOST_WORK = 4e6;

export function exchangeBoundOf(
  hubs: Hubs,
  groups: Groups,
  coordinates: readonly Coordinate[],
  grid: boolean,
): Bound {
  const { graph } = hubs;
  const n = groups.members[0]?.length ?? 0;
  if (n < 2) return { time: 0, exact: true, by: 'nothing to send' };
  const travel = pairsTravel(hubs, groups, 1 / n);
  let time = injection(graph, travel);
  let by = 'ports';
  const raise = (other: number, name: string): void => {
    if (other <= time * (1 + 1e-12)) return;
    time = other;
    by = name;
  };
  for (const cut of planeCuts(hubs, coordinates)) {
    let crossing = 0;
    for (const members of membersOnSide(groups, cut.side)) crossing += (members * (n - members)) / n;
    raise(crossing / cut.capacity, `cut of ${cut.name}`);
  }
  if (hubs.used.length * graph.from.length > MOST_WORK) return { time, exact: false, by };
  const inner = graph.classes.map((_, at) => at).filter(at => !onlyPorts(hubs, at));
  for (const at of inner)
    raise(lengthBound(hubs, travel, new Set([at])), `hops over ${graph.classes[at]!.name}s`);
  if (inner.length > 1) raise(lengthBound(hubs, travel, new Set(inner)), 'hops');
  const meets = (inOrder: boolean): boolean =>
    busiestTime(graph, routeShortest(hubs, travel, inOrder)) <= time * (1 + 1e-9);
  return { time, exact: meets(false) || (grid && meets(true)), by };
}

function injection(graph: LinkGraph, { sent }: Travel): number {
  let most = 0;
  for (let end = 0; end < graph.ends; end++) {
    let rate = 0;
    for (let i = graph.first[end]!; i < graph.first[end + 1]!; i++) rate += graph.capacity[graph.out[i]!]!;
    most = Math.max(most, sent[end]! / rate);
  }
  return most;
}

/** Whether all links of a class are the only link of some endpoint. */
function onlyPorts({ graph, port }: Hubs, at: number): boolean {
  const ports = new Set<number>();
  for (const edge of port) if (edge >= 0) ports.add(edge >> 1);
  for (let edge = 0; edge < graph.from.length; edge += 2)
    if (graph.at[edge] === at && !ports.has(edge >> 1)) return false;
  return true;
}

/** Links of the classes `long` have length 1, all others none. */
function lengthBound(hubs: Hubs, travel: Travel, long: ReadonlySet<number>): number {
  const { graph, used } = hubs;
  const length = Uint8Array.from(graph.at, at => (long.has(at) ? 1 : 0));
  let offered = 0;
  for (let edge = 0; edge < length.length; edge++) offered += length[edge]! * graph.capacity[edge]!;
  const amounts = new Float64Array(graph.vertices);
  let taken = 0;
  for (const hub of used) {
    travel.fill(hub, amounts);
    amounts[hub] = 0;
    const distances = lengthsFrom(hubs, hub, length);
    for (const other of used) {
      taken += amounts[other]! * distances[other]!;
      amounts[other] = 0;
    }
  }
  return offered > 0 ? taken / offered : 0;
}

/** Shortest ways where links are 0 or 1 long: all that is reached without length first, then what lies one further. */
function lengthsFrom({ graph, inner }: Hubs, source: number, length: Uint8Array): Int32Array {
  const { to, forwards } = graph;
  const { first, out } = inner;
  const distances = new Int32Array(graph.vertices).fill(-1);
  let near = [source];
  for (let reach = 0; near.length > 0; reach++) {
    const far: number[] = [];
    while (near.length > 0) {
      const vertex = near.pop()!;
      if (distances[vertex]! >= 0) continue;
      distances[vertex] = reach;
      if (forwards[vertex] === 0 && vertex !== source) continue;
      for (let i = first[vertex]!; i < first[vertex + 1]!; i++) {
        const edge = out[i]!;
        if (distances[to[edge]!]! < 0) (length[edge] === 0 ? near : far).push(to[edge]!);
      }
    }
    near = far;
  }
  return distances;
}
