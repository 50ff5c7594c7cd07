/** One layer's kernels for one microbatch, from the shapes that tensor, context and expert parallelism leave on a chip. */
import { layerFlops } from '../model/flops.ts';
import type { LayerKind, ModelSpec } from '../model/spec.ts';
import { contextSkew } from '../plan/context.ts';
import type { Degrees } from '../plan/degrees.ts';
import type { PlanSpec } from '../plan/spec.ts';
import { type Kernels, kernelsOf, SMALL_KERNELS } from './kernels.ts';
import type { Software } from './software.ts';

/** Seconds on one chip for one microbatch. */
export interface LayerTime {
  forward: number;
  backward: number;
  /** Backward GEMMs that the repeated gather and the scatter of tensor parallelism can run beside. */
  backwardGemm: number;
  /** Forward and backward of attention alone: what a context-parallel ring hides under. */
  attentionForward: number;
  attentionBackward: number;
  /** The shared experts alone. */
  sharedForward: number;
  sharedBackward: number;
  /** FLOPs that the chip executes, recomputation included. */
  flops: number;
}

/** Backward element-wise traffic over forward. */
const ELEMENTWISE_BACKWARD = 1.7;

export interface WorkContext {
  plan: PlanSpec;
  degrees: Degrees;
  software: Software;
  kernels: Kernels;
}

export function workContext(plan: PlanSpec, degrees: Degrees, software: Software): WorkContext {
  return { plan, degrees, software, kernels: kernelsOf(plan.fabric.chip, plan.precision.compute, software) };
}

/** One layer of a kind. */
export function layerTime(context: WorkContext, kind: LayerKind): LayerTime {
  const { plan, degrees, software, kernels } = context;
  const { model } = plan;
  const { tp, tokens } = degrees;
  const projections = projectionTimes(context);
  const gemms = projections.all + mlpTime(context, kind);

  const shared = kind === 'moe' ? wideTime(context, model.moe?.sharedFfn ?? 0) : 0;

  const flops = forwardFlops(context, kind);
  const scores = (model.heads * plan.batch.sequence * tokens) / tp;
  const skewed = contextSkew(plan) * flops.attention;
  const attentionForward = kernels.attentionForward(skewed, scores);
  const attentionBackward = kernels.attentionBackward(skewed, scores);

  const elements = elementwiseBytes(context, kind);
  const launches = kernels.memory(0, SMALL_KERNELS);
  const elementwise = kernels.memory(elements) + launches;
  const again = recomputed(context, kind, { projections, attentionForward, elementwise, gemms });

  const factor = software.kernelFactor;
  const floor = software.hostFloorPerLayer;
  const forward = Math.max(factor * (gemms + attentionForward + elementwise), floor);
  const recompute = factor * again;
  const backward =
    Math.max(
      factor * (2 * gemms + attentionBackward + ELEMENTWISE_BACKWARD * kernels.memory(elements) + launches),
      floor,
    ) + recompute;
  return {
    forward,
    backward,
    backwardGemm: factor * 2 * gemms,
    attentionForward: factor * attentionForward,
    attentionBackward: factor * attentionBackward,
    sharedForward: factor * shared,
    sharedBackward: 2 * factor * shared,
    flops: 3 * flops.all + flops.repeated,
  };
}

interface ProjectionTimes {
  all: number;
  /** Latent up-projections alone: what `recompute: selective(mla_up)` repeats. */
  latentUp: number;
}

function projectionTimes({ plan, degrees, kernels }: WorkContext): ProjectionTimes {
  const { hidden, heads, headDim, mla } = plan.model;
  const { tokens, tp, kvHeadsPerRank } = degrees;
  const own = heads / tp;
  if (!mla) {
    const qkv = kernels.gemm(tokens, (own + 2 * kvHeadsPerRank) * headDim, hidden);
    return { all: qkv + kernels.gemm(tokens, hidden, own * headDim), latentUp: 0 };
  }
  const query = own * (mla.nopeDim + mla.ropeDim);
  const keyValue = own * (mla.nopeDim + mla.valueDim);
  const down = kernels.gemm(tokens, mla.queryRank + mla.kvRank + mla.ropeDim, hidden);
  const up =
    kernels.gemm(tokens, query, mla.queryRank > 0 ? mla.queryRank : hidden) +
    kernels.gemm(tokens, keyValue, mla.kvRank);
  return { all: down + up + kernels.gemm(tokens, hidden, own * mla.valueDim), latentUp: up };
}

/** Forward seconds of an MLP of a width that tensor ranks split. */
function wideTime({ plan, degrees, kernels }: WorkContext, width: number): number {
  const { gated, hidden } = plan.model;
  const { tokens, tp } = degrees;
  if (width === 0) return 0;
  return (
    kernels.gemm(tokens, ((gated ? 2 : 1) * width) / tp, hidden) + kernels.gemm(tokens, hidden, width / tp)
  );
}

