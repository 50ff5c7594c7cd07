/** What is left of a grid of which links or chips are broken: its rows, the ways along them, and its links one by one. */
import { once } from '../once.ts';
import { type Row, type Way, wayIn } from './broken-rows.ts';
import type { LinkGraph } from './link-graph.ts';
import { type Spreader, spreader } from './spread.ts';
import type { Dimension } from './torus.ts';

export interface BrokenTorus {
  /** Without cubes: all links of a dimension run at one rate. */
  dimensions: readonly Dimension[];
  /** Pairs of neighbours whose link is gone. */
  links: readonly (readonly [number, number])[];
  /** Chips that neither compute nor forward. */
  chips: readonly number[];
  /** Chips that carry ranks: the first of those that work. */
  ranks: number;
}

/** Positions along a dimension with broken links: all of their pairs are looked at. */
export const LONGEST_BROKEN = 2048;
/** Chips of a grid with something broken: the flows of rings and trees are looked at one by one. */
export const MOST_BROKEN = 65_536;

export interface BrokenGrid {
  dimensions: readonly Dimension[];
  sizes: readonly number[];
  /** Places between neighbours, by dimension. */
  strides: readonly number[];
  /** Places, broken ones included. */
  count: number;
  /** Rows that miss links, by dimension and the place of their first position. */
  broken: readonly ReadonlyMap<number, Row>[];
  positionAt(place: number, at: number): number;
  rowAt(start: number, at: number): Row;
  /** Calls `visit` with every dimension in which the two differ, in the sequence of the route. */
  eachWay(
    source: number,
    target: number,
    visit: (at: number, start: number, from: number, to: number, way: Way | undefined) => void,
  ): void;
  /** The first dimension in which a pair finds no way; -1: it finds its way. */
  lostIn(source: number, target: number): number;
  graph(): LinkGraph;
  searcher(): Spreader;
  /** Vertices of the graph by place; -1: broken. */
  vertexOf(): Int32Array;
}

export function brokenGrid(spec: BrokenTorus): BrokenGrid {
  const { dimensions } = spec;
  const sizes = dimensions.map(({ size }) => size);
  const strides = stridesOf(dimensions);
  const count = placesOf(dimensions);
  const broken = brokenRows(spec, strides);
  const whole = dimensions.map(({ size, wrap }): Row => ({ size, wrap }));
  const graph = once(() => gridGraph(dimensions, strides, broken, new Set(spec.chips), count));
  const searcher = once(() => spreader(graph()));
  const vertexOf = once(() => {
    const found = new Int32Array(count).fill(-1);
    graph().drafted.forEach((place, vertex) => {
      found[place] = vertex;
    });
    return found;
  });
  const positionAt = (place: number, at: number): number => Math.floor(place / strides[at]!) % sizes[at]!;
  const rowAt = (start: number, at: number): Row => broken[at]!.get(start) ?? whole[at]!;

  const eachWay: BrokenGrid['eachWay'] = (source, target, visit) => {
    let place = source;
    for (let at = 0; at < sizes.length; at++) {
      const from = positionAt(place, at);
      const to = positionAt(target, at);
      if (from === to) continue;
      const start = place - from * strides[at]!;
      visit(at, start, from, to, wayIn(rowAt(start, at), from, to));
      place = start + to * strides[at]!;
    }
  };

  function lostIn(source: number, target: number): number {
    let lost = -1;
    eachWay(source, target, (at, _start, _from, _to, way) => {
      if (!way && lost < 0) lost = at;
    });
    return lost;
  }

  return {
    dimensions,
    sizes,
    strides,
    count,
    broken,
    positionAt,
    rowAt,
    eachWay,
    lostIn,
    graph,
    searcher,
    vertexOf,
  };
}

const placesOf = (dimensions: readonly Dimension[]): number =>
  dimensions.reduce((product, { size }) => product * size, 1);

const stridesOf = (dimensions: readonly Dimension[]): number[] =>
  dimensions.map((_, at) => placesOf(dimensions.slice(0, at)));

