/** Shapes close to the one that was written. */
import { divisors } from '../../lower/mesh.ts';
import { product } from '../../lower/topology.ts';

/** Beyond so many shapes none is offered: the count is far from anything that was written. */
const MOST_SHAPES = 200_000;

/** The shape of as many dimensions whose sizes multiply to `count` and differ least, by ratio; undefined where there are too many. */
export function nearestShape(dims: readonly number[], count: number): number[] | undefined {
  const choices = divisors(count);
  if (dims.length === 0 || choices.length ** (dims.length - 1) > MOST_SHAPES) return undefined;
  let best: { shape: number[]; distance: number } | undefined;
  const extend = (shape: number[], left: number): void => {
    if (shape.length === dims.length - 1) {
      const whole = [...shape, left];
      const distance = distanceOf(whole, dims);
      if (!best || distance < best.distance - 1e-12) best = { shape: whole, distance };
      return;
    }
    for (const size of choices) if (left % size === 0) extend([...shape, size], left / size);
  };
  extend([], count);
  return best?.shape;
}

/** Whether a shape can be twisted: K x K x 2K or K x 2K x 2K in any sequence, K at least 4. */
export function isTwistable(dims: readonly number[]): boolean {
  const short = Math.min(...dims);
  const long = 2 * short;
  return (
    dims.length === 3 &&
    short >= 4 &&
    dims.every(size => size === short || size === long) &&
    dims.includes(long)
  );
}

/** The twistable shape that is closest, with as many chips if there is one. */
export function nearestTwistable(dims: readonly number[]): number[] {
  const chips = product(dims);
  const around = Math.max(4, Math.round(Math.cbrt(chips)));
  const sizes = [...Array(2 * around).keys()].map(i => i + 4);
  const shapes = (around > 4096 ? [around] : sizes).flatMap(k =>
    [
      [k, k, 2 * k],
      [k, 2 * k, k],
      [2 * k, k, k],
      [k, 2 * k, 2 * k],
      [2 * k, k, 2 * k],
      [2 * k, 2 * k, k],
    ].map(shape => ({ shape, distance: distanceOf(shape, three(dims)) })),
  );
  const alike = shapes.filter(({ shape }) => product(shape) === chips);
  const pool = alike.length > 0 ? alike : shapes;
  return pool.reduce((a, b) => (b.distance < a.distance - 1e-12 ? b : a)).shape;
}

const three = (dims: readonly number[]): number[] => [dims[0] ?? 4, dims[1] ?? 4, dims[2] ?? 4];

const distanceOf = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, size, i) => sum + Math.abs(Math.log(size / b[i]!)), 0);
