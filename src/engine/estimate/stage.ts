/** One stage's kernels for one microbatch: its layers, and embedding, head and prediction modules where it has them. */
import type { LayerKind } from '../model/spec.ts';
import type { Stage } from '../plan/degrees.ts';
import { recomputedShare } from '../plan/recompute.ts';
import { KERNEL } from './constants.ts';
import type { LayerTime, WorkContext } from './layer.ts';

export interface HeadTime {
  forward: number;
  backward: number;
  flops: number;
}

export interface StageTimes {
  forward: number;
  backward: number;
  backwardGemm: number;
  attentionForward: number;
  attentionBackward: number;
  /** Shared experts alone: what `ep.overlap: shared_experts` hides the exchange of tokens under. */
  sharedForward: number;
  sharedBackward: number;
  flops: number;
}

/** Output head and loss on the last stage: three products over the vocabulary, and the logits' traffic. */
export function headTime({ plan, degrees, software, kernels }: WorkContext): HeadTime {
  const { tokens, tp } = degrees;
  const width = plan.model.vocab / tp;
  const product = kernels.gemm16(tokens, width, plan.model.hidden);
  const traffic = kernels.memory(KERNEL.logitBytes * tokens * width);
  return {
    forward: software.kernelFactor * (product + traffic / 2),
    backward: software.kernelFactor * (2 * product + traffic / 2),
    flops: 6 * tokens * width * plan.model.hidden,
  };
}

/** Sum over the layers of a stage, embedding and head included where it has them. */
export function stageTimes(
  context: WorkContext,
  stage: Stage,
  layers: Record<LayerKind, LayerTime>,
  head: HeadTime,
): StageTimes {
  const { recompute } = context.plan;
  // Of a stage that computes some of its layers again, every layer counts in proportion.
  const share = recompute.mode === 'selective' ? 1 : recomputedShare(recompute, stage);
  const sum = (pick: (time: LayerTime) => number): number =>
    (stage.dense > 0 ? stage.dense * pick(layers.dense) : 0) +
    (stage.moe > 0 ? stage.moe * pick(layers.moe) : 0);
  // Looking a token up moves its row and the gradient's.
  const { hidden } = context.plan.model;
  const lookup = stage.embedding ? context.kernels.memory(4 * context.degrees.tokens * hidden, 1) : 0;
  // A multi-token-prediction module joins two hidden states before its layer and has a head of its own after it.
  const join = stage.mtp * joinTime(context);
  const heads = stage.head ? 1 + stage.mtp : 0;
  return {
    forward: sum(time => time.forward) + lookup + heads * head.forward + join,
    backward: sum(time => time.backward + share * time.again) + lookup + heads * head.backward + 2 * join,
    backwardGemm: sum(time => time.backwardGemm),
    attentionForward: sum(time => time.attentionForward),
    attentionBackward: sum(time => time.attentionBackward),
    sharedForward: sum(time => time.sharedForward),
    sharedBackward: sum(time => time.sharedBackward),
    flops:
      sum(time => time.flops + share * time.flopsAgain) + heads * head.flops + stage.mtp * joinFlops(context),
  };
}

function joinTime({ plan, degrees, kernels, software }: WorkContext): number {
  const { hidden } = plan.model;
  return software.kernelFactor * kernels.gemm(degrees.tokens, hidden / degrees.tp, 2 * hidden);
}

function joinFlops({ plan, degrees }: WorkContext): number {
  return (3 * 4 * plan.model.hidden ** 2 * degrees.tokens) / degrees.tp;
}
