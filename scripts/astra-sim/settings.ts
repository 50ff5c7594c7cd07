/** What one run of ASTRA-sim was given: everything that a prediction may read, and nothing of what came out. */

export type Block = 'Ring' | 'Switch' | 'FullyConnected';
export type Op = 'all_reduce' | 'reduce_scatter' | 'all_gather' | 'all_to_all';
export type Method = 'ring' | 'direct' | 'halvingDoubling' | 'doubleBinaryTree';

/** One dimension of the network. */
export interface Dimension {
  block: Block;
  npus: number;
  /** Bytes a nanosecond, per link and direction. ASTRA-sim's "GB" is 2^30 bytes. */
  bandwidth: number;
  /** Nanoseconds of one link; a way through a switch has two of them. */
  latency: number;
  method: Method;
  /** Peers in flight of `direct`; all of them unless the name carries a number. */
  window?: number;
}

export interface Settings {
  /** Innermost first. */
  dimensions: Dimension[];
  op: Op;
  /** `comm_size`: the buffer of a rank, except that an all-gather counts the shard that a rank brings. */
  size: number;
  /** Chunks that the collective is cut into. */
  splits: number;
  /** Chunks at work at once in a dimension, dealt out over its queues. */
  active: number;
  queues: number;
  /** Nanoseconds for handing over a message at its end. */
  endpoint: number;
  /** Bytes a nanosecond of the memory in which received parts are added up. */
  memory: number;
  /** `localBWAware`: scatter inwards, reduce on the last dimension, gather outwards; `baseline`: all of it on each. */
  optimization: 'localBWAware' | 'baseline';
  /** Whether messages share links. */
  congestion: boolean;
  /**
   * Ranks 0 … members - 1 as one flat ring, with the first dimension's method, whatever dimensions they lie in: what the
   * simulator makes of a process group that is smaller than a network of several dimensions. No table has it.
   */
  members?: number;
}

export const ranks = (dimensions: readonly Dimension[]): number =>
  dimensions.reduce((product, { npus }) => product * npus, 1);

/** What a chunk does on one dimension. */
export interface Phase {
  dimension: number;
  op: Op;
  /** `size` on entry, in the convention of `Settings.size`. */
  size: number;
  /** First phases of an all-reduce, its last ones, or the only ones: they take their queues differently. */
  part: 'only' | 'first' | 'last';
}

/**
 * Phases of a chunk of `size` bytes, in their order: a gather starts at the outermost dimension, everything else at the
 * innermost; a scatter hands on the n-th part, a gather n times as much.
 */
export function phasesOf({ dimensions, op, optimization, members }: Settings, size: number): Phase[] {
  if (members !== undefined)
    return [{ dimension: 0, op, size, part: op === 'all_reduce' ? 'first' : 'only' }];
  const phases: Phase[] = [];
  let rest = size;
  const add = (dimension: number, each: Op, part: Phase['part']): void => {
    const { npus } = dimensions[dimension]!;
    if (npus === 1) return;
    phases.push({ dimension, op: each, size: rest, part });
    if (each === 'reduce_scatter') rest = Math.floor(rest / npus);
    if (each === 'all_gather') rest *= npus;
  };
  const inwards = dimensions.map((_, index) => index);
  const used = inwards.filter(index => dimensions[index]!.npus > 1);
  if (op === 'all_reduce' && optimization === 'localBWAware') {
    const last = used.at(-1) ?? 0;
    for (const index of used) if (index !== last) add(index, 'reduce_scatter', 'first');
    add(last, 'all_reduce', 'first');
    for (const index of [...used].reverse()) if (index !== last) add(index, 'all_gather', 'last');
  } else for (const index of op === 'all_gather' ? [...used].reverse() : used) add(index, op, 'only');
  return phases;
}
