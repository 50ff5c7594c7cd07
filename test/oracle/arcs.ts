/** A whole fabric as arcs between numbered vertices, chips first, for limits that know no routes. */
import type { Graph, Vertex } from './graph.ts';

export interface Arc {
  from: number;
  to: number;
  /** bytes/s; joints inside a chip or a switch have the greatest number there is. */
  capacity: number;
}

export interface Arcs {
  chips: number;
  vertices: number;
  arcs: Arc[];
}

export function arcsOf(graph: Graph): Arcs {
  const arcs: Arc[] = [];
  let vertices = graph.chips;
  const numbers = new Map<Vertex, number>();
  const numberOf = (vertex: Vertex): number => {
    const known = numbers.get(vertex) ?? vertices++;
    numbers.set(vertex, known);
    return known;
  };
  const join = (from: number, to: number, capacity: number): void => {
    arcs.push({ from, to, capacity: Math.min(capacity, Number.MAX_VALUE) });
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
        // The vertex above a mesh or a net is no switch: it stands for the whole unit.
        if (!vertex.parent.mesh && !vertex.parent.wired) {
          join(numberOf(vertex), numberOf(vertex.parent), vertex.up!.capacity);
          join(numberOf(vertex.parent), numberOf(vertex), vertex.down!.capacity);
        }
        next.add(vertex.parent);
      }
      layer = [...next];
    }
  }
  const trees = new Set(arcs.map(({ from, to }) => `${from} ${to}`));
  for (const { from, to, capacity } of graph.links) {
    const ends = [numberOf(from), numberOf(to)] as const;
    if (!trees.has(ends.join(' '))) join(...ends, capacity);
  }
  return { chips: graph.chips, vertices, arcs };
}
