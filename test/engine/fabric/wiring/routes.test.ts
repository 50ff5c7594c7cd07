/** Routing link by link against routes enumerated one by one, on random small fabrics with and without broken links. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Routing } from '../../../../src/engine/fabric/spec.ts';
import type { WiredLoad } from '../../../../src/engine/fabric/wiring/wiring.ts';
import { allPairs, lattices } from './lattices.ts';
import { busiest, gatherByAllCuts, loadRoutes, type NaiveLink, routeOver, shortestRoutes } from './naive.ts';
import { dragonfly, everything, graph, mesh, reasonOf, torus, wiringOf } from './support.ts';

/** Classes that carry nothing may be left out. */
function same(ours: readonly WiredLoad[], theirs: readonly WiredLoad[]): void {
  const said = new Map(ours.map(load => [load.at, load]));
  expect(said.size).toBe(ours.length);
  const classes = new Set([...ours, ...theirs].map(({ at }) => at));
  for (const at of classes) {
    const other = theirs.find(load => load.at === at);
    for (const key of ['bytes', 'both', 'total'] as const)
      expect(said.get(at)?.[key] ?? 0).toBeCloseTo(other?.[key] ?? 0, 6);
  }
}

/** A ring with chords, some of them side by side, over children and switches. */
const graphs = fc
  .record({
    children: fc.integer({ min: 2, max: 5 }),
    switches: fc.integer({ min: 0, max: 2 }),
    chords: fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 7 }),
  })
  .map(({ children, switches, chords }) => {
    const vertices = children + switches;
    const ring = Array.from({ length: vertices === 2 ? 1 : vertices }, (_, i) => ({
      a: i,
      b: (i + 1) % vertices,
    }));
    const more = chords.map(([a, b]) => ({ a: a % vertices, b: b % vertices })).filter(({ a, b }) => a !== b);
    return { children, vertices, links: [...ring, ...more] };
  });

describe('graphs', () => {
  test('all shortest routes, each alike', () => {
    fc.assert(
      fc.property(graphs, ({ children, links }) => {
        const wiring = wiringOf(graph(children, links));
        const naive: NaiveLink[] = links.map(link => ({ ...link, at: 0 }));
        const demands = allPairs(wiring.coordinates, everything(wiring), children);
        const load = loadRoutes(naive, demands, (a, b) => shortestRoutes(naive, () => true, a, b));
        same(wiring.flows(demands), busiest(naive, load, 1));
        same(wiring.pairs(everything(wiring), 1)!, busiest(naive, load, 1));
        for (const { source, target } of demands)
          expect(wiring.hops(source, target)).toBe(
            shortestRoutes(naive, () => true, source, target)[0]!.length,
          );
      }),
      { numRuns: 150 },
    );
  });

  test('Valiant goes over every child alike', () => {
    fc.assert(
      fc.property(graphs, ({ children, links }) => {
        // Children with a switch of their own hang on it; here all forward for themselves.
        const degree = (vertex: number): number =>
          new Set(links.flatMap(({ a, b }) => (a === vertex ? [b] : b === vertex ? [a] : []))).size;
        fc.pre(Array.from({ length: children }, (_, child) => degree(child)).every(each => each > 1));
        const wiring = wiringOf(graph(children, links, { routing: 'valiant' }));
        const naive: NaiveLink[] = links.map(link => ({ ...link, at: 0 }));
        const demands = [
          { source: 0, target: 1, bytes: 3 },
          { source: 1, target: children - 1, bytes: 1 },
        ].filter(({ source, target }) => source !== target);
        const halves = demands.flatMap(({ source, target, bytes }) =>
          Array.from({ length: children }, (_, over) => [
            { source, target: over, bytes: bytes / children },
            { source: over, target, bytes: bytes / children },
          ])
            .flat()
            .filter(half => half.source !== half.target),
        );
        const load = loadRoutes(naive, halves, (a, b) => shortestRoutes(naive, () => true, a, b));
        same(wiring.flows(demands), busiest(naive, load, 1));
      }),
      { numRuns: 80 },
    );
  });

  test("a star of children has no link that is nobody's port", () => {
    const wiring = wiringOf(
      graph(4, [
        { a: 3, b: 0 },
        { a: 3, b: 1 },
        { a: 3, b: 2 },
      ]),
    );
    expect(wiring.farthest(everything(wiring))).toBe(2);
    expect(wiring.pairs(everything(wiring), 1)![0]).toMatchObject({ bytes: 3, both: 6, total: 18 });
  });

  test('the all-gather limit is the worst of all cuts', () => {
    fc.assert(
      fc.property(graphs, ({ children, vertices, links }) => {
        const wiring = wiringOf(graph(children, links));
        const bound = wiring.gatherBound(everything(wiring));
        expect(bound.exact).toBe(true);
        expect(bound.time * children).toBeCloseTo(
          gatherByAllCuts(
            links.map(l => ({ ...l, at: 0 })),
            children,
            vertices,
          ),
          7,
        );
      }),
      { numRuns: 200 },
    );
  });

  test('no routing beats the all-to-all bound', () => {
    fc.assert(
      fc.property(
        graphs,
        fc.constantFrom<Routing>('minimal', 'valiant', 'adaptive'),
        ({ children, links }, routing) => {
          const wiring = wiringOf(graph(children, links, { routing }));
          const bound = wiring.exchangeBound(everything(wiring));
          const time = Math.max(...wiring.pairs(everything(wiring), 1 / children)!.map(({ bytes }) => bytes));
          expect(time).toBeGreaterThanOrEqual(bound.time * (1 - 1e-9));
        },
      ),
      { numRuns: 100 },
    );
  });
});

