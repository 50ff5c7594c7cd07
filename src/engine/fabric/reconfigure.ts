/** When new circuits of an optical switch pay for the time that it takes to set them. SI units. */

/**
 * Bytes that a link must be spared before the time of setting circuits is back: what it would have carried meanwhile. 10 ms at
 * 50 GB/s are 500 MB.
 * @param reconfigure seconds until the new circuits carry traffic
 * @param rate of the link, bytes/s
 */
export const savedBytesToPayBack = (reconfigure: number, rate: number): number => reconfigure * rate;

/**
 * The least whole number of steps I with I x (before - after) > reconfigure.
 * @param before seconds of a step on the circuits as they are
 * @param after seconds of a step on the new ones
 * @returns undefined where the new circuits are no faster, so that it never pays
 */
export function stepsToPayBack(reconfigure: number, before: number, after: number): number | undefined {
  const saved = before - after;
  if (!(saved > 0)) return undefined;
  return Math.floor(reconfigure / saved) + 1;
}
