/**
 * What collectives really reach on GPU fabrics: the one table of fitted constants. Keyed by the generation of the chips (and
 * so of their links and their library), by the kind of network, and by the software of expert kernels; by nothing else.
 *
 * A collective takes
 *
 *   T = max(floor, launch + steps x hop + transfer + ramp)
 *
 * with the transfer over the busiest link of the algorithm's flows at its achieved share of the line rate. LL pays no ramp but
 * has a low ceiling; LL128 and Simple pay `ramp`, which grows with a power of what travels: chunks, channels and windows that
 * only long messages fill. In public measurements this is one curve whatever the number of ranks and the operation.
 *
 * `npm run fit:rates -- test/fidelity/measured.csv` fits the constants of Ampere, Hopper and Blackwell and the common ones anew
 * and prints how far each family of measurements is off, with and without itself in the fit. Ids are those of that file. Spreads
 * are the median of |predicted / measured - 1| over rows of trust A, below 1 MiB, and from 16 MiB on.
 */
import type { Generation } from '../spec.ts';

export interface Rates {
  /** Seconds before the first step. */
  launch: number;
  /** Seconds of a step over scale-up links; a level's stated `latency` counts instead. */
  hop: number;
  /** Seconds of an exchange of all with all that carries nothing. */
  exchange: number;
  /** Share of the scale-up line rate: rings over long messages. A chip's `efficiency.scale_up` or a level's own counts instead. */
  scaleUp: number;
  /** The same of an all-to-all. */
  allToAll: number;
  /** Share of the achieved rate that in-switch reduction keeps, in a domain of up to 8 ranks and in a wider one. */
  inSwitch: number;
  inSwitchWide: number;
  /** Fewest ranks for which the library lets the switches reduce. */
  inSwitchFrom: number;
  /** Seconds by which 16 MiB are late, see {@link rampTime}. */
  ramp: number;
  /** Ceiling of the bus bandwidth under LL, bytes/s, on 1, 2 and more nodes. */
  lowLatency: readonly [one: number, two: number, more: number];
}

const us = 1e-6;
const GB = 1e9;

/** LL over several nodes is limited by the host's processor: Intel's row of NCCL's tuner. */
const HOST_LL: readonly [number, number] = [39 * GB, 20.4 * GB];

/**
 * Share: topo.h, 48 of 64 GB/s a link; NET-096 reaches 47.7. Ramp and launch: 91 us for 8 MiB on 8 MI300X (HPE hpc-ai-envs,
 * pull request 30). The rest assumed.
 */
const CDNA3: Rates = {
  launch: 12 * us,
  hop: 1 * us,
  exchange: 15 * us,
  scaleUp: 0.75,
  allToAll: 0.745,
  inSwitch: 1,
  inSwitchWide: 1,
  inSwitchFrom: Number.POSITIVE_INFINITY,
  ramp: 30 * us,
  lowLatency: [100 * GB, ...HOST_LL],
};

export const RATES: Record<Generation, Rates> = {
  // Share: NET-093 and NET-095, 22.6 GB/s of one link of 25 and 134.5 of six, off by 2 %. The rest as Ampere.
  volta: {
    launch: 9.7 * us,
    hop: 0.67 * us,
    exchange: 8 * us,
    scaleUp: 0.95,
    allToAll: 0.8,
    inSwitch: 1,
    inSwitchWide: 1,
    inSwitchFrom: Number.POSITIVE_INFINITY,
    ramp: 50 * us,
    lowLatency: [39 * GB, ...HOST_LL],
  },
  // AIC-129 to 144, NET-001 to 006, 077, 079, 087 to 091; spread 11 % and 2 %. Share: NCCL's src/graph/topo.h, 20 of 25 GB/s.
  ampere: {
    launch: 9.7 * us,
    hop: 0.67 * us,
    exchange: 8 * us,
    scaleUp: 0.8,
    allToAll: 0.75,
    inSwitch: 1,
    inSwitchWide: 1,
    inSwitchFrom: Number.POSITIVE_INFINITY,
    ramp: 52 * us,
    lowLatency: [87.7 * GB, ...HOST_LL],
  },
  // AIC-001 to 032, NET-032 to 044, 057, 059, 071 to 086; spread 9 % and 2 %. Share: topo.h, 20.6 of 25 GB/s.
  // NVLS: 473 GB/s on 8 H200 (NET-038), from 5 ranks on.
  hopper: {
    launch: 6 * us,
    hop: 0.64 * us,
    exchange: 6.7 * us,
    scaleUp: 0.824,
    allToAll: 0.69,
    inSwitch: 0.83,
    inSwitchWide: 0.82,
    inSwitchFrom: 5,
    ramp: 24 * us,
    lowLatency: [141 * GB, ...HOST_LL],
  },
  // AIC-065 to 080, 097 to 112, NET-014 to 029, 040, 042, 060 to 069; spread 2 % and 4 %. Share: topo.h, 40.1 of 50 GB/s.
  // NVLS: 811 GB/s on 7 ranks (NET-042), from 6 on; a rack of 72: 835 (NET-063), 32 of them 850 (NET-056).
  blackwell: {
    launch: 8.8 * us,
    hop: 1.12 * us,
    exchange: 9.7 * us,
    scaleUp: 0.802,
    allToAll: 0.75,
    inSwitch: 0.75,
    inSwitchWide: 0.61,
    inSwitchFrom: 6,
    ramp: 30 * us,
    lowLatency: [282 * GB, ...HOST_LL],
  },
  // RCCL's src/graph/topo.h: 36 of 50 GB/s a link. Latencies and ramp assumed as of cdna3.
  cdna2: {
    launch: 12 * us,
    hop: 1 * us,
    exchange: 15 * us,
    scaleUp: 0.72,
    allToAll: 0.72,
    inSwitch: 1,
    inSwitchWide: 1,
    inSwitchFrom: Number.POSITIVE_INFINITY,
    ramp: 30 * us,
    lowLatency: [36 * GB, ...HOST_LL],
  },
  cdna3: CDNA3,
  // No public measurement was found.
  cdna4: CDNA3,
};