/** Cables of a grid: every chip to the next along each dimension. */
function gridLinks(dims: readonly number[], wrap: readonly boolean[]): NaiveLink[] {
  const links: NaiveLink[] = [];
  const count = dims.reduce((product, size) => product * size, 1);
  for (let chip = 0; chip < count; chip++) {
    let stride = 1;
    dims.forEach((size, at) => {
      const place = Math.floor(chip / stride) % size;
      if (place + 1 < size) links.push({ a: chip, b: chip + stride, at });
      else if (wrap[at]) links.push({ a: chip, b: chip - stride * (size - 1), at });
      stride *= size;
    });
  }
  return links;
}

/** Ways of one dimension after the other, each the short way round, both where they are as long. */
function orderedRoutes(
  dims: readonly number[],
  wrap: readonly boolean[],
  source: number,
  target: number,
): number[][] {
  let walks = [[source]];
  let stride = 1;
  dims.forEach((size, axis) => {
    const [from, to] = [source, target].map(chip => Math.floor(chip / stride) % size) as [number, number];
    const up = (to - from + size) % size;
    const down = (from - to + size) % size;
    const ways: [number, number][] = [];
    if (wrap[axis] ? up <= down : to >= from) ways.push([1, up]);
    if (wrap[axis] ? down <= up && down > 0 : to < from) ways.push([-1, down]);
    walks = walks.flatMap(walk =>
      ways.map(([step, hops]) => {
        const longer = [...walk];
        for (let hop = 1; hop <= hops; hop++) {
          const place = (from + step * hop + size * hops) % size;
          longer.push(walk.at(-1)! + (place - from) * stride);
        }
        return longer;
      }),
    );
    stride *= size;
  });
  return walks;
}

const grids = fc
  .array(fc.tuple(fc.integer({ min: 2, max: 5 }), fc.boolean()), { minLength: 1, maxLength: 3 })
  .map(sides => ({
    dims: sides.map(([size]) => size),
    wrap: sides.map(([size, closes]) => closes && size > 2),
  }))
  .filter(({ dims }) => dims.reduce((product, size) => product * size, 1) <= 40);

