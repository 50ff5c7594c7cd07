/** Collectives axis after axis: do they compute what they claim to, and how much crosses a link? */
import { describe, expect, it } from 'vitest';
import { chain, type Played } from '../collectives.ts';
import { phasesOf } from '../play.ts';
import { fault } from '../verify.ts';
import {
  type Along,
  aroundBothWays,
  bucket,
  hierarchical,
  outsideIn,
  rotations,
  twoPhase,
} from './buckets.ts';
import { torus } from './grids.ts';
import { product } from './net.ts';
import { faultOfRelayed } from './relayed.ts';
import { routeOf } from './routing.ts';

const OPS = [
  ['all_gather', ['gather']],
  ['reduce_scatter', ['reduce']],
  ['all_reduce', ['reduce', 'gather']],
] as const;

describe.each([[2], [3], [4], [5], [8], [2, 3], [4, 2], [3, 3], [4, 3, 2], [2, 2, 2], [5, 4]])(
  '%i %i %i',
  (...sizes) => {
    const dims = sizes.filter(size => size !== undefined);
    describe.each(['both', 'line', 'ring', 'direct'] as Along[])('by %s', along => {
      const shape = { sizes: dims, along: dims.map(() => along) };
      it.each(OPS)('%s', (op, kinds) => {
        const n = product(dims);
        expect(fault(bucket(shape, rotations(dims.length), kinds), n, op)).toBeUndefined();
        expect(fault(bucket(shape, outsideIn(dims.length), kinds), n, op)).toBeUndefined();
      });
    });
  },
);

it.each([
  [2, 2],
  [4, 3],
  [3, 8],
])('nodes of %i, %i of them', (inner, outer) => {
  const n = inner * outer;
  for (const [op, kinds] of OPS)
    expect(fault(hierarchical(inner, outer, ['direct', 'ring'], kinds), n, op)).toBeUndefined();
  expect(faultOfRelayed(twoPhase(inner, outer), n)).toBeUndefined();
});

it.each([2, 3, 4, 7])('around a ring of %i both ways', n =>
  expect(fault(aroundBothWays(n), n, 'broadcast')).toBeUndefined(),
);

/** Sum over the phases of the busiest link, in buffers. */
function busiest(played: Played, dims: number[], wrap: boolean): number {
  const net = torus(
    dims,
    dims.map(() => wrap),
  );
  const route = routeOf(net);
  let sum = 0;
  for (const messages of phasesOf(played)) {
    const loads = new Array<number>(net.links.length).fill(0);
    for (const { from, to, parts } of messages)
      for (const [link, share] of route(from, to)) loads[link]! += (parts.length * share) / played.parts;
    sum += Math.max(...loads);
  }
  return sum;
}

const shapeOf = (sizes: number[], along: Along) => ({ sizes, along: sizes.map(() => along) });

describe('busiest link of an all-gather', () => {
  it.each([4, 5, 8])('ring of %i: (n - 1) / 2n, line twice that', n => {
    const gather = (along: Along): Played => bucket(shapeOf([n], along), [[0]], ['gather']);
    expect(busiest(gather('both'), [n], true)).toBeCloseTo((n - 1) / (2 * n), 12);
    expect(busiest(gather('line'), [n], false)).toBeCloseTo((n - 1) / n, 12);
    expect(gather('both').rounds).toHaveLength(Math.ceil((n - 1) / 2));
  });

  // Streams wait for each other where sides differ: percent over (N - 1) / (2 d N).
  it.each([
    [[4, 4], 0],
    [[4, 4, 4], 0],
    [[4, 8], 12.9],
    [[4, 4, 8], 15.7],
    [[4, 8, 8], 12.5],
    [[8, 8, 16], 7],
  ])('rotated over %j: over the limit by %f percent', (dims, percent) => {
    const n = product(dims);
    const played = bucket(shapeOf(dims, 'both'), rotations(dims.length), ['gather']);
    const limit = (n - 1) / (2 * dims.length * n);
    expect(100 * (busiest(played, dims, true) / limit - 1)).toBeCloseTo(percent, 1);
    expect(
      busiest(bucket(shapeOf(dims, 'both'), rotations(dims.length), ['reduce']), dims, true),
    ).toBeCloseTo(busiest(played, dims, true), 12);
  });

  it('in one stream: one axis at a time works, all others wait', () => {
    const played = bucket(shapeOf([4, 8], 'both'), outsideIn(2), ['gather']);
    expect(busiest(played, [4, 8], true)).toBeCloseTo(31 / 64, 12);
  });
});

it('sends half of a broadcast over every link of a ring, all of it down a line', () => {
  expect(busiest(aroundBothWays(8), [8], true)).toBeCloseTo(1 / 2, 12);
  expect(busiest(chain(8), [8], false)).toBeCloseTo(1, 12);
});
