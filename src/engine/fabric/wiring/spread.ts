/**
 * Amounts from one vertex to many, over all shortest routes by their number: a search outwards counts the routes, then the
 * amounts are pushed back from far to near, each over the links it can have come by in proportion to the routes through them
 * (Brandes' accumulation). Cables side by side are routes of their own; how fast they are does not matter, as to ECMP. Linear in
 * the links no farther than the targets, whatever their number.
 */
import type { LinkGraph } from './link-graph.ts';

/** In place of a distance: not to be looked at. */
const OUTSIDE = -2;

/** Directed links by the vertex they leave, as in `LinkGraph`. */
export type OutLinks = Pick<LinkGraph, 'first' | 'out'>;

export interface Limits {
  /** By vertex: farther than this no route may be. */
  within?: Int32Array;
  /** The only vertices that are looked at, the source's among them. */
  inside?: Int32Array;
  /** Told how far every target is, before anything is routed: amounts that it takes away are not, and none if it says no. */
  found?(distances: Int32Array): boolean;
}

export interface Spreader {
  /**
   * Adds what `amounts` (by vertex, from `source`) puts on every directed link to `load`.
   * @param inOrder only routes that never go back to a lower dimension (`along`)
   * @returns whether every amount reached its target; those that did not are left in `amounts`, all others are set to 0
   */
  spread(
    source: number,
    amounts: Float64Array,
    load: Float64Array,
    inOrder: boolean,
    limits?: Limits,
  ): boolean;
  /**
   * Links on the way from `source` to every vertex; negative: unreached. Overwritten by the next call.
   * @param inside the only vertices that are looked at
   */
  distances(source: number, inside?: Int32Array): Int32Array;
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
  for (let edge = 0; edge < cables.length; edge++) widest = Math.max(widest, cables[edge]!);
  // Relative to the widest link, so that products along a route stay in range.
  const width = cables.map(each => each / widest);
  // By entry of `out`, which is what is looked at over and over.
  const ahead = out.map(edge => to[edge]!);
  const wide = new Float64Array(out.length);
  for (let at = 0; at < out.length; at++) wide[at] = width[out[at]!]!;

  /** @param amounts where `wanted` of them, not the source's, are not 0: nothing farther than these is looked at */
  const search = (
    source: number,
    inOrder: boolean,
    wanted = -1,
    amounts?: Float64Array,
    inside?: Int32Array,
  ): number => {
    missing = wanted;
    let farthest = vertices;
    distance.fill(inside ? OUTSIDE : -1);
    if (inside) for (let at = 0; at < inside.length; at++) distance[inside[at]!] = -1;
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
      const passing = routes[vertex]!;
      for (let i = first[vertex]!; i < first[vertex + 1]!; i++) {
        const target = ahead[i]!;
        if (inOrder && along[out[i]!]! < reached && forwards[target] === 1) continue;
        const known = distance[target]!;
        if (known === -1) {
          distance[target] = next;
          routes[target] = passing * wide[i]!;
          if (inOrder) stage[target] = along[out[i]!]!;
          order[found++] = target;
          // All routes to the last one are known when everything nearer has been passed.
          if (wanted > 0 && amounts![target] !== 0 && --missing === 0) farthest = next;
        } else if (known === next) routes[target]! += passing * wide[i]!;
      }
    }
    return found;
  };

  const spread = (
    source: number,
    amounts: Float64Array,
    load: Float64Array,
    inOrder: boolean,
    { within, inside, found: told }: Limits = {},
  ): boolean => {
    let wanted = 0;
    amounts[source] = 0;
    for (let at = 0; at < vertices; at++) if (amounts[at] !== 0) wanted++;
    if (wanted === 0) return true;
    const found = search(source, inOrder, wanted, amounts, inside);
    const all = missing === 0;
    if (told?.(distance) === false) return false;
    for (let at = found - 1; at > 0; at--) {
      const vertex = order[at]!;
      const amount = amounts[vertex]!;
      if (amount === 0 || (within && distance[vertex]! > within[vertex]!)) continue;
      amounts[vertex] = 0;
      const near = distance[vertex]! - 1;
      const share = amount / routes[vertex]!;
      for (let i = first[vertex]!; i < first[vertex + 1]!; i++) {
        const from = ahead[i]!;
        if (distance[from] !== near || (forwards[from] === 0 && from !== source)) continue;
        const back = out[i]!;
        if (inOrder && along[back]! < stage[from]! && forwards[vertex] === 1) continue;
        const part = share * routes[from]! * wide[i]!;
        load[back ^ 1]! += part;
        amounts[from]! += part;
      }
    }
    amounts[source] = 0;
    return (all && !within) || !amounts.some(amount => amount !== 0);
  };

  return {
    spread,
    distances(source, inside) {
      search(source, false, -1, undefined, inside);
      return distance;
    },
  };
}
