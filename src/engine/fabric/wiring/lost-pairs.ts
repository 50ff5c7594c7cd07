/**
 * Pairs of a broken grid whose way dimension by dimension is gone. They keep to the sequence of the dimensions where that is still a
 * shortest way, and else take all shortest routes of the graph by their number.
 *
 * They are few at one end at least, and searched for from there. Where all of a search can be as near as on the whole grid, only
 * the box of their shortest ways is looked at: nothing that leads out of it is one.
 */
import type { BrokenGrid } from './broken-grid.ts';
import { addInOrder, addPair, type Loads, ownRow } from './broken-loads.ts';
import { positionsFrom, rootAlong } from './members.ts';
import type { Lattice } from './wiring.ts';

/** Links visited by searches through the whole grid, in one go; of more, every second (third, …) search counts double. */
const MOST_WORK = 8e6;
/** Links visited by searches for the farthest of such pairs; of more, some are looked at. */
const MOST_LOOKED = 1e6;

/** By the chip from which they are searched: the other end and what goes there. */
export interface Lost {
  outwards: Map<number, [number, number][]>;
  inwards: Map<number, [number, number][]>;
}

export const noneLost = (): Lost => ({ outwards: new Map(), inwards: new Map() });

export function lose(lost: Lost, source: number, target: number, bytes: number, outwards: boolean): void {
  const [map, key, other] = outwards ? [lost.outwards, source, target] : [lost.inwards, target, source];
  const list = map.get(key);
  if (list) list.push([other, bytes]);
  else map.set(key, [[other, bytes]]);
}

/** Forgets what idle places would send or get. */
export function dropIdle({ outwards, inwards }: Lost, idle: ReadonlySet<number>): void {
  for (const map of [outwards, inwards])
    for (const [place, list] of map) {
      const kept = idle.has(place) ? [] : list.filter(([other]) => !idle.has(other));
      if (kept.length === 0) map.delete(place);
      else map.set(place, kept);
    }
}

/**
 * All pairs that want to pass a row between two positions of `stuck`. They are searched for from the ends that most of them share:
 * around a broken chip all who turn there, and all who would have come there.
 */
export function losePairs(
  grid: BrokenGrid,
  lattice: Lattice,
  at: number,
  start: number,
  stuck: readonly (readonly [number, number])[],
  bytes: number,
  lost: Lost,
): void {
  if (stuck.length === 0) return;
  const { sizes, strides } = grid;
  const stride = strides[at]!;
  const [leaving, coming] = [new Float64Array(sizes[at]!), new Float64Array(sizes[at]!)];
  for (const [from, to] of stuck) {
    leaving[from]!++;
    coming[to]!++;
  }
  for (const [from, to] of stuck) {
    const turn = start + from * stride;
    const sources = spanned(grid, lattice, 0, at, turn);
    const targets = spanned(grid, lattice, at + 1, sizes.length, start + to * stride);
    const outwards = leaving[from]! * targets.length >= coming[to]! * sources.length;
    for (const source of sources) {
      // A pair that is lost in several dimensions counts in the first; up to here its way is the one to the turn.
      if (grid.lostIn(source, turn) >= 0) continue;
      for (const target of targets) lose(lost, source, target, bytes, outwards);
    }
  }
}

/** Places of the group along dimensions [first, end), at those of `place` along the others. */
function spanned(
  { positionAt, strides }: BrokenGrid,
  lattice: Lattice,
  first: number,
  end: number,
  place: number,
): number[] {
  let found = [place];
  for (let at = first; at < end; at++) {
    const here = positionAt(place, at);
    const along = positionsFrom(lattice[at]!, rootAlong(lattice[at]!, here));
    found = found.flatMap(each => along.map(position => each + (position - here) * strides[at]!));
  }
  return found;
}

/**
 * Routes lost pairs by the shortest ways that are left.
 * @param counted they are in the loads of the rows that had a way for them, and are taken off there
 * @returns whether all were searched for, and none counts for others
 */
