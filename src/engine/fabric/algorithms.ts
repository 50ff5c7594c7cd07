/**
 * Collective algorithms as steps of traffic. Sizes follow nccl-tests: `bytes` is the buffer per rank of an all-reduce, the
 * gathered output of an all-gather, the whole input of a reduce-scatter, the send buffer of an all-to-all.
 *
 * Ring and exchange costs: Thakur, Rabenseifner, Gropp, "Optimization of Collective Communication Operations in MPICH"
 * (2005). One file per family in `algorithms/`.
 */
import type { CollectiveOp } from '../plan/spec.ts';
import { direct, oneShot, pairwise, scatterGather } from './algorithms/directs.ts';
import { halving, recursiveDoubling, tree } from './algorithms/exchanges.ts';
import { inSwitch } from './algorithms/in-switch.ts';
import { chain, ring, send, shift } from './algorithms/rings.ts';
import type { Schedule, Task } from './algorithms/schedule.ts';
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
  const plain = candidates(task, op).filter(schedule => schedule !== undefined);
  const library = librarySchedules(task, op);
  if (!library) return plain;
  // What the library has no code for runs by name.
  const others = plain.filter(({ algorithm }) => !library.some(each => each.algorithm === algorithm));
  return [...library, ...others.map(schedule => ({ ...schedule, byNameOnly: true }))];
}

function candidates(task: Task, op: CollectiveOp): (Schedule | undefined)[] {
  switch (op) {
    case 'all_gather':
    case 'reduce_scatter':
      return [ring(task, 1), inSwitch(task, op), halving(task, 1), direct(task, 1)];
    case 'all_reduce':
      return [
        ring(task, 2),
        inSwitch(task, op),
        tree(task),
        halving(task, 2),
        recursiveDoubling(task),
        direct(task, 2, 'direct_two_shot'),
        oneShot(task),
      ];
    case 'all_to_all':
      return [direct(task, 1), pairwise(task)];
    case 'broadcast':
      return [chain(task), scatterGather(task)];
    case 'send_recv':
      return [send(task), shift(task)];
  }
}
