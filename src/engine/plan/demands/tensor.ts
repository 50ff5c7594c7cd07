/** Tensor and sequence parallelism (Megatron-LM `tensor_parallel/layers.py`; 2205.05198). */
import type { Phase } from '../../estimate/result.ts';
import type { CollectiveOp } from '../spec.ts';
import { axisCause, type Context, type Cover, type Demand, demand, namesOf } from './demand.ts';

export function tensorDemands(context: Context): Demand[] {
  const { plan, degrees, stage, microbatches } = context;
  const axes = namesOf(context, 'tp');
  if (degrees.tp === 1) return [];
  const bytes = degrees.bytes.activation * degrees.tokens * plan.model.hidden;
  const causes = [axisCause(context, 'tp')];
  const layers = stage.kinds.length * microbatches;
  // A parallel block shares one gather and one reduction between attention and MLP.
  const blocks = plan.model.parallelBlock ? 1 : 2;
  const full = plan.recompute.mode === 'full';
  const make = (
    name: string,
    what: string,
    op: CollectiveOp,
    count: number,
    phase: Phase,
    cover: Cover,
    size = bytes,
  ): Demand =>
    demand(context, axes, { name, what, op, role: 'tp', bytes: size, count, phase, cover, causes });
  const demands: Demand[] = [];
  if (plan.tp.sequenceParallel) {
    demands.push(
      make('tp_gather', 'activations before each block', 'all_gather', blocks * layers, 'forward', 'nothing'),
      make(
        'tp_scatter',
        'activations after each block',
        'reduce_scatter',
        blocks * layers,
        'forward',
        'nothing',
      ),
      make('tp_gather', 'output gradients', 'all_gather', blocks * layers, 'backward', 'nothing'),
      make(
        'tp_gather',
        'saved inputs, gathered again',
        'all_gather',
        blocks * layers,
        'backward',
        'backward_gemm',
      ),
      make('tp_scatter', 'input gradients', 'reduce_scatter', blocks * layers, 'backward', 'backward_gemm'),
    );
    if (full) {
      demands.push(
        make('tp_gather', 'activations, recomputed', 'all_gather', blocks * layers, 'recompute', 'nothing'),
        make(
          'tp_scatter',
          'activations, recomputed',
          'reduce_scatter',
          blocks * layers,
          'recompute',
          'nothing',
        ),
      );
    }
    // Norm weights are whole on every rank, their gradients are not: each rank saw its part of the sequence.
    const norms = degrees.bytes.gradient * plan.model.normsPerLayer * plan.model.hidden * stage.kinds.length;
    demands.push(make('tp_reduce', 'norm gradients', 'all_reduce', 1, 'step', 'nothing', norms));
  } else {
    demands.push(
      make('tp_reduce', 'activations after each block', 'all_reduce', blocks * layers, 'forward', 'nothing'),
      make('tp_reduce', 'input gradients', 'all_reduce', blocks * layers, 'backward', 'backward_gemm'),
    );
    if (full) {
      demands.push(
        make('tp_reduce', 'activations, recomputed', 'all_reduce', blocks * layers, 'recompute', 'nothing'),
      );
    }
  }
  const once: Partial<Demand> = { meanShare: 1 / degrees.pp };
  if (stage.embedding) {
    const op = plan.tp.sequenceParallel ? 'reduce_scatter' : 'all_reduce';
    const name = plan.tp.sequenceParallel ? 'tp_scatter' : 'tp_reduce';
    demands.push({ ...make(name, 'embedding output', op, microbatches, 'forward', 'nothing'), ...once });
  }
  if (stage.head) {
    if (plan.tp.sequenceParallel) {
      demands.push({
        ...make('tp_gather', 'input of the head', 'all_gather', microbatches, 'loss', 'nothing'),
        ...once,
      });
      demands.push({
        ...make('tp_scatter', 'gradient of the head', 'reduce_scatter', microbatches, 'loss', 'nothing'),
        ...once,
      });
    } else {
      demands.push({
        ...make('tp_reduce', 'gradient of the head', 'all_reduce', microbatches, 'loss', 'nothing'),
        ...once,
      });
    }
    // Maximum, sum and target logit of a vocabulary-parallel loss, fp32 each.
    const size = 4 * degrees.tokens;
    demands.push({
      ...make(
        'tp_reduce',
        'loss over the vocabulary',
        'all_reduce',
        3 * microbatches,
        'loss',
        'nothing',
        size,
      ),
      ...once,
    });
  }
  return demands;
}
