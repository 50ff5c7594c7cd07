/** Rate of the links of a grid. */
import type { LevelSpec } from '../spec.ts';

/** Links of one child: two along a dimension, one where it has two places. */
function linksPerPlace(dims: readonly number[]): number {
  return dims.reduce((sum, size) => sum + (size > 2 ? 2 : size > 1 ? 1 : 0), 0) || 1;
}

/** Bytes/s of one link along dimension `at`: stated, or an equal part of what a child sends. @param chips of one child */
export function gridRate(level: LevelSpec, dims: readonly number[], at: number, chips: number): number {
  return level.linkPerDimension?.[at] ?? level.link ?? (level.bandwidth * chips) / linksPerPlace(dims);
}
