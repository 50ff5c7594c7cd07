/**
 * Collectives axis after axis over groups that are grids: rings in both directions, lines, buckets in one stream or in several
 * that start on different axes, hierarchies. Message by message, as in `collectives.ts`.
 */
import type { Message, Played } from '../collectives.ts';
import { digits, product, undigits, upTo } from './net.ts';

/**
 * How the members that differ along one axis gather: a ring in both directions at once, a line, a ring in one direction, or
 * everybody to everybody.
 */
export type Along = 'both' | 'line' | 'ring' | 'direct';

/** A group as a grid. Rank r stands at the digits of r unless `rankAt` says otherwise. */
export interface Shape {
  sizes: readonly number[];
  along: readonly Along[];
  rankAt?: (place: readonly number[]) => number;
}

type Kind = 'reduce' | 'gather';

/** Two parts of the buffer for every member: what travels clockwise in a round where only half of a shard does, and the rest. */
type Block = [number[], number[]];

/** Rounds in which the members of one row pass on their blocks until all have all. */
function gatherRow(row: readonly number[], along: Along, blocks: readonly Block[]): Message[][] {
  const n = row.length;
  const whole = (at: number): number[] => blocks[at]!.flat();
  const send = (from: number, to: number, parts: number[]): Message => ({
    from: row[from]!,
    to: row[to]!,
    parts,
    add: false,
  });
  const mod = (at: number): number => ((at % n) + n) % n;
  if (n === 1) return [];
  switch (along) {
    case 'direct':
      return [
        upTo(n).flatMap(from => upTo(n).flatMap(to => (from === to ? [] : [send(from, to, whole(from))]))),
      ];
    case 'ring':
      return upTo(n - 1).map(step => upTo(n).map(at => send(at, mod(at + 1), whole(mod(at - step)))));
    case 'line':
      return upTo(n - 1).map(step =>
        upTo(n).flatMap(at => [
          ...(at + 1 < n && at - step >= 0 ? [send(at, at + 1, whole(at - step))] : []),
          ...(at > 0 && at + step < n ? [send(at, at - 1, whole(at + step))] : []),
        ]),
      );
    case 'both':
      return upTo(Math.ceil((n - 1) / 2)).map(step => {
        // Of an even ring, the shard from straight across comes in halves, from both sides.
        const last = 2 * (step + 1) === n;
        const part = (at: number, way: 0 | 1): number[] => (last ? blocks[at]![way] : whole(at));
        return upTo(n).flatMap(at => [
          send(at, mod(at + 1), part(mod(at - step), 0)),
          send(at, mod(at - 1), part(mod(at + step), 1)),
        ]);
      });
  }
}

/** One stream's rounds, axis after axis in `sequence`; its part `half` of rank r is number first + half x n + r. */
function gatherStream(shape: Shape, sequence: readonly number[], first: number): Message[][][] {
  const { sizes, along } = shape;
  const n = product(sizes);
  const rankAt = shape.rankAt ?? ((place: readonly number[]) => undigits(place, sizes));
  const rank = (place: readonly number[], axis: number, at: number): number =>
    rankAt(place.map((old, other) => (other === axis ? at : old)));
  const holds: Block[] = upTo(n).map(r => [[first + r], [first + n + r]]);
  return sequence.map(axis => {
    const rows = upTo(n)
      .map(number => digits(number, sizes))
      .filter(place => place[axis] === 0)
      .map(place => upTo(sizes[axis]!).map(at => rank(place, axis, at)));
    const rounds: Message[][] = [];
    for (const row of rows) {
      const blocks = row.map(member => holds[member]!);
      gatherRow(row, along[axis]!, blocks).forEach((messages, at) => {
        rounds[at] = [...(rounds[at] ?? []), ...messages];
      });
      const all: Block = [blocks.flatMap(([one]) => one), blocks.flatMap(([, other]) => other)];
      for (const member of row) holds[member] = all;
    }
    return rounds;
  });
}

/**
 * @param sequences of axes, one for each stream, which carries an equal share of the buffer; all streams end phase p, each on the
 * axis of its own, before any starts phase p + 1. A reduce-scatter is the gather backwards.
 */
export function bucket(
  shape: Shape,
  sequences: readonly (readonly number[])[],
  kinds: readonly Kind[],
): Played {
  const n = product(shape.sizes);
  const streams = sequences.map((sequence, at) => gatherStream(shape, sequence, 2 * n * at));
  const gather = sequences[0]!.map((_, phase) => {
    const rounds: Message[][] = [];
    for (const stream of streams)
      stream[phase]!.forEach((messages, at) => {
        rounds[at] = [...(rounds[at] ?? []), ...messages];
      });
    return rounds;
  });
  const reduce = [...gather]
    .reverse()
    .map(rounds =>
      [...rounds]
        .reverse()
        .map(messages => messages.map(({ from, to, parts }) => ({ from: to, to: from, parts, add: true }))),
    );
  const phases = kinds.flatMap(kind => (kind === 'reduce' ? reduce : gather));
  return {
    parts: 2 * n * sequences.length,
    rounds: phases.flat(),
    phases: phases.flatMap((rounds, phase) => rounds.map(() => phase)),
    pipelined: false,
  };
}

/** Stream j starts on axis j and goes on in turn. */
export const rotations = (axes: number): number[][] =>
  upTo(axes).map(first => upTo(axes).map(step => (first + step) % axes));

/** Everybody's shard crosses the outermost axis first, while it is small. */
export const outsideIn = (axes: number): number[][] => [upTo(axes).reverse()];

/** Reduce-scatter inside, all-reduce across, all-gather inside: one stream over two axes, the inner one first. */
export function hierarchical(
  inner: number,
  outer: number,
  along: readonly [Along, Along],
  kinds: readonly Kind[],
): Played {
  return bucket({ sizes: [inner, outer], along }, outsideIn(2), kinds);
}

/**
 * All-to-all in two phases. First everybody hands what is for port j of any node to its neighbour on port j of the own node;
 * then port j of every node sends to port j of every other. Part source x n + target is what `source` has for `target`, one n-th of
 * a buffer.
 */
export function twoPhase(perNode: number, nodes: number): Played {
  const n = perNode * nodes;
  const item = (source: number, target: number): number => source * n + target;
  const inside: Message[] = [];
  const across: Message[] = [];
  for (const node of upTo(nodes))
    for (const port of upTo(perNode)) {
      const from = node * perNode + port;
      for (const other of upTo(perNode)) {
        if (other === port) continue;
        const parts = upTo(nodes).map(each => item(from, each * perNode + other));
        inside.push({ from, to: node * perNode + other, parts, add: false });
      }
      for (const far of upTo(nodes)) {
        if (far === node) continue;
        const to = far * perNode + port;
        const parts = upTo(perNode).map(other => item(node * perNode + other, to));
        across.push({ from, to, parts, add: false });
      }
    }
  return { parts: n, rounds: [inside, across].filter(round => round.length > 0), pipelined: false };
}

/** Rank 0 sends half of the buffer around the ring one way and half the other way, in small chunks. */
export function aroundBothWays(n: number): Played {
  const rounds = upTo(n - 1).map(step => [
    { from: step, to: step + 1, parts: [0], add: false },
    { from: (n - step) % n, to: n - step - 1, parts: [1], add: false },
  ]);
  return { parts: 2, rounds, pipelined: true };
}