/** What does not depend on the chips. */
export const COMMON = {
  /** Exponent of the ramp. (fit) */
  growth: 0.41,
  /**
   * A ring stands still between two rounds of chunks for this part of a step: two ranks, whose round is one step, reach three
   * quarters of what eight reach. (fit) on AIC gathers and scatters of 2, 4 and 8 ranks.
   */
  turn: 0.3,
  /** LL128 carries 120 of 128 bytes, less its flags' cost: NCCL's tuner. Its chunks are shorter: it pays this part of the ramp. */
  ll128: 0.92,
  ll128Ramp: 0.75,
  /** Seconds until the switches of a domain of 8 reduce (NCCL's tuner: 25 us), and for each rank more that must be ready. */
  inSwitchStart: 25 * us,
  inSwitchRank: 5.5 * us,
  /** Passes over the buffer that count for its ramp. */
  inSwitchPasses: 2,
  /** Part of the ramp that an all-to-all pays. (fit) */
  exchangeRamp: 0.8,
  /**
   * Network ports of one domain that rings and trees use: NCCL's channels to the network. NET-066 to NET-069, racks with 72 ports
   * of 50 GB/s: 420 GB/s over 2 racks and half of it over 20.
   */
  rails: 9,
  /** One level of the tree between nodes: by how much more than a step of the ring, seconds (NCCL's tuner: 5 and 2.7 us). */
  treeHop: 2.3 * us,
  /** One level of the tree between nodes whose switches reduce (NCCL's tuner). */
  inSwitchHop: 20.9 * us,
  /** Posting a message to a network card (NCCL's tuner). */
  post: 1 * us,
  /** In-switch reduction over several nodes by the network's switches (NCCL's tuner). */
  networkReduce: 18 * us,
};

/**
 * Least seconds of a collective inside one node, by the platform that a machine is rented on: virtual hosts launch later than bare
 * metal, whose floor is in `floors.ts`. In a plan it is the level's `floor`.
 *
 * Azure's ND machines: 42 us at 1 MiB on 8 H100 (NET-072) and less than 51 on 8 A100 (NET-077); their benchmarking guide shows a
 * plateau of 25 to 42 us below, where this is too slow by up to a quarter.
 */
export const PLATFORM_FLOORS: Readonly<Record<Platform, number>> = { azure: 42 * us };
export type Platform = 'azure';

/** Networks between nodes, by the text of a fabric; the first is what is assumed where nothing is said. */
export interface NetworkRates {
  /** Share of the line rate. */
  share: number;
  /** Of that, what an all-to-all keeps. */
  allToAll: number;
  /** Seconds of one step. */
  latency: number;
}

export const NETWORKS = {
  /** InfiniBand, and RoCE that is tuned as well. NET-057, NET-059: 387 GB/s of 400. Latency: NCCL's tuner. */
  ib: { share: 0.97, allToAll: 1, latency: 2.7 * us },
  /** AWS's EFA. NET-021 to NET-033; spread 8 %. */
  efa: { share: 0.955, allToAll: 1, latency: 75 * us },
} satisfies Record<string, NetworkRates>;

/** Expert kernels that bypass the collective library (DeepEP): EPX-001 to EPX-028; spread 2.5 %. */
export const EXPERT_KERNELS = {
  /** Share of the network's line rate, and seconds, of the low-latency kernels. */
  lowLatency: { network: 0.935, start: 40 * us },
  /** Of the kernels for training: shares of the network's line rate (InfiniBand) and of what rings reach over NVLink. */
  normal: { network: 0.9, measuredOn: 0.97, scaleUp: 0.86 },
};

const RAMP_AT = 16 * 2 ** 20;

/** Seconds by which `bytes` (all rounds together) are late. */
export function rampTime(rates: Rates, bytes: number): number {
  return rates.ramp * (bytes / RAMP_AT) ** COMMON.growth;
}
