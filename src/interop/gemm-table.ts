/**
 * Reads matrix products that someone timed, one shape a line:
 *
 *     # H100 SXM, cuBLAS, one launch each
 *     m,    n,     k,    precision, tflops
 *     8192, 10240, 8192, bf16,      712
 *
 * Columns stand in any order, others may stand between them, apart by commas, semicolons or tabs: `m`, `n`, `k`; one of `us`, `ms`,
 * `seconds` of the whole launch, `tflops` (`gflops`) or `share` of the peak; `precision` and `count` (products in one launch) where
 * they are wanted. So rocblas-bench, hipblas-bench and hipblaslt-bench print it, too. Of mamf-finder.py the log is read.
 */
import type { MeasuredGemm } from '../language/lower/gemm-table.ts';
import { cellsOf, numberOf } from './gemm-table/cells.ts';
import { type Columns, columnsOf, lacking, type Measure } from './gemm-table/columns.ts';
import { finderRows, isFinderLog } from './gemm-table/mamf-finder.ts';
import { precisionNamed } from './gemm-table/precision.ts';

export interface GemmTableProblem {
  severity: 'error' | 'warning';
  message: string;
}

export interface GemmTableFile {
  /** Empty where a problem is an error. */
  rows: MeasuredGemm[];
  problems: GemmTableProblem[];
}

const EXPECTED =
  'expected a CSV file with the columns m, n, k and one of tflops, us, ms, seconds or share, or what hipblaslt-bench or mamf-finder.py prints';

/** Lines that are named when many cannot be used. */
const NAMED = 3;
/** No chip multiplies larger ones. */
const LARGEST = 1e9;

/** Reads a table. Never throws: what is none, and every line that cannot be used, comes back as a problem. */
export function readGemmTable(text: string): GemmTableFile {
  if (text.trim() === '') return failed(`The file is empty; ${EXPECTED}`);
  if (text.includes('\u0000')) return failed(`The file is not text; ${EXPECTED}`);
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (isFinderLog(lines)) return { rows: finderRows(lines), problems: [] };
  return readRows(lines);
}

const failed = (message: string): GemmTableFile => ({ rows: [], problems: [{ severity: 'error', message }] });

function readRows(lines: readonly string[]): GemmTableFile {
  const rows: MeasuredGemm[] = [];
  const slips: string[] = [];
  let columns: Columns | undefined;
  /** The first line that is neither empty nor a comment: what a reader takes for the header. */
  let first: { line: number; cells: string[] } | undefined;
  lines.forEach((raw, index) => {
    const text = raw.trim();
    if (text === '') return;
    if (text.startsWith('#')) {
      // NumPy writes the header as a comment.
      columns ??= text.length < 1000 ? columnsOf(cellsOf(text.replace(/^#+/, ''))) : undefined;
      return;
    }
    // A line of a table is short; what a launcher dumps is not.
    const cells = cellsOf(text.length > 5000 ? text.slice(0, 5000) : text);
    first ??= { line: index + 1, cells };
    // Benchmarks print their header anew for every shape.
    const header = columns && /^\d/.test(cells[columns.m] ?? '') ? undefined : columnsOf(cells);
    if (header) columns = header;
    else if (columns) {
      const row = readRow(cells, columns, index + 1);
      if (typeof row === 'string') slips.push(`line ${index + 1}: ${row}`);
      else rows.push(row);
    }
  });
  if (!first) return failed(`The file holds nothing but comments; ${EXPECTED}`);
  if (!columns) return failed(`line ${first.line}: ${lacking(first.cells)}; ${EXPECTED}`);
  if (rows.length === 0) {
    const why = slips.length > 0 ? named(slips).join('; ') : 'there is none below the header';
    return failed(`No row can be used: ${why}`);
  }
  const problems = named(slips).map(message => ({ severity: 'warning' as const, message }));
  return { rows, problems };
}

/** The first few of many slips. */
function named(slips: readonly string[]): string[] {
  const more = slips.length - NAMED;
  return [
    ...slips.slice(0, NAMED),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'row' : 'rows'} that cannot be used`] : []),
  ];
}

/** @returns why not, for people, where the row cannot be used */
function readRow(cells: readonly string[], columns: Columns, line: number): MeasuredGemm | string {
  const sizes: Record<'m' | 'n' | 'k' | 'count', number> = { m: 0, n: 0, k: 0, count: 1 };
  for (const key of ['m', 'n', 'k', 'count'] as const) {
    const at = columns[key];
    const text = at === undefined ? '' : (cells[at] ?? '');
    if (key === 'count' && text === '') continue;
    const size = numberOf(text);
    if (size === undefined) return notANumber(key, text);
    if (!Number.isInteger(size) || size < 1 || size > LARGEST)
      return `${key} is ${text}, it must be a whole number from 1 to ${LARGEST}`;
    sizes[key] = size;
  }
  const { name, at, unit } = columns.measure;
  const text = cells[at] ?? '';
  const percent = unit === 'share' && text.endsWith('%');
  const value = numberOf(percent ? text.slice(0, -1).trim() : text);
  if (value === undefined) return notANumber(name, text);
  if (value <= 0) return `${name} is ${text}, it must be more than 0`;
  const achieved = achievedIn(unit, percent ? value / 100 : value, sizes);
  if (!Number.isFinite(Object.values(achieved)[0])) return `${name} is ${text}, which no chip reaches`;
  const row: MeasuredGemm = { line, ...sizes, achieved };
  const written = columns.precision === undefined ? '' : (cells[columns.precision] ?? '');
  if (written === '') return row;
  const precision = precisionNamed(written);
  return precision ? { ...row, precision } : `the precision '${short(written)}' is not known`;
}

const notANumber = (name: string, text: string): string =>
  text === '' ? `${name} is missing` : `${name} is '${short(text)}', which is not a number`;

const short = (text: string): string => (text.length > 30 ? `${text.slice(0, 30)}…` : text);

function achievedIn(
  unit: Measure,
  value: number,
  { m, n, k, count }: Record<'m' | 'n' | 'k' | 'count', number>,
): MeasuredGemm['achieved'] {
  if (unit === 'share') return { share: value };
  if ('rate' in unit) return { rate: value * unit.rate };
  return { rate: (2 * m * n * k * count) / (value * unit.seconds) };
}
