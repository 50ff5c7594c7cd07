/** What a level takes from its chips' generation where neither it nor the chip states it. */
import type { ChipSpec, Tier } from '../spec.ts';
import { NETWORKS, RATES } from './rates.ts';

/** Share of the line rate that rings reach; undefined where nothing says. */
export function achievedShare({ efficiency, generation }: ChipSpec, tier: Tier): number | undefined {
  const stated = tier === 'scale_up' ? efficiency.scaleUp : efficiency.scaleOut;
  if (stated !== undefined || !generation) return stated;
  return tier === 'scale_up' ? RATES[generation].scaleUp : NETWORKS.ib.share;
}

/** Seconds of one step. */
export function defaultHop({ generation }: ChipSpec, tier: Tier): number | undefined {
  if (!generation) return undefined;
  return tier === 'scale_up' ? RATES[generation].hop : NETWORKS.ib.latency;
}
