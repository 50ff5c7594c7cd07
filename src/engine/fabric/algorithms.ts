/**
 * Collective algorithms as steps of traffic. Sizes follow nccl-tests: `bytes` is the buffer per rank of an all-reduce, the
 * gathered output of an all-gather, the whole input of a reduce-scatter, the send buffer of an all-to-all.
 *
 * Ring and exchange costs: Thakur, Rabenseifner, Gropp, "Optimization of Collective Communication Operations in MPICH"
 * (2005). One file per family in `algorithms/`.
 */
import type { Algorithm, CollectiveOp } from '../plan/spec.ts';
import { buckets, gridOf } from './algorithms/buckets.ts';
import { direct, oneShot, pairwise, scatterGather } from './algorithms/directs.ts';
import { halving, recursiveDoubling, tree } from './algorithms/exchanges.ts';
import { inSwitch } from './algorithms/in-switch.ts';
import { bruck, pat } from './algorithms/log-steps.ts';
import { packedTrees } from './algorithms/packed-trees.ts';
import { chain, ring, send, shift } from './algorithms/rings.ts';
import type { Schedule, Task } from './algorithms/schedule.ts';
import { crossedLevels } from './crossing.ts';
import { librarySchedules } from './nccl/schedules.ts';
import type { Network } from './network.ts';
import { type Group, groupSize } from './pattern.ts';

export type { Schedule, Step } from './algorithms/schedule.ts';

/**
 * Every algorithm that can run `op` on this group, the library's own default first: a later one is chosen only when it is
 * clearly faster (see `price.ts`).
 */
export function schedulesFor(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  chips = network.chips,
): Schedule[] {
  const task: Task = { network, group, n: groupSize(group), bytes, chips };
  if (gridOf(network, group, chips)) return launched(network, onGrid(task, op));
  const known = launched(network, candidates(task, op));
  const library = librarySchedules(task, op);
  if (library) {
    // What the library has no code for runs by name.
    const others = known.filter(({ algorithm }) => !library.some(each => each.algorithm === algorithm));
    return [...library, ...others.map(schedule => ({ ...schedule, byNameOnly: true }))];
  }
  const wired = crossedLevels(network, group, chips).some(index => network.levels[index]!.wired);
  // Made for switches: libraries use them on no such network.
  return wired
    ? known.map(each => (FOR_SWITCHES.has(each.algorithm) ? { ...each, byNameOnly: true } : each))
    : known;
}

const FOR_SWITCHES: ReadonlySet<Algorithm> = new Set([
  'halving_doubling',
  'recursive_doubling',
  'bruck',
  'pat',
]);

/** What the chip takes before the first step comes on top. */
function launched({ launch = 0 }: Network, schedules: readonly (Schedule | undefined)[]): Schedule[] {
  const known = schedules.filter(schedule => schedule !== undefined);
  return launch === 0 ? known : known.map(each => ({ ...each, latency: each.latency + launch }));
}

/** Neighbour by neighbour where the group fits the grid; what was made for switches can be asked for by name. */
function onGrid(task: Task, op: CollectiveOp): (Schedule | undefined)[] {
  const rounds = op === 'all_reduce' ? 2 : 1;
  const known = candidates(task, op);
  // One partner after the other wastes the links that lead elsewhere.
  if (op === 'all_to_all')
    return known.map(each => (each?.algorithm === 'direct' ? each : each && { ...each, byNameOnly: true }));
  if (op !== 'all_gather' && op !== 'reduce_scatter' && op !== 'all_reduce') return known;
  const along = buckets(task, rounds);
  if (along.length === 0) return known;
  const taken = new Set(along.map(schedule => schedule?.algorithm));
  const others = known.filter(schedule => schedule && !taken.has(schedule.algorithm));
  return [...along, ...others.map(schedule => ({ ...schedule!, byNameOnly: true }))];
}

function candidates(task: Task, op: CollectiveOp): (Schedule | undefined)[] {
  switch (op) {
    case 'all_gather':
    case 'reduce_scatter':
      return [
        ring(task, 1),
        inSwitch(task, op),
        packedTrees(task, 1),
        halving(task, 1),
        pat(task, op),
        direct(task, 1),
      ];
    case 'all_reduce':
      return [
        ring(task, 2),
        inSwitch(task, op),
        packedTrees(task, 2),
        tree(task),
        halving(task, 2),
        recursiveDoubling(task),
        direct(task, 2, 'direct_two_shot'),
        oneShot(task),
      ];
    case 'all_to_all':
      return [direct(task, 1), pairwise(task), bruck(task)];
    case 'broadcast':
      return [chain(task), scatterGather(task)];
    case 'send_recv':
      return [send(task), shift(task)];
  }
}
