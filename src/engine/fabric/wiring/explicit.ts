/**
 * Any graph of endpoints and switches, link by link. What travels is summed by hub first: endpoints that hang on one switch by
 * one link share the search from it.
 *
 * Valiant routing goes over the hub of a random endpoint (the endpoint itself where it forwards), every endpoint alike: then
 * what anyone sends is spread evenly over all hubs, and what anyone receives comes evenly from all.
 */
import type { Routing } from '../spec.ts';
import { exchangeBoundOf } from './exchange.ts';
import { gatherBoundOf } from './gather.ts';
import type { LinkGraph } from './link-graph.ts';
import { type Groups, groupsOf } from './members.ts';
import { remembered, scaled } from './remembered.ts';
import { type OutLinks, type Spreader, spreader } from './spread.ts';
import type { Coordinate, Demand, Lattice, WiredLoad, Wiring } from './wiring.ts';

export interface ExplicitSpec {
  graph: LinkGraph;
  coordinates: readonly Coordinate[];
  routing: Routing;
  /** Whether `minimal` and `dor` go dimension by dimension: links know their dimension. */
  grid: boolean;
  /** Whether links or children may be missing: then the sequence of the dimensions may lead astray. */
  broken: boolean;
  /** Endpoints of one child: what these send each other belongs to the level below. 1: nothing does. */
  inChild: number;
  /** Endpoints of which every other one is an image: the fabric looks the same from both. Undefined: no two are. */
  alike?: readonly number[];
}

/** The graph as seen from its endpoints. */
export interface Hubs {
  graph: LinkGraph;
  /** Links but for those of endpoints with one only: a hub stands for these. */
  inner: OutLinks;
  spread: Spreader;
  /** Vertex that stands for the endpoint: the switch at the other end of its only link, or itself. */
  of: Int32Array;
  /** The only link of the endpoint, outwards; -1 where it stands for itself. */
  port: Int32Array;
  /** Endpoints of every hub, by vertex; empty for other vertices. */
  ends: number[][];
  /** Vertices that are hubs of some endpoint. */
  used: number[];
  inChild: number;
  broken: boolean;
  /** Hubs of which all others are images. */
  alike?: readonly number[];
}

/** What travels, by hub. */
export interface Travel {
  /** Adds to `amounts`, by hub, what the endpoints of `hub` send. */
  fill(hub: number, amounts: Float64Array): void;
  /** Bytes out of and into every endpoint. */
  sent: Float64Array;
  received: Float64Array;
  /** Whether hubs send so much the same that some may speak for all. */
  alike?: true;
}

export function explicitWiring(spec: ExplicitSpec): Wiring {
  const { graph, coordinates, routing } = spec;
  const hubs = hubsOf(spec);
  const inOrder = spec.grid && routing !== 'ecmp';
  const groups = (lattice: Lattice): Groups => groupsOf(coordinates, lattice, graph.ends);
  const route = (travel: Travel): WiredLoad[] => {
    const loads = summary(graph, routed(hubs, travel, routing, inOrder));
    return searchesOf(hubs, travel) > 1 ? loads.map(load => ({ ...load, sampled: true })) : loads;
  };
  const ofByte = remembered(lattice => route(pairsTravel(hubs, groups(lattice), 1)));
  return {
    ends: graph.ends,
    coordinates,
    classes: graph.classes,
    leastPort: leastPort(graph),
    pairs: (lattice, bytes) => (coordinates.length > 0 ? scaled(ofByte(lattice), bytes) : undefined),
    flows: demands => route(demandTravel(hubs, demands)),
    hops: (source, target) => hopsBetween(hubs, source, target),
    farthest: remembered(lattice => farthestOf(hubs, groups(lattice))),
    gatherBound: remembered(lattice => gatherBoundOf(hubs, groups(lattice), coordinates)),
    exchangeBound: remembered(lattice => exchangeBoundOf(hubs, groups(lattice), coordinates, spec.grid)),
  };
}

function hubsOf({ graph, inChild, broken, alike }: ExplicitSpec): Hubs {
  const of = new Int32Array(graph.ends);
  const port = new Int32Array(graph.ends).fill(-1);
  const ends: number[][] = Array.from({ length: graph.vertices }, () => []);
  for (let end = 0; end < graph.ends; end++) {
    const edge = onlyLink(graph, end);
    const hub = edge < 0 ? end : graph.to[edge]!;
    const contracts = hub !== end && graph.forwards[hub] === 1 && onlyLink(graph, hub) < 0;
    of[end] = contracts ? hub : end;
    if (contracts) port[end] = edge;
    ends[of[end]!]!.push(end);
  }
  const used = ends.flatMap((list, vertex) => (list.length > 0 ? [vertex] : []));
  const inner = withoutPorts(graph, port);
  const spread = spreader(graph, inner);
  const hubs: Hubs = { graph, inner, spread, of, port, ends, used, inChild, broken };
  if (alike && inChild === 1) hubs.alike = [...new Set(alike.map(end => of[end]!))];
  return hubs;
}

