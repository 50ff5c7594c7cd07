/**
 * Bytes that the forward pass keeps for the backward pass, counted bottom up for code with fused attention and fused
 * norms and without dropout. The table of 34 sbh in Megatron-LM's paper (2205.05198) describes another code: GELU with
 * four times the hidden width, dropout masks and unfused attention; it overstates gated models without dropout.
 */
import type { LayerKind, ModelSpec } from './spec.ts';

export interface ActivationOptions {
  /** Tokens of one microbatch on one rank, before tensor parallelism: sequences x length / context-parallel degree. */
  tokens: number;
  tp: number;
  sequenceParallel: boolean;
  /** Expert-parallel degree. It moves tokens between ranks but leaves their mean number per rank, so it cancels. */
  ep: number;
  /** Tensor parallelism inside an expert. */
  etp: number;
  /** Hottest rank's tokens over the mean, at least 1. */
  imbalance: number;
  recompute: ActivationRecompute;
  /** Bytes of one activation element. */
  bytes: number;
  /** Set for code that keeps the score matrix (before FlashAttention): tokens of the whole sequence. */
  unfusedSequence?: number;
}

/** Structurally the plan's `recompute`, restated because a model knows nothing of plans. */
export type ActivationRecompute =
  | { mode: 'none' }
  | { mode: 'full'; layers?: number }
  | {
      mode: 'selective';
      items: readonly (
        | 'attention'
        | 'norm'
        | 'swiglu'
        | 'mla_up'
        | 'moe_act'
        | 'qkv'
        | 'out'
        | 'mlp_up'
        | 'mlp_down'
        | 'op'
      )[];
    };

/** What one layer holds for one microbatch, bytes on one rank. The fields are disjoint. */
export interface LayerActivations {
  /** Inputs of norms and of the matrix multiplications that read them. */
  inputs: number;
  attention: number;
  /** Dense MLP or shared experts. */
  mlp: number;
  /** Routed experts: gathered tokens and inner activations, with the imbalance factor. */
  experts: number;
}

/** Elements per token that attention keeps, before any division. */
function attentionElements(model: ModelSpec, tp: number, keepUpProjected: boolean): number {
  const { heads, kvHeads, headDim, mla } = model;
  if (mla) {
    const { nopeDim, ropeDim, valueDim } = mla;
    const queriesAndKeys = 2 * heads * (nopeDim + ropeDim);
    const values = heads * valueDim;
    const output = heads * valueDim;
    return output + (keepUpProjected ? queriesAndKeys + values : 0);
  }
  // A rank keeps at least one key/value head: below that they are replicated, not split.
  const kvHeadsOverRanks = Math.max(kvHeads, tp);
  return 2 * heads * headDim + 2 * kvHeadsOverRanks * headDim;
}

/** Bytes by part. `full` recomputation keeps the input of the layer alone. */
export function layerActivations(
  model: ModelSpec,
  kind: LayerKind,
  options: ActivationOptions,
): LayerActivations {
  const { tokens, tp, bytes, recompute } = options;
  const { hidden, heads, mla } = model;
  const sequenceShare = options.sequenceParallel ? 1 / tp : 1;
  if (recompute.mode === 'full') {
    return { inputs: bytes * hidden * tokens * sequenceShare, attention: 0, mlp: 0, experts: 0 };
  }
  const dropped = new Set(recompute.mode === 'selective' ? recompute.items : []);
  const matmulInputs = model.parallelBlock ? 1 : 2;
  const inputs = (model.normsPerLayer + (dropped.has('norm') ? 0 : matmulInputs)) * hidden;

  // Latents pass between the split projections whole, so only sequence parallelism divides them.
  const latents = mla ? 2 * (mla.queryRank + mla.kvRank) + mla.ropeDim : 0;
  const softmax = 4 * heads;
  // Score, its dropout and the mask: 5 bytes an element at 16 bit.
  const scores =
    options.unfusedSequence !== undefined && !dropped.has('attention')
      ? 5 * heads * options.unfusedSequence
      : 0;
  const attention =
    ((bytes * attentionElements(model, tp, !dropped.has('mla_up')) + softmax + scores) * tokens) / tp +
    bytes * latents * tokens * sequenceShare;

  const moe = kind === 'moe' ? model.moe : undefined;
  const width = moe ? moe.sharedFfn : model.ffn;
  return {
    inputs: bytes * inputs * tokens * sequenceShare,
    attention,
    mlp: (bytes * innerWidths(model, dropped.has('swiglu')) * width * tokens) / tp,
    experts: moe ? routedBytes(model, moe, options, dropped.has('moe_act')) : 0,
  };
}

/** How many tensors of the MLP's width are kept: gate, up and product; without a gate input and output of the activation. */
function innerWidths(model: ModelSpec, dropProduct: boolean): number {
  return (model.gated ? 3 : 2) - (dropProduct ? 1 : 0);
}

/** Routed experts on one rank: each of a token's copies keeps its input twice (permuted, gathered) and the inner widths. */
function routedBytes(
  model: ModelSpec,
  moe: NonNullable<ModelSpec['moe']>,
  options: ActivationOptions,
  dropProduct: boolean,
): number {
  const { tokens, tp, etp, bytes, imbalance, sequenceParallel } = options;
  const rankTokens = sequenceParallel ? tokens / tp : tokens;
  const perCopy = 2 * model.hidden * etp + innerWidths(model, dropProduct) * moe.expertFfn;
  return bytes * rankTokens * moe.topk * perCopy * imbalance;
}

/** Bytes one layer holds for one microbatch on one rank. */
export function layerActivationBytes(model: ModelSpec, kind: LayerKind, options: ActivationOptions): number {
  const { inputs, attention, mlp, experts } = layerActivations(model, kind, options);
  return inputs + attention + mlp + experts;
}

/** Logits of one microbatch on the last stage: once in the activation's format and once in fp32 for the loss, bytes. */
export function logitsBytes(
  model: ModelSpec,
  options: {
    tokens: number;
    tp: number;
    bytes: number;
    /** Tokens of one chunk where the loss is computed in chunks. */
    chunk?: number;
  },
): number {
  const tokens = Math.min(options.tokens, options.chunk ?? options.tokens);
  return ((tokens * model.vocab) / options.tp) * (options.bytes + 4);
}

/** Largest transient of the backward pass, the head's weight gradient, bytes. */
export function workspaceBytes(model: ModelSpec, options: { tp: number; bytes: number }): number {
  return (options.bytes * model.vocab * model.hidden) / options.tp;
}

/** Bytes of the key/value cache per token over all layers, before any sharding. Latent attention caches its latents. */
export function kvCacheBytesPerToken(model: ModelSpec, bytes: number): number {
  const { kvHeads, headDim, layers, mla } = model;
  return (mla ? mla.kvRank + mla.ropeDim : 2 * kvHeads * headDim) * layers * bytes;
}
