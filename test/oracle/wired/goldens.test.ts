/** All-to-all over whole fabrics: pair loads by hand, by linear programmes or published. */
import { describe, expect, it } from 'vitest';
import { circuit, torus, twisted } from './grids.ts';
import type { Net } from './net.ts';
import { dragonfly, hammingMesh, hyperx, rail } from './routers.ts';
import { allShortest, type Route, routeOf } from './routing.ts';

/** Pairs over the busiest link of every class, when everybody sends 1 to everybody. */
function pairLoads(net: Net, route: Route = routeOf(net)): Record<string, number> {
  const loads = new Array<number>(net.links.length).fill(0);
  for (const source of net.ends)
    for (const target of net.ends) for (const [link, share] of route(source, target)) loads[link]! += share;
  const most: Record<string, number> = {};
  net.links.forEach((link, at) => {
    most[link.class] = Math.max(most[link.class] ?? 0, loads[at]!);
  });
  return most;
}

const busiest = (net: Net, route?: Route): number => Math.max(...Object.values(pairLoads(net, route)));
const mesh = (...dims: number[]): Net =>
  torus(
    dims,
    dims.map(() => false),
  );
const closed = (...dims: number[]): Net =>
  torus(
    dims,
    dims.map(() => true),
  );
/** Of `ports` unit links out of every endpoint: share of injection that an all-to-all reaches. */
const share = (net: Net, ports: number, route?: Route): number =>
  (net.ends.length - 1) / ports / busiest(net, route);

describe('pairs over the busiest link', () => {
  it.each([
    ['ring of 4', closed(4), 2],
    ['ring of 5', closed(5), 3],
    ['ring of 8', closed(8), 8],
    ['ring of 16', closed(16), 32],
    ['line of 4', mesh(4), 4],
    ['line of 8', mesh(8), 16],
    ['torus 8x8', closed(8, 8), 64],
    ['torus 4x8', closed(4, 8), 32],
    ['torus 4x4x4', closed(4, 4, 4), 32],
    ['torus 8x8x8', closed(8, 8, 8), 512],
    ['torus 4x4x4 out of cubes of 2x2x2', circuit([2, 2, 2], [4, 4, 4], false, {}), 32],
    ['mesh 4x4', mesh(4, 4), 16],
  ] as const)('%s', (_, net, load) => expect(busiest(net)).toBeCloseTo(load, 9));

  it('on a mesh of 4x4, all shortest routes alike crowd the middle', () => {
    const net = mesh(4, 4);
    expect(busiest(net, routeOf(net, 'ecmp'))).toBeCloseTo(19.5, 9);
    expect(busiest(net, routeOf(net, 'dor'))).toBeCloseTo(16, 9);
  });
});

describe('twisted torus', () => {
  it.each([[[4, 4, 8]], [[8, 4, 4]], [[4, 8, 4]]])('%j: 73.33 pairs, 0.2886 of injection', dims => {
    const net = twisted(dims);
    expect(busiest(net)).toBeCloseTo(73 + 1 / 3, 9);
    expect(share(net, 6)).toBeCloseTo(0.2886, 4);
    expect(busiest(closed(...dims))).toBeCloseTo(128, 9);
  });

  it.each([[[4, 4, 8]], [[4, 8, 8]]])(
    '%j: meets the hop bound, every link is as busy as every other',
    dims => {
      const net = twisted(dims);
      const { links } = net;
      let hops = 0;
      const route = routeOf(net);
      for (const target of net.ends) for (const part of route(0, target).values()) hops += part;
      expect(busiest(net)).toBeCloseTo((net.ends.length * hops) / links.length, 9);
    },
  );

  it('is the same out of cubes', () => {
    const net = circuit([4, 4, 4], [4, 4, 8], true, {});
    expect(busiest(net)).toBeCloseTo(73 + 1 / 3, 9);
    expect(net.links.filter(({ below }) => below)).toHaveLength(2 * 3 * 2 * 48);
  });
});

describe('dragonfly of 9 groups of 4 routers of 2 hosts, 2 global links each', () => {
  const net = dragonfly({ groups: 9, routers: 4, hosts: 2, globalLinks: 2 }, {});

  it('local, global, local', () =>
    expect(pairLoads(net)).toEqual({ port: 71, 'local link': 68, 'global link': 64 }));

  it('a random group in between almost doubles what the global links carry', () => {
    const loads = pairLoads(net, routeOf(net, 'valiant'));
    // Of what a group sends to another, 1 of 8 detours is the direct way; the other 7 take two links.
    expect(loads['global link']).toBeCloseTo(64 * (2 - 1 / 8), 9);
    expect(loads.port).toBeCloseTo(71, 9);
  });
});

describe('HyperX', () => {
  it.each([
    [4, 4, 0.625],
    [8, 8, 0.5625],
  ])('%i x %i', (side, load, fraction) => {
    const net = hyperx([side, side], 1, {});
    const { port, ...links } = pairLoads(net);
    expect(port).toBe(side * side - 1);
    expect(Object.values(links)).toEqual([load, load]);
    const degree = 2 * (side - 1);
    expect((side * side - 1) / degree / load).toBeCloseTo(fraction, 9);
  });
});

describe('HammingMesh: share of injection, four ports a chip, all shortest routes', () => {
  it.each([
    [2, 4, 0.328],
    [2, 8, 0.285],
    [4, 4, 0.122],
  ])('boards of %i x %i², %f', (side, boards, fraction) => {
    const net = hammingMesh([side, side], [boards, boards], {});
    expect(share(net, 4, routeOf(net, 'ecmp'))).toBeCloseTo(fraction, 3);
  });
});

it('rails: what leaves its rail crosses the spine, a switch of it for each', () => {
  const net = rail({ children: 4, ports: 2, leaf: 4, spine: true, oversubscription: 1 }, 1);
  expect(pairLoads(net)).toEqual({ port: 7, trunk: 16 });
});

describe('shares of all shortest routes', () => {
  it.each([
    ['torus 4x3', closed(4, 3)],
    ['mesh 3x3', mesh(3, 3)],
    ['HammingMesh', hammingMesh([2, 1], [2, 2], {})],
    ['dragonfly', dragonfly({ groups: 3, routers: 2, hosts: 1, globalLinks: 2 }, {})],
  ] as const)('%s: as the routes listed one by one', (_, net) => {
    const route = allShortest(net);
    for (const source of net.ends)
      for (const target of net.ends) {
        if (source === target) continue;
        const routes = listRoutes(net, source, target);
        const counted = new Map<number, number>();
        for (const each of routes)
          for (const link of each) counted.set(link, (counted.get(link) ?? 0) + 1 / routes.length);
        const shares = route(source, target);
        expect([...shares.keys()].sort()).toEqual([...counted.keys()].sort());
        for (const [link, part] of counted) expect(shares.get(link)).toBeCloseTo(part, 12);
      }
  });
});

/** All shortest routes as lists of links, by trying all routes, short ones first. */
function listRoutes(net: Net, source: number, target: number): number[][] {
  let routes: { at: number; links: number[]; seen: number[] }[] = [{ at: source, links: [], seen: [source] }];
  for (;;) {
    const there = routes.filter(({ at }) => at === target);
    if (there.length > 0) return there.map(({ links }) => links);
    routes = routes.flatMap(({ at, links, seen }) =>
      net.links.flatMap(({ from, to }, link) =>
        from === at && !seen.includes(to) ? [{ at: to, links: [...links, link], seen: [...seen, to] }] : [],
      ),
    );
  }
}
