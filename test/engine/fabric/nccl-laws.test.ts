/** What must hold of prices with a library's habits, whatever the numbers: the laws of `laws.test.ts` where they are hard. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { Generation } from '../../../src/engine/fabric/spec.ts';
import { anyPlacement, type Placed } from '../../oracle/fabrics.ts';
import { engineOf, faster, OPS } from './support.ts';

const generations: Generation[] = ['volta', 'ampere', 'hopper', 'blackwell', 'cdna3'];
const anyGeneration = fc.constantFrom(...generations);
/** 1 KiB to 16 GiB. */
const anySize = fc.double({ min: 10, max: 34, noNaN: true }).map(power => 2 ** power);

function on(generation: Generation, { fabric, ...placed }: Placed): Placed {
  return { ...placed, fabric: { ...fabric, chip: { ...fabric.chip, generation } } };
}

it('the chosen price grows with the bytes, over every change of algorithm and protocol', () => {
  fc.assert(
    fc.property(
      anyPlacement,
      anyGeneration,
      fc.constantFrom(...OPS),
      anySize,
      fc.double({ min: 1, max: 4, noNaN: true }),
      (placed, generation, op, bytes, factor) => {
        const { network, group, chips } = engineOf(on(generation, placed));
        const less = priceCollective(network, group, op, bytes, { chips })!;
        const more = priceCollective(network, group, op, bytes * factor, { chips })!;
        expect(more.time).toBeGreaterThanOrEqual(less.time * (1 - 1e-9));
      },
    ),
    { numRuns: 1000 },
  );
});

it('a faster level never makes the chosen price larger', () => {
  fc.assert(
    fc.property(
      anyPlacement,
      anyGeneration,
      fc.constantFrom(...OPS),
      anySize,
      fc.nat(),
      fc.double({ min: 1, max: 8, noNaN: true }),
      (placed, generation, op, bytes, pick, factor) => {
        const known = on(generation, placed);
        const { network, group, chips } = engineOf(known);
        const better = buildNetwork(faster(known, pick, factor));
        const before = priceCollective(network, group, op, bytes, { chips })!;
        const after = priceCollective(better, group, op, bytes, { chips })!;
        expect(after.time).toBeLessThanOrEqual(before.time * (1 + 1e-9));
      },
    ),
    { numRuns: 1000 },
  );
});

it('nothing beats the limit, and the choice is the fastest of what the library runs', () => {
  fc.assert(
    fc.property(
      anyPlacement,
      anyGeneration,
      fc.constantFrom(...OPS),
      anySize,
      (placed, generation, op, bytes) => {
        const { network, group, chips } = engineOf(on(generation, placed));
        const price = priceCollective(network, group, op, bytes, { chips })!;
        expect(price.time).toBeGreaterThanOrEqual(price.limit * (1 - 1e-9));
        expect(price.runnerUp?.time ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(price.time);
        expect(price.runnerUp?.algorithm).not.toBe(price.algorithm);
        const named = priceCollective(network, group, op, bytes, { chips, algorithm: price.algorithm })!;
        expect(named.time).toBe(price.time);
      },
    ),
    { numRuns: 500 },
  );
});

it('an all-reduce costs no less than the gather that it ends with', () => {
  fc.assert(
    fc.property(anyPlacement, anyGeneration, anySize, (placed, generation, bytes) => {
      const { network, group, chips } = engineOf(on(generation, placed));
      const price = (op: 'all_reduce' | 'all_gather', algorithm: 'ring') =>
        priceCollective(network, group, op, bytes, { chips, algorithm })!.time;
      expect(price('all_reduce', 'ring')).toBeGreaterThanOrEqual(price('all_gather', 'ring') * (1 - 1e-9));
    }),
    { numRuns: 300 },
  );
});
