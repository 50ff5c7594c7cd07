/** Collectives that the file states itself. */
import type { Cause, Phase } from '../../estimate/result.ts';
import { layersOf } from '../degrees.ts';
import { groupOf } from '../placement.ts';
import { type Context, type Cover, type Demand, demand } from './demand.ts';

/** `collective` and `shard` lines: one that takes an inferred collective over replaces its size and group, others are added. */
export function applyStated(context: Context, inferred: Demand[]): Demand[] {
  const { plan, stage, microbatches } = context;
  const demands = [...inferred];
  for (const stated of plan.collectives) {
    const cause: Cause = { kind: 'collective', key: stated.name };
    const per = {
      step: 1,
      microbatch: microbatches,
      layer: layersOf(stage) * microbatches,
      moe_layer: stage.moe * microbatches,
      dense_layer: stage.dense * microbatches,
    }[stated.per];
    const phase: Phase = stated.phase === 'optimizer' ? 'step' : stated.phase;
    const overlapped: Cover =
      stated.overlap.length === 0 ? 'nothing' : phase === 'step' ? 'last_backward' : 'layer';
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
        // Over other axes it is theirs.
        owner: own.axis.split('*').includes(old.owner) ? old.owner : own.axis.split('*')[0] || old.owner,
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
    if (added.bytes > 0 && added.count > 0) demands.push(added);
  }
  // Over axes of one rank nothing travels.
  return demands.filter(each => each.group.length > 0);
}
