/** Endpoints by their positions, and which group each belongs to. */
import type { Digit } from '../pattern.ts';
import type { Coordinate, Lattice } from './wiring.ts';

/** Position along `coordinate` of endpoint `end`. */
export function positionOf(coordinate: Coordinate, end: number): number {
  let position = 0;
  for (const { stride, size, step } of coordinate.digits)
    position += (Math.floor(end / stride) % size) * step;
  return position;
}

/** Endpoint at these positions, one for every coordinate. */
export function endAt(coordinates: readonly Coordinate[], positions: readonly number[]): number {
  let end = 0;
  coordinates.forEach((coordinate, index) => {
    for (const { stride, size, step } of coordinate.digits)
      end += (Math.floor(positions[index]! / step) % size) * stride;
  });
  return end;
}

/** Members of one group along one coordinate. */
export function membersAlong(digits: readonly Digit[]): number {
  let members = 1;
  for (const digit of digits) members *= digit.size;
  return members;
}

export function latticeSize(lattice: Lattice): number {
  let members = 1;
  for (const digits of lattice) members *= membersAlong(digits);
  return members;
}

/** Number of the group that position `position` of a coordinate belongs to: what is left when the members' digits are 0. */
export function rootAlong(digits: readonly Digit[], position: number): number {
  let root = position;
  for (const { stride, size } of digits) root -= (Math.floor(position / stride) % size) * stride;
  return root;
}

/** Positions of the group's members that starts at `root`. */
export function positionsFrom(digits: readonly Digit[], root: number): number[] {
  let positions = [root];
  for (const { stride, size } of digits)
    positions = positions.flatMap(position =>
      Array.from({ length: size }, (_, index) => position + index * stride),
    );
  return positions;
}

/** Whether the group that starts there lies at its lowest digits: every position belongs to exactly one group. */
export function startsGroup(position: number, digits: readonly Digit[]): boolean {
  return digits.every(digit => Math.floor(position / digit.stride) % digit.size === 0);
}

/** Every group of the lattice as its endpoints. */
export interface Groups {
  /** Group of every endpoint. */
  of: Int32Array;
  members: Int32Array[];
}

/** @throws RangeError where the lattice does not fill the wiring with groups of one size: the caller has misplaced it */
export function groupsOf(coordinates: readonly Coordinate[], lattice: Lattice, ends: number): Groups {
  const roots = new Map<number, number>();
  const of = new Int32Array(ends);
  const lists: number[][] = [];
  const size = latticeSize(lattice);
  for (let end = 0; end < ends; end++) {
    const root = endAt(
      coordinates,
      coordinates.map((coordinate, index) => rootAlong(lattice[index] ?? [], positionOf(coordinate, end))),
    );
    let group = roots.get(root);
    if (group === undefined) {
      group = lists.length;
      roots.set(root, group);
      lists.push([]);
    }
    of[end] = group;
    lists[group]!.push(end);
  }
  if (lists.some(list => list.length !== size))
    throw new RangeError(`groups of ${size} do not fill ${ends} endpoints evenly`);
  return { of, members: lists.map(list => Int32Array.from(list)) };
}
