/** A level of neighbours to the wiring of its grid. */
import type { LevelSpec } from '../spec.ts';
import { type Dimension, type TorusWiring, torusWiring } from './torus.ts';

/** Links of one child: two along a dimension, one where it has two places. */
export function linksPerPlace(dims: readonly number[]): number {
  return dims.reduce((sum, size) => sum + (size > 2 ? 2 : size > 1 ? 1 : 0), 0) || 1;
}

/** Whether a dimension closes: of two places a second link would be the first one again. */
const closes = (size: number, wrap: boolean | undefined): boolean => size > 2 && wrap !== false;

/** Rate of one link in dimension `at`: stated, or an equal part of what a child sends. @param chips of one child */
export function gridRate(level: LevelSpec, dims: readonly number[], at: number, chips: number): number {
  return level.linkPerDimension?.[at] ?? level.link ?? (level.bandwidth * chips) / linksPerPlace(dims);
}

/**
 * @param chips of one child of the grid
 * @param cube the level below a circuit switch, whose links are those inside of cubes
 * @returns undefined for a topology that is no plain grid
 */
export function gridWiring(level: LevelSpec, chips: number, cube?: LevelSpec): TorusWiring | undefined {
  const { topology } = level;
  if (topology.kind === 'torus') {
    return torusWiring(
      topology.dims.map((size, at): Dimension => {
        const rate = gridRate(level, topology.dims, at, chips);
        return { size, wrap: closes(size, topology.wrap[at]), rate };
      }),
    );
  }
  if (topology.kind !== 'ocs' || cube?.topology.kind !== 'torus') return undefined;
  const inside = cube.topology.dims;
  return torusWiring(
    topology.shape.map((size, at): Dimension => {
      const within = inside[at] ?? 1;
      const own = gridRate(cube, inside, at, chips);
      // A switch reaches every face of a cube: links leave at the rate of those inside unless the level says otherwise.
      const rate = level.linkPerDimension?.[at] ?? level.link ?? own;
      return { size, wrap: closes(size, true), rate, cube: { size: within, rate: own } };
    }),
  );
}
