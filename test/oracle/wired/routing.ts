/** Which links a byte passes between two vertices, and with what share of all bytes, by each way of routing. */
import type { Routing } from '../../../src/engine/fabric/spec.ts';
import { type Net, outOf, upTo } from './net.ts';

/** Share of the bytes on each link, by index. */
export type Shares = Map<number, number>;

export type Route = (source: number, target: number) => Shares;

/**
 * `adaptive` is no route of its own: whoever asks takes the better of two. Where something is down, pairs keep to the rules of
 * the whole net as long as that is no detour, and take all shortest routes of what is left otherwise.
 */
export function routeOf(net: Net, routing: Routing = 'minimal'): Route {
  if (routing === 'adaptive') throw new Error('adaptive routing: ask for minimal and for valiant');
  const shortest = kept(allShortest(net));
  if (net.groupOf) return kept(overGroups(net, shortest, routing === 'valiant'));
  if (routing === 'ecmp') return shortest;
  const minimal = net.places ? kept(net.degraded ? inSequence(net, shortest) : byDimension(net)) : shortest;
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

/**
 * Where links are down: of the walks that never go back to an earlier dimension the shortest, each alike; where a walk in any
 * sequence is shorter, all shortest of those. Searched over pairs of a vertex and the dimension that the walk has come to.
 */
function inSequence(net: Net, shortest: Route): Route {
  const out = outOf(net);
  const dims = net.places!.dims.length;
  const state = (vertex: number, dim: number): number => vertex * dims + dim;
  const search = (source: number) => {
    const hops = new Map([[state(source, 0), 0]]);
    const walks = new Map([[state(source, 0), 1]]);
    const into = new Map<number, { before: number; link: number }[]>();
    const queue = [state(source, 0)];
    for (const at of queue) {
      const [vertex, reached] = [Math.floor(at / dims), at % dims];
      for (const link of out[vertex]!) {
        const { to, dim } = net.links[link]!;
        if (dim === undefined || dim < reached) continue;
        const next = state(to, dim);
        if (!hops.has(next)) {
          hops.set(next, hops.get(at)! + 1);
          queue.push(next);
        }
        if (hops.get(next) !== hops.get(at)! + 1) continue;
        walks.set(next, (walks.get(next) ?? 0) + walks.get(at)!);
        into.set(next, [...(into.get(next) ?? []), { before: at, link }]);
      }
    }
    return { hops, walks, into };
  };
  const known = new Map<number, ReturnType<typeof search>>();
  const between = (source: number, target: number): Shares => {
    const found = known.get(source) ?? search(source);
    known.set(source, found);
    const free = shortest(source, target);
    const ends = upTo(dims)
      .map(dim => state(target, dim))
      .filter(each => found.hops.get(each) === Math.round(hopsOf(free)));
    if (ends.length === 0) return free;
    const all = ends.reduce((sum, each) => sum + found.walks.get(each)!, 0);
    const shares: Shares = new Map();
    const back = (at: number, share: number): void => {
      for (const { before, link } of found.into.get(at) ?? []) {
        const part = (share * found.walks.get(before)!) / found.walks.get(at)!;
        shares.set(link, (shares.get(link) ?? 0) + part);
        back(before, part);
      }
    };
    for (const each of ends) back(each, found.walks.get(each)! / all);
    return shares;
  };
  return overPorts(net, net.routerOf, between);
}

/**
 * Dragonfly: in the group to a router with a link to the next group, over, and in that group on to the next router. Minimal
 * routes take one global link where there is one. Valiant's go over a random other group, the target's among them, and inside a
 * group over a random router (Kim et al., 2008). Without a link to go by: over groups, over routers that have both links; over
 * anything where there are none.
 */
function overGroups(net: Net, shortest: Route, valiant: boolean): Route {
  const out = outOf(net);
  const groupOf = net.groupOf!;
  const routers = [...new Set(net.links.flatMap(({ from, class: name }) => (name === 'port' ? [] : [from])))];
  for (const end of net.ends) if (!routers.includes(net.routerOf!(end))) routers.push(net.routerOf!(end));
  const groups = [...new Set(routers.map(groupOf))];
  const between = new Map<string, number[]>();
  net.links.forEach((link, at) => {
    if (link.class !== 'global link') return;
    const key = `${groupOf(link.from)} ${groupOf(link.to)}`;
    between.set(key, [...(between.get(key) ?? []), at]);
  });
  const links = (a: number, b: number): number[] => between.get(`${a} ${b}`) ?? [];
  const localLink = (from: number, to: number): number | undefined =>
    out[from]!.find(each => net.links[each]!.to === to && net.links[each]!.class === 'local link');
  const local = (shares: Shares, from: number, to: number, share: number): void => {
    if (from === to) return;
    const link = localLink(from, to);
    if (link !== undefined) {
      shares.set(link, (shares.get(link) ?? 0) + share);
      return;
    }
    const over = routers.filter(
      each => localLink(from, each) !== undefined && localLink(each, to) !== undefined,
    );
    if (over.length === 0) add(shares, shortest(from, to), share);
    for (const each of over) {
      local(shares, from, each, share / over.length);
      local(shares, each, to, share / over.length);
    }
  };
  /** From a router to a group; the routers where the bytes come in, with their shares. */
  const cross = (shares: Shares, from: number, group: number, share: number): [number, number][] => {
    const all = links(groupOf(from), group);
    return all.map(link => {
      const { from: near, to: far } = net.links[link]!;
      local(shares, from, near, share / all.length);
      shares.set(link, (shares.get(link) ?? 0) + share / all.length);
      return [far, share / all.length];
    });
  };
  return overPorts(net, net.routerOf, (source, target) => {
    const shares: Shares = new Map();
    const [a, b] = [groupOf(source), groupOf(target)];
    if (a === b) {
      const over = valiant ? routers.filter(each => groupOf(each) === a) : [source];
      for (const each of over) {
        local(shares, source, each, 1 / over.length);
        local(shares, each, target, 1 / over.length);
      }
      return shares;
    }
    const direct = links(a, b).length > 0;
    const detours = groups.filter(
      group => group !== a && group !== b && links(a, group).length > 0 && links(group, b).length > 0,
    );
    const over = [...(direct ? [b] : []), ...(valiant || !direct ? detours : [])];
    if (over.length === 0) return shortest(source, target);
    for (const group of over)
      for (const [router, share] of cross(shares, source, group, 1 / over.length)) {
        const entered: [number, number][] = group === b ? [[router, share]] : cross(shares, router, b, share);
        for (const [last, part] of entered) local(shares, last, target, part);
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

/** Over a vertex drawn at random, the source's and the target's own among them (Valiant 1982); `detours` may name one twice. */
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
