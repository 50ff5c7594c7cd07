/**
 * Dragonfly by routes from group to group, broken links and all: a local hop to a router with a global link to the next group,
 * the global link, a local hop. Minimal routes take one global link, never two that happen to be as short; all links between
 * two groups carry the same. Valiant routes go over a random group other than the source's (over a random router inside a
 * group), so that every group sends evenly over all its global links.
 *
 * Where all links between two groups are broken, minimal routes too go over the groups that still have links to both. Where a
 * local link is broken, over the routers of the group that still have links to both.
 */

import { once } from '../once.ts';
import type { Digit } from '../pattern.ts';
import type { Routing } from '../spec.ts';
import { dragonflyPairs } from './dragonfly-pairs.ts';
import {
  type DragonflySpec,
  dragonflyCoordinates,
  GLOBAL,
  LOCAL,
  linksPerPair,
  PORT,
  routerOfLink,
} from './dragonfly-shape.ts';
import { clearlyLess, summary } from './explicit.ts';
import { MOST_ENDS_BY_LINK, portsGather } from './hyperx.ts';
import type { LinkGraph } from './link-graph.ts';
import { groupsOf, latticeSize, membersAlong, positionsFrom, rootAlong } from './members.ts';
import { remembered, scaled } from './remembered.ts';
import { type Spreader, spreader } from './spread.ts';
import type { Coordinate, Demand, Lattice, WiredClass, WiredLoad, Wiring } from './wiring.ts';

/** The dragonfly link by link. */
export interface DragonflyLinks {
  graph: LinkGraph;
  coordinates: readonly Coordinate[];
  /** For what does not depend on routes: hops past what is broken, bounds. */
  explicit: () => Wiring;
}

/** A dragonfly of which every port is in use and nothing broken: all pairs have a formula. */
export function dragonflyWiring(spec: DragonflySpec, routing: Routing, byLink: () => DragonflyLinks): Wiring {
  const { groups, routers, hosts, ports } = spec;
  const coordinates = dragonflyCoordinates(spec);
  const links = linksPerPair(spec);
  const ends = ports.ends;
  const classes: WiredClass[] = [
    { name: 'port', capacity: ports.rate, part: 'local', links: 2 * ends * ports.perEnd },
    { name: 'local link', capacity: spec.localRate, part: 'local', links: groups * routers * (routers - 1) },
    { name: 'global link', capacity: spec.globalRate, part: 'global', links: groups * (groups - 1) * links },
  ];
  const few = ends <= MOST_ENDS_BY_LINK;
  const broken = once(() => brokenDragonflyWiring(spec, routing, byLink()));
  const onRouter = hosts / ports.perEnd;
  const timeOf = (loads: readonly WiredLoad[]): number =>
    Math.max(...loads.map(({ at, bytes }) => bytes / classes[at]!.capacity));
  return {
    ends,
    coordinates,
    classes,
    leastPort: ports.rate * ports.perEnd,
    pairs: (lattice, bytes) =>
      better(routing, timeOf, valiant => dragonflyPairs(spec, lattice, bytes, valiant)) ??
      broken().pairs(lattice, bytes),
    flows: demands => broken().flows(demands),
    hops: (source, target) =>
      source === target
        ? 0
        : 2 + routerHops(spec, Math.floor(source / onRouter), Math.floor(target / onRouter)),
    farthest(lattice) {
      const [, onRouters, onGroups] = lattice.map(membersAlong) as [number, number, number];
      if (latticeSize(lattice) < 2) return 0;
      if (onGroups < 2) return onRouters > 1 ? 3 : 2;
      // With two routers to choose from at either end, some pair sits on neither of those with the link.
      if (onRouters > 1 || routers > 2) return 5;
      return routers < 2 || !linksFaceEachOther(spec, lattice[2]!) ? 2 + routers : 5;
    },
    gatherBound(lattice) {
      if (few) return broken().gatherBound(lattice);
      const time = portsGather(lattice, onRouter, ports);
      return time === undefined ? broken().gatherBound(lattice) : { time, exact: false, by: 'ports' };
    },
    exchangeBound(lattice) {
      const n = latticeSize(lattice);
      const loads = dragonflyPairs(spec, lattice, 1 / n, false);
      if (!loads) return broken().exchangeBound(lattice);
      const byPorts = loads[PORT]!.bytes / ports.rate;
      // Whatever leaves a group takes a global link.
      const byGlobal = loads[GLOBAL]!.total / (classes[GLOBAL]!.links * spec.globalRate || 1);
      const bound = { time: Math.max(byPorts, byGlobal), by: byGlobal > byPorts ? 'global links' : 'ports' };
      if (timeOf(loads) <= bound.time * (1 + 1e-9)) return { ...bound, exact: true };
      return few ? broken().exchangeBound(lattice) : { ...bound, exact: false };
    },
  };
}

