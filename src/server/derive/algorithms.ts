/** The collective algorithms in words, and what each rank sends: for people, beside the engine's numbers. */
import type { Algorithm, CollectiveOp } from '../../engine/plan/spec.ts';

export const OP_NAME: Readonly<Record<CollectiveOp, string>> = {
  all_reduce: 'all-reduce',
  all_gather: 'all-gather',
  reduce_scatter: 'reduce-scatter',
  all_to_all: 'all-to-all',
  broadcast: 'broadcast',
  send_recv: 'send and receive',
};

export const ALGORITHM_NAME: Readonly<Record<Algorithm, string>> = {
  ring: 'ring',
  tree: 'tree',
  bucket: 'rotated bucket',
  hierarchical: 'level by level',
  packed_trees: 'packed trees',
  bruck: "Bruck's exchange",
  pat: 'parallel aggregated trees (PAT)',
  halving_doubling: 'halving and doubling',
  recursive_doubling: 'recursive doubling',
  direct: 'direct',
  direct_two_shot: 'direct, two shots',
  pairwise: 'pairwise exchange',
  in_switch: 'in the switch',
};

/** What happens, in one clause. */
export const ALGORITHM_IDEA: Readonly<Record<Algorithm, string>> = {
  ring: 'every rank passes shards to its neighbour, all links busy in every step',
  tree: 'two trees, pipelined: few steps, so little latency on large groups',
  bucket:
    'one stream per dimension, each starting on another one, passed from neighbour to neighbour both ways',
  hierarchical:
    'scattered inside the nearer network, reduced across the farther one, gathered again, chunk by chunk',
  packed_trees: 'over spanning trees, as many at once as the links allow',
  bruck: 'log2 n rounds, in each of which half of the blocks are handed on: few messages, more bytes',
  pat: 'log2 n rounds, the farthest partners first, while there is least to send',
  halving_doubling: 'partners at doubling distances exchange halves: few steps, little traffic',
  recursive_doubling: 'partners at doubling distances exchange all they hold',
  direct: 'every rank sends to every other at once',
  direct_two_shot: 'a direct reduce-scatter, then a direct all-gather',
  pairwise: 'in every step each rank exchanges with another partner',
  in_switch: 'the switch reduces or multiplies the data, each rank sends it once',
};

/**
 * Bytes that leave one rank, as a formula of the size S and the n ranks of a group (nccl-tests conventions: S is the whole
 * buffer, https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md).
 */
export function bytesFormula(op: CollectiveOp, algorithm: Algorithm): string {
  if (op === 'send_recv' || op === 'broadcast') return 'S';
  if (algorithm === 'in_switch') return op === 'all_gather' ? 'S/n' : 'S';
  if (op === 'all_reduce') return algorithm === 'tree' ? '2·S' : '2·(n−1)/n·S';
  return '(n−1)/n·S';
}
