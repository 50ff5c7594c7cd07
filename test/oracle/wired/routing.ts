/** Which links a byte passes between two vertices, and with what share of all bytes, by each way of routing. */
import type { Routing } from '../../../src/engine/fabric/spec.ts';
import { type Net, outOf } from './net.ts';

/** Share of the bytes on each link, by index. */
export type Shares = Map<number, number>;

export type Route = (source: number, target: number) => Shares;

/**
 * `adaptive` is no route of its own: whoever asks takes the better of two. Where something is down, every pair takes all
 * shortest routes of what is left.
 */
export function routeOf(net: Net, routing: Routing = 'minimal'): Route {
  if (routing === 'adaptive') throw new Error('adaptive routing: ask for minimal and for valiant');
  const shortest = allShortest(net);
  const minimal = kept(
    net.degraded || routing === 'ecmp'
      ? shortest
      : net.groupOf
        ? localGlobalLocal(net)
        : net.places && (routing === 'dor' || !net.boards)
          ? byDimension(net)
          : shortest,
  );
  return routing === 'valiant' ? kept(detoured(net, minimal)) : minimal;
}

function kept(route: Route): Route {
  const known = new Map<string, Shares>();
  return (source, target) => {
    const key = `${source} ${target}`;
    let shares = known.get(key);
    if (!shares) {
      shares = source === target ? new Map() : route(source, target);
      known.set(key, shares);
    }
    return shares;
  };
}

function add(into: Shares, shares: Shares, weight: number): void {
  for (const [link, share] of shares) into.set(link, (into.get(link) ?? 0) + share * weight);
}

/** Hops and number of shortest routes from `source` over the links that `use` allows; parallel links are routes of their own. */
function countRoutes(net: Net, out: number[][], source: number, use: (link: number) => boolean) {
  const hops = new Array<number>(net.vertices).fill(-1);
  const routes = new Array<number>(net.vertices).fill(0);
  const into: number[][] = Array.from({ length: net.vertices }, () => []);
  hops[source] = 0;
  routes[source] = 1;
  const queue = [source];
  for (const at of queue)
    for (const link of out[at]!) {
      if (!use(link)) continue;
      const { to } = net.links[link]!;
      if (hops[to] === -1) {
        hops[to] = hops[at]! + 1;
        queue.push(to);
      }
      if (hops[to] !== hops[at]! + 1) continue;
      routes[to]! += routes[at]!;
      into[to]!.push(link);
    }
  return { hops, routes, into };
}

/** All shortest routes, each with the same share. `dim`: along links of that dimension only. */
export function allShortest(net: Net, dim?: number): Route {
  const out = outOf(net);
  const known = new Map<number, ReturnType<typeof countRoutes>>();
  return (source, target) => {
    let counts = known.get(source);
    if (!counts) {
      counts = countRoutes(net, out, source, link => dim === undefined || net.links[link]!.dim === dim);
      known.set(source, counts);
    }
    const { hops, routes, into } = counts;
    if (hops[target] === -1) throw new Error(`no route from ${source} to ${target}`);
    // From the target back: what reaches a vertex comes over its predecessors by the number of routes to them.
    const shares: Shares = new Map();
    let layer = new Map([[target, 1]]);
    for (let left = hops[target]!; left > 0; left--) {
      const before = new Map<number, number>();
      for (const [vertex, share] of layer)
        for (const link of into[vertex]!) {
          const { from } = net.links[link]!;
          const part = (share * routes[from]!) / routes[vertex]!;
          shares.set(link, part);
          before.set(from, (before.get(from) ?? 0) + part);
        }
      layer = before;
    }
    return shares;
  };
}

/** First all the way along x, then along y, …; along each the shortest way, both ways half where they are equally long. */
function byDimension(net: Net): Route {
  const { places, routerOf } = net;
  const { dims, of, at } = places!;
  const along = dims.map((_, dim) => kept(allShortest(net, dim)));
  return overPorts(net, routerOf, (source, target) => {
    const shares: Shares = new Map();
    const goal = of(target);
    let here = source;
    dims.forEach((_, dim) => {
      const place = of(here);
      place[dim] = goal[dim]!;
      const next = at(place);
      if (next !== here) add(shares, along[dim]!(here, next), 1);
      here = next;
    });
    return shares;
  });
}

/** In the group to a router with a link to the target's group, over, and in that group to the target's router. */
function localGlobalLocal(net: Net): Route {
  const out = outOf(net);
  const groupOf = net.groupOf!;
  const between = new Map<string, number[]>();
  net.links.forEach((link, at) => {
    if (link.class !== 'global link') return;
    const key = `${groupOf(link.from)} ${groupOf(link.to)}`;
    between.set(key, [...(between.get(key) ?? []), at]);
  });
  const local = (shares: Shares, from: number, to: number, share: number): void => {
    if (from === to) return;
    const link = out[from]!.find(each => net.links[each]!.to === to)!;
    shares.set(link, (shares.get(link) ?? 0) + share);
  };
  return overPorts(net, net.routerOf, (source, target) => {
    const shares: Shares = new Map();
    const [a, b] = [groupOf(source), groupOf(target)];
    if (a === b) {
      local(shares, source, target, 1);
      return shares;
    }
    const links = between.get(`${a} ${b}`)!;
    for (const link of links) {
      local(shares, source, net.links[link]!.from, 1 / links.length);
      shares.set(link, (shares.get(link) ?? 0) + 1 / links.length);
      local(shares, net.links[link]!.to, target, 1 / links.length);
    }
    return shares;
  });
}

/** Ports to the routers at both ends; vertices that are routers already have none. */
function overPorts(net: Net, routerOf: Net['routerOf'], between: Route): Route {
  if (!routerOf) return between;
  const isEnd = new Set(net.ends);
  const up = new Map<number, number>();
  const down = new Map<number, number>();
  net.links.forEach((link, at) => {
    if (isEnd.has(link.from)) up.set(link.from, at);
    if (isEnd.has(link.to)) down.set(link.to, at);
  });
  return (source, target) => {
    const shares: Shares = new Map();
    const from = isEnd.has(source) ? routerOf(source) : source;
    const to = isEnd.has(target) ? routerOf(target) : target;
    if (from !== source) shares.set(up.get(source)!, 1);
    if (from !== to) add(shares, between(from, to), 1);
    if (to !== target) shares.set(down.get(target)!, 1);
    return shares;
  };
}

/** Over a vertex drawn at random, the source's and the target's own among them (Valiant 1982). */
function detoured(net: Net, minimal: Route): Route {
  return (source, target) => {
    const shares: Shares = new Map();
    for (const middle of net.detours) {
      add(shares, minimal(source, middle), 1 / net.detours.length);
      add(shares, minimal(middle, target), 1 / net.detours.length);
    }
    return shares;
  };
}

/** Links on the way, the mean over the routes taken. */
export function hopsOf(shares: Shares): number {
  let sum = 0;
  for (const share of shares.values()) sum += share;
  return sum;
}
