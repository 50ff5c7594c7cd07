/**
 * What collectives reach over links that a compiler schedules: TPUs' ICI, and accelerators with no public size curve. The
 * counterpart of `nccl/rates.ts`, with two constants instead of a protocol's habits:
 *
 *   T = launch + hops x hop + transfer / share
 *
 * The standard library's chips state `share` as `efficiency.scale_up` and `launch` as such, its fabrics the hop as `latency`; a test holds
 * them to this table.
 *
 * | chip | share | launch | hop | |
 * |---|---|---|---|---|
 * | TPU7x | 0.9 | 12 us | 1 us | measured: TPC-001 to TPC-005, gathers of four chips, 2 to 512 MiB; off by 4 % at most |
 * | TPU v4, v5e, v5p, v6e | 0.9 | none | 1 us | what JAX's scaling book counts on: 45 of 50, 90 of 100 GB/s, 1 us a hop |
 * | Trainium, Gaudi, Ascend | 0.85 | none | 1 us | assumed: no size curve is public; the middle of what others reach |
 *
 * A launch of the older TPUs is not known: small messages on them may take as much longer. TPC-011, an all-reduce of v6e by an unread
 * definition, is far below what the book counts on (236 of 355 GB/s) and is fitted by nothing here.
 */
const us = 1e-6;

export interface IciRates {
  /** Of the line rate, what long messages reach. */
  share: number;
  /** Seconds before the first step of a collective. */
  launch: number;
  /** Seconds of one link. */
  hop: number;
}

export const ICI = {
  measured: { share: 0.9, launch: 12 * us, hop: 1 * us },
  book: { share: 0.9, launch: 0, hop: 1 * us },
  assumed: { share: 0.85, launch: 0, hop: 1 * us },
} satisfies Record<string, IciRates>;
