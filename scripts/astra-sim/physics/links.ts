/**
 * What an algorithm costs on explicit links: full duplex, cut-through, shared evenly. A step takes its longest way in latency
 * plus its busiest link at line rate; steps follow each other. Nothing here knows of chunks, queues or endpoints.
 *
 * Around a ring messages take the shorter way; half of those that go half-way round take each of both.
 */
import { treeEdges } from '../../../src/engine/fabric/trees.ts';
import type { Dimension, Op } from '../settings.ts';

/** Nanoseconds of one phase. @param size in the convention of `Settings.size` */
export function priceOnLinks(dimension: Dimension, op: Op, size: number): number {
  const { npus, method } = dimension;
  const part = op === 'all_gather' ? size : size / npus;
  const rounds = op === 'all_reduce' ? 2 : 1;
  const next = step(dimension, [1]);
  switch (method) {
    case 'ring': {
      const steps = op === 'all_to_all' ? (npus * (npus - 1)) / 2 : rounds * (npus - 1);
      return steps * timeOf(dimension, next, part);
    }
    case 'direct': {
      // However few peers a window lets in at once, their links are as busy as with all of them.
      const all = step(
        dimension,
        Array.from({ length: npus - 1 }, (_, index) => index + 1),
      );
      return rounds * timeOf(dimension, all, part);
    }
    case 'halvingDoubling': {
      let time = 0;
      for (let distance = 1; distance < npus; distance *= 2)
        time += timeOf(dimension, exchange(dimension, distance), (part * npus) / (2 * distance));
      return rounds * time;
    }
    case 'doubleBinaryTree':
      return trees(dimension, size);
  }
}

/** The busiest link in messages, and the longest way in links. */
interface Step {
  busiest: number;
  farthest: number;
}

const timeOf = ({ latency, bandwidth }: Dimension, { busiest, farthest }: Step, bytes: number): number =>
  farthest * latency + (busiest * bytes) / bandwidth;

/** Every rank sends to the ranks at these offsets. */
function step({ block, npus }: Dimension, offsets: readonly number[]): Step {
  if (block === 'Switch') return { busiest: offsets.length, farthest: 2 };
  if (block === 'FullyConnected') return { busiest: 1, farthest: 1 };
  // Everybody does the same: a link carries as many messages as all ways of one rank have links of its direction.
  const both = { clockwise: 0, anticlockwise: 0 };
  let farthest = 0;
  for (const offset of offsets) {
    const back = npus - offset;
    if (offset === back && npus > 2) {
      both.clockwise += offset / 2;
      both.anticlockwise += offset / 2;
    } else if (offset <= back) both.clockwise += offset;
    else both.anticlockwise += back;
    farthest = Math.max(farthest, Math.min(offset, back));
  }
  return { busiest: Math.max(both.clockwise, both.anticlockwise), farthest };
}

/** Partners at a distance exchange messages: of every 2 x distance ranks in a row the lower half with the upper. */
function exchange(dimension: Dimension, distance: number): Step {
  const { block, npus } = dimension;
  if (block !== 'Ring') return step(dimension, [distance]);
  // All of a half pass the link in the middle; half-way round, half of them go the other way.
  const around = 2 * distance === npus && npus > 2;
  return { busiest: around ? distance / 2 : distance, farthest: distance };
}

/** Two complementary trees with half of the buffer each, pipelined: every link carries its flows at once. */
function trees(dimension: Dimension, size: number): number {
  const { npus, latency, bandwidth, block } = dimension;
  const loads = new Map<string, number>();
  const add = (link: string, bytes: number): void => {
    loads.set(link, (loads.get(link) ?? 0) + bytes);
  };
  let longest = 0;
  for (const [child, parent] of treeEdges(npus)) {
    for (const [from, to] of [
      [child, parent],
      [parent, child],
    ] as const) {
      const offset = (to - from + npus) % npus;
      longest = Math.max(longest, waysTo(dimension, from, offset, size / 2, add));
    }
  }
  const busiest = Math.max(...loads.values());
  const hops = block === 'Ring' ? longest : block === 'Switch' ? 2 : 1;
  return 2 * Math.ceil(Math.log2(npus)) * hops * latency + busiest / bandwidth;
}

/** Adds a message to the links on its way. @returns how many these are */
function waysTo(
  { block, npus }: Dimension,
  from: number,
  offset: number,
  bytes: number,
  add: (link: string, bytes: number) => void,
): number {
  if (block === 'Switch') {
    add(`up ${from}`, bytes);
    add(`down ${(from + offset) % npus}`, bytes);
    return 2;
  }
  if (block === 'FullyConnected') {
    add(`${from}>${(from + offset) % npus}`, bytes);
    return 1;
  }
  const back = npus - offset;
  const split = offset === back && npus > 2;
  const clockwise = offset <= back;
  const hops = Math.min(offset, back);
  for (let hop = 0; hop < hops; hop++) {
    if (clockwise) add(`${(from + hop) % npus} on`, split ? bytes / 2 : bytes);
    if (!clockwise || split) add(`${(from - hop + npus) % npus} back`, split ? bytes / 2 : bytes);
  }
  return hops;
}
