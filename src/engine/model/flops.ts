/**
 * Floating-point operations that the model asks for: multiply and add count two. Forward per token; the backward pass is
 * twice that. What kernels do beyond it (recomputation, padding) is not the model's.
 */
import { layerCounts, mtpLayerKind } from './parameters.ts';
import type { LayerKind, ModelSpec } from './spec.ts';

/**
 * How attention is counted: `causal` only the pairs a causal mask keeps (half the square), `full` the whole square, as
 * the Megatron-LM and PaLM papers count.
 */
export type AttentionCount = 'causal' | 'full';

/** Forward FLOPs of one token in one layer. The fields are disjoint. */
export interface LayerFlops {
  /** Query, key, value and output projections, latent ones included. */
  projections: number;
  /** Query-key scores and their product with the values. */
  scores: number;
  /** Dense MLP. */
  mlp: number;
  router: number;
  /** The token's `topk` routed experts. */
  experts: number;
  /** Shared experts. */
  shared: number;
}

function mlpFlops(model: ModelSpec, width: number): number {
  return (model.gated ? 6 : 4) * model.hidden * width;
}

/** Forward FLOPs of one token in the projections of attention, by what `recompute: selective(…)` calls them. */
export interface ProjectionFlops {
  /** Queries, keys and values, with latent attention into their latents. */
  qkv: number;
  /** From the latents. */
  latentUp: number;
  out: number;
}

export function projectionFlops(model: ModelSpec): ProjectionFlops {
  const { hidden, heads, kvHeads, headDim, mla } = model;
  if (!mla) {
    return {
      qkv: 2 * hidden * (heads + 2 * kvHeads) * headDim,
      latentUp: 0,
      out: 2 * hidden * heads * headDim,
    };
  }
  const query = (mla.queryRank > 0 ? mla.queryRank : hidden) * (mla.nopeDim + mla.ropeDim);
  return {
    qkv: 2 * hidden * (mla.queryRank + mla.kvRank + mla.ropeDim),
    latentUp: 2 * heads * (query + mla.kvRank * (mla.nopeDim + mla.valueDim)),
    out: 2 * hidden * heads * mla.valueDim,
  };
}

/**
 * Keys that a token attends to on average in a sequence of `sequence` tokens, in a layer with a window of `window`
 * tokens (undefined: none). Causal: half the sequence; with a window the first tokens see less than the window.
 */
export function attendedKeys(sequence: number, attention: AttentionCount, window?: number): number {
  const seen = Math.min(window ?? sequence, sequence);
  return attention === 'full' ? seen : seen - (seen * seen) / (2 * sequence);
}

/** Keys per token averaged over the model's layers, those with a window and those without. */
function meanAttendedKeys(model: ModelSpec, sequence: number, attention: AttentionCount): number {
  const window = model.slidingWindow;
  const whole = attendedKeys(sequence, attention);
  if (!window || model.layers === 0) return whole;
  const share = Math.min(window.layers / model.layers, 1);
  return share * attendedKeys(sequence, attention, window.size) + (1 - share) * whole;
}

/**
 * Keys that a token in the last of `parts` equal parts of a sequence attends to, over the mean of all tokens, causally and over
 * layers with and without a window: 2 - 1/parts without one, 1 with a window much shorter than the sequence.
 */
export function lastPartSkew(model: ModelSpec, sequence: number, parts: number): number {
  const mean = meanAttendedKeys(model, sequence, 'causal');
  // What the last part adds to all of the sequence's pairs.
  const before = sequence - sequence / parts;
  const pairs = sequence * mean - (before > 0 ? before * meanAttendedKeys(model, before, 'causal') : 0);
  return (pairs * parts) / (sequence * mean);
}

/** FLOPs per token and attended key: score and value products of all heads. */
function flopsPerKey(model: ModelSpec): number {
  const { heads, headDim, mla } = model;
  const width = mla ? mla.nopeDim + mla.ropeDim + mla.valueDim : 2 * headDim;
  return 2 * heads * width;
}

/**
 * Forward FLOPs of one token in a layer of the given kind, at `sequence` tokens. Sliding windows enter as the mean over
 * the model's layers, since the model states how many layers have one and not which.
 */
export function layerFlops(
  model: ModelSpec,
  kind: LayerKind,
  options: { sequence: number; attention: AttentionCount },
): LayerFlops {
  const moe = kind === 'moe' ? model.moe : undefined;
  const { qkv, latentUp, out } = projectionFlops(model);
  return {
    projections: qkv + latentUp + out,
    scores: flopsPerKey(model) * meanAttendedKeys(model, options.sequence, options.attention),
    mlp: moe ? 0 : mlpFlops(model, model.ffn),
    router: moe ? 2 * model.hidden * moe.experts : 0,
    experts: moe ? moe.topk * mlpFlops(model, moe.expertFfn) : 0,
    shared: moe ? mlpFlops(model, moe.sharedFfn) : 0,
  };
}

/** Sum of the disjoint parts of a layer. */
export function layerFlopsTotal(parts: LayerFlops): number {
  return parts.projections + parts.scores + parts.mlp + parts.router + parts.experts + parts.shared;
}

/** Forward FLOPs of one token in the output head. The input embedding is a lookup and costs none. */
export function headFlops(model: ModelSpec): number {
  return 2 * model.hidden * model.vocab;
}

/** Forward FLOPs of one token in all multi-token-prediction modules: a layer, the joining projection and a head each. */
export function mtpFlops(model: ModelSpec, options: { sequence: number; attention: AttentionCount }): number {
  if (model.mtpLayers === 0) return 0;
  const layer = layerFlopsTotal(layerFlops(model, mtpLayerKind(model), options));
  return model.mtpLayers * (layer + 4 * model.hidden * model.hidden + headFlops(model));
}

export interface ModelFlopsOptions {
  attention: AttentionCount;
  /** Count the multi-token-prediction modules; published utilisations leave them out, so the default is not to. */
  mtp?: boolean;
}

/** Forward FLOPs of one token through the whole model. */
export function forwardFlopsPerToken(model: ModelSpec, sequence: number, options: ModelFlopsOptions): number {
  const at = { sequence, attention: options.attention };
  const counts = layerCounts(model);
  return (
    counts.dense * layerFlopsTotal(layerFlops(model, 'dense', at)) +
    counts.moe * layerFlopsTotal(layerFlops(model, 'moe', at)) +
    headFlops(model) +
    (options.mtp ? mtpFlops(model, at) : 0)
  );
}

/** Model FLOPs of one training step over `tokens` tokens in sequences of `sequence`: forward plus twice that backward. */
export function modelFlopsPerStep(
  model: ModelSpec,
  tokens: number,
  sequence: number,
  options: ModelFlopsOptions,
): number {
  return 3 * tokens * forwardFlopsPerToken(model, sequence, options);
}
