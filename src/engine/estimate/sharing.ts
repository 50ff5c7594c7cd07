/**
 * Collectives of different axes that run at the same time share links. A collective leaves a link idle for part of its time
 * (`load` in its price); two that run at once fit as long as their loads on every class of links sum up to 1. Beyond that both
 * take longer, in equal measure, until their bytes are through: by `excess` seconds for every second of both.
 */
import type { CollectivePrice, LinkUse } from './result.ts';

/**
 * Seconds that two collectives lose per second in which both run: what their loads exceed 1 by on the class of links that
 * they fill most together; 0 where they use different links or have room on the same. At most 1: one after the other.
 */
export function excess(one: readonly LinkUse[], other: readonly LinkUse[]): number {
  let most = 0;
  for (const a of one)
    for (const b of other) {
      if (a.link !== b.link || a.level !== b.level) continue;
      const over = a.load + b.load - 1;
      if (over > most) most = over;
    }
  return Math.min(1, most);
}

/** A collective of another axis, and the share of the time in which it runs. */
export interface Companion {
  price: CollectivePrice;
  share: number;
}

/**
 * Seconds lost per second of a collective that runs beside others. Whoever is delayed, the step loses them once: the pass that
 * the collective runs under gets longer, and so does what it may hide under.
 */
export function contention(price: CollectivePrice, companions: readonly Companion[]): number {
  let lost = 0;
  for (const { price: other, share } of companions) lost += share * excess(price.links, other.links);
  return Math.min(1, lost);
}
