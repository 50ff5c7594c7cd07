/** Formulas for all pairs of aligned groups against the same demands sent link by link. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LevelSpec, Routing } from '../../../../src/engine/fabric/spec.ts';
import type { Below } from '../../../../src/engine/fabric/wiring/build.ts';
import { portsGather } from '../../../../src/engine/fabric/wiring/hyperx.ts';
import type { Lattice, WiredLoad } from '../../../../src/engine/fabric/wiring/wiring.ts';
import { allPairs, lattices } from './lattices.ts';
import { dragonfly, everything, hamming, hyperx, level, torus, wiringOf } from './support.ts';

function same(ours: readonly WiredLoad[], theirs: readonly WiredLoad[]): void {
  expect(ours.length).toBe(theirs.length);
  ours.forEach((load, index) => {
    const other = theirs[index]!;
    expect(load.at).toBe(other.at);
    for (const key of ['bytes', 'both', 'total'] as const) expect(load[key]).toBeCloseTo(other[key], 6);
  });
}

interface Case {
  spec: LevelSpec;
  below: Below;
  inChild: number;
  lattice: Lattice;
}

const routings = fc.constantFrom<Routing>('minimal', 'ecmp', 'valiant', 'adaptive');

function withLattice(spec: LevelSpec, below: Below = { chips: 1 }, inChild = 1): fc.Arbitrary<Case> {
  return lattices(wiringOf(spec, below).coordinates).map(lattice => ({ spec, below, inChild, lattice }));
}

function check({ spec, below, inChild, lattice }: Case): void {
  const wiring = wiringOf(spec, below);
  const demands = allPairs(wiring.coordinates, lattice, wiring.ends, inChild);
  same(wiring.pairs(lattice, 1)!, wiring.flows(demands));
  expect(wiring.farthest(lattice)).toBeGreaterThanOrEqual(
    Math.max(0, ...demands.map(({ source, target }) => wiring.hops(source, target))),
  );
  const n = wiring.coordinates.reduce(
    (product, _, axis) => lattice[axis]!.reduce((all, { size }) => all * size, product),
    1,
  );
  const time = (loads: readonly WiredLoad[]): number =>
    Math.max(...loads.map(({ at, bytes }) => bytes / wiring.classes[at]!.capacity));
  const bound = wiring.exchangeBound(lattice);
  expect(time(wiring.pairs(lattice, 1 / n)!)).toBeGreaterThanOrEqual(bound.time * (1 - 1e-9));
}

test('HyperX, any groups and routing', () => {
  fc.assert(
    fc.property(
      fc
        .tuple(
          fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 3 }),
          fc.constantFrom(1, 2, 4),
          routings,
        )
        .filter(([dims, hosts]) => dims.reduce((product, size) => product * size, hosts) <= 72)
        .chain(([dims, hosts, routing]) => withLattice(hyperx(dims, hosts, routing))),
      check,
    ),
    { numRuns: 100 },
  );
});

test('HyperX with nodes of four chips on every switch: what stays in a node is not for these links', () => {
  const spec = level({ kind: 'hyperx', dims: [3, 3], hosts: 8 }, 18, { bandwidth: 1 });
  fc.assert(fc.property(withLattice(spec, { chips: 4 }, 4), check), { numRuns: 40 });
});

test('what must pass ports is the same counted by child and by cuts', () => {
  const spec = level({ kind: 'hyperx', dims: [3, 3], hosts: 8 }, 18, { bandwidth: 1 });
  const wiring = wiringOf(spec, { chips: 4 });
  const ports = { ends: 72, perEnd: 1, rate: 1, inChild: 4 };
  fc.assert(
    fc.property(lattices(wiring.coordinates), lattice => {
      const time = portsGather(lattice, 8, ports)!;
      expect(wiring.gatherBound(lattice).time).toBeGreaterThanOrEqual(time * (1 - 1e-9));
    }),
    { numRuns: 40 },
  );
  // One group of all: 68 shards through four ports.
  expect(portsGather(everything(wiring), 8, ports)).toBeCloseTo(68 / 4 / 72, 12);
});

test('dragonfly, any groups and routing', () => {
  fc.assert(
    fc.property(
      fc
        .record({
          hosts: fc.constantFrom(1, 2, 4),
          routers: fc.integer({ min: 2, max: 4 }),
          globals: fc.integer({ min: 1, max: 3 }),
          groups: fc.integer({ min: 2, max: 9 }),
          routing: fc.constantFrom<Routing>('minimal', 'valiant', 'adaptive'),
        })
        .filter(
          ({ hosts, routers, globals, groups }) =>
            routers * globals >= groups - 1 && hosts * routers * groups <= 100,
        )
        .chain(({ hosts, routers, globals, groups, routing }) =>
          withLattice(dragonfly([hosts, routers, globals, groups], { routing })),
        ),
      check,
    ),
    { numRuns: 150 },
  );
});

test('dragonfly with nodes of four chips', () => {
  const one = level({ kind: 'dragonfly', groups: 5, routers: 2, hosts: 4, globalLinks: 2 }, 10);
  fc.assert(fc.property(withLattice(one, { chips: 4 }, 4), check), { numRuns: 40 });
  // Nodes that lie on two routers have no formula: still counted right.
  const two = level({ kind: 'dragonfly', groups: 5, routers: 2, hosts: 2, globalLinks: 2 }, 5);
  fc.assert(fc.property(withLattice(two, { chips: 4 }, 4), check), { numRuns: 40 });
});

test('twisted tori, groups that look alike from everywhere and others', () => {
  for (const dims of [
    [4, 4, 8],
    [4, 8, 8],
  ]) {
    const spec = torus(
      dims,
      dims.map(() => true),
      true,
    );
    fc.assert(fc.property(withLattice(spec), check), { numRuns: 12 });
  }
});

test('HammingMesh, any groups and routing', () => {
  fc.assert(
    fc.property(
      fc
        .tuple(
          fc.constantFrom(
            [
              [2, 2],
              [2, 2],
            ],
            [
              [3, 2],
              [2, 3],
            ],
            [
              [2, 1],
              [3, 4],
            ],
            [[4], [3]],
            [
              [2, 3],
              [1, 4],
            ],
          ),
          routings,
        )
        .chain(([[board, boards], routing]) => withLattice(hamming([...board!], [...boards!], routing))),
      check,
    ),
    { numRuns: 60 },
  );
});

describe('rails', () => {
  test('all pairs by formula as one by one', () => {
    fc.assert(
      fc.property(
        fc
          .record({
            nodes: fc.integer({ min: 2, max: 8 }),
            chips: fc.constantFrom(1, 2, 4),
            leaf: fc.integer({ min: 1, max: 8 }),
            oversubscription: fc.constantFrom(1, 2, 4),
          })
          .chain(({ nodes, chips, leaf, oversubscription }) =>
            withLattice(
              level({ kind: 'rail', leaf, spine: true, oversubscription }, nodes),
              { chips },
              chips,
            ),
          ),
        check,
      ),
      { numRuns: 100 },
    );
  });

  test('a broken rail port leaves its chip the other one', () => {
    // Two ports a chip; switches follow the 4 nodes, so 4 is the first rail's.
    const spec = level({ kind: 'rail', spine: true, oversubscription: 1 }, 4, { ports: 4, bandwidth: 2 });
    const demand = [{ source: 0, target: 2, bytes: 1 }];
    expect(wiringOf(spec, { chips: 2 }).flows(demand)[0]!.bytes).toBe(0.5);
    const broken = wiringOf({ ...spec, failed: { links: [[0, 4]], children: [] } }, { chips: 2 });
    expect(broken.flows(demand)[0]!.bytes).toBe(1);
  });

  test('explicit: a node of one chip per rail, both ways the same', () => {
    // Nodes with links of their own to rail switches and a spine, as a graph.
    const [nodes, chips, leaf] = [6, 2, 3];
    const rail = wiringOf(level({ kind: 'rail', leaf, spine: true, oversubscription: 1.5 }, nodes), {
      chips,
    });
    const ends = nodes * chips;
    const links = Array.from({ length: ends }, (_, chip) => ({
      a: chip,
      b: ends + Math.floor(chip / chips / leaf) * chips + (chip % chips),
    }));
    for (let rails = 0; rails < 4; rails++)
      for (let cable = 0; cable < 2; cable++) links.push({ a: ends + rails, b: ends + 4 });
    const plain = wiringOf(level({ kind: 'graph', links }, ends));
    fc.assert(
      fc.property(lattices(rail.coordinates), lattice => {
        const demands = allPairs(rail.coordinates, lattice, ends, chips);
        const [port, up] = rail.pairs(lattice, 1)!;
        const load = plain.flows(demands)[0]!;
        expect(port!.total + up!.total).toBeCloseTo(load.total, 6);
        expect(Math.max(port!.bytes, up!.bytes)).toBeCloseTo(load.bytes, 6);
      }),
    );
  });

  test('rail-only: one node that passes on sends what its rails carry', () => {
    const spec = level({ kind: 'rail', spine: false, oversubscription: 1 }, 4);
    const wiring = wiringOf(spec, { chips: 4 });
    const demands = allPairs(wiring.coordinates, everything(wiring), 16, 4);
    same(wiring.pairs(everything(wiring), 1)!, wiring.flows(demands));
    const relayed = wiring.relays!.flows(demands);
    // Every chip passes 3 other rails' bytes for 3 other nodes to the chip on that rail.
    expect(relayed.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(16 * 3 * 3);
    for (const { source, target } of relayed) expect(Math.floor(source / 4)).toBe(Math.floor(target / 4));
    expect(wiring.relays!.pairs(everything(wiring), 1)).toBe(3);
  });
});