function withoutPorts(graph: LinkGraph, port: Int32Array): OutLinks {
  const ports = new Uint8Array(graph.from.length);
  for (const edge of port) if (edge >= 0) ports[edge] = ports[edge ^ 1] = 1;
  const first = new Int32Array(graph.vertices + 1);
  const out: number[] = [];
  for (let vertex = 0; vertex < graph.vertices; vertex++) {
    for (let i = graph.first[vertex]!; i < graph.first[vertex + 1]!; i++)
      if (ports[graph.out[i]!] === 0) out.push(graph.out[i]!);
    first[vertex + 1] = out.length;
  }
  return { first, out: Int32Array.from(out) };
}

/** The link of a vertex that has one only and no dimension to keep to; -1 for others. */
function onlyLink({ first, out, along }: LinkGraph, vertex: number): number {
  const edge = out[first[vertex]!]!;
  return first[vertex + 1]! - first[vertex]! === 1 && along[edge] === 0 ? edge : -1;
}

export function pairsTravel(hubs: Hubs, groups: Groups, bytes: number): Travel {
  const { graph, of, inChild } = hubs;
  const sent = new Float64Array(graph.ends);
  for (let end = 0; end < graph.ends; end++) {
    const members = groups.members[groups.of[end]!]!;
    let partners = members.length - 1;
    if (inChild > 1) partners = members.length - membersInChild(groups, end, inChild);
    sent[end] = partners * bytes;
  }
  const fill = (hub: number, amounts: Float64Array): void => {
    if (inChild === 1) {
      const senders = new Map<number, number>();
      for (const end of hubs.ends[hub]!)
        senders.set(groups.of[end]!, (senders.get(groups.of[end]!) ?? 0) + bytes);
      for (const [group, amount] of senders)
        for (const member of groups.members[group]!) amounts[of[member]!]! += amount;
      return;
    }
    for (const end of hubs.ends[hub]!) {
      const child = Math.floor(end / inChild);
      for (const member of groups.members[groups.of[end]!]!)
        if (Math.floor(member / inChild) !== child) amounts[of[member]!]! += bytes;
    }
  };
  return { fill, sent, received: sent, alike: true };
}

function membersInChild(groups: Groups, end: number, inChild: number): number {
  const start = Math.floor(end / inChild) * inChild;
  let members = 0;
  for (let other = start; other < start + inChild && other < groups.of.length; other++)
    if (groups.of[other] === groups.of[end]) members++;
  return members;
}

function demandTravel(hubs: Hubs, demands: readonly Demand[]): Travel {
  const { graph, of, inChild } = hubs;
  const sent = new Float64Array(graph.ends);
  const received = new Float64Array(graph.ends);
  const byHub = new Map<number, Demand[]>();
  for (const demand of demands) {
    const { source, target, bytes } = demand;
    if (source === target || (inChild > 1 && Math.floor(source / inChild) === Math.floor(target / inChild)))
      continue;
    sent[source]! += bytes;
    received[target]! += bytes;
    const list = byHub.get(of[source]!);
    if (list) list.push(demand);
    else byHub.set(of[source]!, [demand]);
  }
  const fill = (hub: number, amounts: Float64Array): void => {
    for (const { target, bytes } of byHub.get(hub) ?? []) amounts[of[target]!]! += bytes;
  };
  return { fill, sent, received };
}

/** Bytes on every directed link. */
function routed(hubs: Hubs, travel: Travel, routing: Routing, inOrder: boolean): Float64Array {
  if (routing === 'valiant') return routeShortest(hubs, detoured(hubs, travel), inOrder);
  const direct = routeShortest(hubs, travel, inOrder);
  if (routing !== 'adaptive') return direct;
  const detour = routeShortest(hubs, detoured(hubs, travel), inOrder);
  return clearlyLess(busiestTime(hubs.graph, detour), busiestTime(hubs.graph, direct)) ? detour : direct;
}

/** Adaptive routing takes the detour only where it gains more than rounding. */
export function clearlyLess(time: number, other: number): boolean {
  return time < other * (1 - 1e-9);
}

/** Links that all searches of one routing look at together, at most: some 150 ms. */
const MOST_WORK = 2e7;
const GOLDEN = 0.6180339887;

/**
 * Bytes on every directed link over shortest routes. Where all talk to all and searches from all hubs would look at more links than
 * `MOST_WORK`, only some hubs are searched from, spread evenly, and each speaks for several: ports are exact, links between
 * switches an estimate (see `sampled`).
 */
export function routeShortest(hubs: Hubs, travel: Travel, inOrder: boolean): Float64Array {
  const { graph, port, used, spread } = hubs;
  const load = new Float64Array(graph.from.length);
  for (let end = 0; end < graph.ends; end++) {
    const edge = port[end]!;
    if (edge < 0) continue;
    load[edge]! += travel.sent[end]!;
    load[edge ^ 1]! += travel.received[end]!;
  }
  const amounts = new Float64Array(graph.vertices);
  const search = (hub: number, into: Float64Array): void => {
    travel.fill(hub, amounts);
    amounts[hub] = 0;
    // Where a broken link makes it a detour to keep to the sequence, what wanted to pass takes any shortest route.
    const direct = inOrder && hubs.broken ? spread.distances(hub).slice() : undefined;
    if (!spread.spread(hub, amounts, into, inOrder, direct && { within: direct }))
      spread.spread(hub, amounts, into, false);
    amounts.fill(0);
  };
  const every = searchesOf(hubs, travel);
  if (every > 1) sampled(hubs, Math.ceil(used.length / every), search, load);
  else for (const hub of used) search(hub, load);
  return load;
}

