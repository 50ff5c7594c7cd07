/** What the levels of a fabric cost to buy, where the file states it. */
import type { FabricSpec } from '../fabric/spec.ts';

/**
 * Usd of all units of each level, innermost first, spares included: the stated price of a unit times their number, or the
 * price per bandwidth times the line rate, one direction, of all chips into the level.
 * @returns undefined for a level without a price
 */
export function levelPrices({ levels }: FabricSpec): (number | undefined)[] {
  const chips = levels.reduce((product, { count }) => product * count, 1);
  let chipsPerUnit = 1;
  return levels.map(({ count, price, bandwidth }) => {
    chipsPerUnit *= count;
    if (!price) return undefined;
    return 'perUnit' in price
      ? (price.perUnit * chips) / chipsPerUnit
      : price.perBandwidth * bandwidth * chips;
  });
}
