/** What must hold of any price, whatever the numbers. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { Algorithm, CollectiveOp } from '../../../src/engine/plan/spec.ts';
import { anyPlacement } from '../../oracle/fabrics.ts';
import { COLLECTIVES, close, engineOf, faster, OPS } from './support.ts';

const SIZE = 1e8;
/** Level by level is made of the others, for groups that span several networks. */
const LAWFUL: { op: CollectiveOp; algorithm: Algorithm }[] = [
  ...COLLECTIVES,
  { op: 'all_to_all', algorithm: 'bruck' },
  ...(['all_reduce', 'all_gather', 'reduce_scatter'] as const).map(op => ({
    op,
    algorithm: 'hierarchical' as const,
  })),
];

it('a faster level makes no algorithm slower, and so neither the fastest one', () => {
  fc.assert(
    fc.property(
      anyPlacement,
      fc.constantFrom(...OPS),
      fc.nat(),
      fc.double({ min: 1, max: 8, noNaN: true }),
      (placed, op, pick, factor) => {
        const { network, group, chips } = engineOf(placed);
        const better = buildNetwork(faster(placed, pick, factor));
        for (const { algorithm } of LAWFUL.filter(each => each.op === op)) {
          const before = priceCollective(network, group, op, SIZE, { chips, algorithm });
          const after = priceCollective(better, group, op, SIZE, { chips, algorithm });
          if (before && after) expect(after.time).toBeLessThanOrEqual(before.time * (1 + 1e-9));
        }
      },
    ),
    { numRuns: 400 },
  );
});

it('the chosen algorithm is the fastest, or the usual one where that is 2 % slower at most', () => {
  fc.assert(
    fc.property(anyPlacement, fc.constantFrom(...OPS), fc.constantFrom(1e3, 1e6, 1e9), (placed, op, size) => {
      const { network, group, chips } = engineOf(placed);
      const chosen = priceCollective(network, group, op, size, { chips })!;
      const times = LAWFUL.filter(each => each.op === op).flatMap(({ algorithm }) => {
        const price = priceCollective(network, group, op, size, { chips, algorithm });
        return price ? [{ algorithm, time: price.time }] : [];
      });
      const fastest = Math.min(...times.map(each => each.time));
      expect(chosen.time).toBeLessThanOrEqual(fastest / 0.98);
      expect(times).toContainEqual({ algorithm: chosen.algorithm, time: chosen.time });
      if (times.length > 1) {
        const others = times.filter(each => each.algorithm !== chosen.algorithm).map(each => each.time);
        expect(chosen.runnerUp?.time).toBe(Math.min(...others));
      }
    }),
    { numRuns: 300 },
  );
});

it('more bytes never take less time, and the transfer is proportional to them', () => {
  fc.assert(
    fc.property(anyPlacement, fc.constantFrom(...LAWFUL), (placed, { op, algorithm }) => {
      const { network, group, chips } = engineOf(placed);
      const price = (bytes: number) => priceCollective(network, group, op, bytes, { chips, algorithm });
      const one = price(1e9);
      const two = price(2e9);
      if (!one || !two) return;
      expect(two.time).toBeGreaterThanOrEqual(one.time);
      expect(two.links.map(use => use.bytes)).toEqual(one.links.map(use => 2 * use.bytes));
      expect(two.latency).toBe(one.latency);
    }),
    { numRuns: 300 },
  );
});

it('an all-reduce on a ring is a reduce-scatter and an all-gather on it', () => {
  fc.assert(
    fc.property(anyPlacement, placed => {
      const { network, group, chips } = engineOf({
        ...placed,
        fabric: { ...placed.fabric, levels: placed.fabric.levels.map(level => ({ ...level, floor: 0 })) },
      });
      const time = (op: (typeof OPS)[number]) =>
        priceCollective(network, group, op, SIZE, { chips, algorithm: 'ring' })!.time;
      expect(close(time('all_reduce'), time('reduce_scatter') + time('all_gather'))).toBe(true);
    }),
    { numRuns: 200 },
  );
});

it('one rank, or no bytes, costs nothing', () => {
  fc.assert(
    fc.property(anyPlacement, fc.constantFrom(...OPS), (placed, op) => {
      const { network, group, chips } = engineOf(placed);
      for (const price of [
        priceCollective(network, [], op, SIZE, { chips }),
        priceCollective(network, group, op, 0, { chips }),
      ])
        expect(price).toMatchObject({ time: 0, latency: 0, limit: 0, links: [] });
    }),
    { numRuns: 50 },
  );
});

it('no link is busier than its achieved rate allows, and the bottleneck is one of the links', () => {
  fc.assert(
    fc.property(anyPlacement, fc.constantFrom(...LAWFUL), (placed, { op, algorithm }) => {
      const { network, group, chips } = engineOf(placed);
      const price = priceCollective(network, group, op, SIZE, { chips, algorithm });
      if (!price) return;
      for (const use of price.links) expect(use.load).toBeLessThanOrEqual(use.efficiency * (1 + 1e-9));
      expect(price.links).toContainEqual(expect.objectContaining(price.bottleneck));
    }),
    { numRuns: 300 },
  );
});