/** Whether a link between two groups that hold members of one group lies on the routers of the same number in both. */
function linksFaceEachOther(spec: DragonflySpec, digits: readonly Digit[]): boolean {
  for (let group = 0; group < spec.groups; group++) {
    for (const other of positionsFrom(digits, rootAlong(digits, group))) {
      const offset = (other - group + spec.groups) % spec.groups;
      for (let copy = 0; offset > 0 && copy < linksPerPair(spec); copy++)
        if (routerOfLink(spec, offset, copy) === routerOfLink(spec, spec.groups - offset, copy)) return true;
    }
  }
  return false;
}

/** Routers on the way of a minimal route: local, global, local. */
function routerHops(spec: DragonflySpec, a: number, b: number): number {
  const { groups, routers } = spec;
  const [from, to] = [Math.floor(a / routers), Math.floor(b / routers)];
  if (from === to) return a === b ? 0 : 1;
  const offset = (to - from + groups) % groups;
  let most = 0;
  for (let copy = 0; copy < linksPerPair(spec); copy++) {
    const leaves = routerOfLink(spec, offset, copy) === a % routers ? 0 : 1;
    const enters = routerOfLink(spec, groups - offset, copy) === b % routers ? 0 : 1;
    most = Math.max(most, leaves + 1 + enters);
  }
  return most;
}

/** Any dragonfly: broken links, unused ports, endpoints on several routers. */
export function brokenDragonflyWiring(spec: DragonflySpec, routing: Routing, links: DragonflyLinks): Wiring {
  const { graph, coordinates } = links;
  const explicit = links.explicit();
  const routes = once(() => routesOf(spec, graph));
  const timeOf = (loads: readonly WiredLoad[]): number =>
    Math.max(...loads.map(({ at, bytes }) => bytes / graph.classes[at]!.capacity));
  const load = (travel: Travel, by: Routing): WiredLoad[] =>
    better(by, timeOf, valiant => loadsOf(routes(), travel, valiant))!;
  const ofByte = remembered(lattice => load(pairsTravel(routes(), coordinates, lattice, 1), routing));
  return {
    ...explicit,
    pairs: (lattice, bytes) => scaled(ofByte(lattice), bytes),
    flows: demands => load(demandTravel(routes(), demands), routing),
    exchangeBound(lattice) {
      const bound = explicit.exchangeBound(lattice);
      if (bound.exact) return bound;
      const direct = load(pairsTravel(routes(), coordinates, lattice, 1 / latticeSize(lattice)), 'minimal');
      return { ...bound, exact: timeOf(direct) <= bound.time * (1 + 1e-9) };
    },
  };
}

/** The loads that a routing makes of minimal ones (false) and Valiant's (true). */
function better(
  routing: Routing,
  timeOf: (loads: readonly WiredLoad[]) => number,
  load: (valiant: boolean) => WiredLoad[] | undefined,
): WiredLoad[] | undefined {
  if (routing !== 'adaptive') return load(routing === 'valiant');
  const [direct, detour] = [load(false), load(true)];
  return direct && detour && clearlyLess(timeOf(detour), timeOf(direct)) ? detour : direct;
}

