/** `efficiency.gemm: table("gemm.csv")` of a chip: the file, read as shares of the chip's peak. */
import { peakOf } from '../../engine/estimate/kernels.ts';
import {
  type ChipSpec,
  type GemmShape,
  type GemmTable,
  PRECISION_BYTES,
  type Precision,
} from '../../engine/fabric/spec.ts';
import { formatShare } from '../../engine/units/index.ts';
import { rangeOf } from '../analysis/source.ts';
import type { FileContent } from '../files.ts';
import { isChoice } from '../values/read.ts';
import type { Env } from '../values/value.ts';
import { whyUnread } from './foreign.ts';
import type { Entries } from './properties.ts';

/** `count` products of (m x k) by (k x n) in one launch. */
export interface MeasuredGemm {
  /** Of the file, from 1. */
  line: number;
  m: number;
  n: number;
  k: number;
  count: number;
  /** Where the file says it. */
  precision?: Precision;
  /** FLOP/s of the whole launch, or a share of the peak. */
  achieved: { rate: number } | { share: number };
}

/** What reading a table gives; `readGemmTable` of src/interop. */
export interface GemmTableFile {
  rows: readonly MeasuredGemm[];
  problems: readonly { severity: 'error' | 'warning'; message: string }[];
}

/** The text of a mentioned file as far as it has been read, and a reader for it. */
export interface GemmTables {
  file(path: string): FileContent | undefined;
  /** The same object for the same text, so that shares are kept with it. */
  importGemmTable(text: string): GemmTableFile;
}

export type TableKey = 'efficiency.gemm' | 'efficiency.gemm8';

/** Bytes of an element, and what the precision is where a row does not say. */
const WIDTHS: Readonly<Record<TableKey, { bytes: number; usual: Precision; words: string }>> = {
  'efficiency.gemm': { bytes: 2, usual: 'bf16', words: '16-bit' },
  'efficiency.gemm8': { bytes: 1, usual: 'fp8', words: '8-bit' },
};

/** Chips clock a little higher than their data sheets say; what is beyond that is a wrong unit or a wrong peak. */
const ABOVE_PEAK = 1.05;
/** Below this nothing was multiplied: the unit is wrong. */
const BELOW_ALL = 1e-6;
/** Rows that are named when many are left out alike. */
const NAMED = 3;

/** @returns undefined after a finding, and where the key states no table */
export function gemmTableOf(
  entries: Entries,
  key: TableKey,
  peak: ChipSpec['peak'],
  tables: GemmTables,
  env: Env,
): GemmTable | undefined {
  const entry = entries.get(key);
  if (!entry || !isChoice(entry.value)) return undefined;
  const path = entry.value.args.file as string;
  const range = rangeOf(entry.property.value ?? entry.property);
  const say = (message: string, severity: 'error' | 'warning' = 'error'): undefined => {
    env.findings.add('chip-table', range, message, { severity });
    return undefined;
  };
  const content = tables.file(path);
  if (content?.text === undefined) return say(whyUnread(path, content));
  const file = tables.importGemmTable(content.text);
  for (const { severity, message } of file.problems) say(`${path}: ${message}.`, severity);
  if (file.rows.length === 0) return undefined;
  const { table, problems } = sharesOf(file, path, key, peak);
  for (const message of problems) say(`${path}: ${message}.`, table ? 'warning' : 'error');
  return table;
}

interface Shares {
  /** Undefined where no row can be used. */
  table?: GemmTable;
  problems: string[];
}

const known = new WeakMap<GemmTableFile, Map<string, Shares>>();

/** Once for a file and what the chip says of its peaks, not once per keystroke; so a table is one object while nothing changes. */
function sharesOf(file: GemmTableFile, path: string, key: TableKey, peak: ChipSpec['peak']): Shares {
  let ofFile = known.get(file);
  if (!ofFile || ofFile.size > 20) {
    ofFile = new Map();
    known.set(file, ofFile);
  }
  const id = JSON.stringify([path, key, peak]);
  let shares = ofFile.get(id);
  if (!shares) {
    shares = readShares(file, path, key, peak);
    ofFile.set(id, shares);
  }
  return shares;
}

function readShares(file: GemmTableFile, path: string, key: TableKey, peaks: ChipSpec['peak']): Shares {
  const { bytes, usual, words } = WIDTHS[key];
  const chip = { peak: peaks };
  // As the kernels do: what the chip lacks a unit for runs at its 16-bit peak.
  const eight = bytes === 1 ? peakOf(chip, 'int8') : undefined;
  const usualPeak = peakOf(chip, usual) ?? eight ?? peakOf(chip, 'bf16') ?? Math.max(...Object.values(peaks));
  const shares = new Map<string, { shape: Omit<GemmShape, 'share'>; measured: number[] }>();
  const beyond: string[] = [];
  const other = new Set<Precision>();
  for (const { line, m, n, k, count, precision, achieved } of file.rows) {
    if (precision && PRECISION_BYTES[precision] !== bytes) {
      other.add(precision);
      continue;
    }
    const peak = (precision && peakOf(chip, precision)) ?? usualPeak;
    const share = 'share' in achieved ? achieved.share : achieved.rate / peak;
    if (!(share >= BELOW_ALL && share <= ABOVE_PEAK)) {
      beyond.push(`line ${line}: ${m} x ${n} x ${k} at ${sayShare(share)} of the peak`);
      continue;
    }
    const id = `${m} ${n} ${k} ${count}`;
    const shape = shares.get(id);
    if (shape) shape.measured.push(share);
    else shares.set(id, { shape: { m, n, k, count }, measured: [share] });
  }
  const problems = beyond
    .slice(0, NAMED)
    .map(each => `${each} cannot be: its unit or the stated peak is wrong`);
  if (beyond.length > NAMED) problems.push(`${beyond.length - NAMED} more rows that cannot be, too`);
  if (shares.size > 0) {
    const shapes = [...shares.values()].map(({ shape, measured }) => ({ ...shape, share: median(measured) }));
    return { table: identified({ file: path, shapes }), problems };
  }
  if (beyond.length === 0)
    problems.push(`no ${words} product among its rows, they are ${[...other].join(', ')}`);
  return { problems };
}

const sayShare = (share: number): string =>
  share > 100
    ? `${Number(share.toPrecision(2))} times`
    : share < 1e-4
      ? share.toExponential(1)
      : formatShare(share);

/** Of a shape that was measured several times. */
function median(values: number[]): number {
  values.sort((a, b) => a - b);
  const middle = values.length >> 1;
  return values.length % 2 === 1 ? values[middle]! : (values[middle - 1]! + values[middle]!) / 2;
}

let tables = 0;

/**
 * In JSON a number of its own stands for the shapes: specifications are told apart by their JSON at every keystroke, and a table has
 * thousands of rows. A copy has the shapes themselves.
 */
function identified(table: GemmTable): GemmTable {
  tables += 1;
  const id = { file: table.file, table: tables };
  return Object.defineProperty(table, 'toJSON', { value: () => id });
}
