/** What is said about the links of levels and the places of groups. */
import { describe, expect, it } from 'vitest';
import { bisectionOf, linkKinds, placesOfGroup } from '../../../src/engine/fabric/describe.ts';
import { buildNetwork, type NetworkLevel } from '../../../src/engine/fabric/network.ts';
import type { FabricSpec, LevelSpec, Topology } from '../../../src/engine/fabric/spec.ts';
import { fabricOf, fatTree, level, switched } from '../../oracle/fabrics.ts';
import { explicitGraph } from '../../oracle/graph.ts';
import { bisection } from '../../oracle/limits.ts';

const torus = (dims: number[], wrap = dims.map(size => size > 2), twist = false): Topology => ({
  kind: 'torus',
  dims,
  wrap,
  twist,
});
const one = (count: number, topology: Topology, link = 1, more: Partial<LevelSpec> = {}): FabricSpec =>
  fabricOf(level('pod', count, topology, link, { link, tier: 'scale_up', ...more }));
const top = (fabric: FabricSpec): NetworkLevel => buildNetwork(fabric).levels.at(-1)!;

describe('bisection, one direction', () => {
  // https://jax-ml.github.io/scaling-book/: v5e 1.6 TB/s, v6e 3.2, v4 23 (at 45 GB/s a link); an H100 node 3.6 both ways.
  it.each([
    ['TPU v5e pod', one(256, torus([16, 16]), 50e9), 1.6e12],
    ['TPU v6e pod', one(256, torus([16, 16]), 100e9), 3.2e12],
    ['TPU v4 pod of 4096', one(4096, torus([16, 16, 16]), 45e9), 23.04e12],
    ['H100 node', fabricOf(level('node', 8, switched(), 450e9)), 3.6e12 / 2],
  ])('%s, as published', (_, fabric, capacity) =>
    expect(bisectionOf(top(fabric))!.capacity).toBeCloseTo(capacity, 0),
  );

  it.each<[string, FabricSpec]>([
    ['ring of 8', one(8, torus([8]))],
    ['line of 8', one(8, torus([8], [false]))],
    ['torus 4x3', one(12, torus([4, 3]))],
    ['torus 3x4', one(12, torus([3, 4]))],
    ['torus 4x2', one(8, torus([4, 2]))],
    ['mesh 4x3', one(12, torus([4, 3], [false, false]))],
    ['mesh 4x3, the short side closed', one(12, torus([4, 3], [false, true]))],
    ['cube 2x2x2', one(8, torus([2, 2, 2]))],
    ['switch of 8', one(8, switched())],
    ['4 leaves of 2, 2:1', one(8, fatTree(2, [2], 2))],
    // A port of 7 and one link of 1 to each peer.
    ['full mesh of 8', fabricOf(level('pod', 8, { kind: 'fully_connected' }, 7, { tier: 'scale_up' }))],
    ['HyperX 4x2', one(8, { kind: 'hyperx', dims: [4, 2], hosts: 1 }, 1, { bandwidth: 9 })],
  ])('%s: the least of all halves, tried one by one', (_, fabric) => {
    expect(bisectionOf(top(fabric))!.capacity).toBeCloseTo(bisection(explicitGraph(fabric)), 9);
  });

  it('says nothing where no straight cut halves the narrowest side, or something is broken', () => {
    // Halves of 2x9 are cut by 3 links with a bend, no straight cut has them.
    expect(bisectionOf(top(one(18, torus([2, 9], [false, false]))))).toBeUndefined();
    expect(bisectionOf(top(one(9, torus([3, 3]))))).toBeUndefined();
    const failed = { links: [[0, 1]] as [number, number][], children: [] };
    expect(bisectionOf(top(one(8, torus([8]), 1, { failed })))).toBeUndefined();
  });

  it('of a dragonfly: a link for every two groups on different sides', () => {
    // 9 groups of 4 routers with 2 global links each: every two groups share one. 4 x 5 pairs.
    const fly: Topology = { kind: 'dragonfly', groups: 9, routers: 4, hosts: 2, globalLinks: 2 };
    expect(bisectionOf(top(one(72, fly, 25e9)))).toEqual({
      capacity: 20 * 25e9,
      halves: 'of 4 and 5 groups',
    });
  });
});

describe('links of one unit', () => {
  it('cables of a torus, ports and uplinks of a tree', () => {
    // 4x8: 32 links along x, whose rings are of 4, and 32 along y.
    expect(linkKinds(top(one(32, torus([4, 8]), 50e9)))).toEqual([
      { name: 'x link', count: 32, capacity: 50e9 },
      { name: 'y link', count: 32, capacity: 50e9 },
    ]);
    const tree = fabricOf(
      level('node', 8, switched(), 450e9, { tier: 'scale_up' }),
      level('pod', 16, fatTree(2, [2], 4), 50e9),
    );
    // 128 chips; leaves of 4 nodes, 2:1.
    expect(linkKinds(top(tree))).toEqual([
      { name: 'chip to leaf', count: 128, capacity: 50e9 },
      { name: 'leaf to spine', count: 4, capacity: 32 * 25e9 },
    ]);
    expect(linkKinds(top(one(8, { kind: 'fully_connected' }, 64e9)))[0]!.count).toBe(28);
  });
});

describe('where groups lie', () => {
  it('along dimensions: how many, how far apart, and whether they close', () => {
    const network = buildNetwork(one(128, torus([4, 4, 8], [true, false, true])));
    // x: all 4. y: every second of 4. z: the first 4 of 8.
    expect(placesOfGroup(network, [{ stride: 1, size: 4 }], 128)).toEqual([
      { level: 'pod', coordinate: 'x', members: 4, size: 4, apart: 1, closed: 'ring' },
    ]);
    expect(placesOfGroup(network, [{ stride: 8, size: 2 }], 128)).toEqual([
      { level: 'pod', coordinate: 'y', members: 2, size: 4, apart: 2, closed: 'line' },
    ]);
    expect(placesOfGroup(network, [{ stride: 16, size: 4 }], 128)).toEqual([
      { level: 'pod', coordinate: 'z', members: 4, size: 8, apart: 1, closed: 'part' },
    ]);
  });

  it('in children of levels without dimensions', () => {
    const network = buildNetwork(
      fabricOf(level('node', 8, switched(), 450e9, { tier: 'scale_up' }), level('pod', 16, switched(), 50e9)),
    );
    // Every 4th chip: 2 in a node, and so in all 16 nodes.
    expect(placesOfGroup(network, [{ stride: 4, size: 32 }], 128)).toEqual([
      { level: 'node', members: 2, size: 8, apart: 4 },
      { level: 'pod', members: 16, size: 16, apart: 1 },
    ]);
  });
});
