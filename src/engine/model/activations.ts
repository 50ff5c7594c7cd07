/**
 * Bytes that the forward pass keeps for the backward pass, counted bottom up for code with fused attention and fused
 * norms and without dropout. The table of 34 sbh in Megatron-LM's paper (2205.05198) describes another code: GELU with
 * four times the hidden width, dropout masks and unfused attention. With `dropout` and `unfusedSequence` it is that table.
 */
import type { Recompute, RecomputeItem } from './recompute.ts';
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
  recompute: Recompute;
  /** Bytes of one activation element. */
  bytes: number;
  /** Bytes of one element of what a matrix multiplication keeps as its input; undefined: as other activations. */
  inputBytes?: number;
  /** Inputs that tensor parallelism gathers are kept gathered, not gathered once more in the backward pass. */
  keepsGathered?: boolean;
  /** Masks of the dropouts behind attention and MLP: one byte an element. Dropout of the scores belongs to `unfusedSequence`. */
  dropout?: boolean;
  /** Ulysses: attention runs on heads of the whole sequence, so its output and the projection's input are two tensors. */
  headsScattered?: boolean;
  /** Set for code that keeps the score matrix (before FlashAttention): tokens of the whole sequence. */
  unfusedSequence?: number;
}

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

/** One tensor that the backward pass reads, bytes on one rank for one microbatch. */
export interface StoredTensor {
  name: string;
  part: keyof LayerActivations;
  bytes: number;
  /** The kernels of which one is enough to have it again; none: only the whole layer gives it back. */
  by: readonly RecomputeItem[];
}

/** Everything that a layer stores when nothing is recomputed. */
export function storedTensors(model: ModelSpec, kind: LayerKind, options: ActivationOptions): StoredTensor[] {
  const { tokens, tp, bytes } = options;
  const shared = tokens * (options.sequenceParallel ? 1 / tp : 1);
  const narrow = options.inputBytes ?? bytes;
  const moe = kind === 'moe' ? model.moe : undefined;
  return [
    ...normInputs(model, bytes * model.hidden * shared),
    {
      name: 'inputs of qkv and MLP',
      part: 'inputs',
      bytes:
        (model.parallelBlock ? 1 : 2) * narrow * model.hidden * (options.keepsGathered ? tokens : shared),
      by: ['norm', 'op'],
    },
    ...(options.dropout
      ? [
          {
            name: 'dropout masks',
            part: 'inputs' as const,
            bytes: (model.parallelBlock ? 1 : 2) * model.hidden * shared,
            by: [],
          },
        ]
      : []),
    ...attentionTensors(model, options, shared),
    ...innerTensors(model, 'mlp', ((moe ? moe.sharedFfn : model.ffn) * tokens) / tp, { bytes, narrow }),
    ...(moe ? routedTensors(model, moe, options) : []),
  ];
}

/**
 * The first norm reads the layer's input, which full recomputation keeps; the second what attention added to it; where there are
 * four (Gemma), the others what attention and the MLP put out.
 */
function normInputs(model: ModelSpec, bytes: number): StoredTensor[] {
  const makers: readonly (readonly RecomputeItem[])[] = [
    [],
    ['out', 'op'],
    ['out', 'op'],
    ['mlp_down', 'op'],
  ];
  return Array.from({ length: model.normsPerLayer }, (_, index) => ({
    name: index === 0 ? 'layer input' : 'input of a norm',
    part: 'inputs' as const,
    bytes,
    by: makers[index] ?? [],
  }));
}

function attentionTensors(model: ModelSpec, options: ActivationOptions, shared: number): StoredTensor[] {
  const { tokens, tp, bytes } = options;
  const { heads, kvHeads, headDim, mla } = model;
  const narrow = options.inputBytes ?? bytes;
  const own = tokens / tp;
  const tensors: StoredTensor[] = [];
  const store = (name: string, size: number, by: readonly RecomputeItem[]): void => {
    tensors.push({ name, part: 'attention', bytes: size, by });
  };
  if (mla) {
    const { nopeDim, ropeDim, valueDim } = mla;
    store('queries and keys', bytes * 2 * heads * (nopeDim + ropeDim) * own, ['mla_up', 'qkv']);
    store('values', bytes * heads * valueDim * own, ['mla_up', 'qkv']);
    // Latents pass between the split projections whole, so only sequence parallelism divides them.
    store('latents', bytes * (2 * (mla.queryRank + mla.kvRank) + mla.ropeDim) * shared, []);
  } else {
    store('queries', bytes * heads * headDim * own, ['qkv']);
    // A rank keeps at least one key/value head: below that they are replicated, not split.
    const keys = bytes * Math.max(kvHeads, tp) * headDim * own;
    store('keys', keys, ['qkv', 'op']);
    store('values', keys, ['qkv']);
  }
  const output = heads * (mla ? mla.valueDim : headDim) * own;
  store('attention output', bytes * output, []);
  // Where the projection reads another tensor than attention wrote, both are kept: a narrow copy of it, or after Ulysses' way back.
  if (options.headsScattered || narrow < bytes) store('input of the output projection', narrow * output, []);
  if (options.unfusedSequence === undefined) {
    store('statistics of the softmax', 4 * heads * own, []);
  } else {
    // Score, its dropout and the mask: 5 bytes an element at 16 bit.
    store('scores', 5 * heads * options.unfusedSequence * own, ['attention']);
  }
  return tensors;
}

