/**
 * One estimate: every surface (hints, lens, hovers, panel, command line) reads these numbers and computes none of its own.
 * SI units; "per step" unless a name says otherwise.
 */
import type { Group } from '../fabric/pattern.ts';
import type { Algorithm, CollectiveOp } from '../plan/spec.ts';

/** What of the plan a number comes from, so that the language can find the line: most specific key first. */
export interface Cause {
  /** `axis` for a line of the mesh, `plan` for a key of the plan, `collective` or `shard` for a stated one. */
  kind: 'axis' | 'plan' | 'collective' | 'level';
  /** `dp`, `dp.zero`, `dispatch`, `pod`. */
  key: string;
}

/** Bytes over one class of links while one collective runs (all groups of its axis at once). */
export interface LinkUse {
  level: string;
  /** "chip to leaf", "pod uplink", "NVLink". */
  link: string;
  /** Bytes over the busiest link of the class, in its busier direction. */
  bytes: number;
  /** Line rate of one such link and direction, bytes/s. */
  capacity: number;
  /** Share of the line rate that is reachable, 0..1. */
  efficiency: number;
  /** Flows that share the busiest link. */
  flows: number;
  /** bytes / (capacity x time of the collective): 1 at the limit. */
  load: number;
}

/** One algorithm priced on one group. */
export interface AlgorithmPrice {
  algorithm: Algorithm;
  /** Of the collective library, where it is known. */
  protocol?: 'll' | 'll128' | 'simple';
  time: number;
  /** Steps one after the other, and the latency paid in all of them together. */
  steps: number;
  latency: number;
  /** Highest level that any group crosses, and every level on the way. */
  levels: string[];
  bottleneck: { level: string; link: string };
  links: LinkUse[];
  /** The busiest links are known from some of the endpoints only: there are too many to search from all. */
  sampled?: boolean;
  /** Level by level: what each network does, in sequence, and in how many chunks the buffer goes through. */
  stages?: readonly PriceStage[];
  chunks?: number;
}

/** One part of a collective that goes level by level. */
export interface PriceStage {
  op: CollectiveOp;
  group: Group;
  /** nccl-tests size S of the part. */
  bytes: number;
  algorithm: Algorithm;
  /** Levels that the part crosses, innermost first. */
  levels: readonly string[];
  /** Seconds of the part alone; with several chunks the parts overlap. */
  time: number;
}

export interface CollectivePrice extends AlgorithmPrice {
  op: CollectiveOp;
  ranks: number;
  /** nccl-tests size S. */
  bytes: number;
  /** Least time at line rate without latency, on this fabric and placement. */
  limit: number;
  /** What cannot go faster, in words: "port of a chip", "bisection along x", "cut around a pod". */
  limitBy: string;
  /** Some schedule is known to reach it; else no schedule takes less, and none is known that takes no more. */
  limitExact: boolean;
  /** All-reduce: seconds that some schedule without reducing switches reaches, where that is more than `limit`. */
  reachable?: number;
  runnerUp?: { algorithm: Algorithm; time: number };
  /** Sends of a pipeline: the time when the opposite direction's sends run at the same moment. */
  bothDirections?: number;
}

export type Phase = 'forward' | 'backward' | 'recompute' | 'loss' | 'step';

/** One operation of one axis on the busiest stage. */
export interface CollectiveEstimate {
  /** `tp_gather`, `grad_reduce`, … or the name of a stated collective. */
  name: string;
  /** What travels, in words: "gradients", "activations forward". */
  what: string;
  op: CollectiveOp;
  /** `dp`, or `dp*cp` where a group spans several. */
  axis: string;
  /** The one axis its exposed time is booked on. */
  owner: string;
  ranks: number;
  bytes: number;
  /** Times a step on the busiest stage. */
  count: number;
  phase: Phase;
  price: CollectivePrice;
  /** price.time x count. */
  total: number;
  /** Seconds of a step that wait for it. */
  exposed: number;
  /** What hides the rest, in words; undefined when nothing can. */
  hiddenUnder?: string;
  causes: Cause[];
}

export interface MemoryPart {
  name: 'weights' | 'gradients' | 'optimizer' | 'activations' | 'logits' | 'buffers';
  bytes: number;
}

export interface StageMemory {
  stage: number;
  layers: number;
  /** Microbatches' worth of full-stage activations held at the peak. */
  inFlight: number;
  parts: MemoryPart[];
  total: number;
}

