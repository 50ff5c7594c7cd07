/**
 * Links of one unit as a graph in typed arrays: endpoints, switches and the directed links between them. Directed link `e` and
 * `e ^ 1` are the two directions of the same cables; cables side by side between two vertices are one entry with their number.
 */
import type { WiredClass } from './wiring.ts';

/** A class before its links are counted. */
export type LinkClassDraft = Omit<WiredClass, 'links'>;

export interface LinkDraft {
  a: number;
  b: number;
  /** Index of the class. */
  at: number;
  /** Cables side by side; a share of one where uplinks are spread over fewer than whole cables. */
  cables: number;
  /** Dimension of a grid counted from 1, for routing dimension by dimension; 0: none (a port). */
  along: number;
}

/** What is wired, in the numbers that people write: endpoints first, then switches. */
export interface GraphDraft {
  /** Endpoints, broken ones included. */
  ends: number;
  /** Vertices in all. */
  vertices: number;
  /** Whether endpoints pass on what is not for them. */
  endsForward: boolean;
  classes: LinkClassDraft[];
  links: LinkDraft[];
}

export interface LinkGraph {
  /** Endpoints that carry ranks: vertices 0 to `ends` - 1. */
  ends: number;
  vertices: number;
  /** Number in the draft of every vertex. */
  drafted: Int32Array;
  /** 1 where a vertex passes on what is not for it. */
  forwards: Uint8Array;
  classes: WiredClass[];
  from: Int32Array;
  to: Int32Array;
  at: Uint16Array;
  cables: Float64Array;
  along: Uint8Array;
  /** All cables of the directed link together, bytes/s. */
  capacity: Float64Array;
  /** Directed links that leave vertex v: `out[first[v]]` to `out[first[v + 1] - 1]`. */
  first: Int32Array;
  out: Int32Array;
}

/**
 * @param ends endpoints that carry ranks: the first ones that work; others that work stay idle, but forward
 * @param gone vertices that are broken, with all of their links
 */
export function linkGraph(draft: GraphDraft, ends: number, gone: ReadonlySet<number> = new Set()): LinkGraph {
  const number = new Int32Array(draft.vertices).fill(-1);
  const drafted: number[] = [];
  for (let vertex = 0; vertex < draft.vertices; vertex++) {
    if (gone.has(vertex)) continue;
    number[vertex] = drafted.length;
    drafted.push(vertex);
  }
  const vertices = drafted.length;
  const links = draft.links.filter(link => number[link.a]! >= 0 && number[link.b]! >= 0 && link.cables > 0);
  const edges = 2 * links.length;
  const graph: LinkGraph = {
    ends,
    vertices,
    drafted: Int32Array.from(drafted),
    forwards: Uint8Array.from(drafted, vertex => (vertex >= draft.ends || draft.endsForward ? 1 : 0)),
    classes: draft.classes.map(each => ({ ...each, links: 0 })),
    from: new Int32Array(edges),
    to: new Int32Array(edges),
    at: new Uint16Array(edges),
    cables: new Float64Array(edges),
    along: new Uint8Array(edges),
    capacity: new Float64Array(edges),
    first: new Int32Array(vertices + 1),
    out: new Int32Array(edges),
  };
  links.forEach((link, index) => {
    const a = number[link.a]!;
    const b = number[link.b]!;
    setEdge(graph, 2 * index, a, b, link);
    setEdge(graph, 2 * index + 1, b, a, link);
    graph.classes[link.at]!.links += 2 * link.cables;
  });
  indexOut(graph);
  return graph;
}

function setEdge(graph: LinkGraph, edge: number, from: number, to: number, link: LinkDraft): void {
  graph.from[edge] = from;
  graph.to[edge] = to;
  graph.at[edge] = link.at;
  graph.cables[edge] = link.cables;
  graph.along[edge] = link.along;
  graph.capacity[edge] = link.cables * graph.classes[link.at]!.capacity;
}

function indexOut({ from, first, out, vertices }: LinkGraph): void {
  for (const vertex of from) first[vertex + 1]!++;
  for (let vertex = 0; vertex < vertices; vertex++) first[vertex + 1]! += first[vertex]!;
  const next = first.slice(0, vertices);
  for (let edge = 0; edge < from.length; edge++) out[next[from[edge]!]!++] = edge;
}

/** Adds cables to the draft; cables of one class between the same two vertices become one link. */
export function linkAdder(draft: GraphDraft): (link: LinkDraft) => void {
  const known = new Map<number, LinkDraft>();
  const classes = 1 + draft.classes.length;
  return link => {
    const low = Math.min(link.a, link.b);
    const high = Math.max(link.a, link.b);
    const key = (low * draft.vertices + high) * classes + link.at;
    const same = known.get(key);
    if (same) same.cables += link.cables;
    else {
      known.set(key, link);
      draft.links.push(link);
    }
  };
}

/** Two vertices of which one does not reach the other; undefined where every endpoint reaches every other. */
export function unreached(graph: LinkGraph): [number, number] | undefined {
  const seen = new Uint8Array(graph.vertices);
  const queue = [0];
  seen[0] = 1;
  while (queue.length > 0) {
    const vertex = queue.pop()!;
    if (vertex !== 0 && graph.forwards[vertex] === 0) continue;
    for (let i = graph.first[vertex]!; i < graph.first[vertex + 1]!; i++) {
      const next = graph.to[graph.out[i]!]!;
      if (seen[next] === 1) continue;
      seen[next] = 1;
      queue.push(next);
    }
  }
  for (let end = 0; end < graph.ends; end++)
    if (seen[end] === 0) return [graph.drafted[0]!, graph.drafted[end]!];
  return undefined;
}