/** Rows that miss links, by dimension and the place of their first position. */
function brokenRows(
  { dimensions, links, chips }: BrokenTorus,
  strides: readonly number[],
): Map<number, Row>[] {
  const rows = dimensions.map(() => new Map<number, Row>());
  const breakAt = (at: number, place: number, link: number): void => {
    const { size, wrap } = dimensions[at]!;
    if (!wrap && (link < 0 || link >= size - 1)) return;
    const position = Math.floor(place / strides[at]!) % size;
    const start = place - position * strides[at]!;
    let row = rows[at]!.get(start);
    if (!row) {
      row = { size, wrap, broken: new Uint8Array(size) };
      rows[at]!.set(start, row);
    }
    row.broken![(link + size) % size] = 1;
  };
  for (const [a, b] of links) {
    const found = linkBetween(dimensions, strides, a, b);
    if (found) breakAt(found.at, a, found.link);
  }
  for (const chip of chips)
    dimensions.forEach(({ size }, at) => {
      const position = Math.floor(chip / strides[at]!) % size;
      breakAt(at, chip, position);
      breakAt(at, chip, position - 1);
    });
  return rows;
}

/** Where the link between two places lies; undefined: there is none. */
export function linkBetween(
  dimensions: readonly Dimension[],
  strides: readonly number[],
  a: number,
  b: number,
): { at: number; link: number } | undefined {
  const count = placesOf(dimensions);
  if (!(a >= 0 && b >= 0 && a < count && b < count) || a === b) return undefined;
  for (const [at, { size, wrap }] of dimensions.entries()) {
    const [here, there] = [a, b].map(place => Math.floor(place / strides[at]!) % size) as [number, number];
    if (here === there) continue;
    if (a - here * strides[at]! !== b - there * strides[at]!) return undefined;
    const low = Math.min(here, there);
    if (Math.abs(here - there) === 1) return { at, link: low };
    return wrap && low === 0 && Math.max(here, there) === size - 1 ? { at, link: size - 1 } : undefined;
  }
  return undefined;
}

/** The grid link by link, without what is broken: even directed links lead to higher positions. */
function gridGraph(
  dimensions: readonly Dimension[],
  strides: readonly number[],
  broken: readonly ReadonlyMap<number, Row>[],
  gone: ReadonlySet<number>,
  count: number,
): LinkGraph {
  const number = new Int32Array(count).fill(-1);
  const drafted = new Int32Array(count - gone.size);
  let vertices = 0;
  for (let place = 0; place < count; place++)
    if (!gone.has(place)) {
      number[place] = vertices;
      drafted[vertices++] = place;
    }
  const [from, to, along, capacity]: [number[], number[], number[], number[]] = [[], [], [], []];
  dimensions.forEach(({ size, wrap, rate }, at) => {
    const stride = strides[at]!;
    for (let place = 0; size > 1 && place < count; place++) {
      const position = Math.floor(place / stride) % size;
      const start = place - position * stride;
      if (position === size - 1 && !wrap) continue;
      if (broken[at]!.get(start)?.broken?.[position] === 1) continue;
      const [a, b] = [number[place]!, number[start + ((position + 1) % size) * stride]!];
      from.push(a, b);
      to.push(b, a);
      along.push(at + 1, at + 1);
      capacity.push(rate, rate);
    }
  });
  const first = new Int32Array(vertices + 1);
  for (const vertex of from) first[vertex + 1]!++;
  for (let vertex = 0; vertex < vertices; vertex++) first[vertex + 1]! += first[vertex]!;
  const next = first.slice(0, vertices);
  const out = new Int32Array(from.length);
  from.forEach((vertex, edge) => {
    out[next[vertex]!++] = edge;
  });
  return {
    ends: vertices,
    vertices,
    drafted,
    forwards: new Uint8Array(vertices).fill(1),
    classes: [],
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    at: new Uint16Array(from.length),
    cables: new Float64Array(from.length).fill(1),
    along: Uint8Array.from(along),
    capacity: Float64Array.from(capacity),
    first,
    out,
  };
}

/** Links and chips of which fewer can be broken anywhere without cutting anything off. */
export function connectivity(dimensions: readonly Dimension[]): number {
  return dimensions.reduce((sum, { size, wrap }) => sum + (size < 2 ? 0 : wrap ? 2 : 1), 0);
}

/** Two places of which one does not reach the other; undefined: all that work do. */
export function cutOff(spec: BrokenTorus): [number, number] | undefined {
  const { dimensions, chips, links, ranks } = spec;
  if (links.length + chips.length < connectivity(dimensions)) return undefined;
  const grid = brokenGrid(spec);
  const distances = grid.searcher().distances(0);
  for (let vertex = 0; vertex < ranks; vertex++)
    if (distances[vertex]! < 0) return [grid.graph().drafted[0]!, grid.graph().drafted[vertex]!];
  return undefined;
}
