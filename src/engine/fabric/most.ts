/** Largest of many numbers, 0 of none: a spread of a hundred thousand arguments overflows the stack. */
export function most(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  return largest;
}