/** Tables of the links that work. Routers are numbered through the groups. */
interface Routes {
  spec: DragonflySpec;
  graph: LinkGraph;
  spread: Spreader;
  /** Vertex of every router; -1: broken. */
  vertex: Int32Array;
  /** Directed link from router to the i-th of its group at [router * routers + i]; -1: none. */
  local: Int32Array;
  /** Directed links from group to group at [from * groups + to]. */
  global: number[][];
  /** Router of every vertex. */
  router: Int32Array;
  /** Of every endpoint: its directed links outwards. */
  ports: number[][];
  /** Amounts that no route of this kind serves, by source router: anything that gets there will do. */
  stray: Map<number, Float64Array>;
}

function routesOf(spec: DragonflySpec, graph: LinkGraph): Routes {
  const { groups, routers, ports } = spec;
  const count = groups * routers;
  const router = Int32Array.from(graph.drafted, drafted => drafted - ports.ends);
  const vertex = new Int32Array(count).fill(-1);
  const local = new Int32Array(count * routers).fill(-1);
  const global: number[][] = Array.from({ length: groups * groups }, () => []);
  const endPorts: number[][] = Array.from({ length: graph.ends }, () => []);
  router.forEach((each, at) => {
    if (each >= 0) vertex[each] = at;
  });
  for (let edge = 0; edge < graph.from.length; edge++) {
    const from = graph.from[edge]!;
    const [a, b] = [router[from]!, router[graph.to[edge]!]!];
    if (graph.at[edge] === LOCAL) local[a * routers + (b % routers)] = edge;
    else if (graph.at[edge] === GLOBAL)
      global[Math.floor(a / routers) * groups + Math.floor(b / routers)]!.push(edge);
    else if (from < graph.ends) endPorts[from]!.push(edge);
  }
  return {
    spec,
    graph,
    spread: spreader(graph),
    vertex,
    local,
    global,
    router,
    ports: endPorts,
    stray: new Map(),
  };
}

/** What travels, summed as far as routes need to know it. */
interface Travel {
  /** From router to group at [router * groups + group], and from group to router at [group * all routers + router]. */
  toGroup: Float64Array;
  fromGroup: Float64Array;
  /** From router to the i-th router of its own group at [router * routers + i]. */
  inside: Float64Array;
  sent: Float64Array;
  received: Float64Array;
}

function emptyTravel({ spec: { groups, routers }, graph }: Routes): Travel {
  return {
    toGroup: new Float64Array(groups * routers * groups),
    fromGroup: new Float64Array(groups * routers * groups),
    inside: new Float64Array(groups * routers * routers),
    sent: new Float64Array(graph.ends),
    received: new Float64Array(graph.ends),
  };
}

function addBetween(
  { spec: { groups, routers } }: Routes,
  travel: Travel,
  a: number,
  b: number,
  bytes: number,
): void {
  const from = Math.floor(a / routers);
  const to = Math.floor(b / routers);
  if (from === to) travel.inside[a * routers + (b % routers)]! += bytes;
  else {
    travel.toGroup[a * groups + to]! += bytes;
    travel.fromGroup[from * groups * routers + b]! += bytes;
  }
}

/** Calls `visit` with the routers of an endpoint and the share of its ports on each. */
function eachRouter(
  { ports, router, graph }: Routes,
  end: number,
  visit: (router: number, share: number) => void,
): void {
  const edges = ports[end]!;
  let all = 0;
  for (const edge of edges) all += graph.cables[edge]!;
  for (const edge of edges) visit(router[graph.to[edge]!]!, graph.cables[edge]! / all);
}

function addDemand(routes: Routes, travel: Travel, source: number, target: number, bytes: number): void {
  eachRouter(routes, source, (a, share) => {
    eachRouter(routes, target, (b, part) => {
      addBetween(routes, travel, a, b, bytes * share * part);
    });
  });
}

function demandTravel(routes: Routes, demands: readonly Demand[]): Travel {
  const { inChild } = routes.spec.ports;
  const travel = emptyTravel(routes);
  for (const { source, target, bytes } of demands) {
    if (Math.floor(source / inChild) === Math.floor(target / inChild)) continue;
    travel.sent[source]! += bytes;
    travel.received[target]! += bytes;
    addDemand(routes, travel, source, target, bytes);
  }
  return travel;
}

