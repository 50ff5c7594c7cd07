/** Least absolute errors by reweighted least squares, in the logarithms of the parameters, each held by a spring to its prior. */

export interface Parameter {
  name: string;
  prior: number;
  /** Standard deviation of its logarithm that is thought possible before any row is looked at. */
  give: number;
  /** Largest value that means anything. */
  most?: number;
  read(): number;
  write(value: number): void;
}

export interface Problem {
  parameters: readonly Parameter[];
  weights: readonly number[];
  /** log(predicted / measured) by row, with the parameters as they are. */
  errors(): number[];
}

export interface Point {
  /** Logarithms of the parameters. */
  at: number[];
  /** Derivatives of the errors, row by row. */
  jacobian: number[][];
  residuals: number[];
}

/** Errors below this count by their square: a row is no truer than its measurement repeats. */
const NOISE = 0.02;
/** What one row is allowed to be off before a parameter leaves its prior by its `give`. */
const UNIT = 0.03;
const STEP = 0.01;
const ROUNDS = 8;

/** The linear form of a problem at the parameters as they are. */
export function here(problem: Problem): Point {
  const { parameters } = problem;
  const at = parameters.map(({ read }) => Math.log(read()));
  return linearise(problem, at, writerOf(parameters));
}

const writerOf =
  (parameters: readonly Parameter[]) =>
  (values: readonly number[]): void => {
    parameters.forEach((parameter, which) => {
      parameter.write(Math.min(parameter.most ?? Number.POSITIVE_INFINITY, Math.exp(values[which]!)));
    });
  };

export function minimise(problem: Problem): Point {
  const { parameters } = problem;
  let at = parameters.map(({ read }) => Math.log(read()));
  const write = writerOf(parameters);
  const costOf = (values: readonly number[]): number => {
    write(values);
    const errors = problem.errors();
    return (
      errors.reduce((sum, error, row) => sum + problem.weights[row]! * huber(error), 0) +
      values.reduce((sum, value, which) => sum + spring(parameters[which]!, value), 0)
    );
  };
  let cost = costOf(at);
  for (let round = 0; round < ROUNDS; round++) {
    const point = linearise(problem, at, write);
    const moved = solve(problem, point, problem.weights);
    let size = 1;
    let better = false;
    for (; size > 0.05; size /= 2) {
      const next = at.map((value, which) => value + size * moved[which]!);
      const now = costOf(next);
      if (now < cost - 1e-7) {
        better = cost - now > 1e-3;
        cost = now;
        at = next;
        break;
      }
    }
    if (!better) break;
  }
  write(at);
  at = parameters.map(({ read }) => Math.log(read()));
  return linearise(problem, at, write);
}

const huber = (error: number): number =>
  (Math.abs(error) < NOISE ? error ** 2 / (2 * NOISE) : Math.abs(error) - NOISE / 2) / UNIT;
const spring = ({ prior, give }: Parameter, value: number): number =>
  ((value - Math.log(prior)) / give) ** 2 / 2;

function linearise(
  problem: Problem,
  at: readonly number[],
  write: (values: readonly number[]) => void,
): Point {
  write(at);
  const residuals = problem.errors();
  const columns = at.map((_, which) => {
    write(at.map((value, other) => (other === which ? value + STEP : value)));
    return problem.errors().map((error, row) => (error - residuals[row]!) / STEP);
  });
  write(at);
  return { at: [...at], residuals, jacobian: residuals.map((_, row) => columns.map(column => column[row]!)) };
}

/** The step from a point to the best place of its linear form, for rows that count by `weights`. */
export function solve({ parameters }: Problem, point: Point, weights: readonly number[]): number[] {
  const n = parameters.length;
  let step = new Array<number>(n).fill(0);
  for (let round = 0; round < 12; round++) {
    const matrix = Array.from({ length: n }, () => new Array<number>(n).fill(0));
    const right = new Array<number>(n).fill(0);
    point.jacobian.forEach((slopes, row) => {
      if (weights[row] === 0) return;
      const error = slopes.reduce((sum, slope, which) => sum + slope * step[which]!, point.residuals[row]!);
      const weight = weights[row]! / Math.max(Math.abs(error), NOISE) / UNIT;
      for (let a = 0; a < n; a++) {
        right[a]! -= weight * slopes[a]! * point.residuals[row]!;
        for (let b = 0; b < n; b++) matrix[a]![b]! += weight * slopes[a]! * slopes[b]!;
      }
    });
    parameters.forEach(({ prior, give }, which) => {
      matrix[which]![which]! += 1 / give ** 2;
      right[which]! -= (point.at[which]! - Math.log(prior)) / give ** 2;
    });
    step = eliminate(matrix, right);
  }
  return step;
}

/** Gauss with pivots; the matrix is positive definite. */
function eliminate(matrix: number[][], right: number[]): number[] {
  const n = right.length;
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = column + 1; row < n; row++) {
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let k = column; k <= n; k++) rows[row]![k]! -= factor * rows[column]![k]!;
    }
  }
  const solution = new Array<number>(n).fill(0);
  for (let row = n - 1; row >= 0; row--) {
    let sum = rows[row]![n]!;
    for (let k = row + 1; k < n; k++) sum -= rows[row]![k]! * solution[k]!;
    solution[row] = sum / rows[row]![row]!;
  }
  return solution;
}
