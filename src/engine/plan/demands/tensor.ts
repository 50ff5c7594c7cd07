/** Tensor and sequence parallelism (Megatron-LM `tensor_parallel/layers.py`; 2205.05198). */
import type { Phase } from '../../estimate/result.ts';
import type { ModelSpec } from '../../model/spec.ts';
import { layersOf, type Stage } from '../degrees.ts';
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

export function tensorDemands(context: Context): Demand[] {
  const { plan, degrees, stage, microbatches } = context;
  if (degrees.tp === 1) return [];
  const axes = namesOf(context, 'tp');
  const causes = [axisCause(context, 'tp')];
  const tensor = degrees.bytes.activation * degrees.tokens * plan.model.hidden;
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
  const blocks = blocksOf(plan.model, stage) * microbatches;
  const full = plan.recompute.mode === 'full';
  if (sequence) {
    gather('activations before each block', 'forward', blocks);
    scatter('activations after each block', 'forward', blocks);
    gather('output gradients', 'backward', blocks);
    gather('saved inputs, gathered again', 'backward', blocks, 'backward_gemm');
    scatter('input gradients', 'backward', blocks, 'backward_gemm');
    if (full) {
      gather('activations, recomputed', 'recompute', blocks);
      scatter('activations, recomputed', 'recompute', blocks);
    }
    // Norm weights are whole on every rank, their gradients are not: each rank saw its part of the sequence.
    const norms = degrees.bytes.reduce * plan.model.normsPerLayer * plan.model.hidden * layersOf(stage);
    reduce('norm gradients', 'step', 1, 'nothing', norms);
  } else {
    reduce('activations after each block', 'forward', blocks);
    reduce('input gradients', 'backward', blocks, 'backward_gemm');
    if (full) reduce('activations, recomputed', 'recompute', blocks);
  }
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
