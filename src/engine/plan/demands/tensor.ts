/** Tensor and sequence parallelism (Megatron-LM `tensor_parallel/layers.py`, `multi_latent_attention.py`; 2205.05198). */
import type { Phase } from '../../estimate/result.ts';
import { finalNormParameters, layerParameters } from '../../model/parameters.ts';
import type { LayerKind, ModelSpec } from '../../model/spec.ts';
import { layersOf, type Stage } from '../degrees.ts';
import { groupOf, takeInnermost } from '../placement.ts';
import { recomputedShare } from '../recompute.ts';
import type { CollectiveOp } from '../spec.ts';
import { axisCause, type Context, type Cover, type Demand, demand, namesOf } from './demand.ts';

/**
 * Blocks that gather their input and reduce their output over the tensor ranks: attention and MLP, one if the two are parallel.
 * Routed experts get their tokens by dispatch, from each rank's own part of the sequence; shared experts are split like an MLP.
 */
function blocksOf(model: ModelSpec, stage: Stage): number {
  if (model.parallelBlock) return layersOf(stage);
  return 2 * stage.dense + (model.moe && model.moe.sharedFfn === 0 ? 1 : 2) * stage.moe;
}

/**
 * Width of what latent attention gathers instead of the residual stream: every rank multiplies the down-projections with its own
 * part of the sequence, since they are whole on all of them. Undefined where attention gathers the residual stream itself.
 */
function latentWidth({ mla, parallelBlock }: ModelSpec): number | undefined {
  // Without a latent of queries these are projected, split by heads, from the residual stream.
  if (!mla || mla.queryRank === 0 || parallelBlock) return undefined;
  return mla.queryRank + mla.kvRank + mla.ropeDim;
}

export function tensorDemands(context: Context): Demand[] {
  const { plan, degrees, stage, microbatches } = context;
  if (degrees.tp === 1) return [];
  const { model } = plan;
  const axes = namesOf(context, 'tp');
  const causes = [axisCause(context, 'tp')];
  const perWidth = degrees.bytes.activation * degrees.tokens;
  const tensor = perWidth * model.hidden;
  const demands: Demand[] = [];
  const add =
    (op: CollectiveOp, name: string) =>
    (what: string, phase: Phase, count: number, cover: Cover = 'nothing', bytes = tensor): void => {
      demands.push(demand(context, axes, { name, what, op, role: 'tp', bytes, count, phase, cover, causes }));
    };
  const gather = add('all_gather', 'tp_gather');
  const scatter = add('reduce_scatter', 'tp_scatter');
  const reduce = add('all_reduce', 'tp_reduce');

  const sequence = plan.tp.sequenceParallel;
  const blocks = blocksOf(model, stage) * microbatches;
  const again = recomputedShare(plan.recompute, stage);
  // What goes into a block and what comes out differ with latent attention, whose inputs are latents.
  const width = latentWidth(model);
  const latent = width === undefined ? 0 : layersOf(stage) * microbatches;
  const latents = perWidth * (width ?? 0);
  if (sequence) {
    gather('activations before each block', 'forward', blocks - latent);
    gather('latents before attention', 'forward', latent, 'nothing', latents);
    scatter('activations after each block', 'forward', blocks);
    gather('output gradients', 'backward', blocks);
    gather('saved inputs, gathered again', 'backward', blocks - latent, 'backward_gemm');
    gather('saved latents, gathered again', 'backward', latent, 'backward_gemm', latents);
    scatter('input gradients', 'backward', blocks - latent, 'backward_gemm');
    scatter('gradients of latents', 'backward', latent, 'backward_gemm', latents);
    gather('activations, recomputed', 'recompute', again * (blocks - latent));
    gather('latents, recomputed', 'recompute', again * latent, 'nothing', latents);
    scatter('activations, recomputed', 'recompute', again * blocks);
    // These are whole on every rank, their gradients are not: each rank saw its part of the sequence.
    const whole = degrees.bytes.reduce * wholeParameters(model, stage);
    reduce('gradients of norms, routers and latents', 'step', 1, 'nothing', whole);
  } else {
    reduce('activations after each block', 'forward', blocks);
    reduce('input gradients', 'backward', blocks - latent, 'backward_gemm');
    reduce('gradients of latents', 'backward', latent, 'backward_gemm', latents);
    reduce('activations, recomputed', 'recompute', again * blocks);
  }
  demands.push(...replicatedHeads(context));
  if (stage.embedding) {
    if (sequence) {
      scatter('embedding output', 'forward', microbatches);
      gather('gradient of the embedding output', 'backward', microbatches);
    } else reduce('embedding output', 'forward', microbatches);
  }
  if (stage.head) {
    // Every multi-token-prediction module has a head of its own behind it.
    const heads = (1 + stage.mtp) * microbatches;
    if (sequence) {
      gather('input of the head', 'loss', heads);
      gather('input of the head, gathered again', 'loss', heads, 'backward_gemm');
      scatter('gradient of the head', 'loss', heads);
    } else reduce('gradient of the head', 'loss', heads);
    // Maximum, sum and target logit of a vocabulary-parallel loss, fp32 each.
    reduce('loss over the vocabulary', 'loss', 3 * heads, 'nothing', 4 * degrees.tokens);
  }
  return demands;
}

const KINDS: readonly LayerKind[] = ['dense', 'moe'];

/** Parameters of a stage that every tensor rank holds whole. */
function wholeParameters(model: ModelSpec, stage: Stage): number {
  let total = stage.head ? finalNormParameters(model) : 0;
  for (const kind of KINDS) {
    if (stage[kind] === 0) continue;
    const { norms, router, attentionReplicated } = layerParameters(model, kind);
    total += stage[kind] * (norms + router + attentionReplicated);
  }
  return total;
}

/**
 * With fewer key/value heads than tensor ranks neighbours hold the same head, each with the gradient that its own queries gave it.
 * Megatron-LM adds them up in the step, as it does for all weights that ranks share.
 */
function replicatedHeads(context: Context): Demand[] {
  const { plan, degrees, stage, placement } = context;
  const { model } = plan;
  const copies = model.mla ? 1 : degrees.tp / model.kvHeads;
  if (copies <= 1) return [];
  const axes = namesOf(context, 'tp');
  const group = takeInnermost(groupOf(placement, axes).group, copies);
  if (!group) return [];
  let held = 0;
  for (const kind of KINDS)
    if (stage[kind] > 0) held += (stage[kind] * layerParameters(model, kind).kv) / model.kvHeads;
  return [
    demand(context, axes, {
      name: 'tp_reduce',
      what: 'gradients of key/value heads that several ranks hold',
      op: 'all_reduce',
      role: 'tp',
      bytes: degrees.bytes.gradient * held,
      count: 1,
      phase: 'step',
      cover: 'nothing',
      causes: [axisCause(context, 'tp')],
      group,
    }),
  ];
}
