/** Data parallelism: gradients and weights, sharded or not (ZeRO, 1910.02054; HSDP). */
import type { Cause, Phase } from '../../estimate/result.ts';
import type { Digit } from '../../fabric/pattern.ts';
import { PRECISION_BYTES } from '../../fabric/spec.ts';
import { reducesEveryMicrobatch, weightCopies } from '../degrees.ts';
import { groupOf } from '../placement.ts';
import { type ReplicaGroup, replicaGroups, stateSplit } from '../replicas.ts';
import type { CollectiveOp } from '../spec.ts';
import { axisCause, type Context, type Cover, type Demand, demand, namesOf } from './demand.ts';

export function dataDemands(context: Context): Demand[] {
  const { plan, degrees, placement, shard } = context;
  const demands: Demand[] = [];
  for (const part of ['dense', 'experts'] as const) {
    const parameters = shard[part];
    if (parameters === 0) continue;
    const suffix = part === 'experts' ? ' of experts' : '';
    for (const group of replicaGroups(plan, placement, part))
      demands.push(
        ...reductions(context, group, { all: parameters, matrices: shard.matrices[part] }, suffix),
      );
  }
  if (weightCopies(plan.pp.schedule, degrees.pp) > 1) demands.push(...mirrored(context));
  const { model } = plan;
  const { stage } = context;
  // The table is on the stages of both ends: as the head where it is tied, as the input of multi-token prediction otherwise. A V
  // and DualPipe lead both ends through one rank, which holds it once.
  const shared = model.tiedEmbeddings || model.mtpLayers > 0;
  if (shared && degrees.pp > 1 && stage.embedding !== stage.head) {
    demands.push(
      demand(context, namesOf(context, 'pp'), {
        name: 'embed_reduce',
        what: 'gradients of the shared embedding',
        op: 'all_reduce',
        role: 'pp',
        bytes: (degrees.bytes.reduce * model.vocab * model.hidden) / degrees.tp,
        count: 1,
        phase: 'step',
        cover: 'nothing',
        causes: [axisCause(context, 'pp')],
        group: pairsOf(groupOf(placement, namesOf(context, 'pp')).group),
      }),
    );
  }
  return demands;
}

/**
 * Groups of two stages, half of the pipeline apart: what the pairs r and p-1-r are on average, which no pattern of equal strides can say.
 * Where the pipeline does not split into halves all of it stands for them.
 */
function pairsOf(group: readonly Digit[]): Digit[] {
  const outer = group.at(-1);
  if (!outer) return [];
  const { stride, size } = outer;
  return size % 2 === 0 ? [{ stride: (stride * size) / 2, size: 2 }] : [...group];
}

/**
 * DualPipe holds every layer on two ranks, stages r and p-1-r, each with the gradients of half of the microbatches (DeepSeek-V3,
 * 2412.19437): what data parallelism leaves of them on a rank is added up with the other rank's.
 */
function mirrored(context: Context): Demand[] {
  const { plan, degrees, placement, shard } = context;
  const axes = namesOf(context, 'pp');
  const group = pairsOf(groupOf(placement, axes).group);
  return (['dense', 'experts'] as const).flatMap(part => {
    const own = shard[part] / stateSplit(plan, placement, part).optimizer;
    if (own === 0) return [];
    return [
      demand(context, axes, {
        name: 'grad_reduce',
        what: `gradients of the stage's other copy${part === 'experts' ? ', of experts' : ''}`,
        op: 'all_reduce',
        role: 'pp',
        bytes: degrees.bytes.reduce * own,
        count: 1,
        phase: 'step',
        cover: plan.dp.overlapBackward ? 'last_backward' : 'nothing',
        causes: [{ kind: 'plan', key: 'pp.schedule' }, axisCause(context, 'pp')],
        group,
      }),
    ];
  });
}

/** @param parameters of the rank's shard of the model, and those of them that lie in matrices of layers */
function reductions(
  context: Context,
  group: ReplicaGroup,
  parameters: { all: number; matrices: number },
  suffix: string,
): Demand[] {
  const { degrees, microbatches } = context;
  const { weight } = degrees.bytes;
  const gathered = group.gather ? PRECISION_BYTES[group.gather] : weight;
  const weights =
    (weight * (parameters.all - parameters.matrices) + gathered * parameters.matrices) / group.divided;
  const gradients = (degrees.bytes.reduce * parameters.all) / group.divided;
  const causes: Cause[] = [
    { kind: 'plan', key: `${group.axes[0] ?? 'dp'}.zero` },
    { kind: 'axis', key: group.axis.split('*')[0] ?? 'dp' },
    ...group.axes.map((key): Cause => ({ kind: 'axis', key })),
  ];
  const { zero, overlap } = group;
  const common = {
    role: group.role,
    axis: group.axis,
    owner: group.axis.split('*')[0] ?? group.role,
    group: group.group,
  };
  const make = (
    name: string,
    what: string,
    op: CollectiveOp,
    bytes: number,
    count: number,
    phase: Phase,
    cover: Cover,
  ): Demand => ({
    ...common,
    name,
    what: what + suffix,
    op,
    bytes,
    count,
    phase,
    cover,
    imbalance: 1,
    causes,
  });
  const last: Cover = overlap.backward ? 'last_backward' : 'nothing';
  const first: Cover = overlap.forward ? 'first_forward' : 'nothing';
  if (zero === 0) return [make('grad_reduce', 'gradients', 'all_reduce', gradients, 1, 'step', last)];
  const sharded = reducesEveryMicrobatch(zero, group.accumulate);
  const reduce = sharded
    ? make(
        'grad_reduce',
        'gradients, every microbatch',
        'reduce_scatter',
        gradients,
        microbatches,
        'backward',
        overlap.backward ? 'backward_pass' : 'nothing',
      )
    : make('grad_reduce', 'gradients', 'reduce_scatter', gradients, 1, 'step', last);
  if (zero < 3)
    return [reduce, make('param_gather', 'updated weights', 'all_gather', weights, 1, 'step', first)];
  // Between the microbatches of a pipeline there is no moment at which a stage is done with its weights: kept after the forward
  // pass, they are kept for the step (PyTorch's pipeline stages reshard after the last backward pass only).
  if (!group.reshard && degrees.pp > 1) {
    const what = 'weights, kept for the step';
    return [make('param_gather', what, 'all_gather', weights, 1, 'step', first), reduce];
  }
  const ahead = group.prefetch > 0;
  const gathers = [
    make(
      'param_gather',
      'weights for the forward pass',
      'all_gather',
      weights,
      microbatches,
      'forward',
      overlap.forward && ahead ? 'forward_pass' : 'nothing',
    ),
  ];
  if (group.reshard) {
    gathers.push(
      make(
        'param_gather',
        'weights for the backward pass',
        'all_gather',
        weights,
        microbatches,
        'backward',
        overlap.backward && ahead ? 'backward_pass' : 'nothing',
      ),
    );
  }
  return [...gathers, reduce];
}