export function addLost(
  grid: BrokenGrid,
  loads: Loads,
  { outwards, inwards }: Lost,
  counted: boolean,
): boolean {
  if (outwards.size + inwards.size === 0) return true;
  if (counted) {
    for (const [source, list] of outwards)
      for (const [target, bytes] of list) addPair(grid, loads, source, target, -bytes);
    for (const [target, list] of inwards)
      for (const [source, bytes] of list) addPair(grid, loads, source, target, -bytes);
  }
  const { from, vertices } = grid.graph();
  const vertex = grid.vertexOf();
  const searcher = grid.searcher();
  const amounts = new Float64Array(vertices);
  const load = new Float64Array(from.length);
  const back = new Float64Array(from.length);
  const boxOf = boxes(grid);
  const every = Math.max(1, Math.ceil(((outwards.size + inwards.size) * from.length) / MOST_WORK));
  for (const [searches, into] of [
    [outwards, load],
    [inwards, back],
  ] as const) {
    let index = 0;
    for (const [place, list] of searches) {
      if (index++ % every !== 0) continue;
      for (const [other, bytes] of list) amounts[vertex[other]!]! += bytes * every;
      const box = boxOf(place, list);
      const keepInOrder = (distances: Int32Array): true => {
        list.forEach(([other, bytes], at) => {
          const links = distances[vertex[other]!]!;
          // As near as on the whole grid: what keeps to the sequence of the dimensions is not.
          if (links === box.links[at]) return;
          const [source, target] = into === load ? [place, other] : [other, place];
          if (addInOrder(grid, loads, source, target, bytes * every, links)) amounts[vertex[other]!] = 0;
        });
        return true;
      };
      let done = false;
      if (box.inside)
        searcher.spread(vertex[place]!, amounts, into, false, {
          inside: box.inside,
          found: distances => {
            done = allNearest(distances, vertex, list, box);
            return done && keepInOrder(distances);
          },
        });
      if (!done) searcher.spread(vertex[place]!, amounts, into, false, { found: keepInOrder });
    }
  }
  addRouted(grid, loads, load, back);
  return every === 1;
}

/** What was routed over the links of the graph; ways back lie on the opposite directions. */
function addRouted(grid: BrokenGrid, loads: Loads, load: Float64Array, back: Float64Array): void {
  const { from, along, drafted } = grid.graph();
  for (let edge = 0; edge < from.length; edge += 2) {
    const up = load[edge]! + back[edge + 1]!;
    const down = load[edge + 1]! + back[edge]!;
    if (up === 0 && down === 0) continue;
    const at = along[edge]! - 1;
    const place = drafted[from[edge]!]!;
    const position = grid.positionAt(place, at);
    const row = ownRow(loads, at, place - position * grid.strides[at]!);
    row.up[position]! += up;
    row.down[position]! += down;
  }
}

/** Links of a detour that boxes have room for: one step aside and back. */
const DETOUR = 2;

interface Box {
  /** Vertices in the box; undefined: it is most of the grid. */
  inside?: Int32Array;
  /** Links on the way to every other end, were nothing broken. */
  links: Int32Array;
  /** Ways longer than these by so much lie inside, too. */
  detour: number;
}

/** Whether no end has a shorter way outside the box than the one that was found inside. @param vertex by place */
const allNearest = (
  distances: Int32Array,
  vertex: Int32Array,
  list: readonly [number, number][],
  { links, detour }: Box,
): boolean =>
  list.every(([other], at) => {
    const found = distances[vertex[other]!]!;
    return found >= 0 && found <= links[at]! + detour;
  });

/**
 * Boxes of all ways between one place and others that are no longer than on the whole grid, or by DETOUR where some of the others
 * lie straight ahead and the straight way is broken.
 */