/** Hubs for which one search speaks. */
function searchesOf({ used, inner }: Hubs, { alike }: Travel): number {
  return alike ? Math.ceil((used.length * inner.out.length) / MOST_WORK) : 1;
}

/**
 * Adds what `looked` of the hubs put on the links, as if all did the same. Next to a hub most of a link's load is that hub's own,
 * and would count for hubs that are nowhere near: so of every link, the hub that loads it most counts once only. The
 * busiest link is then 5 to 30 % too busy (held against all hubs on graphs and HammingMeshes of 4,096 endpoints).
 */
function sampled(
  { used }: Hubs,
  looked: number,
  search: (hub: number, into: Float64Array) => void,
  load: Float64Array,
): void {
  const own = new Float64Array(load.length);
  const sum = new Float64Array(load.length);
  const most = new Float64Array(load.length);
  for (let index = 0; index < looked; index++) {
    // Evenly, with steps that follow no grid.
    search(used[Math.floor(((index + ((index * GOLDEN) % 1)) * used.length) / looked)]!, own);
    for (let edge = 0; edge < own.length; edge++) {
      const bytes = own[edge]!;
      if (bytes === 0) continue;
      sum[edge]! += bytes;
      if (bytes > most[edge]!) most[edge] = bytes;
      own[edge] = 0;
    }
  }
  const others = (used.length - 1) / Math.max(1, looked - 1);
  for (let edge = 0; edge < load.length; edge++)
    load[edge]! += (sum[edge]! - most[edge]!) * others + most[edge]!;
}

/** The same, every byte over a random hub. */
function detoured({ graph, of, used }: Hubs, { sent, received, alike }: Travel): Travel {
  const out = new Float64Array(graph.vertices);
  const into = new Float64Array(graph.vertices);
  const share = new Float64Array(graph.vertices);
  for (let end = 0; end < graph.ends; end++) {
    const hub = of[end]!;
    out[hub]! += sent[end]!;
    into[hub]! += received[end]!;
    share[hub]! += 1 / graph.ends;
  }
  const fill = (hub: number, amounts: Float64Array): void => {
    for (const other of used) amounts[other]! += out[hub]! * share[other]! + share[hub]! * into[other]!;
  };
  return { fill, sent, received, ...(alike && { alike }) };
}

export function busiestTime({ capacity }: LinkGraph, load: Float64Array): number {
  let worst = 0;
  for (let edge = 0; edge < load.length; edge++) worst = Math.max(worst, load[edge]! / capacity[edge]!);
  return worst;
}

export function summary(graph: LinkGraph, load: Float64Array): WiredLoad[] {
  const loads = graph.classes.map((_, at) => ({ at, bytes: 0, both: 0, total: 0 }));
  for (let edge = 0; edge < load.length; edge++) {
    const entry = loads[graph.at[edge]!]!;
    const cables = graph.cables[edge]!;
    entry.bytes = Math.max(entry.bytes, load[edge]! / cables);
    entry.both = Math.max(entry.both, (load[edge]! + load[edge ^ 1]!) / cables);
    entry.total += load[edge]!;
  }
  return loads;
}

function leastPort({ ends, first, out, capacity }: LinkGraph): number {
  let least = Number.POSITIVE_INFINITY;
  for (let end = 0; end < ends; end++) {
    let rate = 0;
    for (let i = first[end]!; i < first[end + 1]!; i++) rate += capacity[out[i]!]!;
    least = Math.min(least, rate);
  }
  return least;
}

function hopsBetween({ of, port, spread }: Hubs, source: number, target: number): number {
  if (source === target) return 0;
  return portHops(port, source) + spread.distances(of[source]!)[of[target]!]! + portHops(port, target);
}

function portHops(port: Int32Array, end: number): number {
  return port[end]! < 0 ? 0 : 1;
}

const MOST_FARTHEST = 1e7;

/** Of more hubs than `MOST_FARTHEST` allows, from some, spread evenly. */
function farthestOf({ of, port, ends, used, spread, inner }: Hubs, groups: Groups): number {
  const every = Math.max(1, Math.ceil((used.length * inner.out.length) / MOST_FARTHEST));
  let most = 0;
  for (let index = 0; index < used.length; index += every) {
    const hub = used[index]!;
    const distances = spread.distances(hub);
    const seen = new Set<number>();
    for (const end of ends[hub]!) {
      const group = groups.of[end]!;
      const near = portHops(port, end);
      if (seen.has(2 * group + near)) continue;
      seen.add(2 * group + near);
      for (const member of groups.members[group]!)
        if (member !== end) most = Math.max(most, near + distances[of[member]!]! + portHops(port, member));
    }
  }
  return most;
}
