/**
 * Exact parameter counts, split the way sharding needs them: what tensor parallelism splits, what it keeps whole and
 * what expert parallelism divides have different divisors and different reduction groups.
 */
import type { LayerKind, ModelSpec } from './spec.ts';

/** Parameters of one layer. The fields are disjoint: their sum is the layer. */
export interface LayerParameters {
  /** Query and output projections with their biases, latent up-projections, sinks: split over tensor parallelism. */
  attention: number;
  /** Key and value projections: split over at most `kvHeads` ranks, replicated beyond. 0 with latent attention. */
  kv: number;
  /** Latent down-projections and parameters the formulas do not know (indexers): whole on every tensor rank. */
  attentionReplicated: number;
  /** The dense MLP, or the shared experts of a mixture-of-experts layer. */
  mlp: number;
  router: number;
  /** All routed experts together. */
  experts: number;
  /** Norms over the hidden width, over heads and over latents. */
  norms: number;
}

/** Parameters of one projection pair or triple of width `width`, biases included. */
function mlpParameters(model: ModelSpec, width: number): number {
  const inward = model.gated ? 2 : 1;
  const bias = model.bias.mlp ? inward * width + model.hidden : 0;
  return (inward + 1) * model.hidden * width + bias;
}

function normParameters(model: ModelSpec, width: number): number {
  return model.norm === 'layernorm' ? 2 * width : width;
}

function attentionParameters(
  model: ModelSpec,
): Pick<LayerParameters, 'attention' | 'kv' | 'attentionReplicated'> & { latentNorms: number } {
  const { hidden, heads, kvHeads, headDim, mla, bias } = model;
  const extra = model.extraParametersPerLayer;
  const sinks = model.attentionSinks ? heads : 0;
  if (mla) {
    const { queryRank, kvRank, nopeDim, ropeDim, valueDim } = mla;
    const queryWidth = heads * (nopeDim + ropeDim);
    const queryUp = (queryRank > 0 ? queryRank : hidden) * queryWidth;
    const kvUp = kvRank * heads * (nopeDim + valueDim);
    const out = heads * valueDim * hidden + (bias.out ? hidden : 0);
    const down = hidden * queryRank + hidden * (kvRank + ropeDim);
    const downBias = bias.qkv ? queryRank + kvRank + ropeDim : 0;
    return {
      attention: queryUp + kvUp + out + sinks,
      kv: 0,
      attentionReplicated: down + downBias + extra,
      latentNorms: queryRank + kvRank,
    };
  }
  const queryWidth = heads * headDim;
  const kvWidth = 2 * kvHeads * headDim;
  return {
    attention: 2 * hidden * queryWidth + (bias.qkv ? queryWidth : 0) + (bias.out ? hidden : 0) + sinks,
    kv: hidden * kvWidth + (bias.qkv ? kvWidth : 0),
    attentionReplicated: extra,
    latentNorms: 0,
  };
}

/** Parameters of one layer of the given kind. A `moe` layer of a model without experts counts as dense. */
export function layerParameters(model: ModelSpec, kind: LayerKind): LayerParameters {
  const { latentNorms, ...attention } = attentionParameters(model);
  const norms =
    model.normsPerLayer * normParameters(model, model.hidden) + model.qkNormParameters + latentNorms;
  const moe = kind === 'moe' ? model.moe : undefined;
  if (!moe) return { ...attention, mlp: mlpParameters(model, model.ffn), router: 0, experts: 0, norms };
  return {
    ...attention,
    mlp: moe.sharedFfn > 0 ? mlpParameters(model, moe.sharedFfn) : 0,
    router: moe.experts * model.hidden + (moe.routerBias ? moe.experts : 0),
    experts: moe.experts * mlpParameters(model, moe.expertFfn),
    norms,
  };
}

/** Sum of the disjoint parts of a layer. */
export function layerTotal(parts: LayerParameters): number {
  const { attention, kv, attentionReplicated, mlp, router, experts, norms } = parts;
  return attention + kv + attentionReplicated + mlp + router + experts + norms;
}

/** Parameters of one layer that one token passes through: `topk` of the routed experts. */
export function layerActive(model: ModelSpec, kind: LayerKind): number {
  const parts = layerParameters(model, kind);
  const share = model.moe && kind === 'moe' ? model.moe.topk / model.moe.experts : 0;
  return layerTotal(parts) - parts.experts + parts.experts * share;
}

/** Token embedding and learned positions. */
export function embeddingParameters(model: ModelSpec): number {
  return (model.vocab + model.learnedPositions) * model.hidden;
}

/** Output head; 0 when it is the embedding table. */
export function headParameters(model: ModelSpec): number {
  return model.tiedEmbeddings ? 0 : model.vocab * model.hidden;
}

/** The norm before the head. */
export function finalNormParameters(model: ModelSpec): number {
  return normParameters(model, model.hidden);
}

/** The kind of layer that a multi-token-prediction module repeats: that of the model's last layer. */
export function mtpLayerKind(model: ModelSpec): LayerKind {
  return layerKinds(model).at(-1) ?? 'dense';
}

/**
 * All multi-token-prediction modules together: one layer, the projection that joins two hidden states, and three norms
 * each; with `ownEmbeddings` (as checkpoints store them) an embedding and a head of their own.
 */
export function mtpParameters(model: ModelSpec, options: { ownEmbeddings: boolean }): number {
  if (model.mtpLayers === 0) return 0;
  const { hidden, vocab } = model;
  const layer = layerTotal(layerParameters(model, mtpLayerKind(model)));
  const module = layer + 2 * hidden * hidden + 3 * normParameters(model, hidden);
  return model.mtpLayers * (module + (options.ownEmbeddings ? 2 * vocab * hidden : 0));
}

/** Kind of every layer, first layer first. */
export function layerKinds(model: ModelSpec): LayerKind[] {
  const { moe, layers } = model;
  if (!moe) return new Array<LayerKind>(layers).fill('dense');
  return Array.from({ length: layers }, (_, layer) =>
    moe.pattern ? (moe.pattern[layer] ?? 'moe') : layer < moe.denseLayers ? 'dense' : 'moe',
  );
}

/** How many layers of each kind the model has. */
export function layerCounts(model: ModelSpec): Record<LayerKind, number> {
  const kinds = layerKinds(model);
  const dense = kinds.filter(kind => kind === 'dense').length;
  return { dense, moe: kinds.length - dense };
}

export interface ParameterCount {
  /** Everything but multi-token-prediction modules. */
  total: number;
  /** What one token passes through, input embedding and head both counted whole. */
  active: number;
  /** The same without the input embedding, which is looked up and not multiplied; a tied table counts as the head. */
  activeHeadOnly: number;
  embedding: number;
}

/** Parameters of the whole model, without multi-token-prediction modules. */
export function countParameters(model: ModelSpec): ParameterCount {
  const counts = layerCounts(model);
  const embedding = embeddingParameters(model);
  const outside = embedding + headParameters(model) + finalNormParameters(model);
  const total =
    counts.dense * layerTotal(layerParameters(model, 'dense')) +
    counts.moe * layerTotal(layerParameters(model, 'moe')) +
    outside;
  const active =
    counts.dense * layerActive(model, 'dense') + counts.moe * layerActive(model, 'moe') + outside;
  return { total, active, activeHeadOnly: active - (model.tiedEmbeddings ? 0 : embedding), embedding };
}