/** An MLP's gate, up and product; without a gate input and output of the activation. @param elements of one of them */
function innerTensors(
  model: ModelSpec,
  part: 'mlp' | 'experts',
  elements: number,
  { bytes, narrow }: { bytes: number; narrow: number },
): StoredTensor[] {
  return [
    { name: model.gated ? 'gate' : 'input of the activation', part, bytes: bytes * elements, by: ['mlp_up'] },
    ...(model.gated ? [{ name: 'up', part, bytes: bytes * elements, by: ['mlp_up', 'op'] as const }] : []),
    {
      name: 'product',
      part,
      bytes: narrow * elements,
      by: [part === 'mlp' ? 'swiglu' : 'moe_act', 'op'],
    },
  ];
}

/** Routed experts on one rank: each of a token's copies keeps its input twice (permuted, gathered) and the inner widths. */
function routedTensors(
  model: ModelSpec,
  moe: NonNullable<ModelSpec['moe']>,
  options: ActivationOptions,
): StoredTensor[] {
  const { etp, bytes } = options;
  const narrow = options.inputBytes ?? bytes;
  const copies = routedCopies(moe, options);
  return [
    {
      name: 'tokens of experts',
      part: 'experts',
      bytes: (bytes + narrow) * model.hidden * etp * copies,
      by: [],
    },
    ...innerTensors(model, 'experts', moe.expertFfn * copies, { bytes, narrow }),
  ];
}

/** Copies of tokens that the experts of the hottest rank work on. */
export function routedCopies(
  moe: NonNullable<ModelSpec['moe']>,
  { tokens, tp, sequenceParallel, imbalance }: ActivationOptions,
): number {
  return (sequenceParallel ? tokens / tp : tokens) * moe.topk * imbalance;
}

/** Bytes by part. `full` recomputation keeps the input of the layer alone. */
export function layerActivations(
  model: ModelSpec,
  kind: LayerKind,
  options: ActivationOptions,
): LayerActivations {
  const { recompute } = options;
  const kept: LayerActivations = { inputs: 0, attention: 0, mlp: 0, experts: 0 };
  const dropped = new Set(recompute.mode === 'selective' ? recompute.items : []);
  for (const [index, { part, bytes, by }] of storedTensors(model, kind, options).entries()) {
    const again = recompute.mode === 'full' ? index > 0 : by.some(item => dropped.has(item));
    if (!again) kept[part] += bytes;
  }
  // The last product's output is no input of the layer's backward pass, but this policy keeps it.
  if (dropped.has('op')) {
    const { tokens, tp, sequenceParallel } = options;
    kept.inputs += (options.bytes * model.hidden * tokens) / (sequenceParallel ? tp : 1);
  }
  return kept;
}

/** Bytes one layer holds for one microbatch on one rank. */
export function layerActivationBytes(model: ModelSpec, kind: LayerKind, options: ActivationOptions): number {
  const { inputs, attention, mlp, experts } = layerActivations(model, kind, options);
  return inputs + attention + mlp + experts;
}

/**
 * Logits of one microbatch on the last stage, bytes: in the activation's format and once more in fp32 for the loss, unless that
 * is fused and overwrites them with their gradient.
 */
export function logitsBytes(
  model: ModelSpec,
  options: {
    tokens: number;
    tp: number;
    bytes: number;
    /** Tokens of one chunk where the loss is computed in chunks. */
    chunk?: number;
    fused?: boolean;
  },
): number {
  const tokens = Math.min(options.tokens, options.chunk ?? options.tokens);
  return ((tokens * model.vocab) / options.tp) * (options.bytes + (options.fused ? 0 : 4));
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
