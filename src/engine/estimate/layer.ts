/** One layer's kernels for one microbatch, from the shapes that tensor, context and expert parallelism leave on a chip. */
import { layerFlops, projectionFlops } from '../model/flops.ts';
import type { LayerKind, ModelSpec } from '../model/spec.ts';
import { contextSkew } from '../plan/context.ts';
import type { Degrees } from '../plan/degrees.ts';
import type { PlanSpec, RecomputeItem } from '../plan/spec.ts';
import { KERNEL } from './constants.ts';
import { type Kernels, kernelsOf, SMALL_KERNELS } from './kernels.ts';
import type { Software } from './software.ts';

/** Seconds on one chip for one microbatch. */
export interface LayerTime {
  forward: number;
  /** Without what is computed again. */
  backward: number;
  /** Forward work that the backward pass repeats, where the layer is one of those that do. */
  again: number;
  /** Backward GEMMs that the repeated gather and the scatter of tensor parallelism can run beside. */
  backwardGemm: number;
  /** Forward and backward of attention alone: what a context-parallel ring hides under. */
  attentionForward: number;
  attentionBackward: number;
  /** The shared experts alone. */
  sharedForward: number;
  sharedBackward: number;
  /** FLOPs that the chip executes, and those of `again`. */
  flops: number;
  flopsAgain: number;
}

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
  const products = { ...projectionTimes(context), ...mlpTimes(context, kind) };
  const gemms =
    products.qkv + products.latentUp + products.out + products.up + products.down + products.routed;

  const shared = kind === 'moe' ? products.up + products.down : 0;

  const flops = forwardFlops(context, kind);
  const scores = (model.heads * plan.batch.sequence * tokens) / tp;
  const skewed = contextSkew(plan) * flops.attention;
  const attentionForward = kernels.attentionForward(skewed, scores, model.attentionSinks);
  const attentionBackward = kernels.attentionBackward(skewed, scores, model.attentionSinks);

  const elements = elementwiseBytes(context, kind);
  const launches = kernels.memory(0, SMALL_KERNELS);
  const elementwise = kernels.memory(elements) + launches;

  const factor = software.kernelFactor;
  const floor = software.hostFloorPerLayer;
  const backward =
    2 * gemms + attentionBackward + KERNEL.elementwiseBackward * kernels.memory(elements) + launches;
  return {
    forward: Math.max(factor * (gemms + attentionForward + elementwise), floor),
    backward: Math.max(factor * backward, floor),
    again: factor * repeatedTime(context, kind, { products, attentionForward, elementwise, gemms }),
    backwardGemm: factor * 2 * gemms,
    attentionForward: factor * attentionForward,
    attentionBackward: factor * attentionBackward,
    sharedForward: factor * shared,
    sharedBackward: 2 * factor * shared,
    flops: 3 * flops.all,
    flopsAgain: flops.repeated,
  };
}

/** Forward seconds of the products of weights, by what `recompute: selective(…)` calls them. */
interface ProductTimes {
  /** Without latent up-projections. */
  qkv: number;
  latentUp: number;
  out: number;
  /** Dense MLP or shared experts, into the inner width and out of it. */
  up: number;
  down: number;
  /** Router and routed experts. */
  routed: number;
}

function projectionTimes({
  plan,
  degrees,
  kernels,
}: WorkContext): Pick<ProductTimes, 'qkv' | 'latentUp' | 'out'> {
  const { hidden, heads, headDim, mla } = plan.model;
  const { tokens, tp, kvHeadsPerRank } = degrees;
  const own = heads / tp;
  if (!mla) {
    return {
      qkv: kernels.gemm(tokens, (own + 2 * kvHeadsPerRank) * headDim, hidden),
      latentUp: 0,
      out: kernels.gemm(tokens, hidden, own * headDim),
    };
  }
  const query = own * (mla.nopeDim + mla.ropeDim);
  const keyValue = own * (mla.nopeDim + mla.valueDim);
  // Down-projections are whole on every tensor rank, which multiplies them with its own part of the sequence.
  const rows = plan.tp.sequenceParallel ? tokens / tp : tokens;
  return {
    qkv: kernels.gemm(rows, mla.queryRank + mla.kvRank + mla.ropeDim, hidden),
    latentUp:
      kernels.gemm(tokens, query, mla.queryRank > 0 ? mla.queryRank : hidden) +
      kernels.gemm(tokens, keyValue, mla.kvRank),
    out: kernels.gemm(tokens, hidden, own * mla.valueDim),
  };
}

