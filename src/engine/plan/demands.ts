/**
 * The collectives that a plan causes, on one stage and in one step, before any of them is priced: what travels, over which
 * group, how often, and what it may hide under. Sizes are nccl-tests' S. Sources: Megatron-LM `tensor_parallel/layers.py` and its
 * context-parallel documentation, ZeRO (1910.02054), the Llama 3 report for gathered context parallelism.
 */

import type { Cause, Phase } from '../estimate/result.ts';
import { type Digit, groupSize } from '../fabric/pattern.ts';
import { PRECISION_BYTES } from '../fabric/spec.ts';
import type { Degrees, Stage } from './degrees.ts';
import { dispatchScale, type TrafficScale } from './dispatch.ts';
import { axesOfRole, axisName, groupOf, type Placement, remainder } from './placement.ts';
import { type ShardParameters, shardParameters } from './shards.ts';
import type { Algorithm, CollectiveOp, PlanSpec, Role } from './spec.ts';

/** Under which work a collective may run; the schedule knows how long that is. */
export type Cover =
  | 'nothing'
  /** Weight- and data-gradient GEMMs of the same layer. */
  | 'backward_gemm'
  /** The blocks of attention of a ring. */
  | 'attention_forward'
  | 'attention_backward'
  /** The other microbatch or the shared experts. */
  | 'layer'
  /** The stage's own pass over a microbatch (FSDP). */
  | 'forward_pass'
  | 'backward_pass'
  /** The tail of the last backward pass, the head of the first forward pass. */
  | 'last_backward'
  | 'first_forward'
  | 'pipeline';

export interface Demand {
  name: string;
  what: string;
  op: CollectiveOp;
  axis: string;
  owner: string;
  role: Role;
  group: Digit[];
  bytes: number;
  count: number;
  phase: Phase;
  cover: Cover;
  /** Hottest rank over mean: multiplies the time. */
  imbalance: number;
  algorithm?: Algorithm;
  /** Deduplicated dispatch: factors on scale-out and scale-up bytes. */
  scale?: TrafficScale;
  causes: Cause[];
  /** Of all ranks' traffic, the mean stage's share against this stage's: 1 when all stages do the same. */
  meanShare: number;
}

interface Context {
  plan: PlanSpec;
  degrees: Degrees;
  placement: Placement;
  stage: Stage;
  microbatches: number;
  /** Layers of the mean stage over this stage's. */
  layerShare: number;
  shard: ShardParameters;
}

export function demandsOf(plan: PlanSpec, degrees: Degrees, placement: Placement, stage: Stage): Demand[] {
  const layers = stage.kinds.length;
  const context: Context = {
    plan,
    degrees,
    placement,
    stage,
    microbatches: degrees.microbatches,
    layerShare: layers > 0 ? plan.model.layers / degrees.pp / layers : 1,
    shard: shardParameters(plan, degrees, stage),
  };
  const demands = [
    ...tensorDemands(context),
    ...contextDemands(context),
    ...expertDemands(context),
    ...pipelineDemands(context),
    ...dataDemands(context),
  ].filter(demand => demand.group.length > 0 && demand.bytes > 0 && demand.count > 0);
  return applyStated(context, demands);
}

function demand(
  context: Context,
  axes: readonly string[],
  fields: Omit<Demand, 'axis' | 'owner' | 'group' | 'imbalance' | 'meanShare'> & Partial<Demand>,
): Demand {
  const { group, axis } = groupOf(context.placement, axes);
  return {
    axis,
    owner: axis.split('*')[0] ?? axis,
    group,
    imbalance: 1,
    meanShare: context.layerShare,
    ...fields,
  };
}

function axisCause(context: Context, role: Role): Cause {
  return { kind: 'axis', key: axisName(context.plan.mesh, role) };
}

function namesOf(context: Context, ...roles: Role[]): string[] {
  return axesOfRole(context.plan.mesh, ...roles).map(axis => axis.name);
}

