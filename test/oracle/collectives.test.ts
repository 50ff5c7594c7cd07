/** The oracle's own algorithms: do they compute what they claim to? */
import { describe, expect, it } from 'vitest';
import * as textbook from './collectives.ts';
import { fault } from './verify.ts';

const sizes = [2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 16, 31, 32, 33];
const powers = sizes.filter(n => Number.isInteger(Math.log2(n)));
const order = (n: number): number[] => Array.from({ length: n }, (_, rank) => rank);

describe.each(sizes)('%i ranks', n => {
  it.each([
    ['all_reduce', textbook.ring([order(n)], ['reduce', 'gather'])],
    ['reduce_scatter', textbook.ring([order(n)], ['reduce'])],
    ['all_gather', textbook.ring([order(n)], ['gather'])],
    ['all_reduce', textbook.doubleTree(n)],
    ['all_reduce', textbook.oneShot(n)],
    ['all_reduce', textbook.direct(n, ['reduce', 'gather'])],
    ['reduce_scatter', textbook.direct(n, ['reduce'])],
    ['all_gather', textbook.direct(n, ['gather'])],
    ['all_to_all', textbook.exchangeAll(n, false)],
    ['all_to_all', textbook.exchangeAll(n, true)],
    ['broadcast', textbook.chain(n)],
    ['broadcast', textbook.scatterGather(n)],
    ['send_recv', textbook.sendOn(n)],
  ] as const)('%s', (op, played) => expect(fault(played, n, op)).toBeUndefined());

  it('no rank has children in both trees, but for a root with one child', () => {
    const children = textbook
      .treeParents(n)
      .map(parents => order(n).map(rank => parents.filter(parent => parent === rank).length));
    for (const rank of order(n)) {
      const [one = 0, two = 0] = children.map(list => list[rank]);
      expect(Math.min(one, two)).toBeLessThanOrEqual(1);
      expect(one + two).toBeLessThanOrEqual(3);
    }
  });
});

describe.each(powers)('%i ranks, a power of two', n => {
  it.each([
    ['all_reduce', textbook.halving(n, ['reduce', 'gather'])],
    ['reduce_scatter', textbook.halving(n, ['reduce'])],
    ['all_gather', textbook.halving(n, ['gather'])],
    ['all_reduce', textbook.doubling(n)],
  ] as const)('%s', (op, played) => expect(fault(played, n, op)).toBeUndefined());
});

it.each([
  [8, 4],
  [12, 3],
  [18, 6],
  [16, 8],
])('%i ranks in nodes of %i: one ring per port', (n, perNode) => {
  const orders = textbook.railOrders(n, perNode);
  expect(fault(textbook.ring(orders, ['reduce', 'gather']), n, 'all_reduce')).toBeUndefined();
  expect(fault(textbook.ring(orders, ['gather']), n, 'all_gather')).toBeUndefined();
  // Every rank is once the one through which a ring leaves its node.
  const exits = orders.flatMap(ring =>
    ring.filter((rank, at) => {
      const next = ring[(at + 1) % n]!;
      return Math.floor(rank / perNode) !== Math.floor(next / perNode);
    }),
  );
  expect(exits.sort((a, b) => a - b)).toEqual(order(n));
});
