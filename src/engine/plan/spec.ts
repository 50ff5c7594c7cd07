/** How the work is split, as plain data: mesh, plan and what the two rest on. */
import type { FabricSpec, Precision } from '../fabric/spec.ts';
import type { Recompute } from '../model/recompute.ts';
import type { ModelSpec } from '../model/spec.ts';

export type { Recompute, RecomputeItem } from '../model/recompute.ts';

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
    /** Gradients as they are accumulated. */
    gradient: Precision;
    /** Gradients as they are sent; undefined: as they are accumulated. */
    reduce?: Precision;
    /** Main weights and both moments. */
    optimizer: Precision;
    /** Main weights, and the moments, where they differ from `optimizer`; `none`: the weights themselves are updated. */
    main?: Precision | 'none';
    moments?: Precision;
    activation: Precision;
  };
  /** How the loss takes the logits; undefined: all at once, fused where the software does that. */
  loss?: {
    /** Tokens whose logits are held at once, or bytes that these may take. */
    chunk?: number;
    chunkBytes?: number;
    /** Their gradient takes the place of the logits. */
    fused?: boolean;
  };
  /** Software generation; undefined: the default of the chip's kind. */
  software?: string;
  /** Standard deviation of a rank's step time over its mean; undefined: no stragglers beyond the software generation's mean. */
  noise?: number;
  tp: { sequenceParallel: boolean; overlap: boolean };
  /** Data parallelism: of `dp`, and of `fsdp` (whose own stage defaults to 3). */
  dp: {
    zero: 0 | 1 | 2 | 3;
    accumulate: 'local' | 'sharded';
    overlapForward: boolean;
    overlapBackward: boolean;
    /** Bytes of one bucket; undefined: the software generation's. */
    bucket?: number;
    /** Format in which the matrices of layers are gathered; undefined: that of the weights. */
    gather?: Precision;
  };
  fsdp: {
    zero: 0 | 1 | 2 | 3;
    /** Weights are dropped after the forward pass and gathered again. */
    reshard: boolean;
    /** Undefined: `sharded`, as DeepSpeed's ZeRO-3 does. */
    accumulate?: 'local' | 'sharded';
    /** Layers whose weights are gathered ahead; undefined: 1. With 0 no gather has work beside it. */
    prefetch?: number;
    gather?: Precision;
    overlapForward: boolean;
    overlapBackward: boolean;
  };
  cp: {
    method: 'ring' | 'all_gather' | 'ulysses' | 'hierarchical';
    /** Of `hierarchical`: ranks of the exchange and of the ring; undefined: what follows from the other, from heads and fabric. */
    ulysses?: number;
    ring?: number;
    /** `none`: contiguous parts, the last of which has most of a causal mask; undefined: evened out. */
    balance?: 'head_tail' | 'none';
  };
  ep: {
    dispatch: Precision;
    combine: Precision;
    /** Nodes a token may be sent to; 0: no limit. */
    maxNodes: number;
    /** Hottest rank over mean. */
    imbalance: number;
    /** Under what dispatch and combine may run: the other microbatch's attention and MLP, or the shared experts of the layer. */
    overlap: boolean | 'microbatch' | 'shared_experts';
    /** All tokens to all ranks instead of each to its experts'; undefined: `all_to_all`. */
    dispatcher?: 'all_to_all' | 'all_gather';
    /** Multiprocessors that move tokens while they do; undefined or 0: what the software's overlap tax says. */
    sms?: number;
  };
  pp: {
    schedule: Schedule;
    /** Transformer layers per stage, first stage first; undefined: balanced. */
    layers?: number[];
  };
  recompute: Recompute;
  collectives: StatedCollective[];
}
