/**
 * Which tori can be twisted, and how: K x K x 2K, where closing a short dimension shifts the long one by K, and K x 2K x 2K,
 * where closing the short one shifts both long ones by K. Slices of TPU v4 come so from K = 4 up (Jouppi et al., "TPU v4",
 * arXiv 2304.01433; the shift on both long dimensions is what makes the second shape gain).
 */

const LEAST_SIDE = 4;

export function twistable(sizes: readonly number[]): boolean {
  const short = Math.min(...sizes);
  return (
    sizes.length === 3 &&
    short >= LEAST_SIDE &&
    sizes.every(size => size === short || size === 2 * short) &&
    sizes.some(size => size === short) &&
    sizes.some(size => size === 2 * short)
  );
}

/** By dimension that closes: what its closing adds to the position along each dimension. */
export function twistShifts(sizes: readonly number[]): number[][] {
  const short = Math.min(...sizes);
  return sizes.map(closing => sizes.map(other => (closing === short && other === 2 * short ? short : 0)));
}
