/**
 * Reduction and broadcast over two binary trees, each with half of the buffer, so that both directions of all ports are busy.
 * Sanders, Speck, Träff, "Two-tree algorithms for full bandwidth broadcast, reduction and scan" (2009); NCCL builds the same
 * trees (`src/graph/trees.cc`).
 *
 * In tree one rank 0 is the root, and a rank whose lowest set bit is 2^k hangs 2^k away under a rank whose lowest set bit is
 * higher: above it if bit k+1 is clear and there is such a rank, otherwise below. Odd ranks are leaves. Tree two is tree one
 * in a mirror (an even number of ranks) or turned by one rank (an odd one), so that inner ranks of one are leaves of the other.
 */
import { type Digit, periodOf } from './pattern.ts';

/** Chips [from, to). */
interface Interval {
  from: number;
  to: number;
}

/** Rank above `rank` in tree one; -1 for the root. */
function parentOf(rank: number, size: number): number {
  if (rank === 0) return -1;
  const bit = rank & -rank;
  const up = (rank ^ bit) | (2 * bit);
  return up < size ? up : rank ^ bit;
}

/** Ranks that a rank sends to and receives from, tree one and tree two together. */
export function treeEdges(size: number): [child: number, parent: number][] {
  const edges: [number, number][] = [];
  for (let rank = 1; rank < size; rank++) {
    const parent = parentOf(rank, size);
    edges.push([rank, parent]);
    if (size % 2 === 0) edges.push([size - 1 - rank, size - 1 - parent]);
    else edges.push([(rank + 1) % size, (parent + 1) % size]);
  }
  return edges;
}

/**
 * Flows from chips of `source` to chips of `target` (which do not overlap) over the trees of all groups. Every edge carries
 * one flow up and one down. Only edges over the gap between the two intervals count, and those are at most one per power of
 * two: the cost is log2 of the ranks.
 */
export function countTreeFlows(digit: Digit, source: Interval, target: Interval): number {
  const upward = target.from >= source.to;
  const gap = upward ? target.from : source.from;
  const block = Math.floor(gap / periodOf(digit)) * periodOf(digit);
  if (gap === block || source.to <= source.from || target.to <= target.from) return 0;
  const low = upward ? source : target;
  const high = upward ? target : source;
  // Groups of the block differ in their residue; the gap lies one rank further for the residues before it.
  const rank = Math.floor((gap - block) / digit.stride);
  const residue = gap - block - rank * digit.stride;
  const between = { digit, block, low, high, first: 0, end: residue };
  const ahead = edgesOver(between, rank + 1);
  between.first = residue;
  between.end = digit.stride;
  return ahead + edgesOver(between, rank);
}

/** A low and a high interval of chips, and the groups of one block whose residue lies in [first, end). */
interface Between {
  digit: Digit;
  /** First chip of the block. */
  block: number;
  low: Interval;
  high: Interval;
  first: number;
  end: number;
}

/** Edges with one end below rank `cut` and one from it on. */
function edgesOver(between: Between, cut: number): number {
  const { size } = between.digit;
  if (between.end <= between.first || cut <= 0 || cut >= size) return 0;
  const one = treeOver(between, cut, false);
  return one + (size % 2 === 0 ? treeOver(between, size - cut, true) : turnedOver(between, cut));
}

/** Tree one over `cut`, its ranks read backwards for the mirror. */
function treeOver(between: Between, cut: number, mirror: boolean): number {
  const { size } = between.digit;
  let sum = 0;
  for (let step = 1; step < size; step *= 2) {
    const child = Math.floor((cut - 1) / (2 * step)) * 2 * step + step;
    if (child >= size) continue;
    const parent = parentOf(child, size);
    const low = Math.min(child, parent);
    const high = Math.max(child, parent);
    if (low < cut && cut <= high)
      sum += mirror ? groupsOn(between, size - 1 - high, size - 1 - low) : groupsOn(between, low, high);
  }
  return sum;
}

/** Every rank of tree one moved up by one; the last becomes rank 0, with its parent and its only child. */
function turnedOver(between: Between, cut: number): number {
  const { size } = between.digit;
  const last = size - 1;
  let sum = 0;
  for (let step = 1; step < size && cut > 1; step *= 2) {
    const child = Math.floor((cut - 2) / (2 * step)) * 2 * step + step;
    if (child >= last) continue;
    const parent = parentOf(child, size);
    const low = Math.min(child, parent);
    const high = Math.max(child, parent);
    if (high < last && low < cut - 1 && cut - 1 <= high) sum += groupsOn(between, low + 1, high + 1);
  }
  const parent = parentOf(last, size) + 1;
  const child = last - (last & -last) / 2 + 1;
  if (cut <= parent) sum += groupsOn(between, 0, parent);
  if (cut <= child) sum += groupsOn(between, 0, child);
  return sum;
}

/** Groups whose rank `low` lies in the low interval and whose rank `high` lies in the high one. */
function groupsOn(between: Between, low: number, high: number): number {
  const lowAt = between.block + low * between.digit.stride;
  const highAt = between.block + high * between.digit.stride;
  const from = Math.max(between.first, between.low.from - lowAt, between.high.from - highAt);
  const to = Math.min(between.end, between.low.to - lowAt, between.high.to - highAt);
  return to > from ? to - from : 0;
}
