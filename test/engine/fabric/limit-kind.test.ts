/** What a limit comes from, and whether it claims to be reached only where it is. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollectivePrice } from '../../../src/engine/estimate/result.ts';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { FabricSpec, Topology } from '../../../src/engine/fabric/spec.ts';
import type { CollectiveOp } from '../../../src/engine/plan/spec.ts';
import { anyFabric, chipsOf, fabricOf, fatTree, level, switched } from '../../oracle/fabrics.ts';
import { explicitGraph } from '../../oracle/graph.ts';
import { canGather } from '../../oracle/max-flow.ts';

const SIZE = 1e9;

function priced(fabric: FabricSpec, op: CollectiveOp, size?: number, stride = 1): CollectivePrice {
  const chips = chipsOf(fabric.levels);
  const group = [{ stride, size: size ?? chips / stride }];
  return priceCollective(buildNetwork(fabric), group, op, SIZE, { chips })!;
}

const grid = (dims: number[], wrap: boolean[]): FabricSpec => {
  const topology: Topology = { kind: 'torus', dims, wrap, twist: false };
  const count = dims.reduce((product, side) => product * side, 1);
  return fabricOf(level('pod', count, topology, 100e9, { link: 50e9, tier: 'scale_up' }));
};
const node = fabricOf(level('node', 8, switched(), 450e9, { tier: 'scale_up' }));
const cluster = fabricOf(
  level('node', 8, switched(), 450e9, { tier: 'scale_up' }),
  level('pod', 4, switched(), 50e9),
);

describe('the bound says which', () => {
  // Which cut binds and whether it is reached: by hand, from the capacities.
  it.each<[string, CollectivePrice, string, boolean]>([
    ['ports of one switch, reached by a ring', priced(node, 'all_gather'), 'port of a chip', true],
    ['twice that for an all-reduce', priced(node, 'all_reduce'), 'port of a chip', true],
    [
      // 31/32 S into 450 + 50 GB/s of a chip: longer than 24/32 S into 8 x 50 GB/s of a node.
      'ports into two networks',
      priced(cluster, 'all_gather'),
      'ports of a chip into node and pod',
      false,
    ],
    [
      // 12/16 S into a leaf of 4 with 50 GB/s up, 15/16 S into a port of 50 GB/s.
      "a port where a leaf's uplink is as fast",
      priced(fabricOf(level('pod', 16, fatTree(2, [4], 4), 50e9)), 'all_gather'),
      'port of a chip',
      true,
    ],
    [
      'a leaf whose uplink is slower than a port',
      priced(fabricOf(level('pod', 16, fatTree(2, [8], 4), 50e9)), 'all_gather'),
      'cut around a leaf of pod',
      true,
    ],
    [
      'flows of an exchange',
      priced(cluster, 'all_to_all'),
      'its own flows over the chip to switch of pod',
      true,
    ],
    ['a torus', priced(grid([4, 4], [true, true]), 'all_gather'), 'ports of the poorest member', true],
    ['longest side of a torus', priced(grid([4, 8], [true, true]), 'all_to_all'), 'distance along y', true],
    ['middle of a line', priced(grid([4, 4], [false, false]), 'all_to_all'), 'bisection along x', true],
  ])('%s', (_, price, by, exact) => {
    expect(price.limitBy).toBe(by);
    expect(price.limitExact).toBe(exact);
  });

  it('an all-reduce shows both ends of what is known where they differ', () => {
    // 4x4 mesh: t* = 7.5 links (exact cuts of arXiv 2402.06787), so two gathers take 2 x 7.5/16 S / 50 GB/s; all 48 directed
    // links carry 2 x 15 S at the least.
    const price = priced(grid([4, 4], [false, false]), 'all_reduce');
    expect(price.reachable! * 50e9).toBeCloseTo((2 * 7.5 * SIZE) / 16, 0);
    expect(price.limit * 50e9).toBeCloseTo((2 * 15 * SIZE) / 48, 0);
    expect(price.limitExact).toBe(false);
    // On a torus they are the same.
    expect(priced(grid([4, 4], [true, true]), 'all_reduce')).toMatchObject({ limitExact: true });
    expect(priced(grid([4, 4], [true, true]), 'all_reduce').reachable).toBeUndefined();
  });

  it('a group that leaves chips of a full mesh out may be helped by them: a bound only', () => {
    const mesh = fabricOf(level('box', 8, { kind: 'fully_connected' }, 7e9));
    expect(priced(mesh, 'all_gather', 8).limitExact).toBe(true);
    expect(priced(mesh, 'all_gather', 4).limitExact).toBe(false);
  });

  it('groups that lie alike share a tree: as if each had its part of every link', () => {
    // 16 chips in 4 leaves of 4, groups of every 4th chip: one member a leaf, a quarter of its uplink each. 8:1 leaves
    // a quarter of 25 GB/s: 3/4 S at 6.25 GB/s.
    const tree = fabricOf(level('pod', 16, fatTree(2, [8], 4), 50e9));
    const price = priced(tree, 'all_gather', 4, 4);
    expect(price.limit).toBeCloseTo((0.75 * SIZE) / 6.25e9, 9);
    expect(price).toMatchObject({ limitBy: 'cut around a leaf of pod', limitExact: true });
  });
});

it('a gather over all chips that claims to be exact flows at that rate, and at no higher one', () => {
  let claims = 0;
  fc.assert(
    fc.property(
      anyFabric.filter(({ levels }) => chipsOf(levels) <= 32 && chipsOf(levels) > 1),
      fabric => {
        const { limit, limitExact } = priced(fabric, 'all_gather');
        if (!limitExact) return;
        claims++;
        const ranks = chipsOf(fabric.levels);
        const flows = (share: number) =>
          canGather(explicitGraph(fabric), ranks, (SIZE / ranks / limit) * share);
        expect(flows(1 - 1e-6)).toBe(true);
        expect(flows(1 + 1e-6)).toBe(false);
      },
    ),
    { numRuns: 150 },
  );
  expect(claims).toBeGreaterThan(20);
});
