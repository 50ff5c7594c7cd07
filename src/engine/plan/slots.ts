/**
 * Places of a fabric as digits of the chip number: one for every level, one for every part of a dimension where a level has
 * dimensions. Axes that are placed on dimensions take theirs from these.
 */
import { type FabricSpec, type LevelSpec, ranksOf } from '../fabric/spec.ts';
import { gridCoordinates } from '../fabric/wiring/coordinates.ts';
import type { Coordinate } from '../fabric/wiring/wiring.ts';

export interface Slot {
  /** Chips between neighbours, and how many there are. */
  stride: number;
  size: number;
  /** What `on` calls it: `pod.x`, `cube.x`, or the name of a level without dimensions. */
  names: string[];
}

/** Coordinates of the children of a level; none where they lie in no order but their number's. */
export function coordinatesOf({ topology }: LevelSpec, below?: LevelSpec): Coordinate[] {
  if (topology.kind === 'torus') return gridCoordinates(topology.dims.map(size => ({ size })));
  if (topology.kind !== 'ocs') return [];
  const cube = below?.topology.kind === 'torus' ? below.topology.dims : [];
  return gridCoordinates(topology.shape.map((size, at) => ({ size, cube: { size: cube[at] ?? 1 } })));
}

/** @returns innermost first; their sizes multiply to the chips of the fabric that can hold ranks. */
export function slotsOf(fabric: FabricSpec): Slot[] {
  const slots: Slot[] = [];
  let span = 1;
  fabric.levels.forEach((level, index) => {
    const above = fabric.levels[index + 1];
    const merged = above?.topology.kind === 'ocs';
    const ocs = level.topology.kind === 'ocs';
    const below = ocs ? fabric.levels[index - 1] : undefined;
    // A circuit switch counts chips: its coordinates hold those of the cubes below.
    const inner = ocs && below ? span / ranksOf(below) : span;
    const coordinates = coordinatesOf(level, below);
    if (merged && coordinates.length > 0) {
      span *= ranksOf(level);
      return;
    }
    if (coordinates.length === 0) {
      slots.push({ stride: span, size: ranksOf(level), names: [level.name] });
    }
    for (const { name, digits } of coordinates) {
      digits.forEach(({ stride, size }, part) => {
        const names = [`${level.name}.${name}`, level.name];
        if (below) names.push(part === 0 ? `${below.name}.${name}` : '', part === 0 ? below.name : '');
        slots.push({ stride: stride * inner, size, names: names.filter(Boolean) });
      });
    }
    span *= ranksOf(level);
  });
  return slots.sort((a, b) => a.stride - b.stride);
}
