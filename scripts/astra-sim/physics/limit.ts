/**
 * The least time in which the row's collective can end on its links, whatever the algorithm: every cut around a block of ranks
 * must let through what the operation moves across it. Blocks are products of segments, of each dimension one rank, half
 * of it or all. The last byte still has to travel one way after all others have left, and ranks that lie farthest apart
 * hear of each other no sooner than the latency between them.
 */
import { type Dimension, type Op, ranks, type Settings } from '../settings.ts';

/** Nanoseconds. */
export function physicalLimit({ dimensions, op, size }: Settings): number {
  const used = dimensions.filter(({ npus }) => npus > 1);
  const all = ranks(used);
  let transfer = 0;
  for (const lengths of segments(used)) {
    const block = lengths.reduce((product, length) => product * length, 1);
    if (block === all) continue;
    let capacity = 0;
    used.forEach((dimension, index) => {
      capacity += (block / lengths[index]!) * cutOf(dimension, lengths[index]!);
    });
    transfer = Math.max(transfer, crossing(op, size, all, block) / capacity);
  }
  const nearest = Math.min(...used.map(each => wayOf(each, 1)));
  const farthest = used.reduce((sum, each) => sum + wayOf(each, Math.floor(each.npus / 2)), 0);
  return Math.max(transfer + nearest, farthest);
}

function segments(dimensions: readonly Dimension[]): number[][] {
  let made: number[][] = [[]];
  for (const { npus } of dimensions) {
    const lengths = [...new Set([1, Math.floor(npus / 2), npus])];
    made = made.flatMap(each => lengths.map(length => [...each, length]));
  }
  return made;
}

/** Bytes a nanosecond, in one direction, between `length` ranks in a row of a dimension and the others of the row. */
function cutOf({ block, npus, bandwidth }: Dimension, length: number): number {
  if (length === npus) return 0;
  if (block === 'Switch') return Math.min(length, npus - length) * bandwidth;
  if (block === 'FullyConnected') return length * (npus - length) * bandwidth;
  return (npus === 2 ? 1 : 2) * bandwidth;
}

/** Bytes that must leave a block of `inside` ranks, or come in where that is more. */
function crossing(op: Op, size: number, all: number, inside: number): number {
  const outside = all - inside;
  switch (op) {
    case 'all_gather':
      return size * Math.max(inside, outside);
    case 'reduce_scatter':
      return (size / all) * Math.max(inside, outside);
    case 'all_to_all':
      return (size / all) * inside * outside;
    case 'all_reduce':
      // All ranks together send 2 (n-1) S, and have the same ports; across a cut S goes at least.
      return inside === 1 ? (2 * size * (all - 1)) / all : size;
  }
}

/** Latency to a rank `offset` further on. */
function wayOf({ block, latency }: Dimension, offset: number): number {
  if (block === 'Switch') return 2 * latency;
  return block === 'Ring' ? offset * latency : latency;
}
