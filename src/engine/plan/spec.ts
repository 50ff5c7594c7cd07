/** How the work is split, as plain data: mesh, plan and what the two rest on. */
import type { FabricSpec, Precision } from '../fabric/spec.ts';
import type { ModelSpec } from '../model/spec.ts';

/** What an axis does. `sp` is Ulysses context parallelism; `other` carries no traffic of its own. */
export type Role = 'tp' | 'cp' | 'sp' | 'pp' | 'dp' | 'fsdp' | 'ep' | 'etp' | 'other';

/** `on pod` or `on pod.y`: a level, and a named dimension of a torus there. */
export interface Place {
  level: string;
  dimension?: string;
}

export interface AxisSpec {
  name: string;
  size: number;
  role: Role;
  /** Axes whose ranks this one reuses (`ep: 64 from dp`); empty for an axis of its own. */
  from: string[];
  on: Place[];
}

export interface MeshSpec {
  name: string;
  /** In the sequence of the text. */
  axes: AxisSpec[];
  /** Innermost (varies fastest over neighbouring chips) first; every axis with `from: []`. */
  order: string[];
}

export type CollectiveOp =
  | 'all_reduce'
  | 'all_gather'
  | 'reduce_scatter'
  | 'all_to_all'
  | 'broadcast'
  | 'send_recv';

export type Algorithm =
  | 'ring'
  | 'bucket'
  | 'hierarchical'
  | 'packed_trees'
  | 'bruck'
  | 'pat'
  | 'tree'
  | 'halving_doubling'
  | 'recursive_doubling'
  | 'direct'
  | 'direct_two_shot'
  | 'pairwise'
  | 'in_switch';

export type Schedule =
  | { kind: 'gpipe' }
  | { kind: '1f1b' }
  | { kind: 'interleaved'; chunks: number }
  /** Weight gradients fill the bubble (2401.10241): with the memory of 1F1B, with twice of it, in two chunks that form a V. */
  | { kind: 'zero_bubble'; variant: 'h1' | 'h2' | 'v' }
  /** Two chunks that form a V, with half and a third of 1F1B's activations (2405.15362). */
  | { kind: 'v_half' }
  | { kind: 'v_min' }
  /** Microbatches from both ends over two copies of the weights (DeepSeek-V3, 2412.19437). */
  | { kind: 'dualpipe' }
  /** All microbatches through one chunk of every stage, then through the next (MaxText). */
  | { kind: 'circular'; chunks: number };

/** What `recompute: selective(…)` may name. */
export type RecomputeItem = 'attention' | 'norm' | 'swiglu' | 'mla_up' | 'moe_act';

export type Recompute = { mode: 'none' } | { mode: 'full' } | { mode: 'selective'; items: RecomputeItem[] };

/** A `collective` or `shard` line that adds to, or replaces, what the plan causes. */
export interface StatedCollective {
  name: string;
  op: CollectiveOp;
  /** Axis names; several form one group. */
  over: string[];
  /** nccl-tests size S, bytes. */
  size: number;
  per: 'step' | 'microbatch' | 'layer' | 'moe_layer' | 'dense_layer';
  phase: 'forward' | 'backward' | 'optimizer' | 'step';
  /** What it may hide under; empty: fully exposed. */
  overlap: string[];
  algorithm?: Algorithm;
  /** Inferred collective it takes over, if any. */
  replaces?: string;
}

export interface PlanSpec {
  name: string;
  fabric: FabricSpec;
  model: ModelSpec;
  mesh: MeshSpec;
  /** Sequences per step; sequences per microbatch and data-parallel rank; tokens per sequence. */
  batch: { global: number; micro: number; sequence: number };
  precision: {
    compute: Precision;
    /** Weights as they are gathered and multiplied. */
    weights: Precision;
    /** Gradients as they are accumulated and reduced. */
    gradient: Precision;
    /** Main weights and both moments. */
    optimizer: Precision;
    activation: Precision;
  };
  /** Software generation; undefined: the default of the chip's kind. */
  software?: string;
  tp: { sequenceParallel: boolean; overlap: boolean };
  /** Data parallelism: of `dp`, and of `fsdp` (whose own stage defaults to 3). */
  dp: {
    zero: 0 | 1 | 2 | 3;
    accumulate: 'local' | 'sharded';
    overlapForward: boolean;
    overlapBackward: boolean;
    /** Bytes of one bucket; undefined: the software generation's. */
    bucket?: number;
  };
  fsdp: {
    zero: 0 | 1 | 2 | 3;
    /** Weights are dropped after the forward pass and gathered again. */
    reshard: boolean;
    overlapForward: boolean;
    overlapBackward: boolean;
  };
  cp: { method: 'ring' | 'all_gather' | 'ulysses' };
  ep: {
    dispatch: Precision;
    combine: Precision;
    /** Nodes a token may be sent to; 0: no limit. */
    maxNodes: number;
    /** Hottest rank over mean. */
    imbalance: number;
    overlap: boolean;
  };
  pp: {
    schedule: Schedule;
    /** Transformer layers per stage, first stage first; undefined: balanced. */
    layers?: number[];
  };
  recompute: Recompute;
  collectives: StatedCollective[];
}
