/** Algorithms of log2 n steps: halving and doubling for powers of two, binary trees. */
import type { Algorithm } from '../../plan/spec.ts';
import { exchangeLatency } from '../crossing.ts';
import { exchangeFlows } from '../flows.ts';
import type { Schedule, Step, Task } from './schedule.ts';

/**
 * Recursive halving, and doubling back for an all-reduce (`rounds` 2). The nearest partners exchange the largest pieces, so
 * that far links carry the small ones.
 */
export function halving(task: Task, rounds: 1 | 2): Schedule | undefined {
  const pieces = (step: number): number => task.bytes / 2 ** (step + 1);
  return exchanges(task, 'halving_doubling', pieces, (task.bytes * (task.n - 1)) / task.n, rounds);
}

/** All-reduce of whole buffers: least latency, most bytes. */
export function recursiveDoubling(task: Task): Schedule | undefined {
  return exchanges(task, 'recursive_doubling', () => task.bytes, task.bytes * Math.log2(task.n), 1);
}

/** Steps at member distance 1, 2, 4, … @param pieceOf bytes that each rank sends in a step */
function exchanges(
  { network, group, chips }: Task,
  algorithm: Algorithm,
  pieceOf: (step: number) => number,
  perRank: number,
  rounds: 1 | 2,
): Schedule | undefined {
  const bits = group.map(digit => Math.log2(digit.size));
  if (!bits.every(Number.isInteger)) return undefined;
  let latency = 0;
  group.forEach((digit, index) => {
    for (let bit = 0; bit < bits[index]!; bit++)
      latency += exchangeLatency(network, digit.stride * 2 ** bit, chips);
  });
  const steps = (): Step[] => {
    const made: Step[] = [];
    group.forEach((digit, index) => {
      for (let bit = 0; bit < bits[index]!; bit++) {
        const sets = exchangeFlows(digit, bit, pieceOf(made.length));
        // Alone it is a group of two; its partners decide who does what.
        const pair = [{ stride: digit.stride * 2 ** bit, size: 2 }];
        made.push({ traffic: { kind: 'sets', group: pair, sets, parts: 'same' }, repeat: rounds });
      }
    });
    return made;
  };
  const count = rounds * bits.reduce((sum, each) => sum + each, 0);
  return { algorithm, steps, perRank: rounds * perRank, count, latency: rounds * latency };
}

/**
 * Two complementary binary trees, each with half of the buffer, pipelined: up and down log2 n hops. A hop costs what an
 * exchange over its distance does.
 */
export function tree({ network, group, n, bytes, chips }: Task): Schedule | undefined {
  const digit = group[0]!;
  if (group.length > 1 || n < 3) return undefined;
  let latency = 0;
  for (let step = 1; step < n; step *= 2) latency += 2 * exchangeLatency(network, digit.stride * step, chips);
  return {
    algorithm: 'tree',
    steps: () => [{ traffic: { kind: 'trees', group: [digit], bytes: bytes / 2 }, repeat: 1 }],
    perRank: (2 * bytes * (n - 1)) / n,
    count: 2 * Math.ceil(Math.log2(n)),
    latency,
  };
}
