/** All-to-all over whole fabrics: pair loads by hand, by linear programmes or published. */
import { describe, expect, it } from 'vitest';
import { circuit, torus, twisted } from './grids.ts';
import type { Net } from './net.ts';
import { dragonfly, hammingMesh, hyperx, rail } from './routers.ts';
import { type Route, routeOf } from './routing.ts';

/** Pairs over the busiest link of every class, when everybody sends 1 to everybody. */
function pairLoads(net: Net, route: Route = routeOf(net)): Record<string, number> {
  const loads = new Array<number>(net.links.length).fill(0);
  for (const source of net.ends)
    for (const target of net.ends)
      for (const [link, share] of route(source, target)) loads[link]! += share;
  const most: Record<string, number> = {};
  net.links.forEach((link, at) => {
    most[link.class] = Math.max(most[link.class] ?? 0, loads[at]!);
  });
  return most;
}

const busiest = (net: Net, route?: Route): number => Math.max(...Object.values(pairLoads(net, route)));
const open = (...dims: number[]): Net => torus(dims, dims.map(() => false));
const closed = (...dims: number[]): Net => torus(dims, dims.map(() => true));
/** Of `ports` unit links out of every endpoint, what an all-to-all keeps busy. */
const share = (net: Net, ports: number, route?: Route): number =>
  (net.ends.length - 1) / ports / busiest(net, route);

describe('pairs over the busiest link', () => {
  it.each([
    ['ring of 4', closed(4), 2],
    ['ring of 5', closed(5), 3],
    ['ring of 8', closed(8), 8],
    ['ring of 16', closed(16), 32],
    ['line of 4', open(4), 4],
    ['line of 8', open(8), 16],
    ['8x8', closed(8, 8), 64],
    ['4x8', closed(4, 8), 32],
    ['4x4x4', closed(4, 4, 4), 32],
    ['8x8x8', closed(8, 8, 8), 512],
    ['twisted 4x4x8', twisted([4, 4, 8]), 73.333],
    ['mesh 4x4, dimension by dimension', open(4, 4), 16],
    ['HyperX 4x4', hyperx([4, 4], 1, {}), 4 ],
  ] as const)('%s', (_, net, load) => {
    const { port, ...links } = pairLoads(net);
    void port;
    expect(Math.max(...Object.values(links))).toBeCloseTo(load, 2);
  });
  it('hm', () => {
    for (const [b, n] of [[2,4],[2,8],[4,4],[4,8]] as const) {
      const net = hammingMesh([b,b],[n,n],{});
      console.log(b, n, share(net,4), share(net,4,routeOf(net,'ecmp')), pairLoads(net), pairLoads(net,routeOf(net,'ecmp')));
    }
    const d = dragonfly({groups:9,routers:4,hosts:2,globalLinks:2},{});
    console.log(pairLoads(d), pairLoads(d, routeOf(d,'valiant')));
    console.log(busiest(open(4,4), routeOf(open(4,4),'ecmp')), pairLoads(hyperx([8,8],1,{})));
    console.log(share(twisted([4,4,8]),6), pairLoads(twisted([4,8,8])), busiest(closed(4,8,8)));
  });
});