function pairsTravel(
  routes: Routes,
  coordinates: readonly Coordinate[],
  lattice: Lattice,
  bytes: number,
): Travel {
  const { spec, graph } = routes;
  const { inChild } = spec.ports;
  const travel = emptyTravel(routes);
  const groups = groupsOf(coordinates, lattice, graph.ends);
  for (const members of groups.members) addAllPairs(routes, travel, members, bytes);
  // Not to itself, and not to others of its child.
  for (let end = 0; end < graph.ends; end++) {
    const start = Math.floor(end / inChild) * inChild;
    let partners = groups.members[groups.of[end]!]!.length;
    for (let other = start; other < Math.min(start + inChild, graph.ends); other++) {
      if (groups.of[other] !== groups.of[end]) continue;
      partners--;
      addDemand(routes, travel, end, other, -bytes);
    }
    travel.sent[end] = partners * bytes;
  }
  travel.received = travel.sent;
  return travel;
}

/** Every member to every member, itself included, summed by router and group first. */
function addAllPairs(routes: Routes, travel: Travel, members: Int32Array, bytes: number): void {
  const { groups, routers } = routes.spec;
  const onRouter = new Map<number, number>();
  const inGroup = new Map<number, number>();
  const add = (map: Map<number, number>, key: number, share: number): void => {
    map.set(key, (map.get(key) ?? 0) + share);
  };
  for (const member of members) {
    eachRouter(routes, member, (router, share) => {
      add(onRouter, router, share);
      add(inGroup, Math.floor(router / routers), share);
    });
  }
  for (const [router, share] of onRouter) {
    const own = Math.floor(router / routers);
    for (const [group, partners] of inGroup) {
      if (group === own) continue;
      travel.toGroup[router * groups + group]! += share * partners * bytes;
      travel.fromGroup[group * groups * routers + router]! += share * partners * bytes;
    }
    for (let other = own * routers; other < (own + 1) * routers; other++)
      travel.inside[router * routers + (other % routers)]! += share * (onRouter.get(other) ?? 0) * bytes;
  }
}

function loadsOf(routes: Routes, travel: Travel, valiant: boolean): WiredLoad[] {
  const { graph, spec } = routes;
  const load = new Float64Array(graph.from.length);
  for (let end = 0; end < graph.ends; end++) {
    const edges = routes.ports[end]!;
    let all = 0;
    for (const edge of edges) all += graph.cables[edge]!;
    for (const edge of edges) {
      load[edge]! += (travel.sent[end]! * graph.cables[edge]!) / all;
      load[edge ^ 1]! += (travel.received[end]! * graph.cables[edge]!) / all;
    }
  }
  routeInside(routes, travel, load, valiant);
  for (let from = 0; from < spec.groups; from++)
    for (let to = 0; to < spec.groups; to++)
      if (from !== to) routeAcross(routes, travel, load, from, to, valiant);
  routeStray(routes, load);
  return summary(graph, load);
}

function routeInside(routes: Routes, { inside }: Travel, load: Float64Array, valiant: boolean): void {
  const { groups, routers } = routes.spec;
  for (let router = 0; router < groups * routers; router++) {
    const start = Math.floor(router / routers) * routers;
    for (let i = 0; i < routers; i++) {
      const bytes = inside[router * routers + i]!;
      if (bytes === 0 || start + i === router) continue;
      if (!valiant) {
        localHop(routes, load, router, start + i, bytes);
        continue;
      }
      const over = workingRouters(routes, start);
      for (const between of over) {
        localHop(routes, load, router, between, bytes / over.length);
        localHop(routes, load, between, start + i, bytes / over.length);
      }
    }
  }
}

function workingRouters({ spec: { routers }, vertex }: Routes, start: number): number[] {
  return Array.from({ length: routers }, (_, i) => start + i).filter(router => vertex[router]! >= 0);
}