describe('grids', () => {
  test('dimension by dimension, any groups', () => {
    fc.assert(
      fc.property(
        grids.chain(grid =>
          lattices(wiringOf(torus(grid.dims, grid.wrap)).coordinates).map(lattice => ({ ...grid, lattice })),
        ),
        ({ dims, wrap, lattice }) => {
          const wiring = wiringOf(torus(dims, wrap));
          const links = gridLinks(dims, wrap);
          const demands = allPairs(wiring.coordinates, lattice, wiring.ends);
          const load = loadRoutes(links, demands, (a, b) =>
            orderedRoutes(dims, wrap, a, b).map(walk => routeOver(links, walk)),
          );
          const theirs = busiest(links, load, dims.length);
          same(wiring.pairs(lattice, 1)!, theirs);
          same(wiring.flows(demands), theirs);
          const bound = wiring.exchangeBound(lattice);
          const n = demands.length / wiring.ends + 1;
          const time = Math.max(...theirs.map(({ bytes }) => bytes)) / n;
          expect(time).toBeGreaterThanOrEqual(bound.time * (1 - 1e-9));
        },
      ),
      { numRuns: 80 },
    );
  });

  test('a broken link: who needs it goes round, the others stay', () => {
    fc.assert(
      fc.property(grids, fc.nat(), ({ dims, wrap }, pick) => {
        const links = gridLinks(dims, wrap);
        const cut = links[pick % links.length]!;
        const left = links.filter(link => link !== cut);
        const spec = { ...torus(dims, wrap), failed: { links: [[cut.a, cut.b] as const], children: [] } };
        if (reasonOf(spec) !== undefined) return;
        const wiring = wiringOf(spec);
        const demands = allPairs(wiring.coordinates, everything(wiring), wiring.ends);
        // What does not need the link keeps its route; so over all links the load is at least that of the whole grid.
        const kept = demands.filter(({ source, target }) =>
          orderedRoutes(dims, wrap, source, target).every(walk =>
            walk
              .slice(1)
              .every((to, i) => !(walk[i] === cut.a && to === cut.b) && !(walk[i] === cut.b && to === cut.a)),
          ),
        );
        const load = loadRoutes(left, kept, (a, b) =>
          orderedRoutes(dims, wrap, a, b).map(walk => routeOver(left, walk)),
        );
        same(wiring.flows(kept), busiest(left, load, dims.length));
        const all = wiring.flows(demands);
        const whole = wiringOf(torus(dims, wrap)).flows(demands);
        const sum = (loads: readonly WiredLoad[]): number =>
          loads.reduce((total, each) => total + each.total, 0);
        expect(sum(all)).toBeGreaterThanOrEqual(sum(whole) - 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  test('a broken chip leaves a hole that the others go round', () => {
    const wiring = wiringOf({ ...mesh([3, 3]), failed: { links: [], children: [4] } });
    expect(wiring.ends).toBe(8);
    // The eight around the hole are a ring, numbered row by row.
    expect(wiring.hops(0, 7)).toBe(4);
    expect(wiring.hops(3, 4)).toBe(4);
    expect(Math.max(...wiring.pairs(everything(wiring), 1)!.map(({ bytes }) => bytes))).toBe(8);
  });
});

describe('dragonfly', () => {
  const shapes = fc
    .record({
      hosts: fc.integer({ min: 1, max: 2 }),
      routers: fc.integer({ min: 2, max: 4 }),
      globals: fc.integer({ min: 1, max: 2 }),
      groups: fc.integer({ min: 2, max: 6 }),
    })
    .filter(({ routers, globals, groups }) => routers * globals >= groups - 1);

  /** Groups joined by link k of a group to the group k + 1 further, links on routers in their sequence. */
  function cables({
    hosts,
    routers,
    globals,
    groups,
  }: {
    hosts: number;
    routers: number;
    globals: number;
    groups: number;
  }) {
    const ends = hosts * routers * groups;
    const rounds = Math.floor((routers * globals) / (groups - 1));
    const used = rounds * (groups - 1);
    const links: NaiveLink[] = Array.from({ length: ends }, (_, end) => ({
      a: end,
      b: ends + Math.floor(end / hosts),
      at: 0,
    }));
    for (let group = 0; group < groups; group++) {
      const first = ends + group * routers;
      for (let a = 0; a < routers; a++)
        for (let b = a + 1; b < routers; b++) links.push({ a: first + a, b: first + b, at: 1 });
      for (let link = 0; link < used; link++) {
        const offset = (link % (groups - 1)) + 1;
        const other = (group + offset) % groups;
        if (other < group) continue;
        const round = Math.floor(link / (groups - 1));
        const back = round * (groups - 1) + (groups - offset - 1);
        const on = (k: number): number => Math.floor((k * routers) / used);
        links.push({ a: first + on(link), b: ends + other * routers + on(back), at: 2 });
      }
    }
    return { ends, links };
  }

  test('local, global, local over every link of two groups alike, with and without broken ones', () => {
    fc.assert(
      fc.property(shapes, fc.nat(), fc.boolean(), (shape, pick, breaks) => {
        const { hosts, routers, globals, groups } = shape;
        const { ends, links } = cables(shape);
        const inner = links.filter(({ at }) => at === 2);
        const cut = breaks ? inner[pick % inner.length] : undefined;
        const left = links.filter(link => link !== cut);
        const groupOf = (vertex: number): number => Math.floor((vertex - ends) / routers);
        const between = (a: number, b: number): NaiveLink[] =>
          left.filter(
            ({ a: x, b: y, at }) =>
              at === 2 && ((groupOf(x) === a && groupOf(y) === b) || (groupOf(x) === b && groupOf(y) === a)),
          );
        // Two groups left without a link go over others: of no concern here.
        if (cut && between(groupOf(cut.a), groupOf(cut.b)).length === 0) return;
        const more = cut ? { failed: { links: [[cut.a, cut.b] as const], children: [] } } : {};
        const wiring = wiringOf(dragonfly([hosts, routers, globals, groups], more));
        const demands = allPairs(wiring.coordinates, everything(wiring), ends);
        const routes = (source: number, target: number) => {
          const a = ends + Math.floor(source / hosts);
          const b = ends + Math.floor(target / hosts);
          if (groupOf(a) === groupOf(b)) return [routeOver(left, [source, a, b, target])];
          return between(groupOf(a), groupOf(b)).map(link => {
            const [near, far] = groupOf(link.a) === groupOf(a) ? [link.a, link.b] : [link.b, link.a];
            const way: [number, 0 | 1] = [left.indexOf(link), near === link.a ? 0 : 1];
            return [...routeOver(left, [source, a, near]), way, ...routeOver(left, [far, b, target])];
          });
        };
        const load = loadRoutes(left, demands, routes);
        // Cables side by side between two routers share what is between these: as our classes count them.
        same(wiring.pairs(everything(wiring), 1)!, busiest(left, load, 3));
        same(wiring.flows(demands), busiest(left, load, 3));
      }),
      { numRuns: 60 },
    );
  });

  test('broken local links are gone round inside the group, broken global ones over other groups', () => {
    // Routers 72 to 75 are the first group, 76 to 79 the second; the link between these lies on 72 and 79.
    const local = wiringOf(dragonfly([2, 4, 2, 9], { failed: { links: [[72, 73]], children: [] } }));
    expect(local.flows([{ source: 0, target: 2, bytes: 1 }])[1]).toMatchObject({ bytes: 0.5, total: 2 });
    const global = wiringOf(dragonfly([2, 4, 2, 9], { failed: { links: [[72, 79]], children: [] } }));
    const [, , load] = global.flows([{ source: 0, target: 8, bytes: 1 }]);
    expect(load!.total).toBeCloseTo(2, 9);
    expect(load!.bytes).toBeCloseTo(1 / 7, 9);
  });
});
