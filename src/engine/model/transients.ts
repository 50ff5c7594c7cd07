/**
 * What the backward pass holds for a moment on top of what it kept: gradients of activations, the weight gradient that is being
 * made, and buffers that a library leaves behind. Checked against measured peaks stage by stage (`test/engine/estimate`).
 */
import { type ActivationOptions, routedCopies } from './activations.ts';
import type { LayerKind, ModelSpec } from './spec.ts';

export interface WeightSplit {
  tp: number;
  etp: number;
}

/** A weight matrix of one rank as rows x columns: equal shapes share one spare gradient. */
type Shape = readonly [number, number];

/**
 * Elements of one matrix of every shape that the weights of these layers have on one rank. Transformer Engine adds weight
 * gradients to Megatron's main gradients and hands autograd a tensor of the weight's shape in their place, one per distinct shape,
 * that it never frees (`_dummy_wgrads` in its `pytorch/module/base.py`).
 */
export function distinctWeightElements(
  model: ModelSpec,
  kinds: readonly LayerKind[],
  split: WeightSplit,
): number {
  const shapes = new Map<string, number>();
  for (const kind of new Set(kinds)) {
    for (const [rows, columns] of weightShapes(model, kind, split))
      shapes.set(`${rows}x${columns}`, rows * columns);
  }
  let elements = 0;
  for (const each of shapes.values()) elements += each;
  return elements;
}

function weightShapes(model: ModelSpec, kind: LayerKind, { tp, etp }: WeightSplit): Shape[] {
  const { hidden, heads, kvHeads, headDim, mla } = model;
  const shapes: Shape[] = [];
  if (mla) {
    const { queryRank, kvRank, nopeDim, ropeDim, valueDim } = mla;
    if (queryRank > 0) shapes.push([queryRank, hidden]);
    shapes.push([(heads * (nopeDim + ropeDim)) / tp, queryRank > 0 ? queryRank : hidden]);
    shapes.push([kvRank + ropeDim, hidden]);
    shapes.push([(heads * (nopeDim + valueDim)) / tp, kvRank]);
    shapes.push([hidden, (heads * valueDim) / tp]);
  } else {
    shapes.push([((heads + 2 * Math.max(kvHeads, tp)) * headDim) / tp, hidden]);
    shapes.push([hidden, (heads * headDim) / tp]);
  }
  const pair = (width: number): void => {
    if (width > 0) shapes.push([(model.gated ? 2 : 1) * width, hidden], [hidden, width]);
  };
  const moe = kind === 'moe' ? model.moe : undefined;
  if (!moe) pair(model.ffn / tp);
  else {
    pair(moe.expertFfn / etp);
    pair(moe.sharedFfn / tp);
  }
  return shapes;
}

/**
 * Bytes on top of the kept activations at the worst moment of one layer's backward pass: in the MLP's activation function, where
 * the gradients of product, gate and up are there and the product itself is not needed any more.
 */
export function layerBackwardBytes(model: ModelSpec, kind: LayerKind, options: ActivationOptions): number {
  const { tokens, tp, bytes, etp } = options;
  const shared = tokens * (options.sequenceParallel ? 1 / tp : 1);
  const inward = model.gated ? 2 : 1;
  const moe = kind === 'moe' ? model.moe : undefined;
  const residual = model.hidden * shared;
  if (!moe) return bytes * (residual + (inward * model.ffn * tokens) / tp);
  const copies = routedCopies(moe, options);
  return bytes * (residual + (inward * moe.expertFfn + model.hidden * etp) * copies);
}

/**
 * Bytes of the head's backward pass beside the logits: its weight gradient, the gradient of its input, and with sequence
 * parallelism that input gathered once more.
 */
export function headBackwardBytes(
  model: ModelSpec,
  options: Pick<ActivationOptions, 'tokens' | 'tp' | 'sequenceParallel' | 'bytes'> & { weight: number },
): number {
  const { tokens, tp, bytes, weight } = options;
  const gathered = options.sequenceParallel && tp > 1 ? 2 : 1;
  return (weight * model.vocab * model.hidden) / tp + gathered * bytes * model.hidden * tokens;
}
