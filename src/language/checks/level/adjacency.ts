/** Which vertices of a level are linked directly. Children come first, 0 to count - 1; routers and switches follow. */
import type { Topology } from '../../../engine/fabric/spec.ts';

export interface Adjacency {
  /** Vertices, switches included. */
  vertices: number;
  neighbours(vertex: number): number[];
}

/** Undefined where children meet in switches that no number names. */
export function adjacencyOf(topology: Topology, count: number): Adjacency | undefined {
  switch (topology.kind) {
    case 'fully_connected':
      return {
        vertices: count,
        neighbours: vertex => [...Array(count).keys()].filter(other => other !== vertex),
      };
    case 'torus': {
      const { dims, wrap, twist } = topology;
      return { vertices: count, neighbours: vertex => inGrid(vertex, dims, wrap, twist) };
    }
    case 'graph': {
      const lists = new Map<number, number[]>();
      let vertices = count;
      for (const { a, b } of topology.links) {
        vertices = Math.max(vertices, a + 1, b + 1);
        for (const [from, to] of [
          [a, b],
          [b, a],
        ] as const) {
          const list = lists.get(from);
          if (list) list.push(to);
          else lists.set(from, [to]);
        }
      }
      return { vertices, neighbours: vertex => lists.get(vertex) ?? [] };
    }
    default:
      return undefined;
  }
}

/**
 * Neighbours in a grid, dimension by dimension. Twisted, a link around a short dimension of size K shifts every long one by K:
 * one in K x K x 2K, two in K x 2K x 2K (Camara et al., "Twisted torus topologies for enhanced interconnection networks",
 * IEEE TPDS 2010).
 */
function inGrid(vertex: number, dims: readonly number[], wrap: readonly boolean[], twist: boolean): number[] {
  const at = digitsOf(vertex, dims);
  const short = Math.min(...dims);
  const found = new Set<number>();
  dims.forEach((size, d) => {
    for (const step of [-1, 1]) {
      const to = [...at];
      to[d] = at[d]! + step;
      if (to[d] < 0 || to[d] >= size) {
        if (!wrap[d]) continue;
        to[d] = (to[d] + size) % size;
        if (twist && size === short)
          dims.forEach((long, i) => {
            if (long !== short) to[i] = (to[i]! + step * short + long) % long;
          });
      }
      found.add(numberOf(to, dims));
    }
  });
  found.delete(vertex);
  return [...found];
}

function digitsOf(vertex: number, dims: readonly number[]): number[] {
  let left = vertex;
  return dims.map(size => {
    const digit = left % size;
    left = Math.floor(left / size);
    return digit;
  });
}

function numberOf(digits: readonly number[], dims: readonly number[]): number {
  return digits.reduceRight((sum, digit, d) => sum * dims[d]! + digit, 0);
}

/** Vertices that can be reached from one over links and vertices that are not left out. */
export function reachable(
  adjacency: Adjacency,
  from: number,
  gone: { vertices: ReadonlySet<number>; links: ReadonlySet<string> },
): Set<number> {
  const reached = new Set([from]);
  const open = [from];
  while (open.length > 0) {
    const vertex = open.pop()!;
    for (const next of adjacency.neighbours(vertex)) {
      if (reached.has(next) || gone.vertices.has(next) || gone.links.has(linkKey(vertex, next))) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}

export const linkKey = (a: number, b: number): string => `${Math.min(a, b)},${Math.max(a, b)}`;

/** Links between all children would be too many to follow one by one. */
export const tooManyToFollow = (topology: Topology, count: number): boolean =>
  (topology.kind === 'fully_connected' ? count * count : count) > 1e6;