/** Of the MLP, or of router, shared and routed experts. */
function mlpTimes(context: WorkContext, kind: LayerKind): Pick<ProductTimes, 'up' | 'down' | 'routed'> {
  const { plan, degrees, kernels } = context;
  const { model } = plan;
  const { tokens, routedTokens, tp } = degrees;
  const inward = model.gated ? 2 : 1;
  const wide = (width: number): Pick<ProductTimes, 'up' | 'down'> => ({
    up: kernels.gemm(tokens, (inward * width) / tp, model.hidden),
    down: kernels.gemm(tokens, model.hidden, width / tp),
  });
  const moe = kind === 'moe' ? model.moe : undefined;
  if (!moe) return { ...wide(model.ffn), routed: 0 };
  const router = kernels.gemm16(routedTokens, moe.experts, model.hidden);
  // A rank's experts see the tokens of all ranks of the group; the hottest rank sets the pace.
  const local = moe.experts / degrees.ep;
  const rows = (routedTokens * moe.topk * degrees.ep * degrees.etp * plan.ep.imbalance) / moe.experts;
  const width = moe.expertFfn / degrees.etp;
  const routed =
    kernels.gemm(rows, inward * width, model.hidden, local) + kernels.gemm(rows, model.hidden, width, local);
  return { ...wide(moe.sharedFfn), routed: router + routed };
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
  const bytes =
    tokens * ((software.elementwiseBytes * model.hidden) / sharded + (6 * width + 4 * heads) / tp) +
    routedTokens * routed;
  return software.elementwiseFactor * bytes;
}

/** Seconds of forward work that the backward pass repeats. */
function repeatedTime(
  { plan, degrees, kernels, software }: WorkContext,
  kind: LayerKind,
  times: { products: ProductTimes; attentionForward: number; elementwise: number; gemms: number },
): number {
  const { recompute, model } = plan;
  if (recompute.mode === 'none') return 0;
  if (recompute.mode === 'full') return times.gemms + times.attentionForward + times.elementwise;
  const { tokens, tp } = degrees;
  const { products } = times;
  const moe = kind === 'moe' ? model.moe : undefined;
  const own: Record<RecomputeItem, () => number> = {
    attention: () => times.attentionForward,
    // Two norms read and write the hidden width; the gate reads two tensors of the MLP's width and writes one.
    norm: () => moved((8 * model.hidden * tokens) / (plan.tp.sequenceParallel ? tp : 1), 2),
    swiglu: () => moved((6 * (moe ? moe.sharedFfn : model.ffn) * tokens) / tp, 1),
    moe_act: () => (moe ? moved(6 * moe.topk * moe.expertFfn * degrees.routedTokens, 1) : 0),
    mla_up: () => products.latentUp,
    qkv: () => products.qkv,
    out: () => products.out,
    mlp_up: () => products.up,
    mlp_down: () => products.down + products.routed,
    op: () => everySecond(model, products) + times.elementwise,
  };
  const moved = (bytes: number, launches: number): number =>
    kernels.memory(software.elementwiseFactor * bytes, launches);
  const items = new Set(recompute.items);
  // What the first one repeats, the others would repeat again.
  if (items.has('op')) for (const item of ['norm', 'swiglu', 'moe_act'] as const) items.delete(item);
  let time = 0;
  for (const item of items) time += own[item]();
  return time;
}

/**
 * Every second of the products in their sequence: of q, k, v, out, gate, up, down these are k, out and up; without a gate k, out
 * and down.
 */
function everySecond(model: ModelSpec, { qkv, latentUp, out, up, down, routed }: ProductTimes): number {
  if (model.mla) return (qkv + latentUp + out + up + down + routed) / 2;
  const keys = (qkv * model.kvHeads) / (model.heads + 2 * model.kvHeads);
  return keys + out + (model.gated ? up / 2 : down) + routed / 2;
}

/** FLOPs of one rank and microbatch, forward: all of them, those of attention's kernel, and those that the backward pass repeats. */
function forwardFlops(
  { plan, degrees }: WorkContext,
  kind: LayerKind,
): { all: number; attention: number; repeated: number } {
  const { model, recompute } = plan;
  const { tokens, routedTokens, tp } = degrees;
  const parts = layerFlops(model, kind, { sequence: plan.batch.sequence, attention: 'causal' });
  const split = (flops: number): number => (flops * tokens) / tp;
  const attention = split(parts.scores);
  const routed = (parts.router + parts.experts) * routedTokens;
  const all = split(parts.projections + parts.mlp + parts.shared) + attention + routed;
  if (recompute.mode === 'none') return { all, attention, repeated: 0 };
  if (recompute.mode === 'full') return { all, attention, repeated: all };
  // Norms and gates cost bytes, not FLOPs.
  const { qkv, latentUp, out } = projectionFlops(model);
  const wide = parts.mlp + parts.shared;
  const up = (wide * (model.gated ? 2 : 1)) / (model.gated ? 3 : 2);
  const products: ProductTimes = {
    qkv: split(qkv),
    latentUp: split(latentUp),
    out: split(out),
    up: split(up),
    down: split(wide - up),
    routed,
  };
  const own: Record<RecomputeItem, number> = {
    attention,
    norm: 0,
    swiglu: 0,
    moe_act: 0,
    mla_up: products.latentUp,
    qkv: products.qkv,
    out: products.out,
    mlp_up: products.up,
    mlp_down: products.down + routed,
    op: everySecond(model, products),
  };
  const repeated = [...new Set(recompute.items)].reduce((sum, item) => sum + own[item], 0);
  return { all, attention, repeated };
}
