/**
 * Exchanges and gathers of about log2 n rounds for any number of ranks: few messages where each costs more than its bytes.
 *
 * Bruck (Bruck et al., "Efficient algorithms for all-to-all communications in multiport message-passing systems", 1997): in round
 * k every rank hands on, to the rank 2^k further, all blocks whose way has bit k set; a block travels once for every set bit.
 *
 * PAT (NCCL 2.23, parallel aggregated trees; Jeaugey, arXiv 2506.20252): Bruck's gather with its rounds the other way round, the
 * farthest partners first, while there is least to send; the large messages of the last rounds go to neighbours. A scatter
 * runs it backwards.
 */
import type { CollectiveOp } from '../../plan/spec.ts';
import { farthest } from '../crossing.ts';
import { rotationFlows } from '../flows.ts';
import type { Schedule, Step, Task } from './schedule.ts';

export function bruck({ network, group, n, bytes, chips }: Task): Schedule | undefined {
  const digit = group[0]!;
  if (group.length > 1) return undefined;
  const block = bytes / n;
  const rounds: { distance: number; blocks: number }[] = [];
  for (let distance = 1; distance < n; distance *= 2) {
    let blocks = 0;
    // Numbers below n with this bit set: whole periods of 2 x distance, and what is left of the last one.
    const period = 2 * distance;
    blocks += Math.floor(n / period) * distance + Math.max(0, (n % period) - distance);
    rounds.push({ distance, blocks });
  }
  return {
    algorithm: 'bruck',
    steps: () =>
      rounds.map(({ distance, blocks }): Step => {
        const sets = rotationFlows(digit, distance, blocks * block);
        return { traffic: { kind: 'sets', group, sets, parts: 'ends' }, repeat: 1 };
      }),
    perRank: rounds.reduce((sum, { blocks }) => sum + blocks * block, 0),
    count: rounds.length,
    latency: rounds.length * farthest(network, group, chips),
  };
}

export function pat({ network, group, n, bytes, chips }: Task, op: CollectiveOp): Schedule | undefined {
  const digit = group[0]!;
  if (group.length > 1) return undefined;
  const rounds: { distance: number; shards: number }[] = [];
  const count = Math.ceil(Math.log2(n));
  for (let round = 0; round < count; round++) {
    const distance = 2 ** (count - 1 - round);
    // Shards that came over multiples of twice the distance, as far as the way to go still ends before the start.
    rounds.push({ distance, shards: Math.floor((n - 1 - distance) / (2 * distance)) + 1 });
  }
  return {
    algorithm: 'pat',
    steps: () =>
      rounds.map(({ distance, shards }): Step => {
        const ahead = op === 'reduce_scatter' ? n - distance : distance;
        const sets = rotationFlows(digit, ahead, (shards * bytes) / n);
        return { traffic: { kind: 'sets', group, sets, parts: 'ends' }, repeat: 1 };
      }),
    perRank: (bytes * (n - 1)) / n,
    count,
    latency: count * farthest(network, group, chips),
  };
}
