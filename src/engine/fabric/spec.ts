/**
 * What the hardware is, as plain data. All numbers are SI: bytes, bytes per second, seconds, FLOP/s, watts,
 * decimal, per direction and per chip unless a comment says otherwise.
 */

import type { Medium } from './media.ts';

/** Number formats a chip multiplies in, or a tensor travels in. */
export type Precision = 'fp64' | 'fp32' | 'tf32' | 'bf16' | 'fp16' | 'fp8' | 'mxfp8' | 'int8' | 'fp6' | 'fp4';

/** Bytes of one element on the wire and in memory (scales of block formats are left out: under 4 %). */
export const PRECISION_BYTES: Readonly<Record<Precision, number>> = {
  fp64: 8,
  fp32: 4,
  tf32: 4,
  bf16: 2,
  fp16: 2,
  fp8: 1,
  mxfp8: 1,
  int8: 1,
  fp6: 0.75,
  fp4: 0.5,
};

export type NvidiaGeneration = 'volta' | 'ampere' | 'hopper' | 'blackwell';

/** Chips with the same links and the same collective library: NCCL on NVIDIA's, RCCL on AMD's. */
export type Generation = NvidiaGeneration | 'cdna2' | 'cdna3' | 'cdna4';

/** One accelerator. */
export interface ChipSpec {
  name: string;
  /** Whose collective library and achieved rates it has, see `nccl/`; undefined: formulas without a library's habits. */
  generation?: Generation;
  /** `gpu` unless the file says `kind: tpu`; decides which software habits are assumed by default. */
  kind: 'gpu' | 'tpu';
  /** Dense peak, FLOP/s, by precision. Sparse peaks do not belong here. */
  peak: Partial<Record<Precision, number>>;
  hbm: { /** bytes */ capacity: number /** bytes/s */; bandwidth: number };
  /** Streaming multiprocessors (or cores) that share a GEMM's tiles; undefined leaves wave quantisation out. */
  sms?: number;
  /** Seconds before the first step of a collective, where no `generation` says; undefined: none. */
  launch?: number;
  /** Watts of the whole module. */
  power?: number;
  /** Currency units per hour. */
  price?: number;
  /** Shares of the peak that real kernels reach, 0..1; undefined takes the default of the chip's class. */
  efficiency: {
    /** Large GEMM, 16 bit: asymptote of the sum form in estimate/kernels. */
    gemm?: number;
    /** Large GEMM, 8 bit. */
    gemm8?: number;
    /** 16-bit products as measured, in place of `gemm` and of what the kernel model adds to it. */
    gemmTable?: GemmTable;
    /** The same for 8-bit products. */
    gemm8Table?: GemmTable;
    /** Fused attention, forward. */
    attention?: number;
    /** Share of the HBM bandwidth. */
    hbm?: number;
    /** Share of the scale-up line rate that collectives reach; default of levels with `tier: scale_up`. */
    scaleUp?: number;
    /** Of what `scaleUp` leaves, the share that in-switch reduction keeps (0.82 on Hopper, 0.75 on Blackwell). */
    inSwitch?: number;
    /** Share of the scale-out line rate; default of levels with `tier: scale_out`. */
    scaleOut?: number;
  };
  /** What `efficiency.scaleUp` and `scaleOut` rest on; undefined: measurements. */
  shareBasis?: ShareBasis;
}

/** Someone timed collectives, the vendor or the library counts on the share, or nobody knows. */
export type ShareBasis = 'measured' | 'documented' | 'assumed';

/** Products of matrices that someone timed on the chip; of interpolation between them see `estimate/gemm-table.ts`. */
export interface GemmTable {
  /** As the text names it. */
  file: string;
  /** Each shape once. */
  shapes: readonly GemmShape[];
}

/** `count` products of (m x k) by (k x n) in one launch. */
export interface GemmShape {
  m: number;
  n: number;
  k: number;
  count: number;
  /** Achieved over peak, launch and memory traffic included; a little above 1 where the chip clocked higher than its data sheet. */
  share: number;
}

export type Topology =
  | {
      kind: 'switch' /** in-network reduction (NVLS, SHARP) */;
      reduce: boolean /** of the child's uplink; 1 when absent */;
      oversubscription?: number;
    }
  | { kind: 'fully_connected' }
  | {
      kind: 'fat_tree';
      tiers: number;
      /** Children under one leaf switch; undefined: a 64-port switch, half of it down. */
      leaf?: number;
      planes: number;
      /** Per tier, innermost (child to leaf) first; a single ratio in the text belongs to the top tier. */
      oversubscription: number[];
      reduce: boolean;
    }
  /** A grid whose neighbours are linked along every dimension: rings, lines, tori and meshes are all of this kind. */
  | {
      kind: 'torus';
      /** Children along each dimension; the first varies fastest over children that follow each other. */
      dims: number[];
      /** Whether each dimension closes; false where it has one or two places (a second link would be the first one). */
      wrap: boolean[];
      /** K x K x 2K or K x 2K x 2K whose short wraps shift the long dimensions by K. */
      twist: boolean;
    }
  /** Cubes of the level below (a torus or mesh of chips) joined into one torus by circuit switches; `shape` counts chips. */
  | { kind: 'ocs'; shape: number[]; twist: boolean }
  | {
      /** Port i of every child on rail i: a switch per rail and `leaf` children, spines above them. */
      kind: 'rail';
      /** Children under one rail switch; undefined: all. */
      leaf?: number;
      /** false: no spine at all, and what changes rails does so inside a child ("rail-only"). */
      spine: boolean;
      /** Of the rail switches: what comes in over what goes up. */
      oversubscription: number;
    }
  /** Ports are numbered through hosts of a router, routers of a group, groups; every two groups share global links. */
  | {
      kind: 'dragonfly';
      groups: number;
      routers: number;
      hosts: number /** of one router */;
      globalLinks: number;
    }
  /** A grid of switches with `hosts` ports each, fully connected along every dimension. */
  | { kind: 'hyperx'; dims: number[]; hosts: number }
  /** Boards that are meshes; the rows and columns of all boards are joined by switches at both ends of every board line. */
  | { kind: 'hamming_mesh'; board: number[]; boards: number[] }
  /** Any links. Vertices are the children, 0 to count - 1; higher numbers are switches. */
  | { kind: 'graph'; links: GraphLink[] };

