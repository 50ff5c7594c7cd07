/**
 * Amounts from one vertex to many, over all shortest routes by their number: a search outwards counts the routes, then the
 * amounts are pushed back from far to near, each over the links it can have come by in proportion to the routes through them
 * (Brandes' accumulation). Cables side by side are routes of their own; how fast they are does not matter, as to ECMP. Linear in
 * the links no farther than the targets, whatever their number.
 */
import type { LinkGraph } from './link-graph.ts';

/** Directed links by the vertex they leave, as in `LinkGraph`. */
export type OutLinks = Pick<LinkGraph, 'first' | 'out'>;

export interface Spreader {
  /**
   * Adds what `amounts` (by vertex, from `source`) puts on every directed link to `load`.
   * @param inOrder only routes that never go back to a lower dimension (`along`)
   * @param within by vertex: farther than this no route may be
   * @param found told how far every target is, before anything is routed: amounts that it takes away are not
   * @returns whether every amount reached its target; those that did not are left in `amounts`, all others are set to 0
   */
  spread(
    source: number,
    amounts: Float64Array,
    load: Float64Array,
    inOrder: boolean,
    within?: Int32Array,
    found?: (distances: Int32Array) => void,
  ): boolean;
  /** Links on the way from `source` to every vertex; -1: unreached. Overwritten by the next call. */
  distances(source: number): Int32Array;
}

/** @param inner the links to look at, where some lead to vertices that nothing is sent to */
export function spreader(graph: LinkGraph, inner: OutLinks = graph): Spreader {
  const { vertices, to, along, forwards, cables } = graph;
  const { first, out } = inner;
  const distance = new Int32Array(vertices);
  const routes = new Float64Array(vertices);
  const stage = new Uint8Array(vertices);
  const order = new Int32Array(vertices);
  /** Of the last search: vertices with amounts that it did not reach. */
  let missing = 0;
  let widest = 0;
  for (const each of cables) widest = Math.max(widest, each);
  // Relative to the widest link, so that products along a route stay in range.
  const width = cables.map(each => each / widest);

  /** @param amounts where `wanted` of them, not the source's, are not 0: nothing farther than these is looked at */
  const search = (source: number, inOrder: boolean, wanted = -1, amounts?: Float64Array): number => {
    missing = wanted;
    let farthest = vertices;
    distance.fill(-1);
    distance[source] = 0;
    routes[source] = 1;
    stage[source] = 0;
    order[0] = source;
    let found = 1;
    for (let at = 0; at < found; at++) {
      const vertex = order[at]!;
      if (distance[vertex]! >= farthest) break;
      if (forwards[vertex] === 0 && vertex !== source) continue;
      const next = distance[vertex]! + 1;
      const reached = stage[vertex]!;
      for (let i = first[vertex]!; i < first[vertex + 1]!; i++) {
        const edge = out[i]!;
        const target = to[edge]!;
        if (inOrder && along[edge]! < reached && forwards[target] === 1) continue;
        const known = distance[target]!;
        if (known < 0) {
          distance[target] = next;
          routes[target] = routes[vertex]! * width[edge]!;
          stage[target] = along[edge]!;
          order[found++] = target;
          // All routes to the last one are known when everything nearer has been passed.
          if (wanted > 0 && amounts![target] !== 0 && --missing === 0) farthest = next;
        } else if (known === next) routes[target]! += routes[vertex]! * width[edge]!;
      }
    }
    return found;
  };

  const spread = (
    source: number,
    amounts: Float64Array,
    load: Float64Array,
    inOrder: boolean,
    within?: Int32Array,
    told?: (distances: Int32Array) => void,
  ): boolean => {
    let wanted = 0;
    amounts[source] = 0;
    for (const amount of amounts) if (amount !== 0) wanted++;
    if (wanted === 0) return true;
    const found = search(source, inOrder, wanted, amounts);
    const all = missing === 0;
    told?.(distance);
    for (let at = found - 1; at > 0; at--) {
      const vertex = order[at]!;
      const amount = amounts[vertex]!;
      if (amount === 0 || (within && distance[vertex]! > within[vertex]!)) continue;
      amounts[vertex] = 0;
      const near = distance[vertex]! - 1;
      const share = amount / routes[vertex]!;
      for (let i = first[vertex]!; i < first[vertex + 1]!; i++) {
        const back = out[i]!;
        const from = to[back]!;
        if (distance[from] !== near || (forwards[from] === 0 && from !== source)) continue;
        if (inOrder && along[back]! < stage[from]! && forwards[vertex] === 1) continue;
        const part = share * routes[from]! * width[back]!;
        load[back ^ 1]! += part;
        amounts[from]! += part;
      }
    }
    amounts[source] = 0;
    return (all && !within) || !amounts.some(amount => amount !== 0);
  };

  return {
    spread,
    distances(source) {
      search(source, false);
      return distance;
    },
  };
}
