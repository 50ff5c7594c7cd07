/** Keys `media`, `lane`, `length`, `reach`, `energy` and `price` of a level to engine input. */
import { defaultLane, type Medium, mediumOf } from '../../engine/fabric/media.ts';
import type { CableSpec, LevelSpec, Tier } from '../../engine/fabric/spec.ts';
import { DIMENSION_OF } from '../../engine/units/dimension.ts';
import { evaluateNumber } from '../values/evaluate.ts';
import type { Env } from '../values/value.ts';
import type { Entries } from './properties.ts';
import { numberAt, wordAt } from './properties.ts';

/** Bits of a byte: the language reads `100Gb/s` as bytes per second and `18pJ/bit` as joules per byte. */
const BITS = 8;

/** What the links are made of; nothing is assumed of a level that names no medium. An own `reach` or `energy` wins. */
export function lowerMedia(entries: Entries, tier: Tier): Pick<LevelSpec, 'lane' | 'length' | 'cables'> {
  const stated = numberAt(entries, 'lane');
  const lane = stated === undefined ? defaultLane(tier, portOf(entries)) : stated * BITS;
  const length = numberAt(entries, 'length');
  const media = wordAt(entries, 'media');
  const local = cable(wordAt(entries, 'media.local') ?? media, lane, entries);
  const global = cable(wordAt(entries, 'media.global') ?? media, lane, entries);
  return {
    lane,
    ...(length !== undefined && { length }),
    ...((local || global) && { cables: { ...(local && { local }), ...(global && { global }) } }),
  };
}

/** Rate of one port, bytes/s: what `uplink` gives is shared by a whole child and tells nothing about lanes. */
function portOf(entries: Entries): number | undefined {
  const both = numberAt(entries, 'bidirectional');
  return (
    numberAt(entries, 'link') ?? numberAt(entries, 'bandwidth') ?? (both === undefined ? both : both / 2)
  );
}

function cable(word: string | undefined, lane: number, entries: Entries): CableSpec | undefined {
  const medium = word as Medium | undefined;
  const facts = medium && mediumOf(medium, lane);
  const energy = numberAt(entries, 'energy');
  const reach = numberAt(entries, 'reach') ?? facts?.reach.value;
  const energyPerBit = energy === undefined ? facts?.energy.value : energy / BITS;
  if (reach === undefined && energyPerBit === undefined) return undefined;
  return {
    ...(medium && { medium }),
    ...(reach !== undefined && { reach }),
    ...(energyPerBit !== undefined && { energyPerBit }),
    energyFrom: energy === undefined ? (facts?.energy.confidence ?? 'unverified') : 'stated',
  };
}

/** Of one unit (`2000usd`), or by line rate (`1usd/Gbps`): the unit of the value tells which. */
export function lowerPrice(entries: Entries, env: Env): LevelSpec['price'] {
  const price = numberAt(entries, 'price');
  const value = entries.get('price')?.property.value;
  if (price === undefined || !value) return undefined;
  const perUnit = evaluateNumber(value, env)?.dimension === DIMENSION_OF.price;
  return perUnit ? { perUnit: price } : { perBandwidth: price };
}