function boxes(grid: BrokenGrid): (place: number, list: readonly [number, number][]) => Box {
  const { dimensions, sizes, strides, positionAt } = grid;
  const vertex = grid.vertexOf();
  const room = new Int32Array(vertex.length);
  const [up, down] = [new Int32Array(sizes.length), new Int32Array(sizes.length)];

  /** Sets how far ways lead up and down. @returns links on the shortest */
  const reach = (place: number, list: readonly [number, number][], detour: number): Int32Array => {
    up.fill(0);
    down.fill(0);
    const links = new Int32Array(list.length);
    for (let index = 0; index < list.length; index++)
      for (let at = 0; at < sizes.length; at++) {
        const steps = positionAt(list[index]![0], at) - positionAt(place, at);
        const size = sizes[at]!;
        const ahead = dimensions[at]!.wrap ? (steps + size) % size : steps;
        const behind = dimensions[at]!.wrap ? (size - ahead) % size : -steps;
        const apart = Math.min(ahead < 0 ? behind : ahead, behind < 0 ? ahead : behind);
        links[index]! += apart;
        if (ahead >= 0 && ahead <= apart + detour) up[at] = Math.max(up[at]!, ahead);
        if (behind >= 0 && behind <= apart + detour) down[at] = Math.max(down[at]!, behind);
      }
    return links;
  };

  /** Widens the box by a step aside, as far as there is room. */
  const widen = (place: number): void => {
    for (let at = 0; at < sizes.length; at++) {
      const { size, wrap } = dimensions[at]!;
      const here = positionAt(place, at);
      up[at] = Math.min(up[at]! + DETOUR / 2, wrap ? size - 1 : size - 1 - here);
      down[at] = Math.min(down[at]! + DETOUR / 2, wrap ? size - 1 : here);
    }
  };

  const width = (at: number): number => Math.min(sizes[at]!, up[at]! + down[at]! + 1);

  const fill = (place: number): Int32Array => {
    room[0] = place;
    let filled = 1;
    for (let at = 0; at < sizes.length; at++) {
      const size = sizes[at]!;
      const here = positionAt(place, at);
      const before = filled;
      for (let step = 1; step < width(at); step++) {
        const steps = step <= up[at]! ? step : up[at]! - step;
        const shift = (((here + steps + size) % size) - here) * strides[at]!;
        for (let index = 0; index < before; index++) room[filled++] = room[index]! + shift;
      }
    }
    let working = 0;
    for (let index = 0; index < filled; index++) {
      const found = vertex[room[index]!]!;
      if (found >= 0) room[working++] = found;
    }
    return room.subarray(0, working);
  };

  const straight = (place: number, other: number): boolean =>
    sizes.reduce((turns, _, at) => turns + (positionAt(place, at) === positionAt(other, at) ? 0 : 1), 0) < 2;

  return (place, list) => {
    const detour = list.some(([other]) => straight(place, other)) ? DETOUR : 0;
    const links = reach(place, list, detour);
    if (detour > 0) widen(place);
    let places = 1;
    for (let at = 0; at < sizes.length; at++) places *= width(at);
    return 2 * places > vertex.length ? { links, detour } : { inside: fill(place), links, detour };
  };
}

/** Most links between two ends of a lost pair; of many pairs, some are looked at. */
export function farthestLost(grid: BrokenGrid, { outwards, inwards }: Lost): number {
  const searches = outwards.size + inwards.size;
  if (searches === 0) return 0;
  const every = Math.ceil((searches * grid.graph().from.length) / MOST_LOOKED);
  const vertex = grid.vertexOf();
  const boxOf = boxes(grid);
  let most = 0;
  let index = 0;
  for (const [place, list] of [...outwards, ...inwards]) {
    if (index++ % every !== 0) continue;
    const box = boxOf(place, list);
    let distances = grid.searcher().distances(vertex[place]!, box.inside);
    if (box.inside && !allNearest(distances, vertex, list, box))
      distances = grid.searcher().distances(vertex[place]!);
    for (const [other] of list) most = Math.max(most, distances[vertex[other]!]!);
  }
  return most;
}