function tensorDemands(context: Context): Demand[] {
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

function contextDemands(context: Context): Demand[] {
  const { plan, degrees, stage, microbatches } = context;
  if (degrees.cp === 1) return [];
  const { model } = plan;
  const axes = namesOf(context, 'cp', 'sp');
  const ulysses = plan.cp.method === 'ulysses' || axesOfRole(plan.mesh, 'sp').length > 0;
  const causes: Cause[] = [
    { kind: 'plan', key: 'cp.method' },
    axisCause(context, axesOfRole(plan.mesh, 'cp').length > 0 ? 'cp' : 'sp'),
  ];
  const layers = stage.kinds.length * microbatches;
  const width = model.mla ? model.heads / degrees.tp : degrees.kvHeadsPerRank;
  const keys = model.mla ? model.mla.nopeDim + model.mla.ropeDim + model.mla.valueDim : 2 * model.headDim;
  const again = plan.recompute.mode === 'full' ? 1 : 0;
  const make = (
    name: string,
    what: string,
    op: CollectiveOp,
    bytes: number,
    count: number,
    phase: Phase,
    cover: Cover,
  ): Demand => demand(context, axes, { name, what, op, role: 'cp', bytes, count, phase, cover, causes });
  const block = degrees.bytes.activation * degrees.tokens * width * keys;
  if (ulysses) {
    const queries = degrees.bytes.activation * degrees.tokens * (model.heads / degrees.tp) * model.headDim;
    return (['forward', 'backward'] as const).flatMap(phase => {
      const times = layers * (phase === 'forward' ? 1 + again : 1);
      return [
        make('cp_exchange', 'queries and outputs', 'all_to_all', queries, 2 * times, phase, 'nothing'),
        make('cp_exchange', 'keys and values', 'all_to_all', block, times, phase, 'nothing'),
      ];
    });
  }
  if (plan.cp.method === 'all_gather') {
    const whole = block * degrees.cp;
    return [
      make('cp_exchange', 'keys and values', 'all_gather', whole, layers * (1 + again), 'forward', 'nothing'),
      make(
        'cp_exchange',
        'gradients of keys and values',
        'reduce_scatter',
        whole,
        layers,
        'backward',
        'nothing',
      ),
    ];
  }
  const hops = (degrees.cp - 1) * layers;
  return [
    make(
      'cp_exchange',
      'keys and values around the ring',
      'send_recv',
      block,
      hops * (1 + again),
      'forward',
      'attention_forward',
    ),
    make(
      'cp_exchange',
      'keys, values and their gradients',
      'send_recv',
      2 * block,
      hops,
      'backward',
      'attention_backward',
    ),
  ];
}

function expertDemands(context: Context): Demand[] {
  const { plan, degrees, stage, microbatches } = context;
  const moe = plan.model.moe;
  if (!moe || degrees.ep === 1 || stage.moe === 0) return [];
  const axes = namesOf(context, 'ep');
  const layers = stage.moe * microbatches;
  const tokens = degrees.tokens / degrees.tp;
  const copies = tokens * moe.topk * plan.model.hidden;
  const scale = scaleOf(context, axes);
  const cover: Cover = plan.ep.overlap ? 'layer' : 'nothing';
  const make = (name: string, what: string, bytes: number, phase: Phase, key: string): Demand =>
    demand(context, axes, {
      name,
      what,
      op: 'all_to_all',
      role: 'ep',
      bytes,
      count: layers,
      phase,
      cover,
      imbalance: plan.ep.imbalance,
      ...(scale ? { scale } : {}),
      causes: [{ kind: 'plan', key }, axisCause(context, 'ep')],
      meanShare: 1,
    });
  const dispatch = PRECISION_BYTES[plan.ep.dispatch] * copies;
  const combine = PRECISION_BYTES[plan.ep.combine] * copies;
  const demands = [
    make('dispatch', 'tokens to their experts', dispatch, 'forward', 'ep.dispatch'),
    make('combine', 'expert outputs', combine, 'forward', 'ep.combine'),
    make('dispatch', 'gradients to the experts', combine, 'backward', 'ep.dispatch'),
    make('combine', 'gradients of expert inputs', combine, 'backward', 'ep.combine'),
  ];
  if (plan.recompute.mode === 'full') {
    demands.push(
      make('dispatch', 'tokens, recomputed', dispatch, 'recompute', 'ep.dispatch'),
      make('combine', 'expert outputs, recomputed', combine, 'recompute', 'ep.combine'),
    );
  }
  return demands;
}

/** Only where the plan limits nodes: then the library also sends one copy per node. */
function scaleOf({ plan, placement }: Context, axes: readonly string[]): TrafficScale | undefined {
  const moe = plan.model.moe;
  if (!moe || plan.ep.maxNodes < 1) return undefined;
  const { group } = groupOf(placement, axes);
  const ranks = groupSize(group);
  let node = 1;
  for (const level of plan.fabric.levels) if (level.tier === 'scale_up') node *= level.count - level.spare;
  const inside = group.reduce(
    (product, digit) => product * Math.min(digit.size, Math.max(1, node / digit.stride)),
    1,
  );
  const ranksPerNode = Math.min(ranks, Math.max(1, Math.floor(inside)));
  const nodes = ranks / ranksPerNode;
  return dispatchScale({
    nodes,
    ranksPerNode,
    experts: moe.experts,
    topk: moe.topk,
    maxNodes: plan.ep.maxNodes,
  });
}

function pipelineDemands(context: Context): Demand[] {
  const { plan, degrees, microbatches } = context;
  if (degrees.pp === 1) return [];
  const whole = degrees.bytes.activation * degrees.tokens * plan.model.hidden;
  // Every tensor rank sends its part of the sequence; without sequence parallelism all would send the same.
  const bytes = plan.tp.sequenceParallel ? whole / degrees.tp : whole;
  const count = microbatches * degrees.chunks;
  const causes: Cause[] = [axisCause(context, 'pp')];
  return (['forward', 'backward'] as const).map(phase =>
    demand(context, namesOf(context, 'pp'), {
      name: 'stage_send',
      what: phase === 'forward' ? 'activations to the next stage' : 'gradients to the stage before',
      op: 'send_recv',
      role: 'pp',
      bytes,
      count,
      phase,
      cover: 'pipeline',
      causes,
      meanShare: 1,
    }),
  );
}

function dataDemands(context: Context): Demand[] {
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
  const sharded = zero >= 2 && group.accumulate === 'sharded';
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

/** `collective` and `shard` lines: one that takes an inferred collective over replaces its size and group, others are added. */
function applyStated(context: Context, inferred: Demand[]): Demand[] {
  const { plan, stage, microbatches } = context;
  const demands = [...inferred];
  for (const stated of plan.collectives) {
    const cause: Cause = { kind: 'collective', key: stated.name };
    const per = {
      step: 1,
      microbatch: microbatches,
      layer: stage.kinds.length * microbatches,
      moe_layer: stage.moe * microbatches,
      dense_layer: stage.dense * microbatches,
    }[stated.per];
    const phase: Phase = stated.phase === 'optimizer' ? 'step' : stated.phase;
    const overlapped: Cover =
      stated.overlap.length === 0 ? 'nothing' : stated.phase === 'step' ? 'last_backward' : 'layer';
    const target = demands.findIndex(
      each =>
        each.name === (stated.replaces ?? stated.name) &&
        (each.phase === phase || stated.replaces !== undefined),
    );
    const old = demands[target];
    if (old) {
      const own = stated.over.length > 0 ? groupOf(context.placement, stated.over) : old;
      demands[target] = {
        ...old,
        op: stated.op,
        group: own.group,
        axis: own.axis,
        bytes: stated.size > 0 ? stated.size : old.bytes,
        cover: stated.overlap.length > 0 ? overlapped : old.cover,
        causes: [cause, ...old.causes],
        ...(stated.algorithm ? { algorithm: stated.algorithm } : {}),
      };
      continue;
    }
    const role = plan.mesh.axes.find(axis => axis.name === stated.over[0])?.role ?? 'other';
    const added = demand(context, stated.over, {
      name: stated.name,
      what: stated.name,
      op: stated.op,
      role,
      bytes: stated.size,
      count: per,
      phase,
      cover: overlapped,
      causes: [cause],
      ...(stated.algorithm ? { algorithm: stated.algorithm } : {}),
    });
    if (added.group.length > 0 && added.bytes > 0 && added.count > 0) demands.push(added);
  }
  return demands;
}
