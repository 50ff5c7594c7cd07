/**
 * Reads what nccl-tests and rccl-tests print: https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md. Around the
 * tables may stand anything that launchers, NCCL and schedulers print; one file may hold several runs.
 */
import type { CollectiveOp } from '../engine/plan/spec.ts';
import { type Header, headersOf, type Run } from './nccl-tests/header.ts';
import { identify } from './nccl-tests/identify.ts';
import { type Line, looksLikeRow, parseRow } from './nccl-tests/row.ts';

/** One measured time. Sizes in bytes as nccl-tests counts them, time in seconds, bandwidths in bytes per second. */
export interface MeasuredRow {
  op: CollectiveOp;
  /** The likeliest number of ranks. */
  ranks: number;
  /** What the printed bandwidths allow: they are rounded, and a large group differs little from a larger one. */
  ranksBetween: [number, number];
  /** Machines, where the log lists its ranks. */
  hosts?: number;
  bytes: number;
  timeSeconds: number;
  algbw: number;
  busbw: number;
  /** Wrong elements; undefined where the run did not check (`-c 0`). */
  wrong?: number;
  inPlace: boolean;
}

export interface LogProblem {
  severity: 'error' | 'warning';
  message: string;
}

export interface NcclTestsLog {
  /** Empty where a problem is an error. */
  rows: MeasuredRow[];
  problems: LogProblem[];
}

const EXPECTED =
  'expected the output of nccl-tests or rccl-tests (all_reduce_perf and the like): lines of size, count, type, time, algbw and busbw';

/** Colours and cursor movements of a terminal. */
const ESCAPES = /\u001b(?:\[[0-9;?]*[A-Za-z]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

/** Reads a log. Never throws: what is no such log, and every row that cannot be used, comes back as a problem. */
export function readNcclTests(text: string): NcclTestsLog {
  if (text.trim() === '') return failed(`The file is empty; ${EXPECTED}`);
  if (text.includes('\u0000')) return failed(`The file is not text; ${EXPECTED}`);
  const runs = runsOf(text.replace(ESCAPES, '').split(/\r\n|\n|\r/));
  const problems: LogProblem[] = [];
  const warn = (message: string) => problems.push({ severity: 'warning', message });
  const rows = runs.flatMap(run => identify(run, warn));
  const broken = runs.reduce((sum, run) => sum + run.broken, 0);
  if (broken > 0) warn(`${counted(broken, 'row')} cut off or mixed with other output, left out`);
  if (rows.length > 0) return { rows, problems };
  const measured = runs.some(run => run.lines.length > 0 || run.broken > 0);
  const why = measured
    ? problems.map(p => p.message).join('; ')
    : `The file holds no measurement; ${EXPECTED}`;
  return failed(why);
}

const failed = (message: string): NcclTestsLog => ({ rows: [], problems: [{ severity: 'error', message }] });

/** Parts of the log that belong to one table, with what stands before it. */
function runsOf(lines: readonly string[]): Run[] {
  const runs: Run[] = [];
  let header: Header = headersOf();
  let run: Run | undefined;
  for (const raw of lines) {
    // No line of a table is longer; dumps of environments are.
    const line = raw.length > 1000 ? raw.slice(0, 1000) : raw;
    const row: Line | undefined = parseRow(line);
    if (row || looksLikeRow(line)) {
      run ??= { header, lines: [], broken: 0 };
      if (!runs.includes(run)) runs.push(run);
      if (row) run.lines.push(row);
      else run.broken++;
      continue;
    }
    if (run && header.begins(line)) {
      header = headersOf(header.op());
      run = undefined;
    }
    header.read(line);
  }
  return runs;
}

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? ' is' : 's are'}`;
