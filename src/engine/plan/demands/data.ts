/** Data parallelism: gradients and weights, sharded or not (ZeRO, 1910.02054; HSDP). */
import type { Cause, Phase } from '../../estimate/result.ts';
import type { Digit } from '../../fabric/pattern.ts';
import { reducesEveryMicrobatch } from '../degrees.ts';
import { groupOf, remainder } from '../placement.ts';
import type { CollectiveOp } from '../spec.ts';
import { axisCause, type Context, type Cover, type Demand, demand, namesOf } from './demand.ts';

export function dataDemands(context: Context): Demand[] {
  const { plan, degrees, placement, shard } = context;
  const contextAxes = namesOf(context, 'cp', 'sp');
  const expertDigits = groupOf(placement, namesOf(context, 'ep', 'etp')).group;
  const demands: Demand[] = [];
  for (const part of ['dense', 'experts'] as const) {
    const parameters = shard[part];
    if (parameters === 0) continue;
    const groups = dataGroups(context, part === 'experts' ? expertDigits : [], contextAxes);
    const suffix = part === 'experts' ? ' of experts' : '';
    for (const group of groups) demands.push(...reductions(context, group, parameters, suffix));
  }
  const { model } = plan;
  if (model.tiedEmbeddings && degrees.pp > 1 && (context.stage.embedding || context.stage.head)) {
    demands.push(
      demand(context, namesOf(context, 'pp'), {
        name: 'embed_reduce',
        what: 'gradients of the shared embedding',
        op: 'all_reduce',
        role: 'pp',
        bytes: (degrees.bytes.gradient * model.vocab * model.hidden) / degrees.tp,
        count: 1,
        phase: 'step',
        cover: 'nothing',
        causes: [axisCause(context, 'pp')],
        meanShare: 2 / degrees.pp,
        // First and last stage alone: a group of two at the far ends.
        group: endsOf(groupOf(placement, namesOf(context, 'pp')).group),
      }),
    );
  }
  return demands;
}

function endsOf(group: readonly Digit[]): Digit[] {
  const [digit] = group;
  return digit ? [{ stride: digit.stride * (digit.size - 1), size: 2 }] : [];
}

interface DataGroup {
  role: 'dp' | 'fsdp';
  axes: string[];
  group: Digit[];
  axis: string;
  zero: 0 | 1 | 2 | 3;
  /** Ranks over which an inner axis already splits what this one reduces. */
  divided: number;
  reshard: boolean;
  overlap: { forward: boolean; backward: boolean };
  accumulate: 'local' | 'sharded';
}

/** One group for `dp` alone or `fsdp` alone; with both (HSDP) `fsdp` shards and `dp` reduces the shards. */
function dataGroups(context: Context, experts: readonly Digit[], contextAxes: string[]): DataGroup[] {
  const { plan, placement } = context;
  const fsdp = namesOf(context, 'fsdp');
  const dp = namesOf(context, 'dp');
  const grouped = (axes: string[]): Pick<DataGroup, 'axes' | 'group' | 'axis'> => {
    const { group, axis } = groupOf(placement, axes);
    // Experts have other replicas: what is left of the axes when the expert group is taken out of them.
    const own = experts.length > 0 ? remainder(group, partWithin(group, experts)) : group;
    return { axes, group: own, axis };
  };
  const groups: DataGroup[] = [];
  const sharding = grouped([...fsdp, ...contextAxes]);
  const size = sharding.group.reduce((product, digit) => product * digit.size, 1);
  if (fsdp.length > 0) {
    groups.push({
      role: 'fsdp',
      ...sharding,
      zero: plan.fsdp.zero,
      divided: 1,
      reshard: plan.fsdp.reshard,
      accumulate: 'sharded',
      overlap: { forward: plan.fsdp.overlapForward, backward: plan.fsdp.overlapBackward },
    });
  }
  if (dp.length > 0 || (fsdp.length === 0 && contextAxes.length > 0)) {
    const hybrid = fsdp.length > 0;
    groups.push({
      role: 'dp',
      ...grouped(hybrid ? dp : [...dp, ...contextAxes]),
      zero: hybrid ? 0 : plan.dp.zero,
      divided: hybrid ? size : 1,
      reshard: true,
      overlap: { forward: plan.dp.overlapForward, backward: plan.dp.overlapBackward },
      accumulate: plan.dp.accumulate,
    });
  }
  return groups;
}

/** Of the expert group's digits those parts that lie inside `group`. */
function partWithin(group: readonly Digit[], experts: readonly Digit[]): Digit[] {
  const parts: Digit[] = [];
  for (const digit of group) {
    let taken = 1;
    for (const part of experts) {
      if (part.stride >= digit.stride && part.stride < digit.stride * digit.size) {
        taken *= Math.min(part.size, (digit.stride * digit.size) / part.stride);
      } else if (part.stride < digit.stride && part.stride * part.size > digit.stride) {
        taken *= Math.min(digit.size, (part.stride * part.size) / digit.stride);
      }
    }
    if (taken > 1) parts.push({ stride: digit.stride, size: taken });
  }
  return parts;
}

function reductions(context: Context, group: DataGroup, parameters: number, suffix: string): Demand[] {
  const { degrees, microbatches } = context;
  const own = parameters / group.divided;
  const weights = degrees.bytes.weight * own;
  const gradients = degrees.bytes.gradient * own;
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
    meanShare: 1,
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
  const gathers = [
    make(
      'param_gather',
      'weights for the forward pass',
      'all_gather',
      weights,
      microbatches,
      'forward',
      overlap.forward ? 'forward_pass' : 'nothing',
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
        overlap.backward ? 'backward_pass' : 'nothing',
      ),
    );
  }
  return [...gathers, reduce];
}
