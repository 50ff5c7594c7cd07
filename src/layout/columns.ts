/** How many children stand in a row of a grid. */
import type { PanelAxis, PanelLevel } from './model/types.ts';
import { ranksPerUnit } from './ranks.ts';

/**
 * Row length of a grid: the product of the inner axes that fits, so that equal coordinates stand in columns and a group is
 * a straight line; else a divisor of the count near its square root. The panel keeps the answer while the fabric stays, so
 * that no edit of an axis moves a cell.
 */
export function preferredColumns(
  levels: readonly PanelLevel[],
  level: number,
  axes: readonly PanelAxis[],
  most: number,
): number {
  const { count } = levels[level]!;
  const childRanks = level === 0 ? 1 : ranksPerUnit(levels)[level - 1]!;
  const limit = Math.max(1, Math.min(most, count));
  let along = 1;
  let stopped = 0;
  const independent = axes.filter(axis => axis.digits.length === 1 && axis.digits[0]!.size === axis.size);
  for (const axis of independent.sort((a, b) => a.digits[0]!.stride - b.digits[0]!.stride)) {
    const { stride } = axis.digits[0]!;
    const inside = Math.max(1, Math.min(axis.size, Math.floor(childRanks / stride)));
    const outside = axis.size / inside;
    if (!Number.isInteger(outside)) break;
    if (along * outside > limit) {
      stopped = outside;
      break;
    }
    if (stride * axis.size > childRanks) along *= outside;
  }
  const square = Math.sqrt(count);
  if (along >= Math.min(4, count) && along >= square / 3 && count / along >= 1 && count % along === 0)
    return along;
  const candidates = divisors(count).filter(n => n <= limit && (along === 1 || n % along === 0));
  const aligned = candidates.filter(n => stopped === 0 || stopped % (n / along) === 0);
  const from =
    aligned.length > 0
      ? aligned
      : candidates.length > 0
        ? candidates
        : divisors(count).filter(n => n <= limit);
  const wide = from.reduce((a, b) =>
    Math.abs(Math.log(b / square)) < Math.abs(Math.log(a / square)) ? b : a,
  );
  // A prime count has no shape: a last, shorter row then.
  return wide < square / 3 ? Math.min(limit, Math.ceil(square)) : wide;
}

function divisors(count: number): number[] {
  const found: number[] = [];
  for (let n = 1; n * n <= count; n++) {
    if (count % n === 0) found.push(n, count / n);
  }
  return [...new Set(found)].sort((a, b) => a - b);
}
