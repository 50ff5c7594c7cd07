/** Statistics that a few bad rows do not move, and a search along one number. */

export const median = (values: readonly number[]): number =>
  weightedMedian(values.map(value => ({ value, weight: 1 })));

/** Half of the weight lies on either side; the mean of two where it is split exactly. @param values at least one */
export function weightedMedian(values: readonly { value: number; weight: number }[]): number {
  const sorted = [...values].sort((a, b) => a.value - b.value);
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  let passed = 0;
  for (const [index, { value, weight }] of sorted.entries()) {
    passed += weight;
    if (Math.abs(passed - half) < 1e-9 * half) return (value + (sorted[index + 1]?.value ?? value)) / 2;
    if (passed > half) return value;
  }
  return sorted.at(-1)!.value;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * Where `cost` is least: the best of `grid` (ascending) or `first`, then refined between its neighbours by golden section.
 * `first` stays unless something is better.
 */
export function leastOf(grid: readonly number[], cost: (x: number) => number, first: number): number {
  let best = { x: first, cost: cost(first) };
  const look = (x: number): number => {
    const found = cost(x);
    if (found < best.cost) best = { x, cost: found };
    return found;
  };
  for (const x of grid) look(x);
  const at = grid.findIndex(x => x >= best.x);
  let low = Math.log(grid[Math.max(0, at - 1)]!);
  let high = Math.log(grid[at < 0 ? grid.length - 1 : Math.min(grid.length - 1, at + 1)]!);
  for (let round = 0; round < 14; round++) {
    const left = high - GOLDEN * (high - low);
    const right = low + GOLDEN * (high - low);
    if (look(Math.exp(left)) < look(Math.exp(right))) high = right;
    else low = left;
  }
  return best.x;
}
