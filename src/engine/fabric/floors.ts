/**
 * Least time of any collective on a level whose file states none: launching kernels and posting messages, which no link
 * shortens. Public measurements of 8-byte all-reduces: 12.5-13 us on 8 Hopper GPUs of one node (DeepEP issue 303,
 * aws-k8s-tester pull request 503), 46-48 us on two nodes (NCCL issue 1244), an up and a down way of about 23 us each; 1 us a hop
 * on TPUs (JAX scaling book). Virtual machines take two to three times as long.
 */
import { RATES } from './nccl/rates.ts';
import type { ChipSpec, Tier } from './spec.ts';

const FLOORS: Readonly<Record<ChipSpec['kind'], Readonly<Record<Tier, number>>>> = {
  gpu: { scale_up: 12.5e-6, scale_out: 23e-6 },
  tpu: { scale_up: 1e-6, scale_out: 23e-6 },
};

/** @returns seconds; on scale-up links of chips whose library is known, what it takes before its first step. */
export function defaultFloor(
  { kind, generation }: Pick<ChipSpec, 'kind' | 'generation'>,
  tier: Tier,
): number {
  return generation && tier === 'scale_up' ? RATES[generation].launch : FLOORS[kind][tier];
}
