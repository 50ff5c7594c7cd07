/**
 * Tori and meshes of which a few links or chips are broken, or some chips idle. Routes go dimension by dimension as on whole ones
 * where that way is not broken: loads of rows that miss no link are those of the whole torus, and the cost grows with its chips
 * and not with their pairs.
 *
 * A pair whose way is broken keeps to the sequence of the dimensions where that is still a shortest way (around a single ring), and
 * else takes all shortest routes of the graph by their number. Those pairs are few at one end at least: they are searched for
 * from their sources or from their targets, whichever are fewer. Of more than `MOST_WORK` allows, every second (third, …) search
 * is made and counts double.
 *
 * Ranks are the chips that work, in their sequence; of more than there are ranks the last ones idle but forward.
 */

import { once } from '../once.ts';
import { type Along, idleAlong, pairsAlong } from './along.ts';
import { addOnWay, pairsInRow, type Row, type Way, wayIn, wayLeft } from './broken-rows.ts';
import { gridCoordinates } from './coordinates.ts';
import type { LinkGraph } from './link-graph.ts';
import { groupsOf, latticeSize, membersAlong, positionsFrom, rootAlong } from './members.ts';
import { remembered, scaled } from './remembered.ts';
import { spreader } from './spread.ts';
import { type Dimension, torusWiring } from './torus.ts';
import type { Bound, Coordinate, Demand, Lattice, WiredLoad, Wiring } from './wiring.ts';

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

/** Links visited by searches for pairs without a way of their own: some 50 ms. */
const MOST_WORK = 8e6;
/** Pairs that are told one by one where groups follow no dimension; of more, every second (third, …) source is looked at. */
const MOST_PAIRS = 2e6;
/** Positions along a dimension with broken links: all of their pairs are looked at. */
export const LONGEST_BROKEN = 2048;
/** Links visited by searches for the farthest of such pairs; of more, some are looked at. */
const MOST_LOOKED = 1e6;
/** Pairs of which the longest is looked for one by one; beyond, idle chips count as members. */
const MOST_COMPARED = 1e5;
/** Chips of a grid with something broken: the flows of rings and trees are looked at one by one. */
export const MOST_BROKEN = 65_536;

/** Loads by dimension and row; rows that are like most are not listed. */
interface Loads {
  even: Along[];
  own: Map<number, Along>[];
}

/** Pairs that have no way dimension by dimension: by the chip from which they are searched. */
interface Lost {
  outwards: Map<number, [number, number][]>;
  inwards: Map<number, [number, number][]>;
}

