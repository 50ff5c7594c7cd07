/** Expert parallelism: dispatch and combine, forward and backward. */
import type { Phase } from '../../estimate/result.ts';
import { groupSize } from '../../fabric/pattern.ts';
import { PRECISION_BYTES } from '../../fabric/spec.ts';
import { dispatchScale, type TrafficScale } from '../dispatch.ts';
import { groupOf } from '../placement.ts';
import { axisCause, type Context, type Cover, type Demand, demand, namesOf } from './demand.ts';

export function expertDemands(context: Context): Demand[] {
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
