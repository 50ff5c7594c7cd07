/**
 * What parallel uplinks of a tree lose by the way flows are spread over them.
 *
 * Static hashing (ECMP) throws F equal flows onto P links; the fullest one holds about 1 + sqrt(2 ln P / (F / P)) times the mean,
 * and never more than all of them (balls into bins, Raab and Steger 1998: simulated 2.6, 1.8, 1.5, 1.26 for P = 8 and 1, 4, 8, 32
 * flows per link; the closed form is on the safe side). Packets sprayed over all links, or routed by load, lose about 5 %: recalled
 * from operators' reports, unverified.
 */
import type { Cut } from './network.ts';

/** Recalled, unverified. */
export const SPRAYED = 1.05;

/** @returns busiest of the parallel links over their mean, at least 1 */
export function unevenness({ ports, routing }: Pick<Cut, 'ports' | 'routing'>, flows: number): number {
  if (!routing || ports === undefined || ports < 2) return 1;
  if (routing === 'adaptive' || routing === 'valiant') return SPRAYED;
  if (routing !== 'ecmp' || flows < 1) return 1;
  return Math.min(ports, 1 + Math.sqrt((2 * Math.log(ports)) / (flows / ports)));
}
