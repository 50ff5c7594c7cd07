/**
 * What the panel shows of one plan, as plain JSON. It grows with levels, axes and collectives, never with chips: the
 * panel derives any chip's coordinates from strides (see ../ranks.ts). SI units.
 */
import type { Algorithm, CollectiveOp, Role } from '../../engine/plan/spec.ts';

/** A place in a text, zero-based as in the language-server protocol. */
export interface Source {
  uri: string;
  start: { line: number; character: number };
  end: { line: number; character: number };
}

/** One digit of a rank that an axis reads: floor(rank / stride) mod size, worth `factor` of the coordinate. */
export interface AxisDigit {
  stride: number;
  size: number;
  factor: number;
}

export interface PanelAxis {
  name: string;
  role: Role;
  size: number;
  /** Sum over digits, modulo `size`, is the coordinate. */
  digits: AxisDigit[];
  source?: Source;
}

export type PanelTopology =
  | { kind: 'switch'; reduce: boolean }
  | { kind: 'fully_connected' }
  | { kind: 'fat_tree'; tiers: number; reduce: boolean }
  /** Children along x, y, z …; x varies fastest. Rings, lines and meshes are tori too. */
  | { kind: 'torus'; dims: number[]; wrap: boolean[]; twist: boolean }
  /** `shape` and `cube` in chips; the cubes are the units of the level below. */
  | { kind: 'ocs'; shape: number[]; cube: number[]; twist: boolean }
  | { kind: 'rail'; rails: number; leaf?: number; spine: boolean }
  /** `perRouter`: children of one router, at least one. */
  | {
      kind: 'dragonfly';
      groups: number;
      routers: number;
      perRouter: number;
      globalLinks: number;
      /** Routed over other groups too (Valiant, adaptive): a link carries more than its two groups send each other. */
      detours: boolean;
    }
  | { kind: 'hyperx'; dims: number[]; perRouter: number }
  | { kind: 'hamming_mesh'; board: number[]; boards: number[] }
  /** Ends of every link: below the level's count children, above it switches. */
  | {
      kind: 'graph';
      links: [number, number][] /** Bytes/s of links with a rate of their own, by index. */;
      rates: Record<number, number>;
    };

/** One level of the fabric; `levels[0]` contains chips. */
export interface PanelLevel {
  name: string;
  /** What its children are called: "chip", or the level before. */
  child: string;
  /** Of unlike parts, the names of the others: this one, which sets the pace, is drawn for all of them. */
  others?: string[];
  /** Children of one unit, and how many of them stay idle on purpose (the last ones). */
  count: number;
  spare: number;
  /** Chips of one unit and of one child. */
  span: number;
  childSpan: number;
  /** Units of this level in the whole fabric. */
  units: number;
  topology: PanelTopology;
  tier: 'scale_up' | 'scale_out';
  media?: string;
  /** Seconds. */
  latency: number;
  /** Bytes/s per chip and direction. */
  bandwidth: number;
  /** Oversubscription of the top tier: 7 reads "7:1". */
  ratio: number;
  /** Broken in every unit alike: links by their two ends, children by index. */
  failed?: { links: [number, number][]; children: number[] };
  /** Bytes over a step; mean load and that of the busiest link, 0..1; seconds of the step that wait here. */
  traffic?: { bytes: number; load: number; maxLoad: number; critical: number };
  source?: Source;
}

/** A class of equal links: the ones around (or, for `pairs`, between) units of `span` chips; `direct`: links of a wiring. */
export interface PanelLink {
  /** Index into `levels`. */
  level: number;
  name: string;
  kind: 'tree' | 'pairs' | 'direct';
  /** 0 for direct links. */
  span: number;
  /** Bytes/s of one link and direction. */
  capacity: number;
  /** Of the busiest link, over a whole step. */
  step: { bytes: number; load: number };
}

export interface LinkLoad {
  /** Index into `links`. */
  link: number;
  /** Bytes over the busiest link while the collective runs once. */
  bytes: number;
  /** bytes / (capacity x time). */
  load: number;
  flows: number;
}

export interface PanelCollective {
  name: string;
  what: string;
  op: CollectiveOp;
  /** Names of the axes of one group, and the one its waiting is booked on. */
  axes: string[];
  owner: string;
  ranks: number;
  bytes: number;
  count: number;
  phase: string;
  algorithm: Algorithm;
  /** Seconds: one, all of a step, what of it the step waits for, the least possible for one. */
  time: number;
  total: number;
  exposed: number;
  limit: number;
  /** What cannot go faster than `limit`, in words, and whether some schedule reaches it. */
  limitBy: string;
  limitExact: boolean;
  /** Of the collective library, where it is known. */
  protocol?: 'll' | 'll128' | 'simple';
  hiddenUnder?: string;
  /** Index into `levels` of the highest level crossed; -1 when nothing is sent. */
  level: number;
  /** Index into `links`; -1 when nothing is sent. */
  bottleneck: number;
  loads: LinkLoad[];
  source?: Source;
}

export interface StepPart {
  kind: 'compute' | 'axis' | 'bubble' | 'optimizer' | 'overhead';
  /** Name of the axis, or of the kind. */
  name: string;
  seconds: number;
  source?: Source;
}

export interface PanelVerdict {
  time: number;
  /** Counted causal, and counted full. */
  mfu: number;
  mfuFull: number;
  bound: { by: 'compute' | 'network' | 'bubble' | 'memory'; axis?: string; level?: string };
  memory: { peak: number; capacity: number };
  /** Share of the step that waits for the network. */
  exposedShare: number;
  /** In the sequence of the bar; they add up to `time`. */
  parts: StepPart[];
  /** Rests on a default: its numbers end in "~". */
  assumed: boolean;
  assumptions: string[];
}

export interface PanelClaim {
  severity: 'assert' | 'expect';
  text: string;
  /** undefined: cannot be priced. */
  holds?: boolean;
  actual: string;
  source: Source;
}

export interface MemoryStage {
  stage: number;
  layers: number;
  inFlight: number;
  parts: { name: string; bytes: number }[];
  total: number;
}

export interface PanelMemory {
  capacity: number;
  peakStage: number;
  stages: MemoryStage[];
  /** A claim on `peak_memory`, in bytes. */
  claim?: { bytes: number; holds?: boolean };
}

/** A plan, priced or not: without a verdict the placement is drawn alone, without a fabric only the reasons. */
export interface PlanModel {
  kind: 'plan';
  uri: string;
  plan: string;
  /** Names of all plans of the document. */
  plans: string[];
  source: Source;
  names?: { fabric: string; mesh: string; model: string; chip: string };
  /** Ranks of the mesh. */
  ranks: number;
  axes: PanelAxis[];
  /** Innermost first. */
  levels: PanelLevel[];
  links: PanelLink[];
  collectives: PanelCollective[];
  verdict?: PanelVerdict;
  memory?: PanelMemory;
  claims: PanelClaim[];
  /** Why there are no numbers. */
  refusals: { message: string; source?: Source }[];
  /** Set while the numbers belong to an older, whole version of the text. */
  stale?: { reason: string; source: Source };
}

/** A document without a plan: the shortest file that works. */
export interface EmptyModel {
  kind: 'empty';
  uri: string;
  snippet: string;
  /** Set where syntax errors may have swallowed the plan: no reason to give up the picture of it. */
  stale?: { reason: string; source: Source };
}

export type PanelModel = PlanModel | EmptyModel;
