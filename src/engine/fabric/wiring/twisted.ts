/**
 * Twisted tori. The graph looks the same from every chip, so where groups do too (a group moved by one of its own members is
 * the same group), the load of one source says all: summed by dimension and direction it is the load of every link there.
 */
import { most } from '../most.ts';
import type { LinkGraph } from './link-graph.ts';
import { endAt, latticeSize, positionsFrom } from './members.ts';
import { type Spreader, spreader } from './spread.ts';
import { twistShifts } from './twist-shape.ts';
import type { Bound, Coordinate, Lattice, WiredLoad, Wiring } from './wiring.ts';

/** @param explicit the same torus link by link: for what is not alike from everywhere */
export function twistedWiring(
  sizes: readonly number[],
  graph: LinkGraph,
  coordinates: readonly Coordinate[],
  explicit: Wiring,
): Wiring {
  let kept: Spreader | undefined;
  const spread = (): Spreader => {
    kept ??= spreader(graph);
    return kept;
  };
  return {
    ...explicit,
    pairs(lattice, bytes) {
      const members = membersOfFirst(sizes, coordinates, lattice);
      return members ? loadsOfOne(graph, spread(), members, bytes) : explicit.pairs(lattice, bytes);
    },
    farthest(lattice) {
      const members = membersOfFirst(sizes, coordinates, lattice) ?? stepsApart(coordinates, lattice);
      if (!members) return explicit.farthest(lattice);
      const distances = spread().distances(0);
      return members.reduce((most, member) => Math.max(most, distances[member]!), 0);
    },
    exchangeBound(lattice) {
      const members = membersOfFirst(sizes, coordinates, lattice);
      return members ? hopBound(graph, spread(), members) : explicit.exchangeBound(lattice);
    },
  };
}

/** Members of the group of endpoint 0, if the group is closed under moving by its members; undefined if not. */
function membersOfFirst(
  sizes: readonly number[],
  coordinates: readonly Coordinate[],
  lattice: Lattice,
): number[] | undefined {
  const along = coordinates.map((_, axis) => positionsFrom(lattice[axis] ?? [], 0));
  let places: number[][] = [[]];
  for (const positions of along)
    places = places.flatMap(place => positions.map(position => [...place, position]));
  if (latticeSize(lattice) === sizes.reduce((product, size) => product * size, 1))
    return places.map(place => endAt(coordinates, place));
  const members = new Set(places.map(place => endAt(coordinates, place)));
  const shifts = twistShifts(sizes);
  for (const [axis, digits] of lattice.entries()) {
    for (const { stride } of digits) {
      for (const place of places) {
        const moved = [...place];
        moved[axis]! += stride;
        if (moved[axis]! >= sizes[axis]!) {
          moved[axis]! -= sizes[axis]!;
          shifts[axis]!.forEach((shift, other) => {
            moved[other] = (moved[other]! + shift) % sizes[other]!;
          });
        }
        if (!members.has(endAt(coordinates, moved))) return undefined;
      }
    }
  }
  return [...members];
}

/** Of groups along one dimension: endpoints as far from the first as two members are from each other. */
function stepsApart(coordinates: readonly Coordinate[], lattice: Lattice): number[] | undefined {
  const used = coordinates
    .map((_, axis) => axis)
    .filter(axis => positionsFrom(lattice[axis] ?? [], 0).length > 1);
  const [axis] = used;
  if (axis === undefined || used.length > 1) return undefined;
  const positions = positionsFrom(lattice[axis]!, 0);
  const apart = new Set(positions.flatMap(one => positions.map(other => Math.abs(one - other))));
  return [...apart].map(steps =>
    endAt(
      coordinates,
      coordinates.map((_, at) => (at === axis ? steps : 0)),
    ),
  );
}

function loadOfOne(
  graph: LinkGraph,
  spread: Spreader,
  members: readonly number[],
  bytes: number,
): Float64Array {
  const amounts = new Float64Array(graph.vertices);
  for (const member of members) amounts[member] = bytes;
  const load = new Float64Array(graph.from.length);
  amounts[0] = 0;
  spread.spread(0, amounts, load, false);
  return load;
}

/** Links are written from each chip to the next along a dimension: even ones lead up, odd ones down. */
function loadsOfOne(
  graph: LinkGraph,
  spread: Spreader,
  members: readonly number[],
  bytes: number,
): WiredLoad[] {
  const load = loadOfOne(graph, spread, members, bytes);
  const dimensions = most(graph.along);
  const up = new Float64Array(dimensions + 1);
  const down = new Float64Array(dimensions + 1);
  for (let edge = 0; edge < load.length; edge++)
    (edge % 2 === 0 ? up : down)[graph.along[edge]!]! += load[edge]!;
  // As many links of each dimension and direction as chips, and as many sources as chips.
  return graph.classes.map(({ links }, at) => {
    const along = (at % dimensions) + 1;
    const both = up[along]! + down[along]!;
    if (links === 0) return { at, bytes: 0, both: 0, total: 0 };
    return { at, bytes: Math.max(up[along]!, down[along]!), both, total: (both * links) / 2 };
  });
}

/** All links alike: nobody's bytes can take fewer hops, and if shortest ways load the links evenly, that is the optimum. */
function hopBound(graph: LinkGraph, spread: Spreader, members: readonly number[]): Bound {
  const bytes = 1 / members.length;
  const loads = loadsOfOne(graph, spread, members, bytes);
  const taken = loads.reduce((sum, { total }) => sum + total, 0);
  const offered = graph.classes.reduce((sum, { links, capacity }) => sum + links * capacity, 0);
  const time = taken / offered;
  const reached = loads.reduce(
    (worst, { at, bytes }) => Math.max(worst, bytes / graph.classes[at]!.capacity),
    0,
  );
  return { time, exact: reached <= time * (1 + 1e-9), by: 'hops' };
}
