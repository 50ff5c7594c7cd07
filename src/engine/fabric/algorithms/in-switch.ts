/** Reduction and multicast by the switches themselves. */
import type { CollectiveOp } from '../../plan/spec.ts';
import { crossedLevels } from '../crossing.ts';
import { ringFlows } from '../flows.ts';
import type { Schedule, Task } from './schedule.ts';

/**
 * The whole of every group hangs under one switch (or tree of switches) that reduces, one port per rank.
 *
 * NVLink SHARP, scale-up: each rank is the head of 1/n of the buffer; it pulls that slice reduced from all ranks and pushes it
 * to all, itself included both times, so a port carries S (1 + 1/n) in either direction. SHARP of InfiniBand, scale-out: the
 * buffer goes up the tree once and comes down once. A gather spares its sender (multicast), a scatter its receiver, but the
 * other side carries what it always did.
 */
export function inSwitch(task: Task, op: CollectiveOp): Schedule | undefined {
  const { network, group, n, bytes, chips } = task;
  const crossed = crossedLevels(network, group, chips);
  const level = network.levels[crossed[0] ?? -1];
  if (!level || crossed.length > 1 || !reduces(level.spec.topology)) return undefined;
  const head = level.spec.tier === 'scale_up' ? (n + 1) / n : 1;
  const share = bytes * (op === 'all_reduce' ? head : (n - 1) / n);
  // What passes a port passes a trunk, too, once per group: the flows of a ring.
  const sets = () => ringFlows(group, share);
  return {
    algorithm: 'in_switch',
    steps: () => [{ traffic: { kind: 'sets', group, sets: sets(), parts: 'ends' }, repeat: 1 }],
    perRank: share,
    count: 1,
    latency: level.spec.latency,
    inSwitch: true,
  };
}

/** Whether switches of this kind add up what passes them. */
export function reduces(topology: { kind: string; reduce?: boolean }): boolean {
  return (topology.kind === 'switch' || topology.kind === 'fat_tree') && topology.reduce === true;
}
