/** Expert parallelism: dispatch and combine, and experts split over tensor ranks of their own. */
import type { Cause, Phase } from '../../estimate/result.ts';
import { groupSize } from '../../fabric/pattern.ts';
import { PRECISION_BYTES, ranksOf } from '../../fabric/spec.ts';
import { dispatchScale, type TrafficScale } from '../dispatch.ts';
import { groupOf } from '../placement.ts';
import { recomputedShare } from '../recompute.ts';
import { axisCause, type Context, type Demand, demand, namesOf } from './demand.ts';

export function expertDemands(context: Context): Demand[] {
  const { plan, degrees, stage } = context;
  const moe = plan.model.moe;
  if (!moe || stage.moe === 0) return [];
  if (plan.ep.dispatcher === 'all_gather') return gatheredDemands(context, moe.experts);
  const copies = degrees.routedTokens * moe.topk * plan.model.hidden;
  return [...dispatchDemands(context, copies), ...splitExpertDemands(context, copies)];
}

/**
 * What goes along with the tokens is left out: one fp32 probability per copy (0.06 % of DeepSeek-V3's fp8 tokens), and the counts.
 * @param copies elements that one rank sends to experts, for one layer and microbatch
 */
function dispatchDemands(context: Context, copies: number): Demand[] {
  const { plan, degrees } = context;
  if (degrees.ep === 1) return [];
  const scale = scaleOf(context, namesOf(context, 'ep'));
  const make = (name: 'dispatch' | 'combine', what: string, bytes: number, phase: Phase): Demand => ({
    ...perLayer(context, 'ep', { name, what, op: 'all_to_all', bytes, phase }),
    causes: [{ kind: 'plan', key: `ep.${name}` }, axisCause(context, 'ep')],
    ...(scale ? { scale } : {}),
  });
  const dispatch = PRECISION_BYTES[plan.ep.dispatch] * copies;
  const combine = PRECISION_BYTES[plan.ep.combine] * copies;
  const demands = [
    make('dispatch', 'tokens to their experts', dispatch, 'forward'),
    make('combine', 'expert outputs', combine, 'forward'),
    make('dispatch', 'gradients to the experts', combine, 'backward'),
    make('combine', 'gradients of expert inputs', combine, 'backward'),
  ];
  if (plan.recompute.mode === 'full') {
    demands.push(
      make('dispatch', 'tokens, recomputed', dispatch, 'recompute'),
      make('combine', 'expert outputs, recomputed', combine, 'recompute'),
    );
  }
  return demands;
}

/**
 * All tokens to all ranks that hold experts or parts of them, and sums of the outputs back (Megatron-Core
 * `MoEAllGatherTokenDispatcher`, whose group is ep x etp): bytes do not depend on experts per token nor on how even they are.
 * With the tokens go the probabilities of all experts (fp32) and the map of the chosen ones (a byte each).
 */
function gatheredDemands(context: Context, experts: number): Demand[] {
  const { plan, degrees } = context;
  const ranks = degrees.ep * degrees.etp;
  if (ranks === 1) return [];
  const role = degrees.ep > 1 ? 'ep' : 'etp';
  const tokens = degrees.routedTokens * ranks;
  const causes: Cause[] = [{ kind: 'plan', key: 'ep.dispatcher' }, axisCause(context, role)];
  const make = (name: string, op: Demand['op'], what: string, bytes: number, phase: Phase): Demand => ({
    ...perLayer(context, role, { name, what, op, bytes, phase }, namesOf(context, 'ep', 'etp')),
    imbalance: 1,
    causes,
  });
  const out = PRECISION_BYTES[plan.ep.dispatch] * tokens * plan.model.hidden;
  const back = PRECISION_BYTES[plan.ep.combine] * tokens * plan.model.hidden;
  const forward = (phase: Phase, again: string): Demand[] => [
    make('dispatch', 'all_gather', `tokens to all experts${again}`, out, phase),
    make('dispatch', 'all_gather', `choices of experts${again}`, 5 * experts * tokens, phase),
    make('combine', 'reduce_scatter', `expert outputs${again}`, back, phase),
  ];
  return [
    ...forward('forward', ''),
    make('dispatch', 'all_gather', 'gradients to the experts', back, 'backward'),
    make('combine', 'reduce_scatter', 'gradients of expert inputs', back, 'backward'),
    make('combine', 'reduce_scatter', 'gradients of probabilities', 4 * experts * tokens, 'backward'),
    ...(plan.recompute.mode === 'full' ? forward('recompute', ', recomputed') : []),
  ];
}

/** Tensor parallelism inside experts: all of its ranks need the tokens that any of them received, and each has a part of the output. */
function splitExpertDemands(context: Context, copies: number): Demand[] {
  const { plan, degrees } = context;
  if (degrees.etp === 1) return [];
  const bytes = degrees.bytes.activation * copies * degrees.etp;
  const gather = (what: string, phase: Phase): Demand =>
    perLayer(context, 'etp', { name: 'tp_gather', what, op: 'all_gather', bytes, phase });
  const scatter = (what: string, phase: Phase): Demand =>
    perLayer(context, 'etp', { name: 'tp_scatter', what, op: 'reduce_scatter', bytes, phase });
  const demands = [
    gather('tokens of split experts', 'forward'),
    scatter('outputs of split experts', 'forward'),
    gather('output gradients of split experts', 'backward'),
    scatter('input gradients of split experts', 'backward'),
  ];
  if (plan.recompute.mode === 'full') {
    demands.push(
      gather('tokens of split experts, recomputed', 'recompute'),
      scatter('outputs of split experts, recomputed', 'recompute'),
    );
  }
  return demands;
}

/** One collective per MoE layer and microbatch; the rank whose experts are hottest makes all wait. */
function perLayer(
  context: Context,
  role: 'ep' | 'etp',
  fields: Pick<Demand, 'name' | 'what' | 'op' | 'bytes' | 'phase'>,
  axes = namesOf(context, role),
): Demand {
  const { plan, stage, microbatches } = context;
  return demand(context, axes, {
    ...fields,
    role,
    count:
      (fields.phase === 'recompute' ? recomputedShare(plan.recompute, stage) : 1) * stage.moe * microbatches,
    cover: plan.ep.overlap === 'shared_experts' ? 'shared_experts' : plan.ep.overlap ? 'layer' : 'nothing',
    imbalance: plan.ep.imbalance,
    causes: [axisCause(context, role)],
  });
}

/** Only where the plan limits nodes: then the library also sends one copy per node. */
function scaleOf({ plan, placement }: Context, axes: readonly string[]): TrafficScale | undefined {
  const moe = plan.model.moe;
  if (!moe || plan.ep.maxNodes < 1) return undefined;
  const { group } = groupOf(placement, axes);
  const ranks = groupSize(group);
  let node = 1;
  for (const level of plan.fabric.levels) if (level.tier === 'scale_up') node *= ranksOf(level);
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
