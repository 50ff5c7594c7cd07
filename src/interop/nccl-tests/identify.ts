/** Operation and ranks of a run, from what it says about itself and from its two bandwidths. */
import type { CollectiveOp } from '../../engine/plan/spec.ts';
import type { MeasuredRow } from '../nccl-tests.ts';
import type { Run } from './header.ts';
import { type Ranks, ranksOf } from './ranks.ts';
import type { Cell, Line } from './row.ts';

const OPS: Readonly<Record<string, CollectiveOp>> = {
  all_reduce: 'all_reduce',
  all_gather: 'all_gather',
  reduce_scatter: 'reduce_scatter',
  alltoall: 'all_to_all',
  sendrecv: 'send_recv',
  broadcast: 'broadcast',
};

/** Rows that hold together; `warn` hears about the others. */
export function identify(run: Run, warn: (message: string) => void): MeasuredRow[] {
  const { header } = run;
  const named = header.op();
  if (named !== undefined && !OPS[named]) {
    warn(`${named}_perf measures an operation that no plan causes; its rows are left out`);
    return [];
  }
  const whole = run.lines.map(line => ({ ...line, cells: line.cells.map(cell => sound(line, cell)) }));
  const bad = { doubtful: 0, wrong: 0 };
  for (const { cells } of whole) {
    for (const cell of cells) {
      if (cell === 'doubtful') bad.doubtful++;
      if (cell === 'wrong') bad.wrong++;
    }
  }
  if (bad.doubtful > 0)
    warn(`${counted(bad.doubtful, 'time')} left out: size over time is not the algbw printed beside`);
  if (bad.wrong > 0) warn(`${counted(bad.wrong, 'time')} left out: the run found wrong results`);
  const usable = whole.map(line => ({
    ...line,
    cells: line.cells.map(c => (typeof c === 'string' ? null : c)),
  }));
  const cells = usable.flatMap(line => line.cells.filter(cell => cell !== null));
  if (cells.length === 0) return [];
  const op = (named && OPS[named]) || opOf(usable, cells);
  const ranks = ranksOf(op, cells, header.ranks());
  if (typeof ranks === 'string') {
    warn(ranks);
    return [];
  }
  if (ranks.warning) warn(ranks.warning);
  const hosts = header.ranks() === ranks.likely ? header.hosts() : undefined;
  return usable.flatMap(line => rowsOf(line, op, ranks, hosts));
}

function rowsOf(
  { bytes, cells }: { bytes: number; cells: (Cell | null)[] },
  op: CollectiveOp,
  ranks: Ranks,
  hosts: number | undefined,
): MeasuredRow[] {
  return cells.flatMap((cell, index) =>
    cell === null
      ? []
      : {
          op,
          ranks: ranks.likely,
          ranksBetween: ranks.between,
          ...(hosts !== undefined && { hosts }),
          bytes,
          timeSeconds: cell.time,
          algbw: cell.algbw,
          busbw: cell.busbw,
          ...(cell.wrong !== undefined && { wrong: cell.wrong }),
          inPlace: index === 1,
        },
  );
}

/** algbw is size over time (PERFORMANCE.md), up to rounding. Before version 2.13 the last column was an error, not a count. */
function sound({ bytes }: Line, cell: Cell): Cell | 'doubtful' | 'wrong' {
  if (cell.time <= 0 || bytes <= 0) return 'doubtful';
  const { rounding } = cell;
  const slack = 0.002 * bytes + rounding.algbw * (cell.time + rounding.time) + cell.algbw * rounding.time;
  if (Math.abs(cell.algbw * cell.time - bytes) > 2 * slack) return 'doubtful';
  return (cell.wrong ?? 0) >= 1 ? 'wrong' : cell;
}

/** Without a name: by the reduction, the root and which side of 1 the ratio of the bandwidths lies on. */
function opOf(
  lines: readonly Line[] | readonly { redop: string; root?: number }[],
  cells: readonly Cell[],
): CollectiveOp {
  const { redop, root } = lines[0]!;
  const best = cells.reduce((most, cell) => (cell.algbw > most.algbw ? cell : most));
  const ratio = best.busbw / best.algbw;
  const reduces = redop !== '' && redop !== 'none';
  if (ratio > 1.01) return 'all_reduce';
  if (ratio < 0.99) return reduces ? 'reduce_scatter' : 'all_gather';
  if (reduces) return 'all_reduce';
  return (root ?? -1) >= 0 ? 'broadcast' : 'send_recv';
}

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? ' is' : 's are'}`;
