/**
 * Maximises c x under A x <= b and x >= 0, with b >= 0: the tableau method, largest coefficient first. Right-hand sides are
 * shifted by up to 2e-8 of the largest, each by another amount, so that no step stands still and the method ends.
 *
 * @returns the value of the maximum, good to about 1e-6.
 */
export function maximum(
  c: readonly number[],
  rows: readonly { a: ReadonlyMap<number, number>; b: number }[],
): number {
  const columns = c.length + rows.length + 1;
  const right = columns - 1;
  const largest = Math.max(...rows.map(({ b }) => b));
  const table = rows.map(({ a, b }, at) => {
    const row = new Float64Array(columns);
    for (const [column, value] of a) row[column] = value;
    row[c.length + at] = 1;
    row[right] = b + largest * 1e-8 * (1 + ((at * 7919) % 1009) / 1009);
    return row;
  });
  const goal = new Float64Array(columns);
  c.forEach((value, column) => {
    goal[column] = -value;
  });
  for (let step = 0; step < 100_000; step++) {
    let enter = 0;
    for (let column = 1; column < right; column++) if (goal[column]! < goal[enter]!) enter = column;
    if (goal[enter]! > -1e-10) return goal[right]!;
    let leave: Float64Array | undefined;
    for (const row of table)
      if (row[enter]! > 1e-9 && (!leave || row[right]! / row[enter]! < leave[right]! / leave[enter]!))
        leave = row;
    if (!leave) throw new Error('no limit');
    const pivot = leave[enter]!;
    const used: number[] = [];
    for (let column = 0; column < columns; column++) {
      if (leave[column] === 0) continue;
      leave[column]! /= pivot;
      used.push(column);
    }
    for (const row of [...table, goal]) {
      const factor = row[enter]!;
      if (row === leave || factor === 0) continue;
      for (const column of used) row[column]! -= factor * leave[column]!;
      row[enter] = 0;
    }
  }
  throw new Error('the simplex method does not end');
}
