/** What no schedule can beat, on explicit graphs: exact all-to-all limits for small ones, and bounds for all. */
import { type Arcs, arcsOf } from './arcs.ts';
import type { Graph } from './graph.ts';
import { flowFrom } from './max-flow.ts';
import { maximum } from './simplex.ts';

/** Bytes from one chip to another. */
export interface Flow {
  source: number;
  target: number;
  bytes: number;
}

/** Every member of every group sends 1/n of a buffer of one byte to every other. */
export const exchange = (groups: readonly (readonly number[])[]): Flow[] =>
  groups.flatMap(group =>
    group.flatMap(source =>
      group.filter(target => target !== source).map(target => ({ source, target, bytes: 1 / group.length })),
    ),
  );

/**
 * Least time in which all flows arrive over any routes: the linear programme of the maximum concurrent flow, its variables the
 * flow of each source over each arc. Exact, and slow beyond 16 chips.
 */
export function leastTime(graph: Graph, flows: readonly Flow[]): number {
  const { vertices, arcs } = withoutJoints(arcsOf(graph));
  const sources = [...new Set(flows.map(({ source }) => source))];
  const scale = Math.max(...arcs.map(({ capacity }) => capacity));
  const bytes = Math.max(...flows.map(flow => flow.bytes));
  const count = sources.length * arcs.length;
  const rows: { a: Map<number, number>; b: number }[] = arcs.map(({ capacity }, arc) => ({
    a: new Map(sources.map((_, at) => [at * arcs.length + arc, 1])),
    b: capacity / scale,
  }));
  sources.forEach((source, at) => {
    for (let vertex = 0; vertex < vertices; vertex++) {
      if (vertex === source) continue;
      // What leaves, and what is for this vertex, must have arrived.
      const a = new Map<number, number>();
      arcs.forEach(({ from, to }, arc) => {
        if (from === vertex) a.set(at * arcs.length + arc, 1);
        if (to === vertex) a.set(at * arcs.length + arc, -1);
      });
      const wanted = flows
        .filter(flow => flow.source === source && flow.target === vertex)
        .reduce((sum, flow) => sum + flow.bytes, 0);
      a.set(count, wanted / bytes);
      rows.push({ a, b: 0 });
    }
  });
  const rate = maximum([...new Array<number>(count).fill(0), 1], rows);
  return bytes / (rate * scale);
}

/** Vertices that are joined without limit are one. */
function withoutJoints({ chips, vertices, arcs }: Arcs): Arcs {
  const name = Array.from({ length: vertices }, (_, at) => at);
  const find = (at: number): number => (name[at] === at ? at : find(name[at]!));
  for (const { from, to, capacity } of arcs) {
    if (capacity < Number.MAX_VALUE) continue;
    const [a, b] = [find(from), find(to)];
    name[Math.max(a, b)] = Math.min(a, b);
  }
  const roots = [...new Set(name.map((_, at) => find(at)))].sort((a, b) => a - b);
  const number = new Map(roots.map((root, at) => [root, at]));
  const joined = arcs
    .filter(({ capacity }) => capacity < Number.MAX_VALUE)
    .map(({ from, to, capacity }) => ({
      from: number.get(find(from))!,
      to: number.get(find(to))!,
      capacity,
    }))
    .filter(({ from, to }) => from !== to);
  if (roots.some((root, at) => at < chips && root !== at))
    throw new Error('two chips are joined without limit');
  return { chips, vertices: roots.length, arcs: joined };
}

/** Every byte takes at least as many links as the shortest way has: their capacity together serves them no faster. Seconds. */
export function hopBound(graph: Graph, flows: readonly Flow[]): number {
  const { vertices, arcs } = withoutJoints(arcsOf(graph));
  const total = arcs.reduce((sum, { capacity }) => sum + capacity, 0);
  const hops = new Map<number, number[]>();
  for (const { source } of flows) if (!hops.has(source)) hops.set(source, hopsFrom(vertices, arcs, source));
  const work = flows.reduce((sum, { source, target, bytes }) => sum + bytes * hops.get(source)![target]!, 0);
  return work / total;
}

function hopsFrom(vertices: number, arcs: Arcs['arcs'], source: number): number[] {
  const hops = new Array<number>(vertices).fill(Number.POSITIVE_INFINITY);
  hops[source] = 0;
  let layer = [source];
  while (layer.length > 0) {
    const next: number[] = [];
    for (const at of layer)
      for (const { from, to } of arcs)
        if (from === at && hops[to] === Number.POSITIVE_INFINITY) {
          hops[to] = hops[at]! + 1;
          next.push(to);
        }
    layer = next;
  }
  return hops;
}

/** Least capacity between two halves of the chips, bytes/s, by trying every half. */
export function bisection(graph: Graph): number {
  const arcs = arcsOf(graph);
  const { chips } = arcs;
  let least = Number.POSITIVE_INFINITY;
  const half: number[] = [0];
  const grow = (next: number): void => {
    if (half.length === Math.floor(chips / 2)) {
      const left = new Map(half.map(chip => [chip, Number.MAX_VALUE / chips]));
      const right = Array.from({ length: chips }, (_, chip) => chip).filter(chip => !left.has(chip));
      least = Math.min(least, flowFrom(arcs, left, right));
      return;
    }
    for (let chip = next; chip < chips; chip++) {
      half.push(chip);
      grow(chip + 1);
      half.pop();
    }
  };
  grow(1);
  return least;
}
