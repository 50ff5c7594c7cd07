/** Times of a warm function, and how they are told. */

export interface Result {
  name: string;
  value: number;
  unit: 'ms' | 'kB';
  budget?: number;
  /** The same on something smaller, and how many times as much this is. */
  baseline?: number;
  ratio?: number;
}

/** Milliseconds: the median of `rounds` after `warm` rounds that do not count. */
export async function median(run: (round: number) => unknown, rounds = 50, warm = 20): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < warm + rounds; round++) {
    const start = performance.now();
    await run(round);
    if (round >= warm) times.push(performance.now() - start);
  }
  return middle(times);
}

export function middle(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export function textOf(results: readonly Result[]): string {
  const rows = results.map(({ name, value, unit, budget, ratio }) => [
    name,
    `${figure(value)} ${unit}`,
    budget === undefined ? '' : `of ${figure(budget)} ${unit}`,
    budget !== undefined && value > budget ? 'OVER' : '',
    ratio === undefined ? '' : `${figure(ratio)} x the smaller one`,
  ]);
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!);
  return rows.map(row => `${row.map(cell).join('  ').trimEnd()}\n`).join('');
}

const figure = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));