export interface GraphLink {
  a: number;
  b: number;
  /** Per direction, bytes/s; undefined: the level's `link`. */
  rate?: number;
}

/**
 * `minimal`: shortest routes, dimension by dimension on grids (on a HammingMesh over all shortest ways within each line),
 * local-global-local on dragonflies over all links between two groups alike, split evenly over the uplinks of a tree. `ecmp`: all
 * shortest routes by their number (of a dragonfly: its minimal ones); on trees flows hashed onto uplinks. `dor`: dimension by
 * dimension. `valiant`: over a random intermediate: the switch of a random endpoint, on dragonflies a random other group.
 * `adaptive`: the better of minimal and valiant; on trees packets sprayed.
 */
export type Routing = 'minimal' | 'ecmp' | 'dor' | 'valiant' | 'adaptive';

export type Tier = 'scale_up' | 'scale_out';

/** "level pod of 384 node": `count` children, each a chip or a unit of the level before. */
export interface LevelSpec {
  name: string;
  count: number;
  topology: Topology;
  /** Line rate per chip and direction into this level, bytes/s. */
  bandwidth: number;
  /** Per child unit and direction, bytes/s; overrides bandwidth x chips / oversubscription. */
  uplink?: number;
  /** Direct topologies: per link and direction, bytes/s; undefined: bandwidth over the number of peers. */
  link?: number;
  /** Torus with unlike dimensions: the rate of `link` in each. */
  linkPerDimension?: number[];
  /** Dragonfly: links inside a group and between groups; undefined: `link`. */
  linkLocal?: number;
  linkGlobal?: number;
  /** Ports of one child; undefined: one per chip. */
  ports?: number;
  routing?: Routing;
  /**
   * What is broken, in every unit of the level alike: of links, one cable between two vertices for every time that they are named;
   * children that can neither compute nor forward.
   */
  failed?: { links: readonly (readonly [number, number])[]; children: readonly number[] };
  /** Seconds until new circuits of an optical switch carry traffic. */
  reconfigure?: number;
  /** Achieved over line rate, 0..1. */
  efficiency: number;
  /** Whether `efficiency` was stated, fitted to a log, came from the chip, or is the default of 1. */
  efficiencyFrom: 'stated' | 'calibrated' | 'chip' | 'default';
  /** One way through the level for one step, seconds. */
  latency: number;
  /** Least time of any collective here, seconds. */
  floor: number;
  tier: Tier;
  media?: string;
  /** Rate of one lane, bit/s, stated or by the level's bandwidth (`defaultLane` in media.ts). */
  lane?: number;
  /** Longest cable, m. */
  length?: number;
  /** Its links as cables: children to each other or to their first switch (`local`), and those above (`global`). */
  cables?: { local?: CableSpec; global?: CableSpec };
  /** Usd of one unit of the level, or usd per byte/s of every chip's line rate into it. */
  price?: { perUnit: number } | { perBandwidth: number };
  /** Children of every unit that stay idle. */
  spare: number;
  /** The fit to a measured log that `efficiency`, `floor` and `latency` rest on, as far as the text states none. */
  calibration?: Calibration & { /** As the text names it. */ file: string };
}

/** What a measured log says about one level, see `calibration.ts`. */
export interface Calibration {
  /** Achieved over line rate, 0..1. */
  efficiency: number;
  /** Seconds; undefined where no small sizes were measured. */
  floor?: number;
  /** Seconds per step; undefined where it was not fitted. */
  latency?: number;
  /** Times that the fit rests on, and how many different sizes they are of. */
  points: number;
  sizes: number;
  /** Median of |predicted / measured - 1| over all points. */
  medianError: number;
  /** The point that is farthest off, signed. */
  worst: { op: string; bytes: number; error: number };
}

/** The links of a level, or of a part of it, as cables. */
export interface CableSpec {
  medium?: Medium;
  /** How far they reach, m: stated, or by medium and lane. */
  reach?: number;
  /** J/bit at one end of a link, which has two; undefined where nothing says. */
  energyPerBit?: number;
  /** Whether the file states the energy, vendors publish it, or nobody could verify it. */
  energyFrom: 'stated' | 'published' | 'unverified';
}

export interface FabricSpec {
  name: string;
  chip: ChipSpec;
  /** Innermost first; levels[0] contains chips. */
  levels: LevelSpec[];
  /**
   * A level of unlike parts: the fabric as it would be if all parts were of one kind, once for each kind, this one first. All
   * have as many chips in use; a collective takes as long as on the slowest of them.
   */
  variants?: FabricSpec[];
}

/** Children of a unit that carry ranks. Spares stand in for children that are down; which one is, matters to wirings only. */
export function ranksOf({ count, spare, failed }: LevelSpec): number {
  return count - Math.max(spare, failed?.children.length ?? 0);
}
