/**
 * The exact limit of an all-gather on any graph (Zhao et al., "ForestColl", arXiv 2402.06787): rate x per rank can be reached
 * if and only if, with a source that feeds x into every rank, n x flow to each single rank.
 */
import { type Arcs, arcsOf } from './arcs.ts';
import type { Graph } from './graph.ts';

interface Edge {
  to: number;
  left: number;
  back: number;
}

/** Whether the first `ranks` chips can gather at `rate` bytes/s per rank. */
export function canGather(graph: Graph, ranks: number, rate: number): boolean {
  return gathers(
    arcsOf(graph),
    Array.from({ length: ranks }, (_, chip) => chip),
    rate,
  );
}

function gathers(arcs: Arcs, ranks: readonly number[], rate: number): boolean {
  const feed = new Map(ranks.map(rank => [rank, rate]));
  return ranks.every(sink => flowFrom(arcs, feed, sink) >= ranks.length * rate * (1 - 1e-9));
}

/** Most that can flow into `sink` out of vertices that have so much each. */
export function flowFrom(
  { vertices, arcs }: Arcs,
  feed: ReadonlyMap<number, number>,
  sink: number | readonly number[],
): number {
  const edges: Edge[][] = Array.from({ length: vertices + 2 }, () => []);
  const join = (from: number, to: number, capacity: number): void => {
    edges[from]!.push({ to, left: capacity, back: edges[to]!.length });
    edges[to]!.push({ to: from, left: 0, back: edges[from]!.length - 1 });
  };
  for (const { from, to, capacity } of arcs) join(from, to, capacity);
  for (const [vertex, rate] of feed) join(vertices, vertex, rate);
  for (const each of typeof sink === 'number' ? [sink] : sink) join(each, vertices + 1, Number.MAX_VALUE);
  return maxFlow(edges, vertices, vertices + 1);
}

/** t*: n x the least time of an all-gather among `ranks`, for a buffer of one byte; seconds per byte. */
export function gatherCost(graph: Graph, ranks: readonly number[]): number {
  const arcs = arcsOf(graph);
  const finite = arcs.arcs.map(({ capacity }) => capacity).filter(each => each < Number.MAX_VALUE);
  let low = 0;
  let high = finite.reduce((a, b) => a + b, 0);
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (gathers(arcs, ranks, middle)) low = middle;
    else high = middle;
  }
  return 1 / low;
}

/** Dinic's algorithm. */
function maxFlow(arcs: Edge[][], source: number, sink: number): number {
  let total = 0;
  for (;;) {
    const depth = new Array<number>(arcs.length).fill(-1);
    depth[source] = 0;
    const queue = [source];
    for (const at of queue)
      for (const { to, left } of arcs[at]!)
        if (left > 0 && depth[to] === -1) {
          depth[to] = depth[at]! + 1;
          queue.push(to);
        }
    if (depth[sink] === -1) return total;
    const next = new Array<number>(arcs.length).fill(0);
    const push = (at: number, most: number): number => {
      if (at === sink) return most;
      for (; next[at]! < arcs[at]!.length; next[at]!++) {
        const arc = arcs[at]![next[at]!]!;
        if (arc.left <= 0 || depth[arc.to] !== depth[at]! + 1) continue;
        const sent = push(arc.to, Math.min(most, arc.left));
        if (sent > 0) {
          arc.left -= sent;
          arcs[arc.to]![arc.back]!.left += sent;
          return sent;
        }
      }
      return 0;
    };
    for (let sent = push(source, Number.MAX_VALUE); sent > 0; sent = push(source, Number.MAX_VALUE))
      total += sent;
  }
}
