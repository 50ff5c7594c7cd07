/** Grids whose neighbours are linked: meshes, tori and twisted tori, of chips or of cubes joined by circuit switches. */
import { gridCoordinates, gridLinkName } from './coordinates.ts';
import type { Drafted } from './drafts.ts';
import { type GraphDraft, type LinkClassDraft, linkAdder } from './link-graph.ts';
import { endAt, positionOf } from './members.ts';
import { twistShifts } from './twist-shape.ts';

export interface GridSpec {
  sizes: readonly number[];
  wrap: readonly boolean[];
  twist: boolean;
  /** Of one link along each dimension, bytes/s. */
  rates: readonly number[];
  /** Cubes that circuit switches join: chips are numbered through one cube first. */
  cube?: { sizes: readonly number[]; rates: readonly number[] };
}

export function gridDraft(spec: GridSpec): Drafted {
  const { sizes, cube } = spec;
  const coordinates = gridCoordinates(
    sizes.map((size, axis) => ({ size, ...(cube && { cube: { size: cube.sizes[axis]! } }) })),
  );
  const ends = sizes.reduce((product, size) => product * size, 1);
  const draft: GraphDraft = {
    ends,
    vertices: ends,
    endsForward: true,
    classes: gridClasses(spec),
    links: [],
  };
  const add = linkAdder(draft);
  const shifts = spec.twist ? twistShifts(sizes) : undefined;
  for (let end = 0; end < ends; end++) {
    const position = coordinates.map(coordinate => positionOf(coordinate, end));
    sizes.forEach((size, axis) => {
      const next = neighbour(position, axis, sizes, spec.wrap, shifts);
      if (next === undefined || size < 2) return;
      const at = classAt(spec, axis, position[axis]!);
      add({ a: end, b: endAt(coordinates, next), at, cables: 1, along: axis + 1 });
    });
  }
  const whole = sizes.every((size, axis) => size < 3 || spec.wrap[axis]) && !cube;
  return { draft, coordinates, grid: !spec.twist, ...(whole ? { alike: [0] } : {}) };
}

/** The one further along `axis`; undefined past the end of a dimension that does not close. */
export function neighbour(
  position: readonly number[],
  axis: number,
  sizes: readonly number[],
  wrap: readonly boolean[],
  shifts: readonly (readonly number[])[] | undefined,
): number[] | undefined {
  const next = [...position];
  if (position[axis]! + 1 < sizes[axis]!) {
    next[axis]!++;
    return next;
  }
  if (!wrap[axis]) return undefined;
  next[axis] = 0;
  return shifts ? next.map((place, other) => (place + shifts[axis]![other]!) % sizes[other]!) : next;
}

/** One class per dimension; of cubes two: links inside, of the level below, and those over the circuit switches. */
export function gridClasses({ sizes, wrap, rates, cube }: GridSpec): LinkClassDraft[] {
  const name = (axis: number): string =>
    gridLinkName(axis, sizes.length, sizes[axis]! > 2 && wrap[axis] === true);
  const classes: LinkClassDraft[] = sizes.map((_, axis) => ({
    name: name(axis),
    capacity: rates[axis]!,
    part: 'local',
  }));
  if (!cube) return classes;
  const inside: LinkClassDraft[] = sizes.map((_, axis) => ({
    name: name(axis),
    capacity: cube.rates[axis]!,
    part: 'local',
    below: true,
  }));
  return [...classes.map(each => ({ ...each, name: `optical ${each.name}` })), ...inside];
}

function classAt({ sizes, cube }: GridSpec, axis: number, position: number): number {
  if (!cube) return axis;
  return (position + 1) % cube.sizes[axis]! === 0 ? axis : sizes.length + axis;
}