export function brokenTorusWiring(spec: BrokenTorus): Wiring {
  const { dimensions, ranks } = spec;
  const sizes = dimensions.map(({ size }) => size);
  const whole = torusWiring(dimensions);
  const strides = sizes.map((_, at) => sizes.slice(0, at).reduce((product, size) => product * size, 1));
  const count = whole.ends;
  const gone = new Set(spec.chips);
  const broken = brokenRows(spec, strides);
  const whole_ = dimensions.map(({ size, wrap }): Row => ({ size, wrap }));
  const places = placesOfRanks(count, ranks, gone);
  const inPlace = ranks === count;
  const coordinates: readonly Coordinate[] = inPlace
    ? gridCoordinates(dimensions)
    : [{ name: 'place', size: ranks, digits: [{ stride: 1, size: ranks, step: 1 }] }];
  // A class for every dimension that has links, in their sequence.
  const linked = dimensions.flatMap(({ size }, at) => (size > 1 ? [at] : []));
  const classes = whole.classes.map((each, at) => ({
    ...each,
    links: each.links - 2 * brokenIn(linked[at]!),
  }));
  const graph = once(() => gridGraph(dimensions, strides, broken, gone, count));
  const searcher = once(() => spreader(graph()));
  const vertexOf = once(() => {
    const found = new Int32Array(count).fill(-1);
    graph().drafted.forEach((place, vertex) => {
      found[place] = vertex;
    });
    return found;
  });

  function brokenIn(at: number): number {
    let links = 0;
    for (const { broken: own } of broken[at]!.values()) for (const each of own!) links += each;
    return links;
  }

  const positionAt = (place: number, at: number): number => Math.floor(place / strides[at]!) % sizes[at]!;
  const rowAt = (start: number, at: number): Row => broken[at]!.get(start) ?? whole_[at]!;

  /** Calls `visit` with every dimension in which the two differ, in the sequence of the route. */
  function eachWay(
    source: number,
    target: number,
    visit: (at: number, start: number, from: number, to: number, way: Way | undefined) => void,
  ): void {
    let place = source;
    for (let at = 0; at < sizes.length; at++) {
      const stride = strides[at]!;
      const from = positionAt(place, at);
      const to = positionAt(target, at);
      if (from === to) continue;
      const start = place - from * stride;
      visit(at, start, from, to, wayIn(rowAt(start, at), from, to));
      place = start + to * stride;
    }
  }

  const emptyLoads = (): Loads => ({ even: sizes.map(idleAlong), own: sizes.map(() => new Map()) });

  function ownRow({ even, own }: Loads, at: number, start: number): Along {
    let row = own[at]!.get(start);
    if (!row) {
      row = { up: even[at]!.up.slice(), down: even[at]!.down.slice() };
      own[at]!.set(start, row);
    }
    return row;
  }

  /** Adds what goes from one to the other on all rows that have a way for it. @returns whether all have */
  function addPair(loads: Loads, source: number, target: number, bytes: number): boolean {
    let whole = true;
    eachWay(source, target, (at, start, from, to, way) => {
      if (way) addOnWay(ownRow(loads, at, start), sizes[at]!, from, to, way, bytes);
      else whole = false;
    });
    return whole;
  }

  /** Adds what goes dimension by dimension on the ways that are left, if that takes no more than `links`. @returns whether it does */
  function addInOrder(loads: Loads, source: number, target: number, bytes: number, links: number): boolean {
    let length = 0;
    eachWay(source, target, (at, start, from, to) => {
      length += wayLeft(rowAt(start, at), from, to)?.links ?? Number.POSITIVE_INFINITY;
    });
    if (length > links) return false;
    eachWay(source, target, (at, start, from, to) => {
      const way = wayLeft(rowAt(start, at), from, to)!;
      addOnWay(ownRow(loads, at, start), sizes[at]!, from, to, way, bytes);
    });
    return true;
  }

  /** The first dimension in which a pair finds no way; -1: it finds its way. */
  function lostIn(source: number, target: number): number {
    let lost = -1;
    eachWay(source, target, (at, _start, _from, _to, way) => {
      if (!way && lost < 0) lost = at;
    });
    return lost;
  }

  /** Groups that are products of positions, on all places alike. Pairs without a way are left out and told. */
  function evenPairs(lattice: Lattice, bytes: number, lost: Lost): Loads {
    const loads = emptyLoads();
    const n = latticeSize(lattice);
    lattice.forEach((digits, at) => {
      const along = membersAlong(digits);
      if (along < 2) return;
      const each = (bytes * n) / along;
      const { size, wrap } = dimensions[at]!;
      const { up, down } = pairsAlong(size, wrap, digits);
      loads.even[at] = { up: up.map(load => load * each), down: down.map(load => load * each) };
      const known = new Map<number, number[]>();
      const partners = (position: number): number[] => {
        const root = rootAlong(digits, position);
        let members = known.get(root);
        if (!members) {
          members = positionsFrom(digits, root);
          known.set(root, members);
        }
        return members;
      };
      for (const [start, row] of broken[at]!) {
        const stuck: [number, number][] = [];
        loads.own[at]!.set(
          start,
          pairsInRow(row, partners, each, (from, to) => stuck.push([from, to])),
        );
        losePairs(lattice, at, start, stuck, bytes, lost);
      }
    });
    return loads;
  }

  /**
   * All pairs that want to pass a row between two positions of `stuck`. They are searched for from the ends that most of them share:
   * around a broken chip all who turn there, and all who would have come there.
   */
  function losePairs(
    lattice: Lattice,
    at: number,
    start: number,
    stuck: readonly (readonly [number, number])[],
    bytes: number,
    lost: Lost,
  ): void {
    if (stuck.length === 0) return;
    const stride = strides[at]!;
    const [leaving, coming] = [new Float64Array(sizes[at]!), new Float64Array(sizes[at]!)];
    for (const [from, to] of stuck) {
      leaving[from]!++;
      coming[to]!++;
    }
    for (const [from, to] of stuck) {
      const sources = spanned(lattice, 0, at, start + from * stride);
      const targets = spanned(lattice, at + 1, sizes.length, start + to * stride);
      const outwards = leaving[from]! * targets.length >= coming[to]! * sources.length;
      // A pair that is lost in several dimensions counts in the first.
      for (const source of sources)
        for (const target of targets)
          if (lostIn(source, target) === at) lose(lost, source, target, bytes, outwards);
    }
  }

  /** Places of the group along dimensions [first, end), at those of `place` along the others. */
  function spanned(lattice: Lattice, first: number, end: number, place: number): number[] {
    let found = [place];
    for (let at = first; at < end; at++) {
      const here = positionAt(place, at);
      const along = positionsFrom(lattice[at]!, rootAlong(lattice[at]!, here));
      found = found.flatMap(each => along.map(position => each + (position - here) * strides[at]!));
    }
    return found;
  }

  /** Takes lost pairs off the rows that had a way for them, and routes them by the shortest ways that are left. */
  function addLost(loads: Loads, { outwards, inwards }: Lost, counted: boolean): void {
    if (outwards.size + inwards.size === 0) return;
    if (counted) {
      for (const [source, list] of outwards)
        for (const [target, bytes] of list) addPair(loads, source, target, -bytes);
      for (const [target, list] of inwards)
        for (const [source, bytes] of list) addPair(loads, source, target, -bytes);
    }
    const { from, along, drafted, vertices } = graph();
    const vertex = vertexOf();
    const amounts = new Float64Array(vertices);
    const load = new Float64Array(from.length);
    const back = new Float64Array(from.length);
    const every = Math.max(1, Math.ceil(((outwards.size + inwards.size) * from.length) / MOST_WORK));
    for (const [searches, into] of [
      [outwards, load],
      [inwards, back],
    ] as const) {
      let index = 0;
      for (const [place, list] of searches) {
        if (index++ % every !== 0) continue;
        for (const [other, bytes] of list) amounts[vertex[other]!]! += bytes * every;
        searcher().spread(vertex[place]!, amounts, into, false, undefined, distances => {
          for (const [other, bytes] of list) {
            const [source, target] = into === load ? [place, other] : [other, place];
            const links = distances[vertex[other]!]!;
            if (addInOrder(loads, source, target, bytes * every, links)) amounts[vertex[other]!] = 0;
          }
        });
      }
    }
    for (let edge = 0; edge < from.length; edge += 2) {
      // Ways back lie on the opposite directions.
      const up = load[edge]! + back[edge + 1]!;
      const down = load[edge + 1]! + back[edge]!;
      if (up === 0 && down === 0) continue;
      const at = along[edge]! - 1;
      const place = drafted[from[edge]!]!;
      const position = positionAt(place, at);
      const row = ownRow(loads, at, place - position * strides[at]!);
      row.up[position]! += up;
      row.down[position]! += down;
    }
  }

  function summary({ even, own }: Loads): WiredLoad[] {
    return linked.map((at, index) => {
      const load: WiredLoad = { at: index, bytes: 0, both: 0, total: 0 };
      const rows = count / sizes[at]!;
      const add = ({ up, down }: Along, times: number): void => {
        for (let link = 0; link < up.length; link++) {
          const both = up[link]! + down[link]!;
          load.bytes = Math.max(load.bytes, up[link]!, down[link]!);
          load.both = Math.max(load.both, both);
          load.total += both * times;
        }
      };
      for (const row of own[at]!.values()) add(row, 1);
      if (own[at]!.size < rows) add(even[at]!, rows - own[at]!.size);
      return load;
    });
  }

  function pairs(lattice: Lattice, bytes: number): WiredLoad[] {
    const lost: Lost = { outwards: new Map(), inwards: new Map() };
    if (inPlace) {
      const loads = evenPairs(lattice, bytes, lost);
      addLost(loads, lost, true);
      return summary(loads);
    }
    if (latticeSize(lattice) === ranks) {
      // All places to all, but for those that carry no rank.
      const loads = evenPairs(everywhere(), bytes, lost);
      const idle = idlePlaces(count, places);
      dropIdle(lost, new Set(idle));
      addLost(loads, lost, true);
      for (const place of idle) {
        for (let other = 0; other < count; other++) {
          addPair(loads, place, other, -bytes);
        }
      }
      for (const place of places) for (const other of idle) addPair(loads, place, other, -bytes);
      return summary(loads);
    }
    const loads = emptyLoads();
    eachPair(lattice, (source, target, times) => {
      if (lostIn(source, target) >= 0) lose(lost, source, target, bytes * times, true);
      else addPair(loads, source, target, bytes * times);
    });
    addLost(loads, lost, false);
    return summary(loads);
  }

  const everywhere = (): Lattice => sizes.map(size => (size > 1 ? [{ stride: 1, size }] : []));

  /** Ordered pairs of members of all groups, or of every `times`th source. */
  function eachPair(lattice: Lattice, visit: (source: number, target: number, times: number) => void): void {
    const groups = groupsOf(coordinates, lattice, ranks);
    const times = Math.max(1, Math.ceil((ranks * latticeSize(lattice)) / MOST_PAIRS));
    for (let end = 0; end < ranks; end += times)
      for (const other of groups.members[groups.of[end]!]!)
        if (other !== end) visit(places[end]!, places[other]!, times);
  }

  function flows(demands: readonly Demand[]): WiredLoad[] {
    const loads = emptyLoads();
    const lost: Lost = { outwards: new Map(), inwards: new Map() };
    for (const { source, target, bytes } of demands) {
      const [a, b] = [places[source]!, places[target]!];
      if (lostIn(a, b) >= 0) lose(lost, a, b, bytes, true);
      else addPair(loads, a, b, bytes);
    }
    addLost(loads, lost, false);
    return summary(loads);
  }

  function hopsBetween(a: number, b: number): number {
    let links = 0;
    let lost = false;
    eachWay(a, b, (_at, _start, _from, _to, way) => {
      if (way) links += way.links;
      else lost = true;
    });
    return lost ? searcher().distances(vertexOf()[a]!)[vertexOf()[b]!]! : links;
  }

  /** Along the routes that are taken; of groups that follow no dimension, and of pairs without a way, some. */
  function farthest(lattice: Lattice): number {
    if (latticeSize(lattice) < 2) return 0;
    let most = 0;
    const lost: Lost = { outwards: new Map(), inwards: new Map() };
    if (inPlace || (latticeSize(lattice) === ranks && ranks ** 2 > MOST_COMPARED)) {
      const on = inPlace ? lattice : everywhere();
      most = whole.farthest(on);
      on.forEach((digits, at) => {
        for (const [start, row] of broken[at]!) {
          const stuck: [number, number][] = [];
          for (let from = 0; from < row.size; from++)
            for (const to of positionsFrom(digits, rootAlong(digits, from)))
              if (!wayIn(row, from, to)) stuck.push([from, to]);
          losePairs(on, at, start, stuck, 1, lost);
        }
      });
      dropIdle(lost, new Set(idlePlaces(count, places)));
    } else
      eachPair(lattice, (source, target) => {
        if (lostIn(source, target) >= 0) lose(lost, source, target, 1, true);
        else most = Math.max(most, hopsBetween(source, target));
      });
    const searches = lost.outwards.size + lost.inwards.size;
    const every = searches === 0 ? 1 : Math.ceil((searches * graph().from.length) / MOST_LOOKED);
    let index = 0;
    for (const [place, list] of [...lost.outwards, ...lost.inwards]) {
      if (index++ % every !== 0) continue;
      const distances = searcher().distances(vertexOf()[place]!);
      for (const [other] of list) most = Math.max(most, distances[vertexOf()[other]!]!);
    }
    return most;
  }

  /** Of the rank with the fewest links left. */
  const leastPort = once(() => {
    const rates = new Map<number, number>();
    const full = (place: number): number =>
      dimensions.reduce((sum, { size, wrap, rate }, at) => {
        const position = positionAt(place, at);
        const ends = wrap ? 2 : (position > 0 ? 1 : 0) + (position < size - 1 ? 1 : 0);
        return sum + ends * rate;
      }, 0);
    for (const [at, rows] of broken.entries())
      for (const [start, row] of rows)
        row.broken!.forEach((is, link) => {
          if (is === 0) return;
          for (const position of [link, (link + 1) % row.size]) {
            const place = start + position * strides[at]!;
            rates.set(place, (rates.get(place) ?? full(place)) - dimensions[at]!.rate);
          }
        });
    let least = Number.POSITIVE_INFINITY;
    for (const place of places) least = Math.min(least, rates.get(place) ?? full(place));
    return least;
  });

  function gatherBound(lattice: Lattice): Bound {
    const n = latticeSize(lattice);
    if (n < 2) return { time: 0, exact: true, by: 'nothing to send' };
    const ports = (n - 1) / n / leastPort();
    const bound = inPlace ? whole.gatherBound(lattice) : undefined;
    return bound && bound.time >= ports
      ? { ...bound, exact: false }
      : { time: ports, exact: false, by: 'ports of the poorest member' };
  }

  /** All links of a dimension that are left together carry at least what the shortest ways of whole rows need. */
  function exchangeBound(lattice: Lattice): Bound {
    const n = latticeSize(lattice);
    if (n < 2) return { time: 0, exact: true, by: 'nothing to send' };
    if (inPlace) {
      const { time, by } = whole.exchangeBound(lattice);
      const bound: Bound = { time, exact: false, by };
      for (const { at, total } of whole.pairs(lattice, 1 / n)!) {
        const even = total / (classes[at]!.links * classes[at]!.capacity);
        if (even > bound.time)
          Object.assign(bound, { time: even, by: `distance over ${classes[at]!.name}s` });
      }
      return bound;
    }
    const bound: Bound = { time: (n - 1) / n / leastPort(), exact: false, by: 'ports of the poorest member' };
    if (n < ranks) return bound;
    linked.forEach((at, index) => {
      const { size, wrap } = dimensions[at]!;
      if (size > LONGEST_BROKEN) return;
      const here = new Float64Array(size);
      for (const place of places) here[positionAt(place, at)]!++;
      let links = 0;
      for (let a = 0; a < size; a++)
        for (let b = 0; b < size; b++) {
          const apart = Math.abs(a - b);
          links += here[a]! * here[b]! * (wrap ? Math.min(apart, size - apart) : apart);
        }
      const even = links / n / (classes[index]!.links * classes[index]!.capacity);
      if (even > bound.time)
        Object.assign(bound, { time: even, by: `distance over ${classes[index]!.name}s` });
    });
    return bound;
  }

  // One lattice is asked for again and again, and all loads are proportional to the bytes.
  const loadOfByte = remembered(lattice => pairs(lattice, 1));
  return {
    ends: ranks,
    coordinates,
    classes,
    pairs: (lattice, bytes) => scaled(loadOfByte(lattice), bytes),
    flows,
    hops: (source, target) => (source === target ? 0 : hopsBetween(places[source]!, places[target]!)),
    farthest: remembered(farthest),
    gatherBound,
    exchangeBound,
    ...(inPlace && whole.reduceBound ? { reduceBound: whole.reduceBound } : {}),
    get leastPort() {
      return leastPort();
    },
  };
}

