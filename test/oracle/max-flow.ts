/**
 * The exact limit of an all-gather on any graph (Zhao et al., "ForestColl", arXiv 2402.06787): rate x per rank can be reached
 * if and only if, with a source that feeds x into every rank, n x flow to each single rank.
 */
import type { Graph, Vertex } from './graph.ts';

interface Arc {
  to: number;
  left: number;
  back: number;
}

/** Whether the first `ranks` chips can gather at `rate` bytes/s per rank. */
export function canGather(graph: Graph, ranks: number, rate: number): boolean {
  for (let sink = 0; sink < ranks; sink++) {
    const { arcs, source } = network(graph, ranks, rate);
    if (maxFlow(arcs, source, sink) < ranks * rate * (1 - 1e-9)) return false;
  }
  return true;
}

/** Chips are vertices 0, 1, …; their ports in every network are joined to them without limit. */
function network(graph: Graph, ranks: number, rate: number): { arcs: Arc[][]; source: number } {
  const arcs: Arc[][] = Array.from({ length: graph.chips }, () => []);
  const numbers = new Map<Vertex, number>();
  const numberOf = (vertex: Vertex): number => {
    let number = numbers.get(vertex);
    if (number === undefined) {
      number = arcs.length;
      arcs.push([]);
      numbers.set(vertex, number);
    }
    return number;
  };
  const join = (from: number, to: number, capacity: number): void => {
    arcs[from]!.push({ to, left: capacity, back: arcs[to]!.length });
    arcs[to]!.push({ to: from, left: 0, back: arcs[from]!.length - 1 });
  };
  for (const { ports } of graph.networks) {
    const seen = new Set<Vertex>();
    let layer: Vertex[] = ports;
    ports.forEach((port, chip) => {
      join(chip, numberOf(port), Number.MAX_VALUE);
      join(numberOf(port), chip, Number.MAX_VALUE);
    });
    while (layer.length > 0) {
      const next = new Set<Vertex>();
      for (const vertex of layer) {
        if (seen.has(vertex) || !vertex.parent) continue;
        seen.add(vertex);
        // The vertex above a full mesh stands for the way out of it, and there is none in these tests.
        if (!vertex.parent.mesh) {
          join(numberOf(vertex), numberOf(vertex.parent), Math.min(vertex.up!.capacity, Number.MAX_VALUE));
          join(numberOf(vertex.parent), numberOf(vertex), Math.min(vertex.down!.capacity, Number.MAX_VALUE));
        }
        next.add(vertex.parent);
      }
      layer = [...next];
    }
  }
  for (const link of graph.links)
    if (link.class.includes(' pairs ')) join(numberOf(link.from), numberOf(link.to), link.capacity);
  const source = arcs.length;
  arcs.push([]);
  for (let chip = 0; chip < ranks; chip++) join(source, chip, rate);
  return { arcs, source };
}

/** Dinic's algorithm. */
function maxFlow(arcs: Arc[][], source: number, sink: number): number {
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
