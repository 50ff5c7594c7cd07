/** Comparison of numbers that may carry the rounding of a long computation. */

export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** Relative difference below which two results count as equal: far above rounding, far below what anyone writes. */
const EQUAL = 1e-9;

export function compare(op: Comparison, left: number, right: number): boolean {
  const equal = left === right || Math.abs(left - right) <= EQUAL * Math.max(Math.abs(left), Math.abs(right));
  switch (op) {
    case '==':
      return equal;
    case '!=':
      return !equal;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left < right || equal;
    case '>=':
      return left > right || equal;
  }
}

export const isComparison = (op: string): op is Comparison => ['<', '<=', '>', '>=', '==', '!='].includes(op);