function lose(lost: Lost, source: number, target: number, bytes: number, outwards: boolean): void {
  const [map, key, other] = outwards ? [lost.outwards, source, target] : [lost.inwards, target, source];
  const list = map.get(key);
  if (list) list.push([other, bytes]);
  else map.set(key, [[other, bytes]]);
}

function dropIdle({ outwards, inwards }: Lost, idle: ReadonlySet<number>): void {
  for (const map of [outwards, inwards])
    for (const [place, list] of map) {
      const kept = idle.has(place) ? [] : list.filter(([other]) => !idle.has(other));
      if (kept.length === 0) map.delete(place);
      else map.set(place, kept);
    }
}

/** Places of ranks 0, 1, 2, … */
function placesOfRanks(count: number, ranks: number, gone: ReadonlySet<number>): Int32Array {
  const places = new Int32Array(ranks);
  for (let place = 0, rank = 0; place < count && rank < ranks; place++)
    if (!gone.has(place)) places[rank++] = place;
  return places;
}

function idlePlaces(count: number, places: Int32Array): number[] {
  const busy = new Uint8Array(count);
  for (const place of places) busy[place] = 1;
  const idle: number[] = [];
  for (let place = 0; place < count; place++) if (busy[place] === 0) idle.push(place);
  return idle;
}

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
  const count = dimensions.reduce((product, { size }) => product * size, 1);
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
  broken: readonly Map<number, Row>[],
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
  const strides = dimensions.map((_, at) => dimensions.slice(0, at).reduce((all, { size }) => all * size, 1));
  const count = dimensions.reduce((all, { size }) => all * size, 1);
  const gone = new Set(chips);
  const graph = gridGraph(dimensions, strides, brokenRows(spec, strides), gone, count);
  const distances = spreader(graph).distances(0);
  for (let vertex = 0; vertex < ranks; vertex++)
    if (distances[vertex]! < 0) return [graph.drafted[0]!, graph.drafted[vertex]!];
  return undefined;
}
