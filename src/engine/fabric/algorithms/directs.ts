/** Algorithms in which every rank talks to every other one. */
import type { Algorithm } from '../../plan/spec.ts';
import { crossedLevels, farthest } from '../crossing.ts';
import { rotationFlows } from '../flows.ts';
import type { Schedule, Step, Task } from './schedule.ts';

/** A network card posts its messages one after the other: NCCL's tuner counts 1 us each (`src/graph/tuning.cc`). */
const NETWORK_POST = 1e-6;

/** More rounds than this of one partner each lose to one round with all of them. */
const MOST_ROUNDS = 64;

/** One exchange of S/n with every peer; two for reduce-scatter and all-gather of an all-reduce. */
export function direct(task: Task, rounds: 1 | 2, algorithm: Algorithm = 'direct'): Schedule {
  return allToAll(task, task.bytes / task.n, rounds, algorithm);
}

/** Everybody sends its whole buffer to everybody. */
export function oneShot(task: Task): Schedule {
  return allToAll(task, task.bytes, 1, 'direct');
}

function allToAll(task: Task, bytes: number, rounds: 1 | 2, algorithm: Algorithm): Schedule {
  const { network, group, n, chips } = task;
  return {
    algorithm,
    steps: () => [{ traffic: { kind: 'pairs', group, bytes }, repeat: rounds }],
    perRank: rounds * bytes * (n - 1),
    count: rounds,
    latency: rounds * farthest(network, group, chips),
    posting: rounds * posting(task),
  };
}

/** What posting a message to every peer costs before the last one is on its way. */
function posting({ network, group, n, chips }: Task): number {
  const top = crossedLevels(network, group, chips).at(-1);
  return top !== undefined && network.levels[top]!.spec.tier === 'scale_out' ? (n - 1) * NETWORK_POST : 0;
}

/** The root deals out a part for everybody, then all gather: no chain of n - 1 hops where latency matters. */
export function scatterGather(task: Task): Schedule {
  const { group, n, bytes } = task;
  const gather = direct(task, 2, 'direct_two_shot');
  const share = bytes / n;
  return {
    ...gather,
    steps: () => [
      { traffic: { kind: 'pairs', group, bytes: share, fromRoots: true }, repeat: 1 },
      { traffic: { kind: 'pairs', group, bytes: share }, repeat: 1 },
    ],
    perRank: ((n - 1) * (bytes + share)) / n,
  };
}

/** n - 1 rounds with one partner each: no incast, a latency per round. */
export function pairwise({ network, group, n, bytes, chips }: Task): Schedule | undefined {
  const digit = group[0]!;
  if (group.length > 1 || n > MOST_ROUNDS) return undefined;
  const steps = (): Step[] =>
    Array.from({ length: n - 1 }, (_, index) => {
      const sets = rotationFlows(digit, index + 1, bytes / n);
      return { traffic: { kind: 'sets', group, sets, parts: 'ends' }, repeat: 1 };
    });
  return {
    algorithm: 'pairwise',
    steps,
    perRank: (bytes * (n - 1)) / n,
    count: n - 1,
    latency: (n - 1) * farthest(network, group, chips),
  };
}
