/**
 * The log of mamf-finder.py, a line for every shape that it tried:
 * https://github.com/stas00/ml-engineering/tree/master/compute/accelerator/benchmarks. Of mean, median and best TFLOP/s the mean
 * counts: many products take as long as their mean. A shape may be there more than once.
 */
import type { MeasuredGemm } from '../../language/lower/gemm-table.ts';
import { precisionNamed } from './precision.ts';

/** Benchmark version 2: `    79 |  601.2(mean)  610.8(median)  640.3(max) @ 19200x4096x4096 | best: …`. */
const SECOND = /^\s*\d+ \|\s*([\d.]+)\(mean\)\s+[\d.]+\(median\)\s+[\d.]+\(max\) @ (\d+)x(\d+)x(\d+)\b/;
/** Versions 3 and 4, below `#  MxNxK  mean  median  max  best`. */
const THIRD = /^\s*\d+\s+(\d+)x(\d+)x(\d+)\s+([\d.]+)\s+[\d.]+\s+[\d.]+\s+[\d.]+(?:\s|$)/;
const DTYPE = /^\*\* Dtype: (\S+)/;

/** Lines that are looked at; no line of the log is longer than this. */
const LONGEST = 300;

export const isFinderLog = (lines: readonly string[]): boolean => lines.some(line => shapeOf(line));

export function finderRows(lines: readonly string[]): MeasuredGemm[] {
  const rows: MeasuredGemm[] = [];
  let precision: MeasuredGemm['precision'];
  lines.forEach((line, index) => {
    const dtype = DTYPE.exec(line)?.[1];
    if (dtype) precision = precisionNamed(dtype);
    const shape = shapeOf(line);
    if (!shape) return;
    const { m, n, k, rate } = shape;
    rows.push({ line: index + 1, m, n, k, count: 1, ...(precision && { precision }), achieved: { rate } });
  });
  return rows;
}

function shapeOf(line: string): { m: number; n: number; k: number; rate: number } | undefined {
  if (line.length > LONGEST || !line.includes('x')) return undefined;
  const second = SECOND.exec(line);
  const third = second ? null : THIRD.exec(line);
  const [tflops, ...sizes] = second
    ? [second[1], second[2], second[3], second[4]].map(Number)
    : third
      ? [third[4], third[1], third[2], third[3]].map(Number)
      : [];
  const [m, n, k] = sizes;
  if (!m || !n || !k || !tflops || Math.max(m, n, k) > 1e9 || !Number.isFinite(tflops)) return undefined;
  return { m, n, k, rate: tflops * 1e12 };
}
