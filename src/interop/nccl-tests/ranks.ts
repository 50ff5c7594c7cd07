/** Ranks of a run from busbw / algbw: 2(n-1)/n for all-reduce, (n-1)/n for gathers, scatters and exchanges (PERFORMANCE.md). */
import type { CollectiveOp } from '../../engine/plan/spec.ts';
import type { Cell } from './row.ts';

export interface Ranks {
  likely: number;
  between: [number, number];
  warning?: string;
}

/** More than any job has. */
const MOST = 1e7;

/** @param stated ranks that the log lists; @returns a text where nothing fits. */
export function ranksOf(
  op: CollectiveOp,
  cells: readonly Cell[],
  stated: number | undefined,
): Ranks | string {
  const factor = op === 'all_reduce' ? 2 : op === 'broadcast' || op === 'send_recv' ? undefined : 1;
  const [low, high] = ratioOf(cells);
  if (high < low) return `The two bandwidths of the ${op} rows do not belong to one number of ranks`;
  if (factor === undefined) {
    if (low > 1 || high < 1) return mismatch(op, low, high);
    if (stated !== undefined && stated >= 2) return { likely: stated, between: [stated, stated] };
    return { likely: 2, between: [2, MOST] };
  }
  // busbw / algbw = factor (1 - 1/n)
  const from = Math.max(2, Math.ceil(ranksAt(low / factor) - 1e-9));
  const to = Math.min(MOST, Math.floor(ranksAt(high / factor) + 1e-9));
  if (low >= factor || to < 2 || from > to) return mismatch(op, low, high);
  if (stated !== undefined && stated >= from && stated <= to)
    return { likely: stated, between: [stated, stated] };
  const likely = roundest(from, to);
  const between: [number, number] = [from, to];
  if (stated === undefined || stated < 2) return { likely, between };
  const warning = `The log speaks of ${stated} ranks, but its bandwidths are those of ${from === to ? from : `${from} to ${to}`}, which counts`;
  return { likely, between, warning };
}

const ranksAt = (share: number): number => (share >= 1 ? MOST : 1 / (1 - share));

/** What busbw / algbw can be, by the rounding of every row. */
function ratioOf(cells: readonly Cell[]): [number, number] {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (const { algbw, busbw, rounding } of cells) {
    if (algbw <= 10 * rounding.algbw) continue;
    low = Math.max(low, (busbw - rounding.busbw) / (algbw + rounding.algbw));
    high = Math.min(high, (busbw + rounding.busbw) / (algbw - rounding.algbw));
  }
  return [low, high];
}

/** The number between the two with most factors of two: jobs have 64 ranks more often than 63. */
function roundest(from: number, to: number): number {
  for (let step = 2 ** 23; step > 1; step /= 2) {
    const candidate = Math.ceil(from / step) * step;
    if (candidate <= to) return candidate;
  }
  return from;
}

const mismatch = (op: string, low: number, high: number): string => {
  const ratio = ((low + Math.min(high, 10)) / 2).toFixed(3);
  return `The rows are not those of ${op}: busbw is ${ratio} times algbw`;
};
