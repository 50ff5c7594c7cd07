/** Grids that miss links or chips, row by row against the same links as a plain graph of routes enumerated one by one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explicitWiring } from '../../../../src/engine/fabric/wiring/explicit.ts';
import { gridDraft } from '../../../../src/engine/fabric/wiring/grid.ts';
import { linkGraph } from '../../../../src/engine/fabric/wiring/link-graph.ts';
import type { Lattice, WiredLoad, Wiring } from '../../../../src/engine/fabric/wiring/wiring.ts';
import { allPairs, lattices } from './lattices.ts';
import { everything, reasonOf, torus, wiringOf } from './support.ts';

const grids = fc
  .record({
    sides: fc.array(fc.tuple(fc.integer({ min: 2, max: 5 }), fc.boolean()), { minLength: 1, maxLength: 3 }),
    links: fc.array(fc.tuple(fc.nat(), fc.nat(2)), { maxLength: 3 }),
    chips: fc.array(fc.nat(), { maxLength: 2 }),
    spare: fc.nat(3),
  })
  .map(({ sides, links, chips, spare }) => {
    const dims = sides.map(([size]) => size);
    const wrap = sides.map(([size, closes]) => closes && size > 2);
    const count = dims.reduce((product, size) => product * size, 1);
    const children = [...new Set(chips.map(chip => chip % count))];
    const cut = new Map<string, [number, number]>();
    for (const [pick, axis] of links) {
      const at = axis % dims.length;
      const stride = dims.slice(0, at).reduce((product, size) => product * size, 1);
      const a = pick % count;
      const place = Math.floor(a / stride) % dims[at]!;
      if (place === dims[at]! - 1 && !wrap[at]) continue;
      const b = place === dims[at]! - 1 ? a - place * stride : a + stride;
      cut.set(`${a}/${b}`, [a, b]);
    }
    return { dims, wrap, count, children, links: [...cut.values()], spare };
  })
  .filter(({ count, children, spare }) => count <= 48 && count - Math.max(children.length, spare) > 1);

type Grid = typeof grids extends fc.Arbitrary<infer T> ? T : never;

function specOf({ dims, wrap, children, links, spare }: Grid) {
  return { ...torus(dims, wrap), spare, failed: { links, children } };
}

/** Link by link; shares nothing with the wiring under test but the numbering. */
function byLink({ dims, wrap, count, children, links, spare }: Grid): Wiring {
  const { draft } = gridDraft({ sizes: dims, wrap, twist: false, rates: dims.map(() => 1) });
  for (const [a, b] of links) {
    const link = draft.links.find(each => (each.a === a && each.b === b) || (each.a === b && each.b === a))!;
    link.cables--;
  }
  const ranks = count - Math.max(spare, children.length);
  return explicitWiring({
    graph: linkGraph(draft, ranks, new Set(children)),
    coordinates: [{ name: 'place', size: ranks, digits: [{ stride: 1, size: ranks, step: 1 }] }],
    routing: 'minimal',
    grid: true,
    inChild: 1,
    broken: true,
  });
}

function same(ours: readonly WiredLoad[], theirs: readonly WiredLoad[]): void {
  const kept = (loads: readonly WiredLoad[]) => loads.filter(({ total }) => total > 1e-9);
  expect(kept(ours).map(({ at }) => at)).toEqual(kept(theirs).map(({ at }) => at));
  kept(ours).forEach((load, index) => {
    for (const key of ['bytes', 'both', 'total'] as const)
      expect(load[key]).toBeCloseTo(kept(theirs)[index]![key], 6);
  });
}

const withLattice = grids
  .filter(grid => reasonOf(specOf(grid)) === undefined)
  .chain(grid => lattices(wiringOf(specOf(grid)).coordinates).map(lattice => ({ grid, lattice })));

describe('grids with broken links, broken chips and spares', () => {
  test('any groups load the links as routes one by one do', () => {
    fc.assert(
      fc.property(withLattice, ({ grid, lattice }: { grid: Grid; lattice: Lattice }) => {
        const wiring = wiringOf(specOf(grid));
        const naive = byLink(grid);
        for (const each of [lattice, everything(wiring)]) {
          const demands = allPairs(wiring.coordinates, each, wiring.ends);
          const theirs = naive.flows(demands);
          same(wiring.pairs(each, 1)!, theirs);
          same(wiring.flows(demands), theirs);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a link of a broken chip may be named as well', () => {
    expect(reasonOf({ ...torus([4, 4]), failed: { links: [[0, 1]], children: [1] } })).toBeUndefined();
  });

  test('uneven flows, too', () => {
    fc.assert(
      fc.property(
        grids.filter(grid => reasonOf(specOf(grid)) === undefined),
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 })), { maxLength: 12 }),
        (grid, picks) => {
          const wiring = wiringOf(specOf(grid));
          const demands = picks
            .map(([a, b, bytes]) => ({ source: a % wiring.ends, target: b % wiring.ends, bytes }))
            .filter(({ source, target }) => source !== target);
          same(wiring.flows(demands), byLink(grid).flows(demands));
        },
      ),
      { numRuns: 200 },
    );
  });

  test('bounds are never above the link by link ones that some schedule could reach, and ways are the shortest', () => {
    fc.assert(
      fc.property(withLattice, ({ grid, lattice }: { grid: Grid; lattice: Lattice }) => {
        const wiring = wiringOf(specOf(grid));
        const naive = byLink(grid);
        const all = everything(wiring);
        const exact = naive.gatherBound(everything(naive));
        if (exact.exact) expect(wiring.gatherBound(all).time).toBeLessThanOrEqual(exact.time * (1 + 1e-9));
        for (const each of [lattice, all]) {
          const n = each.flat().reduce((product, { size }) => product * size, 1);
          if (n < 2) continue;
          const time = Math.max(...wiring.pairs(each, 1 / n)!.map(({ bytes }) => bytes));
          expect(wiring.exchangeBound(each).time).toBeLessThanOrEqual(time * (1 + 1e-9));
          const demands = allPairs(wiring.coordinates, each, wiring.ends);
          const hops = demands.map(({ source, target }) => wiring.hops(source, target));
          expect(wiring.farthest(each)).toBe(Math.max(...hops));
        }
        for (let end = 1; end < wiring.ends; end++) expect(wiring.hops(0, end)).toBe(naive.hops(0, end));
        expect(wiring.leastPort).toBeCloseTo(naive.leastPort, 9);
      }),
      { numRuns: 150 },
    );
  });

  test('what cuts a grid in two, or names no link, is refused; what is too large as well', () => {
    const broken = (dims: number[], links: [number, number][], children: number[] = []) =>
      reasonOf({ ...torus(dims), failed: { links, children } });
    expect(
      broken(
        [4],
        [
          [0, 1],
          [2, 3],
        ],
      ),
    ).toMatch(/do not reach each other/);
    expect(broken([4], [[0, 2]])).toMatch(/no link between 0 and 2/);
    expect(
      broken(
        [4, 4],
        [
          [0, 1],
          [1, 0],
        ],
      ),
    ).toMatch(/no link between 1 and 0/);
    expect(broken([4, 4], [], [16])).toMatch(/child 16 does not exist/);
    expect(broken([1_000_000], [[0, 1]])).toMatch(/at most 2048 children/);
    expect(broken([1000, 1000], [], [5])).toMatch(/up to 65536 children/);
    expect(broken([200, 200], [[0, 1]])).toBeUndefined();
  });
});
