/** Names and coordinates of grids. */
import type { Coordinate } from './wiring.ts';

const NAMES: readonly string[] = ['x', 'y', 'z', 'w', 'v', 'u'];

/** Name of a dimension as `on pod.x` says it. */
export function axisName(index: number): string {
  return NAMES[index] ?? `d${index + 1}`;
}

/** Name of a dimension's links: a single one is a ring or a line. */
export function gridLinkName(index: number, dimensions: number, wrap: boolean): string {
  if (dimensions === 1) return wrap ? 'ring link' : 'line link';
  return `${axisName(index)} link`;
}

/** Coordinates of a grid whose first dimension varies fastest; cube by cube where there are cubes. */
export function gridCoordinates(
  dimensions: readonly { size: number; cube?: { size: number } }[],
): Coordinate[] {
  const found: Coordinate[] = dimensions.map(({ size }, at) => ({ name: axisName(at), size, digits: [] }));
  let stride = 1;
  const add = (at: number, size: number, step: number): void => {
    found[at] = { ...found[at]!, digits: [...found[at]!.digits, { stride, size, step }] };
    stride *= size;
  };
  for (const [at, { size, cube }] of dimensions.entries()) add(at, cube?.size ?? size, 1);
  for (const [at, { size, cube }] of dimensions.entries()) if (cube) add(at, size / cube.size, cube.size);
  return found;
}
