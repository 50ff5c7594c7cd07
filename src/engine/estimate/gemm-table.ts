/**
 * Time of matrix products from a table that someone measured on the chip. A measured time holds everything that its kernel does:
 * launch, the last wave of tiles, memory traffic. Between the shapes of the table the achieved share of peak is interpolated over the
 * logarithms of m, n and k, because a kernel's habits go with ratios of sizes: weights by inverse distance (Shepard 1968) that reach
 * zero at the first shape beyond the nearest ones (Franke and Nielson 1980, "Smooth interpolation of large sets of scattered data"),
 * so that the share has no jumps. It never leaves the shares of those neighbours, hence never those of the table.
 */
import type { GemmTable } from '../fabric/spec.ts';
import { type Neighbours, type PointIndex, pointIndex } from './point-index.ts';

/** Shapes that a share is taken from. */
const NEIGHBOURS = 8;
/** Shares that are remembered per table: a plan has a few dozen shapes, a search over layouts some thousands. */
const REMEMBERED = 5000;

export interface MeasuredShare {
  /** Of the peak, above 0. */
  share: number;
  /** Smaller or larger than all that was measured, in m, n or k. */
  outside: boolean;
}

/** Answers for one table, in microseconds whatever its length. */
export interface MeasuredGemms {
  shareOf(m: number, n: number, k: number, count: number): MeasuredShare;
}

const kept = new WeakMap<GemmTable, Reading>();

/** Read once per table. */
interface Reading {
  /** Undefined where a number cannot be used, or where there is no shape. */
  gemms?: MeasuredGemms;
  unusable?: number;
}

/** @returns undefined without a table, and for one that says nothing; the same object for the same table */
export const measuredGemms = (table: GemmTable | undefined): MeasuredGemms | undefined =>
  table && readingOf(table).gemms;

/** The first number of a table that the arithmetic cannot use: sizes up to 1e12, shares from 1e-6 to 100. */
export const unusableNumber = (table: GemmTable): number | undefined => readingOf(table).unusable;

function readingOf(table: GemmTable): Reading {
  let known = kept.get(table);
  if (!known) {
    const unusable = firstUnusable(table);
    known = unusable !== undefined ? { unusable } : table.shapes.length > 0 ? { gemms: measured(table) } : {};
    kept.set(table, known);
  }
  return known;
}

function firstUnusable({ shapes }: GemmTable): number | undefined {
  for (const { m, n, k, count, share } of shapes) {
    for (const size of [m, n, k, count]) if (!(size > 0 && size <= 1e12)) return size;
    if (!(share >= 1e-6 && share <= 100)) return share;
  }
  return undefined;
}

function measured({ shapes }: GemmTable): MeasuredGemms {
  // Where no grouped product was measured, one of `count` products stands for one that is `count` times as tall: as many tiles.
  const grouped = shapes.some(({ count }) => count > 1);
  const place = (m: number, n: number, k: number, count: number): number[] =>
    (grouped ? [m, n, k, count] : [m * count, n, k]).map(Math.log2);
  const index = pointIndex(shapes.map(({ m, n, k, count }) => place(m, n, k, count)));
  const shares = Float64Array.from(shapes, ({ share }) => share);
  const remembered = new Map<string, MeasuredShare>();
  return {
    shareOf(m, n, k, count) {
      const key = `${m} ${n} ${k} ${count}`;
      let answer = remembered.get(key);
      if (!answer) {
        const at = place(m, n, k, count);
        answer = { share: interpolate(index, shares, at), outside: isOutside(index, at) };
        if (remembered.size >= REMEMBERED) remembered.clear();
        remembered.set(key, answer);
      }
      return answer;
    },
  };
}

/** How many products there are says little about the least time of one. */
const SIZES = 3;

const isOutside = ({ least, most }: PointIndex, at: readonly number[]): boolean =>
  at.slice(0, SIZES).some((x, axis) => x < least[axis]! || x > most[axis]!);

function interpolate(index: PointIndex, shares: Float64Array, at: readonly number[]): number {
  const near = index.nearest(at, NEIGHBOURS + 1);
  if (near.distances[0] === 0) return shares[near.points[0]!]!;
  const used = Math.min(NEIGHBOURS, near.points.length);
  const reach = reachOf(near);
  let [sum, weights, least, most] = [0, 0, Infinity, 0];
  for (let i = 0; i < used; i++) {
    const distance = near.distances[i]!;
    const share = shares[near.points[i]!]!;
    const weight = (1 / distance - 1 / reach) ** 2;
    sum += weight * share;
    weights += weight;
    least = Math.min(least, share);
    most = Math.max(most, share);
  }
  return Math.min(Math.max(sum / weights, least), most);
}

/** Where weights end. A hair beyond the first shape that is not used: all of them may be equally far. */
const reachOf = ({ distances }: Neighbours): number =>
  distances.length > NEIGHBOURS ? distances[NEIGHBOURS]! * (1 + 1e-6) : Infinity;
