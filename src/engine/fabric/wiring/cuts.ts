/** Cuts through a graph at which bounds are taken: planes across the coordinates of its endpoints. */
import type { Hubs } from './explicit.ts';
import { type Groups, positionOf } from './members.ts';
import type { Coordinate } from './wiring.ts';

export interface PlaneCut {
  /** For people: "x at 4". */
  name: string;
  /** 1 for the vertices of one side. */
  side: Uint8Array;
  /** Of the links from one side to the other, one direction, bytes/s. */
  capacity: number;
}

/** Planes looked at along one coordinate; of longer ones, planes at equal distances. */
const MOST_PLANES = 64;

export function planeCuts(hubs: Hubs, coordinates: readonly Coordinate[]): PlaneCut[] {
  const { graph, inChild } = hubs;
  return coordinates.flatMap(coordinate => {
    const step = Math.ceil(coordinate.size / MOST_PLANES);
    const position = Int32Array.from({ length: graph.ends }, (_, end) =>
      // Endpoints of one child are joined below: no cut separates them.
      positionOf(coordinate, Math.floor(end / inChild) * inChild),
    );
    const cuts: PlaneCut[] = [];
    for (let plane = step; plane < coordinate.size; plane += step) {
      const side = new Uint8Array(graph.vertices);
      let below = 0;
      for (let end = 0; end < graph.ends; end++) below += side[end] = position[end]! < plane ? 1 : 0;
      if (below === 0 || below === graph.ends) continue;
      cuts.push({ name: `${coordinate.name} at ${plane}`, side, capacity: cutCapacity(hubs, side) });
    }
    return cuts;
  });
}

/** Puts every switch (and idle endpoint) on the side that most of its links lead to, and adds up the links between the sides. */
function cutCapacity({ graph }: Hubs, side: Uint8Array): number {
  const { ends, vertices, first, out, to, from, capacity } = graph;
  const settled = new Uint8Array(vertices).fill(1, 0, ends);
  for (let round = 0; round < 3; round++) {
    for (let vertex = ends; vertex < vertices; vertex++) {
      let lean = 0;
      for (let i = first[vertex]!; i < first[vertex + 1]!; i++) {
        const other = to[out[i]!]!;
        if (settled[other] === 1) lean += side[other] === 1 ? capacity[out[i]!]! : -capacity[out[i]!]!;
      }
      side[vertex] = lean > 0 ? 1 : 0;
      if (lean !== 0) settled[vertex] = 1;
    }
  }
  let sum = 0;
  for (let edge = 0; edge < from.length; edge += 2)
    if (side[from[edge]!] !== side[to[edge]!]) sum += capacity[edge]!;
  return sum;
}

/** Members of every group on the side that is 1. */
export function membersOnSide(groups: Groups, side: Uint8Array): Int32Array {
  const count = new Int32Array(groups.members.length);
  for (let end = 0; end < groups.of.length; end++) count[groups.of[end]!]! += side[end]!;
  return count;
}
