/**
 * TPU slices: a torus by its closed forms (see JAX's "How to scale your model", TPUs), with the share that links reach and
 * the time before the first byte. One constant of each for all generations.
 */
import type { CollectiveOp } from '../../src/engine/plan/spec.ts';
import type { Prediction } from './collective.ts';
import type { Row } from './row.ts';

/** The scaling book counts on 45 of 50 and 90 of 100 GB/s per link; rows TPC-001 to TPC-005 reach the same. */
const REACHED = 0.9;
const COUNTED_ON: ReadonlySet<number> = new Set([45e9, 90e9]);
/** Seconds: from TPC-001 to TPC-005, whose times are this and a straight line. */
const START = 13.2e-6;
/** Seconds of a hop, by the scaling book. */
const HOP = 1e-6;

export function torusBandwidth(row: Row, op: CollectiveOp, ranks: number): Prediction {
  if (row.scaleUp === undefined) return { reason: 'the rate of a link is not stated' };
  const sides = sidesOf(row, ranks);
  if (!sides) return { reason: 'the shape of the slice is not stated' };
  const bytes = row.bytes ?? 2 ** 30;
  // Some columns hold what the book counts on, not the line rate.
  const link = COUNTED_ON.has(row.scaleUp) ? row.scaleUp : row.scaleUp * REACHED;
  const { time, sent } = torusTime(sides, op, bytes, link);
  return { value: sent / (START + time) / 1e9 };
}

/** Seconds, and the bytes that a chip must send at least. */
export function torusTime(
  sides: readonly number[],
  op: CollectiveOp,
  bytes: number,
  link: number,
): { time: number; sent: number } {
  const n = sides.reduce((product, side) => product * side, 1);
  const axes = sides.filter(side => side > 1);
  // Two chips in a row have one link between them, as has a row that does not close; longer ones are rings.
  const ports = axes.reduce((sum, side) => sum + (side > 2 ? 2 : 1), 0);
  const hops = axes.reduce((sum, side) => sum + Math.ceil((side - 1) / 2), 0);
  const gather = (bytes * (n - 1)) / n;
  if (op === 'all_to_all') {
    const time = (bytes / link) * Math.max(...axes.map(side => (side > 2 ? side / 8 : side / 4)));
    return { time: time + hops * HOP, sent: gather };
  }
  const rounds = op === 'all_reduce' ? 2 : 1;
  return { time: rounds * (gather / (ports * link) + hops * HOP), sent: rounds * gather };
}

/** "2x2x1", "16x16" of the columns; a group of four of a larger slice is a square of it. */
function sidesOf(row: Row, ranks: number): number[] | undefined {
  for (const text of [row.algorithm, row.topology]) {
    const [shape] = /\d+(x\d+)+/.exec(text) ?? [];
    const sides = shape?.split('x').map(Number);
    if (sides && sides.reduce((product, side) => product * side, 1) === ranks) return sides;
  }
  const side = Math.sqrt(ranks);
  return Number.isInteger(side)
    ? [side, side]
    : Number.isInteger(Math.cbrt(ranks))
      ? Array(3).fill(Math.cbrt(ranks))
      : [ranks];
}
