/** Which column of a table holds what. */

/** What a measured number counts: seconds of the launch, FLOP/s of it (times these), or a share of the peak. */
export type Measure = { seconds: number } | { rate: number } | 'share';

export interface Columns {
  m: number;
  n: number;
  k: number;
  count?: number;
  precision?: number;
  /** `name` as the file writes it. */
  measure: { name: string; at: number; unit: Measure };
}

/** Letters and digits of a heading, in small letters: `Time (us)` is `timeus`, `rocblas-Gflops` is `rocblasgflops`. */
const plain = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[µμ]/g, 'u')
    .replace(/[^a-z0-9]/g, '');

/** The first kind that a file has counts: a time is what was measured, the others were computed from it. */
const MEASURES: readonly (readonly [RegExp, Measure])[] = [
  [/^(time|latency|duration|mean|median|avg)?(s|sec|secs|seconds)$/, { seconds: 1 }],
  [/^(time|latency|duration|mean|median|avg)?(ms|msec|milliseconds)$/, { seconds: 1e-3 }],
  [/^(time|latency|duration|mean|median|avg)?(us|usec|microseconds)$/, { seconds: 1e-6 }],
  [/^[a-z]*tflops?s?$/, { rate: 1e12 }],
  [/^[a-z]*gflops?s?$/, { rate: 1e9 }],
  [/^share(ofpeak)?$/, 'share'],
];

const COUNT = /^(count|batch|batchcount|groups)$/;
/** `a_type` of the ROCm benchmarks: what the product reads. */
const PRECISION = [/^(precision|dtype|datatype)$/, /^atype$/];

/** @returns undefined for what is no header */
export function columnsOf(cells: readonly string[]): Columns | undefined {
  const { m, n, k, measure, headings } = found(cells);
  if (m < 0 || n < 0 || k < 0 || !measure) return undefined;
  const count = headings.findIndex(each => COUNT.test(each));
  const precision = PRECISION.map(like => headings.findIndex(each => like.test(each))).find(at => at >= 0);
  return { m, n, k, measure, ...(count >= 0 && { count }), ...(precision !== undefined && { precision }) };
}

/** What a line lacks that should have been the header, for people. */
export function lacking(cells: readonly string[]): string {
  const { m, n, k, measure } = found(cells);
  const sizes = Object.entries({ m, n, k }).filter(([, at]) => at < 0);
  if (sizes.length === 3) return 'this is no header';
  const missing = sizes.map(([name]) => `'${name}'`);
  if (!measure) missing.push("what was measured ('tflops', 'us', 'ms', 'seconds' or 'share')");
  return `the header has no column for ${missing.join(', ')}`;
}

function found(cells: readonly string[]) {
  // hipblaslt-bench numbers its solutions: `[0]:transA,transB,…`.
  const headings = cells.map(cell => plain(cell.replace(/^\[\d+\]:/, '')));
  const at = (name: string): number => headings.indexOf(name);
  for (const [like, unit] of MEASURES) {
    const index = headings.findIndex(each => like.test(each));
    if (index >= 0)
      return {
        m: at('m'),
        n: at('n'),
        k: at('k'),
        headings,
        measure: { name: cells[index]!, at: index, unit },
      };
  }
  return { m: at('m'), n: at('n'), k: at('k'), headings, measure: undefined };
}
