/**
 * Reduction and broadcast over two binary trees, each with half of the buffer, so that both directions of all ports are busy.
 * Sanders, Speck, Träff, "Two-tree algorithms for full bandwidth broadcast, reduction and scan" (2009); NCCL builds the same
 * trees (`src/graph/trees.cc`).
 *
 * In tree one rank 0 is the root, and a rank whose lowest set bit is 2^k hangs under the rank 2^k away whose lowest set bit
 * is higher: the upper one where that has bit k+1 set as its lowest, unless it does not exist. Odd ranks are leaves. Tree
 * two is tree one in a mirror (an even number of ranks) or turned by one rank (an odd one): its inner ranks are leaves here.
 */
import { type Digit, digitRange, type FlowSet, flowSet, type Range } from './pattern.ts';

/** Children first, first + every, first + 2 every, … below `end` hang under the rank `up` further. */
interface Edges {
  first: number;
  every: number;
  end: number;
  up: number;
}

/** Tree one of `size` ranks. */
function edgesOf(size: number): Edges[] {
  const edges: Edges[] = [];
  for (let step = 1; step < size; step *= 2) {
    const every = 4 * step;
    // Children step, 5 step, 9 step, … go up where there is a rank, otherwise back; children 3 step, 7 step, … go back.
    const last = firstFrom(size - step, step, every);
    edges.push({ first: step, every, end: size - step, up: step });
    edges.push({ first: last, every, end: size, up: -step });
    edges.push({ first: 3 * step, every, end: size, up: -step });
  }
  return edges.filter(({ first, end }) => first < end);
}

/** Smallest number >= `least` that is `first` plus a multiple of `every`. */
function firstFrom(least: number, first: number, every: number): number {
  return least <= first ? first : first + Math.ceil((least - first) / every) * every;
}

/** Flows of the whole collective, up and down both trees. @param bytes size of the buffer */
export function doubleTreeFlows(digit: Digit, bytes: number): FlowSet[] {
  const { size } = digit;
  const one = edgesOf(size);
  const two =
    size % 2 === 0 ? one.map(edge => mirrored(edge, size)) : one.flatMap(edge => turned(edge, size));
  return [...one, ...two].flatMap(edge => bothWays(digit, edge, bytes / 2));
}

function mirrored({ first, every, end, up }: Edges, size: number): Edges {
  const last = first + Math.floor((end - 1 - first) / every) * every;
  return { first: size - 1 - last, every, end: size - first, up: -up };
}

/** Every rank one further; the last becomes rank 0, so its edges are split off. */
function turned(edges: Edges, size: number): Edges[] {
  const { first, every, end, up } = edges;
  const last = first + Math.floor((end - 1 - first) / every) * every;
  const wraps = last === size - 1 || last + up === size - 1;
  if (!wraps) return [{ first: first + 1, every, end: end + 1, up }];
  const single = {
    first: (last + 1) % size,
    every,
    end: ((last + 1) % size) + 1,
    up: ((last + up + 1) % size) - ((last + 1) % size),
  };
  return last === first ? [single] : [{ first: first + 1, every, end: last + 1, up }, single];
}

function bothWays(digit: Digit, { first, every, end, up }: Edges, bytes: number): FlowSet[] {
  const sources = (from: number): Range[] => [
    digitRange(digit, from, from + end - first),
    digitRange({ stride: digit.stride, size: every }, from % every, (from % every) + 1),
  ];
  const shift = up * digit.stride;
  return [flowSet(sources(first), shift, bytes), flowSet(sources(first + up), -shift, bytes)];
}
