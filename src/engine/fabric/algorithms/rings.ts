/** Rings, and the line that a broadcast or a pipeline is. */
import { farthest, walkLatency } from '../crossing.ts';
import { railRingFlows, ringFlows } from '../flows.ts';
import type { Digit, FlowSet, Group } from '../pattern.ts';
import type { Schedule, Task } from './schedule.ts';

/**
 * Ring: n - 1 steps of S/n each, `rounds` 2 for an all-reduce. Through every network port of a node at once where the group
 * has several members in it.
 */
export function ring(task: Task, rounds: 1 | 2): Schedule {
  const { network, group, n, bytes, chips } = task;
  const repeat = rounds * (n - 1);
  const flows = (): FlowSet[] => {
    const rails = railsOf(task);
    return rails ? railRingFlows(rails.inner, rails.outer, bytes / n) : ringFlows(group, bytes / n);
  };
  return {
    algorithm: 'ring',
    steps: () => [{ traffic: { kind: 'sets', group, sets: flows(), parts: 'ends' }, repeat }],
    perRank: (repeat * bytes) / n,
    count: repeat,
    latency: rounds * walkLatency(network, group, chips),
  };
}

/** Splits off the members that share a unit below a network's ports, where the group goes beyond that unit. */
export function railsOf({ network, group }: Task): { inner: Digit; outer: Group } | undefined {
  const first = group[0]!;
  let reach = 0;
  for (const digit of group) reach += digit.stride * (digit.size - 1);
  for (const { below } of network.stacks) {
    if (below === 1 || reach < below || below % first.stride !== 0) continue;
    const size = Math.min(below / first.stride, first.size);
    if (size === 1 || first.size % size !== 0) continue;
    const rest = { stride: first.stride * size, size: first.size / size };
    const outer = rest.size > 1 ? [rest, ...group.slice(1)] : group.slice(1);
    if (outer.length > 0) return { inner: { stride: first.stride, size }, outer };
  }
  return undefined;
}

/** Pipelined chain: with many chunks every link carries the buffer once. */
export function chain(task: Task): Schedule {
  const { network, group, n, chips } = task;
  return {
    ...line(task),
    algorithm: 'ring',
    count: n - 1,
    latency: walkLatency(network, group, chips, false),
  };
}

/** Every rank to its successor, all at once: the boundary of a pipeline. */
export function send(task: Task): Schedule {
  return { ...line(task), latency: farthest(task.network, task.group, task.chips) };
}

/**
 * Every rank to its successor and the last to the first, all at once: a ring of attention blocks, or the sends of a pipeline
 * whose stages hold several chunks. Chosen by name only: a plain send has no way back.
 */
export function shift(task: Task): Schedule {
  const { group, bytes } = task;
  const sets = (): FlowSet[] => ringFlows(group, bytes);
  return {
    ...send(task),
    algorithm: 'ring',
    byNameOnly: true,
    steps: () => [{ traffic: { kind: 'sets', group, sets: sets(), parts: 'ends' }, repeat: 1 }],
    perRank: bytes,
  };
}

function line({ group, n, bytes }: Task): Omit<Schedule, 'latency'> {
  const sets = (): FlowSet[] => ringFlows(group, bytes, false);
  return {
    algorithm: 'direct',
    steps: () => [{ traffic: { kind: 'sets', group, sets: sets(), parts: 'ends' }, repeat: 1 }],
    perRank: (bytes * (n - 1)) / n,
    count: 1,
  };
}
