/** Prices and limits that the comparison rests on, against each other and against the engine. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { engineLimit, enginePhase, enginePrice } from '../../scripts/astra-sim/physics/engine-price.ts';
import { physicalLimit } from '../../scripts/astra-sim/physics/limit.ts';
import { priceOnLinks } from '../../scripts/astra-sim/physics/links.ts';
import type { Dimension, Op, Settings } from '../../scripts/astra-sim/settings.ts';

const anyDimension: fc.Arbitrary<Dimension> = fc.record({
  block: fc.constantFrom('Ring' as const, 'Switch' as const, 'FullyConnected' as const),
  npus: fc.integer({ min: 1, max: 5 }).map(power => 2 ** power),
  bandwidth: fc.integer({ min: 1, max: 900 }),
  latency: fc.integer({ min: 0, max: 5000 }),
  method: fc.constantFrom(
    'ring' as const,
    'direct' as const,
    'halvingDoubling' as const,
    'doubleBinaryTree' as const,
  ),
});
const anyOp = fc.constantFrom<Op>('all_reduce', 'reduce_scatter', 'all_gather', 'all_to_all');
const anySize = fc.integer({ min: 10, max: 30 }).map(power => 2 ** power);

it('lays an algorithm on links as the engine does, wherever the engine has it', () => {
  let both = 0;
  fc.assert(
    fc.property(anyDimension, anyOp, anySize, (dimension, op, size) => {
      const engine = enginePhase(dimension, op, size);
      if (engine === undefined) return;
      both++;
      const links = priceOnLinks(dimension, op, size);
      expect(links / engine).toBeCloseTo(1, 9);
    }),
    { numRuns: 500 },
  );
  expect(both).toBeGreaterThan(50);
});

it('knows the limit of one switch or full mesh that the engine knows', () => {
  fc.assert(
    fc.property(anyDimension, anyOp, anySize, (dimension, op, size) => {
      const engine = engineLimit({ ...dimension, latency: 0 }, op, size);
      if (engine === undefined) return;
      const ours = physicalLimit(alone({ ...dimension, latency: 0 }, op, size));
      expect(ours / engine).toBeCloseTo(1, 9);
    }),
    { numRuns: 300 },
  );
});

it('prices nothing below its limit', () => {
  const dimensions = fc.array(anyDimension, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(dimensions, anyOp, anySize, (all, op, size) => {
      fc.pre(all.every(({ method }) => method !== 'doubleBinaryTree'));
      fc.pre(op !== 'all_to_all' || all.every(({ method }) => method !== 'halvingDoubling'));
      const settings = { ...alone(all[0]!, op, size), dimensions: all };
      expect(enginePrice(settings)!.time).toBeGreaterThanOrEqual(physicalLimit(settings) * (1 - 1e-9));
    }),
    { numRuns: 500 },
  );
});

it('counts half-way messages of a ring half each way', () => {
  // 8 ranks, direct: (1 + 2 + 3 + 4/2) messages of S/8 on a link, four hops.
  const ring: Dimension = { block: 'Ring', npus: 8, bandwidth: 50, latency: 500, method: 'direct' };
  expect(priceOnLinks(ring, 'reduce_scatter', 8000)).toBeCloseTo(4 * 500 + (8 * 1000) / 50, 9);
  // 4 ranks, halving: S/2 to the neighbour, then S/4 half-way round, half of it each way.
  const halving: Dimension = { ...ring, npus: 4, method: 'halvingDoubling' };
  expect(priceOnLinks(halving, 'reduce_scatter', 8000)).toBeCloseTo(500 + 4000 / 50 + 1000 + 2000 / 50, 9);
});

function alone(dimension: Dimension, op: Op, size: number): Settings {
  return {
    dimensions: [dimension],
    op,
    size,
    splits: 1,
    active: 1,
    queues: 1,
    endpoint: 1,
    memory: 1e9,
    optimization: 'localBWAware',
    congestion: true,
  };
}