/** Forward seconds of the MLP's GEMMs, or of router, shared and routed experts. */
function mlpTime(context: WorkContext, kind: LayerKind): number {
  const { plan, degrees, kernels } = context;
  const { model } = plan;
  const { routedTokens } = degrees;
  const moe = kind === 'moe' ? model.moe : undefined;
  if (!moe) return wideTime(context, model.ffn);
  const router = kernels.gemm16(routedTokens, moe.experts, model.hidden);
  // A rank's experts see the tokens of all ranks of the group; the hottest rank sets the pace.
  const local = moe.experts / degrees.ep;
  const rows = (routedTokens * moe.topk * degrees.ep * degrees.etp * plan.ep.imbalance) / moe.experts;
  const width = moe.expertFfn / degrees.etp;
  const routed =
    kernels.gemm(rows, (model.gated ? 2 : 1) * width, model.hidden, local) +
    kernels.gemm(rows, model.hidden, width, local);
  return wideTime(context, moe.sharedFfn) + router + routed;
}

/** Bytes of norms, residuals and activations, forward, on one rank. */
function elementwiseBytes({ plan, degrees, software }: WorkContext, kind: LayerKind): number {
  const { model } = plan;
  const { tokens, routedTokens, tp } = degrees;
  const sharded = plan.tp.sequenceParallel ? tp : 1;
  const moe = kind === 'moe' ? model.moe : undefined;
  const width = moe ? moe.sharedFfn : model.ffn;
  const heads = model.mla
    ? 3 * model.heads * (model.mla.nopeDim + model.mla.ropeDim)
    : (model.heads + 2 * model.kvHeads) * model.headDim;
  // Dispatch and combine permute each token's copies once more, reading and writing them.
  const routed = moe ? moe.topk * (6 * moe.expertFfn + 8 * model.hidden) : 0;
  return (
    tokens * ((software.elementwiseBytes * model.hidden) / sharded + (6 * width + 4 * heads) / tp) +
    routedTokens * routed
  );
}

/** Seconds of forward work that the backward pass repeats. */
function recomputed(
  { plan, degrees, kernels }: WorkContext,
  kind: LayerKind,
  times: {
    projections: ProjectionTimes;
    attentionForward: number;
    elementwise: number;
    gemms: number;
  },
): number {
  const { recompute, model } = plan;
  if (recompute.mode === 'none') return 0;
  if (recompute.mode === 'full') return times.gemms + times.attentionForward + times.elementwise;
  const items = new Set(recompute.items);
  const { tokens, tp } = degrees;
  const moe = kind === 'moe' ? model.moe : undefined;
  let time = 0;
  if (items.has('attention')) time += times.attentionForward;
  // Two norms read and write the hidden width; the gate reads two tensors of the MLP's width and writes one.
  if (items.has('norm'))
    time += kernels.memory((8 * model.hidden * tokens) / (plan.tp.sequenceParallel ? tp : 1), 2);
  if (items.has('swiglu')) time += kernels.memory((6 * (moe ? moe.sharedFfn : model.ffn) * tokens) / tp, 1);
  if (items.has('moe_act') && moe)
    time += kernels.memory(6 * moe.topk * moe.expertFfn * degrees.routedTokens, 1);
  if (items.has('mla_up')) time += times.projections.latentUp;
  return time;
}

/** FLOPs of one rank and microbatch, forward: all of them, those of attention's kernel, and those that the backward pass repeats. */
function forwardFlops(
  { plan, degrees }: WorkContext,
  kind: LayerKind,
): { all: number; attention: number; repeated: number } {
  const { model, recompute } = plan;
  const { tokens, routedTokens, tp } = degrees;
  const parts = layerFlops(model, kind, { sequence: plan.batch.sequence, attention: 'causal' });
  const attention = (parts.scores * tokens) / tp;
  const split = ((parts.projections + parts.mlp + parts.shared) * tokens) / tp;
  const all = split + attention + (parts.router + parts.experts) * routedTokens;
  if (recompute.mode !== 'selective')
    return { all, attention, repeated: recompute.mode === 'full' ? all : 0 };
  // Norms and gates cost bytes, not FLOPs.
  const latentUp = recompute.items.includes('mla_up') ? (latentUpFlops(model) * tokens) / tp : 0;
  return { all, attention, repeated: (recompute.items.includes('attention') ? attention : 0) + latentUp };
}

/** Per token: queries, keys and values from their latents. */
function latentUpFlops({ hidden, heads, mla }: ModelSpec): number {
  if (!mla) return 0;
  const query = (mla.queryRank > 0 ? mla.queryRank : hidden) * (mla.nopeDim + mla.ropeDim);
  return 2 * heads * (query + mla.kvRank * (mla.nopeDim + mla.valueDim));
}