/** Group `from` to group `to`, over the groups that routing allows in between. */
function routeAcross(
  routes: Routes,
  travel: Travel,
  load: Float64Array,
  from: number,
  to: number,
  valiant: boolean,
): void {
  const { groups, routers } = routes.spec;
  const outOf = (i: number): number => travel.toGroup[(from * routers + i) * groups + to]!;
  const into = (i: number): number => travel.fromGroup[from * groups * routers + to * routers + i]!;
  let all = 0;
  for (let i = 0; i < routers; i++) all += outOf(i);
  if (all === 0) return;
  const direct = routes.global[from * groups + to]!.length > 0;
  const over: number[] = direct ? [to] : [];
  if (valiant || !direct)
    for (let group = 0; group < groups; group++)
      if (group !== from && group !== to && routes.global[from * groups + group]!.length > 0)
        if (routes.global[group * groups + to]!.length > 0) over.push(group);
  if (over.length === 0) {
    // No way over one group: whatever way there is, each source's bytes to the targets in proportion.
    for (let i = 0; i < routers; i++)
      for (let j = 0; j < routers; j++)
        leaveStray(routes, from * routers + i, to * routers + j, (outOf(i) * into(j)) / all);
    return;
  }
  for (const group of over) {
    const last = eachLink(routes, group === to ? from : group, to);
    const first = group === to ? last : eachLink(routes, from, group);
    for (const { a, edge, share } of first) {
      load[edge]! += (all * share) / over.length;
      for (let i = 0; i < routers; i++)
        localHop(routes, load, from * routers + i, a, (outOf(i) * share) / over.length);
      if (group === to) continue;
      const b = routes.router[routes.graph.to[edge]!]!;
      for (const next of last) localHop(routes, load, b, next.a, (all * share * next.share) / over.length);
    }
    for (const { edge, share } of last) {
      if (group !== to) load[edge]! += (all * share) / over.length;
      const b = routes.router[routes.graph.to[edge]!]!;
      for (let i = 0; i < routers; i++)
        localHop(routes, load, b, to * routers + i, (into(i) * share) / over.length);
    }
  }
}

function eachLink(
  { global, graph, router, spec }: Routes,
  from: number,
  to: number,
): { edge: number; a: number; share: number }[] {
  const edges = global[from * spec.groups + to]!;
  let cables = 0;
  for (const edge of edges) cables += graph.cables[edge]!;
  return edges.map(edge => ({ edge, a: router[graph.from[edge]!]!, share: graph.cables[edge]! / cables }));
}

function localHop(routes: Routes, load: Float64Array, a: number, b: number, bytes: number): void {
  if (a === b || bytes === 0) return;
  const { local, spec } = routes;
  const { routers } = spec;
  const edge = local[a * routers + (b % routers)]!;
  if (edge >= 0) {
    load[edge]! += bytes;
    return;
  }
  const start = Math.floor(a / routers) * routers;
  const over: number[] = [];
  for (let i = 0; i < routers; i++)
    if (local[a * routers + i]! >= 0 && local[(start + i) * routers + (b % routers)]! >= 0) over.push(i);
  if (over.length === 0) leaveStray(routes, a, b, bytes);
  for (const i of over) {
    load[local[a * routers + i]!]! += bytes / over.length;
    load[local[(start + i) * routers + (b % routers)]!]! += bytes / over.length;
  }
}

function leaveStray({ stray, vertex, graph }: Routes, a: number, b: number, bytes: number): void {
  let amounts = stray.get(a);
  if (!amounts) {
    amounts = new Float64Array(graph.vertices);
    stray.set(a, amounts);
  }
  amounts[vertex[b]!]! += bytes;
}

function routeStray({ stray, spread, vertex }: Routes, load: Float64Array): void {
  for (const [router, amounts] of stray) spread.spread(vertex[router]!, amounts, load, false);
  stray.clear();
}

/** What keeps a dragonfly from being built, for people; undefined: nothing. */
export function dragonflyReason(spec: DragonflySpec): string | undefined {
  const { groups, routers, hosts, globalLinks, ports } = spec;
  const places = groups * routers * hosts;
  if (ports.ends * ports.perEnd > places)
    return `${ports.ends * ports.perEnd} ports are needed, but ${groups} groups of ${routers} routers with ${hosts} hosts have ${places}`;
  if (groups > 1 && linksPerPair(spec) < 1)
    return `every group has ${routers} x ${globalLinks} = ${routers * globalLinks} global links, too few to reach the ${groups - 1} other groups`;
  return undefined;
}
