/** The least time any algorithm could take. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { FabricSpec, LevelSpec } from '../../../src/engine/fabric/spec.ts';
import {
  anyFabric,
  anyPlacement,
  chipsOf,
  fabricOf,
  fatTree,
  level,
  switched,
} from '../../oracle/fabrics.ts';
import { explicitGraph } from '../../oracle/graph.ts';
import { canGather } from '../../oracle/max-flow.ts';
import { COLLECTIVES, engineOf, OPS } from './support.ts';

const SIZE = 1e9;

function limitOf(fabric: FabricSpec, ranks: number, op: (typeof OPS)[number] = 'all_gather'): number {
  const group = [{ stride: 1, size: ranks }];
  return priceCollective(buildNetwork(fabric), group, op, SIZE, { chips: ranks })!.limit;
}

/** t*: the least n x time / size over all algorithms, for links in GB/s. */
const gatherCost = (fabric: FabricSpec, ranks: number): number => limitOf(fabric, ranks) * ranks;

const nodes = (count: number, scaleUp: number): FabricSpec =>
  fabricOf(
    level('node', 8, switched(), scaleUp * 1e9, { tier: 'scale_up' }),
    level('pod', count, switched(), 50e9),
  );
const mesh = { kind: 'fully_connected' } as const;

describe('all-gather limits found by maximum flow (t*, and bus bandwidth in line rates)', () => {
  // Checked with an exact solver of the cut form of arXiv 2402.06787 on unit links.
  it.each([
    ['8 ports of a switch', fabricOf(level('node', 8, switched(), 1e9)), 8, 7],
    ['full mesh of 8, a link each', fabricOf(level('node', 8, mesh, 7e9)), 8, 1],
    ['4 leaves of 4 hosts, 4:1', fabricOf(level('pod', 16, fatTree(2, [4], 4), 1e9)), 16, 15],
    ['2 nodes of 8, 450 + 50 GB/s', nodes(2, 450), 16, 0.03],
    ['4 nodes of 8, 450 + 50 GB/s', nodes(4, 450), 32, 0.062],
    ['2 nodes of 8, 900 + 50 GB/s: the network binds', nodes(2, 900), 16, 0.02],
    ['4 nodes of 8, 900 + 50 GB/s: the network binds', nodes(4, 900), 32, 0.06],
  ] as const)('%s', (_, fabric, ranks, cost) => expect(gatherCost(fabric, ranks)).toBeCloseTo(cost, 9));
});

/** Trees of switches in one or two networks; a full mesh only where nothing lies above it. */
const trees = anyFabric
  .filter(({ levels }) => chipsOf(levels) <= 40)
  .filter(({ levels }) =>
    levels.every((each, at) => each.topology.kind !== 'fully_connected' || at === levels.length - 1),
  );

/** Whether this share of the limit's rate flows. */
function flows(fabric: FabricSpec, share: number): boolean {
  const ranks = chipsOf(fabric.levels);
  const rate = SIZE / ranks / limitOf(fabric, ranks);
  return canGather(explicitGraph(fabric), ranks, rate * share);
}

it('is exact for a gather over all chips of one tree: that rate flows, and no higher one', () => {
  const oneTree = trees.map(fabric => ({
    ...fabric,
    levels: fabric.levels.map(each => ({ ...each, tier: 'scale_out' as const })),
  }));
  fc.assert(
    fc.property(oneTree, fabric => {
      expect(flows(fabric, 1 - 1e-6)).toBe(true);
      expect(flows(fabric, 1 + 1e-6)).toBe(false);
    }),
    { numRuns: 60 },
  );
});

it('is a bound where chips have ports into two networks', () => {
  fc.assert(
    fc.property(trees, fabric => {
      expect(flows(fabric, 1 + 1e-6)).toBe(false);
    }),
    { numRuns: 100 },
  );
});

it.each(OPS)('no algorithm beats it: %s', op => {
  const algorithms = COLLECTIVES.filter(each => each.op === op).map(each => each.algorithm);
  fc.assert(
    fc.property(anyPlacement, placed => {
      const ideal = { ...placed.fabric, levels: placed.fabric.levels.map(lossless) };
      const { network, group, chips } = engineOf({ ...placed, fabric: ideal });
      for (const algorithm of algorithms) {
        const price = priceCollective(network, group, op, SIZE, { chips, algorithm, inSwitchRate: 1 });
        if (price) expect(price.time).toBeGreaterThanOrEqual(price.limit * (1 - 1e-9));
      }
    }),
    { numRuns: 300 },
  );
});

function lossless(each: LevelSpec): LevelSpec {
  return { ...each, efficiency: 1, latency: 0, floor: 0 };
}

it.each(OPS)('grows with the bytes and never with the bandwidth: %s', op => {
  fc.assert(
    fc.property(anyPlacement, fc.nat(), fc.integer({ min: 2, max: 4 }), (placed, pick, factor) => {
      const levels = placed.fabric.levels;
      const faster = levels.map((each, at) =>
        at === pick % levels.length
          ? {
              ...each,
              bandwidth: each.bandwidth * factor,
              ...(each.uplink ? { uplink: each.uplink * factor } : {}),
              ...(each.link ? { link: each.link * factor } : {}),
            }
          : each,
      );
      const limit = (fabric: FabricSpec, bytes: number): number => {
        const { network, group, chips } = engineOf({ ...placed, fabric });
        return priceCollective(network, group, op, bytes, { chips })!.limit;
      };
      const before = limit(placed.fabric, SIZE);
      expect(before).toBeGreaterThan(0);
      expect(limit(placed.fabric, 3 * SIZE)).toBeCloseTo(3 * before, 9);
      expect(limit({ ...placed.fabric, levels: faster }, SIZE)).toBeLessThanOrEqual(before * (1 + 1e-9));
    }),
    { numRuns: 150 },
  );
});
