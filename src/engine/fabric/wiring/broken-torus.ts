/**
 * Tori and meshes of which a few links or chips are broken, or some chips idle. Routes go dimension by dimension as on whole ones
 * where that way is not broken: loads of rows that miss no link are those of the whole torus, and the cost grows with its chips
 * and not with their pairs. Pairs without that way are in `lost-pairs.ts`.
 *
 * Ranks are the chips that work, in their sequence; of more than there are ranks the last ones idle but forward.
 */

import { pairsAlong } from './along.ts';
import { brokenBounds } from './broken-bounds.ts';
import { type BrokenTorus, brokenGrid } from './broken-grid.ts';
import { addPair, emptyLoads, type Loads, summary } from './broken-loads.ts';
import { pairsInRow, wayIn } from './broken-rows.ts';
import { gridCoordinates } from './coordinates.ts';
import { addLost, dropIdle, farthestLost, type Lost, lose, losePairs, noneLost } from './lost-pairs.ts';
import { groupsOf, latticeSize, membersAlong, positionsFrom, rootAlong } from './members.ts';
import { remembered, scaled } from './remembered.ts';
import { torusWiring } from './torus.ts';
import type { Coordinate, Demand, Lattice, WiredLoad, Wiring } from './wiring.ts';

/** Pairs that are told one by one where groups follow no dimension; of more, every second (third, …) source is looked at. */
const MOST_PAIRS = 2e6;
/** Pairs of which the longest is looked for one by one; beyond, idle chips count as members. */
const MOST_COMPARED = 1e5;

export function brokenTorusWiring(spec: BrokenTorus): Wiring {
  const { dimensions, ranks } = spec;
  const whole = torusWiring(dimensions);
  const grid = brokenGrid(spec);
  const { sizes, count, broken, lostIn } = grid;
  const places = placesOfRanks(count, ranks, new Set(spec.chips));
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
  const { leastPort, gatherBound, exchangeBound } = brokenBounds(
    grid,
    places,
    linked.map((at, index) => ({
      at,
      rate: classes[index]!.links * classes[index]!.capacity,
      name: classes[index]!.name,
    })),
    inPlace ? whole : undefined,
  );

  function brokenIn(at: number): number {
    let links = 0;
    for (const { broken: own } of broken[at]!.values()) for (const each of own!) links += each;
    return links;
  }

  /** Groups that are products of positions, on all places alike. Pairs without a way are left out and told. */
  function evenPairs(lattice: Lattice, bytes: number, lost: Lost): Loads {
    const loads = emptyLoads(grid);
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
        losePairs(grid, lattice, at, start, stuck, bytes, lost);
      }
    });
    return loads;
  }

  function pairs(lattice: Lattice, bytes: number): WiredLoad[] {
    const lost = noneLost();
    if (inPlace) {
      const loads = evenPairs(lattice, bytes, lost);
      const all = addLost(grid, loads, lost, true);
      return summary(grid, linked, loads, all);
    }
    if (latticeSize(lattice) === ranks) {
      // All places to all, but for those that carry no rank.
      const loads = evenPairs(everywhere(), bytes, lost);
      const idle = idlePlaces(count, places);
      dropIdle(lost, new Set(idle));
      const all = addLost(grid, loads, lost, true);
      for (const place of idle) {
        for (let other = 0; other < count; other++) {
          addPair(grid, loads, place, other, -bytes);
        }
      }
      for (const place of places) for (const other of idle) addPair(grid, loads, place, other, -bytes);
      return summary(grid, linked, loads, all);
    }
    const loads = emptyLoads(grid);
    const every = eachPair(lattice, (source, target, times) => {
      if (lostIn(source, target) >= 0) lose(lost, source, target, bytes * times, true);
      else addPair(grid, loads, source, target, bytes * times);
    });
    const all = addLost(grid, loads, lost, false);
    return summary(grid, linked, loads, all && every);
  }

  const everywhere = (): Lattice => sizes.map(size => (size > 1 ? [{ stride: 1, size }] : []));

  /** Ordered pairs of members of all groups, or of every `times`th source. @returns whether of all */
  function eachPair(
    lattice: Lattice,
    visit: (source: number, target: number, times: number) => void,
  ): boolean {
    const groups = groupsOf(coordinates, lattice, ranks);
    const times = Math.max(1, Math.ceil((ranks * latticeSize(lattice)) / MOST_PAIRS));
    for (let end = 0; end < ranks; end += times)
      for (const other of groups.members[groups.of[end]!]!)
        if (other !== end) visit(places[end]!, places[other]!, times);
    return times === 1;
  }

  function flows(demands: readonly Demand[]): WiredLoad[] {
    const loads = emptyLoads(grid);
    const lost = noneLost();
    for (const { source, target, bytes } of demands) {
      const [a, b] = [places[source]!, places[target]!];
      if (lostIn(a, b) >= 0) lose(lost, a, b, bytes, true);
      else addPair(grid, loads, a, b, bytes);
    }
    const all = addLost(grid, loads, lost, false);
    return summary(grid, linked, loads, all);
  }

  function hopsBetween(a: number, b: number): number {
    let links = 0;
    let lost = false;
    grid.eachWay(a, b, (_at, _start, _from, _to, way) => {
      if (way) links += way.links;
      else lost = true;
    });
    if (!lost) return links;
    const vertex = grid.vertexOf();
    return grid.searcher().distances(vertex[a]!)[vertex[b]!]!;
  }

  /** Along the routes that are taken; of groups that follow no dimension, and of pairs without a way, some. */
  function farthest(lattice: Lattice): number {
    if (latticeSize(lattice) < 2) return 0;
    let most = 0;
    const lost = noneLost();
    if (inPlace || (latticeSize(lattice) === ranks && ranks ** 2 > MOST_COMPARED)) {
      const on = inPlace ? lattice : everywhere();
      most = whole.farthest(on);
      on.forEach((digits, at) => {
        for (const [start, row] of broken[at]!) {
          const stuck: [number, number][] = [];
          for (let from = 0; from < row.size; from++)
            for (const to of positionsFrom(digits, rootAlong(digits, from)))
              if (!wayIn(row, from, to)) stuck.push([from, to]);
          losePairs(grid, on, at, start, stuck, 1, lost);
        }
      });
      dropIdle(lost, new Set(idlePlaces(count, places)));
    } else
      eachPair(lattice, (source, target) => {
        if (lostIn(source, target) >= 0) lose(lost, source, target, 1, true);
        else most = Math.max(most, hopsBetween(source, target));
      });
    return Math.max(most, farthestLost(grid, lost));
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