export interface LevelEstimate {
  name: string;
  tier: 'scale_up' | 'scale_out';
  /** Bytes that cross from one child to another here, in a step, all chips together. */
  bytes: number;
  /** Bytes over capacity times step time: mean over all its links, and of its busiest link. */
  load: number;
  maxLoad: number;
  /** Seconds of the critical path that wait for a collective whose bottleneck lies here. */
  critical: number;
  /** The collective that fills its busiest link most. */
  hottest?: string;
  /** Chips that use the level, and chips it has. */
  used: number;
  capacity: number;
  /** Joules of a step over its links; undefined where it carries bytes and neither `media` nor `energy` is stated. */
  energy?: number;
  /** Usd of all units of the level, from its `price`; undefined where none is stated. */
  price?: number;
}

export interface Assumption {
  /** "software", "dp.bucket": a key of the plan, the level or the chip that was not stated. */
  key: string;
  /** What was assumed, in words. */
  text: string;
  /** How sure: `measured` by others, `datasheet`, `default` of ours. */
  confidence: 'measured' | 'datasheet' | 'default';
  /** What rests on it, where the step's time does not. */
  of?: 'energy';
}

/** One stage's work on one microbatch, seconds. */
export interface StageWork {
  stage: number;
  layers: number;
  forward: number;
  backward: number;
  /** Waits for tp, cp, ep collectives inside the microbatch, by axis. */
  exposed: Record<string, number>;
}

export interface Estimate {
  plan: string;
  fabric: string;
  mesh: string;
  model: string;
  chips: number;
  microbatches: number;
  step: {
    time: number;
    /** Busiest stage's kernels, all microbatches. */
    compute: number;
    /** By axis. */
    exposed: Record<string, number>;
    /** Waiting for the pipeline. */
    bubble: number;
    optimizer: number;
    /** Declared overheads of the software generation: host work, stragglers. */
    overhead: number;
    /** Of the overhead, the expected lateness of the slowest rank, where the plan states `noise`. */
    noise?: number;
  };
  /** bubble over compute. */
  bubbleShare: number;
  throughput: {
    tokensPerSecond: number;
    tokensPerSecondPerChip: number;
    /** Causal attention. */
    modelFlopsPerSecondPerChip: number;
    /** Counted causal, and counted full. */
    mfu: number;
    mfuFull: number;
    hfu: number;
  };
  parameters: { total: number; active: number };
  memory: {
    /** Bytes allocated on the fullest stage's chip. */
    peak: number;
    peakStage: number;
    /** What the allocator holds then, the peak in it, usually and at least. */
    reserved: number;
    leastReserved: number;
    /** What context and collective library take beside the allocator. */
    outside: number;
    capacity: number;
    parts: MemoryPart[];
    stages: StageMemory[];
  };
  stages: StageWork[];
  /** Which stage sets the step. */
  busiestStage: number;
  collectives: CollectiveEstimate[];
  /** Innermost first. */
  levels: LevelEstimate[];
  /** Joules of a step over all links of the fabric; undefined where one level's are not known. */
  energy?: number;
  /** What the step waits for most beside its compute; `axis` where `by` is `network`. */
  bound: { by: 'compute' | 'network' | 'bubble' | 'memory'; axis?: string; level?: string };
  networkBound: {
    /** At the plan's own size, with the global batch kept. */
    bound: boolean;
    /** With the global batch kept: as the first of `scaling`. */
    bindsAtChips: number | null;
    axis?: string;
    reason: string;
    /** With the global batch kept, and with the batch of every chip. */
    scaling?: Scaling[];
  };
  assumptions: Assumption[];
}

/** One size of a plan that is doubled again and again. */
export interface ScalingPoint {
  chips: number;
  /** Seconds of a step, by closed forms: what the estimate plays operation by operation may differ a little. */
  time: number;
  /** Share of the step that waits for collectives. */
  exposed: number;
  tokensPerSecond: number;
}

/** How a plan grows, data-parallel ranks first. */
export interface Scaling {
  /** What is kept: the sequences of a step, or those of a chip. */
  batch: 'global' | 'per_chip';
  /** Chips whose doubling brings less than half of what it would on a network that costs nothing; null where none was found. */
  bindsAtChips: number | null;
  /** The axis that the grown plan waits for most. */
  axis?: string;
  reason: string;
  /** From the plan's own size on, up to the first doubling that does not pay. */
  points: ScalingPoint[];
}

/** A reason why a plan cannot be priced, at the place that causes it. */
export interface Refusal {
  code: string;
  message: string;
  cause: Cause;
}

export type EstimateResult = { ok: true; estimate: Estimate } | { ok: false; refusals: Refusal[] };
