/**
 * The figures that NCCL's tuner works with: NVIDIA/nccl, `src/graph/tuning.cc` at 5067397c (2026-06-11). Latencies in
 * microseconds and bandwidths in GB/s, as the library has them; the tuner in `tuner.ts` is the only reader.
 */
import type { NvidiaGeneration } from '../spec.ts';

/** How a message is cut and flagged: 4 bytes of 8, 120 bytes of 128, or whole chunks behind a fence. */
export type Protocol = 'll' | 'll128' | 'simple';
export const PROTOCOLS: readonly Protocol[] = ['ll', 'll128', 'simple'];

/** Values for LL, LL128 and Simple. */
export type ByProtocol = Readonly<Record<Protocol, number>>;
const by = (ll: number, ll128: number, simple: number): ByProtocol => ({ ll, ll128, simple });

/** What a collective takes before its first step. */
export const BASE = { tree: by(6.8, 14, 8.4), ring: by(6.6, 14, 8.4), pat: by(8, 8, 8) };

/** One step over NVLink and over the network. */
export const STEP = {
  nvlink: { tree: by(0.6, 1.25, 4), ring: by(0.6, 1.9, 3.4), nvls: 25, nvlsTree: 25, pat: 4 },
  network: { tree: by(5, 8.5, 14), ring: by(2.7, 4, 14), nvls: 18, nvlsTree: 20.9, pat: 14 },
} as const;

/** What the processor takes to post a message to a network card; three times that under Simple. */
export const POST = { intel: 1, amd: 2 } as const;

/** Columns: one node, two nodes, more. */
export type ByNodes = readonly [one: number, two: number, more: number];

export interface Caps {
  /** Bus bandwidth of LL. Over several nodes the host decides: Intel has Volta's row, AMD Ampere's. */
  ll: ByNodes;
  /** Per channel. */
  ringLl128: number;
  treeLl128: ByNodes;
  tree: ByNodes;
  nvlsTree: ByNodes;
  /** Of what the switches could add up. */
  nvls: number;
}

const every = (value: number): ByNodes => [value, value, value];
const INFINITE = Number.POSITIVE_INFINITY;

export const CAPS: Readonly<Record<NvidiaGeneration, Caps>> = {
  volta: {
    ll: [39, 39, 20.4],
    ringLl128: 20,
    treeLl128: every(20),
    tree: [26.5, 18.5, 10],
    nvlsTree: [26.5, 18.5, 10],
    nvls: 0.85,
  },
  ampere: {
    ll: [87.7, 22.5, 19],
    ringLl128: 20,
    treeLl128: every(20),
    tree: [24, 23.6, 17.8],
    nvlsTree: [24, 23.6, 17.8],
    nvls: 0.85,
  },
  hopper: {
    ll: [141, 45, 35],
    ringLl128: 36.7,
    treeLl128: [36.7, 36.7, 29],
    tree: [38.7, 41.4, 36],
    nvlsTree: [INFINITE, 57.7, 45.5],
    nvls: 0.85,
  },
  blackwell: {
    ll: [282, 90, 70],
    ringLl128: 40,
    treeLl128: [55.6, 31.7, 20],
    tree: [70, 42.8, 24],
    nvlsTree: [INFINITE, 96, 80],
    nvls: 0.74,
  },
};

/** Trees of an all-reduce reach this share of their bandwidth; indexed by floor(log2(bytes / 64)), 0 to 22. */
export const TREE_BY_SIZE: Readonly<Record<Protocol, readonly number[]>> = {
  ll: [1, 1, 1, 1, 0.9, 0.8, 0.7, 0.7, 0.7, 0.7, 0.6, 0.5, 0.4, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1, 1, 1],
  ll128: [
    1, 1, 1, 1, 1, 0.9, 0.8, 0.8, 0.8, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.8, 0.9, 0.9, 0.9, 0.9, 1, 1,
  ],
  simple: [
    0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.8, 0.7, 0.6, 0.6, 0.5, 0.5, 0.5, 0.5, 0.6, 0.7, 0.8, 0.7, 0.7, 0.8,
    0.9, 0.9,
  ],
};

export function byNodes(values: ByNodes, nodes: number): number {
  return values[nodes <= 1 ? 0 : nodes === 2 ? 1 : 2];
}
