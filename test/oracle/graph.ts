/**
 * A fabric as explicit chips, switches and links, for tests. Slow and plain on purpose, and without a line of the engine's
 * code: only the data that describes hardware is shared.
 *
 * Levels of one tier that follow each other are one network: a tree of vertices in which a level's switch hangs above its
 * children. Another tier starts a network of its own, in which every chip has a port. So does a level above a full mesh of
 * single chips, because there is no switch that could pass traffic on, and one above a torus, a dragonfly or any other net that
 * is no tree. Such a net joins the children of its level, and bytes may take several ways through it at once.
 */
import type { FabricSpec, LevelSpec } from '../../src/engine/fabric/spec.ts';
import { countsPorts, isWired, netOf, used as usedOf } from './wired/net-of.ts';
import { type Route, routeOf } from './wired/routing.ts';

/** One direction of one cable (or of a bundle that is always shared evenly). */
export interface Link {
  /** Level, kind and chips below: what the engine calls a class. */
  class: string;
  /** bytes/s at line rate */
  capacity: number;
  efficiency: number;
  from: Vertex;
  to: Vertex;
}

export interface Vertex {
  name: string;
  parent?: Vertex;
  up?: Link;
  down?: Link;
  /** Children of a full mesh reach each other over these instead of going through this vertex. */
  mesh?: Map<Vertex, Map<Vertex, Link>>;
  /** Children of a torus, a dragonfly, … reach each other over its net. */
  wired?: { ends: Vertex[]; links: Link[]; between(from: Vertex, to: Vertex): Way[] };
}

/** A link on the way, and the share of the bytes that pass it. */
export interface Way {
  link: Link;
  share: number;
}

export interface Graph {
  chips: number;
  levels: readonly LevelSpec[];
  /** Chips of a unit of each level that carry ranks. */
  spans: number[];
  /** Per network: the vertex of every chip, and the levels it consists of. */
  networks: { ports: Vertex[]; levels: number[] }[];
  links: Link[];
  /** Those of nets, as opposed to trees and full meshes. */
  wired: Set<Link>;
  /** Per level that is a net: place of a chip (of its child) on the grid, where there is one. */
  places: Map<number, { dims: readonly number[]; wrap: readonly boolean[]; of(chip: number): number[] }>;
}

/** How a level routes; an `adaptive` one is built twice, with minimal and with random routes. */
export type RoutingOf = (level: LevelSpec) => LevelSpec['routing'];

const UNLIMITED = Number.POSITIVE_INFINITY;

export function explicitGraph(fabric: FabricSpec, routing: RoutingOf = level => level.routing): Graph {
  const used = fabric.levels.map(usedOf);
  const spans = used.map((_, index) => used.slice(0, index + 1).reduce((a, b) => a * b, 1));
  const chips = spans.at(-1) ?? 1;
  const graph: Graph = {
    chips,
    levels: fabric.levels,
    spans,
    networks: [],
    links: [],
    wired: new Set(),
    places: new Map(),
  };
  let tops: Vertex[] = [];
  fabric.levels.forEach((level, index) => {
    const before = fabric.levels[index - 1];
    // Cubes under circuit switches are part of one torus, which is built with the switches.
    const cubes = fabric.levels[index + 1]?.topology.kind === 'ocs';
    if (cubes) return;
    const joined = level.topology.kind === 'ocs' ? [index - 1, index] : [index];
    const meshOfChips = index === 1 && before?.topology.kind === 'fully_connected';
    const ownPorts = meshOfChips || countsPorts(level) || level.topology.kind === 'ocs';
    const continues = before !== undefined && before.tier === level.tier && !ownPorts && !isWired(before);
    if (!continues) {
      const ports = Array.from({ length: chips }, (_, chip) => ({ name: `chip ${chip}` }));
      graph.networks.push({ ports, levels: [] });
      tops = ports;
    }
    graph.networks.at(-1)!.levels.push(...joined);
    tops = isWired(level)
      ? addNet(graph, fabric, index, tops, continues, routing)
      : addLevel(graph, fabric, index, tops, continues);
  });
  return graph;
}

/** Hangs the switches of level `index` above `tops`; returns the top vertex of every unit. */
function addLevel(
  graph: Graph,
  fabric: FabricSpec,
  index: number,
  tops: Vertex[],
  continues: boolean,
): Vertex[] {
  const level = fabric.levels[index]!;
  const childSpan = index === 0 ? 1 : graph.spans[index - 1]!;
  const span = graph.spans[index]!;
  const built = fabric.levels.slice(0, index).reduce((chips, below) => chips * below.count, 1);
  const { topology } = level;
  const ratios = ratiosOf(level);
  const uplink = level.uplink ?? (level.bandwidth * built) / ratios[0]!;
  let children = tops;
  if (!continues) {
    const capacity =
      childSpan === 1 && topology.kind !== 'fully_connected'
        ? Math.min(level.bandwidth, uplink)
        : level.bandwidth;
    children =
      topology.kind === 'fully_connected' && childSpan === 1
        ? tops
        : tops.map(port => above(graph, level, [port], `${port.name} at ${level.name}`, capacity, 1));
    if (childSpan > 1) {
      // The ports of one child unit come together, unlimited unless the child's uplink is shared.
      const shared = level.uplink !== undefined || ratios[0] !== 1;
      children = chunks(children, childSpan).map((ports, unit) => {
        const joined = above(graph, level, ports, `${level.name} child ${unit}`, UNLIMITED, 0);
        return shared && topology.kind !== 'fully_connected'
          ? above(graph, level, [joined], `${level.name} uplink ${unit}`, uplink, childSpan)
          : joined;
      });
    }
  } else if (topology.kind !== 'fully_connected') {
    children = tops.map((top, unit) =>
      above(graph, level, [top], `${level.name} uplink ${unit}`, uplink, childSpan),
    );
  }
  return chunks(children, span / childSpan).map((members, unit) => {
    const name = `${level.name} ${unit}`;
    if (topology.kind === 'fully_connected')
      return meshOf(graph, level, members, name, built, childSpan, span);
    if (topology.kind !== 'fat_tree') return above(graph, level, members, name, UNLIMITED, 0);
    return clos(graph, level, members, name, uplink, ratios, { childSpan, built });
  });
}

/**
 * Joins the children of every unit of level `index` by its net. Children of several chips that are no network yet get a port for
 * every chip first, as they do under a switch.
 */
function addNet(
  graph: Graph,
  fabric: FabricSpec,
  index: number,
  tops: Vertex[],
  continues: boolean,
  routing: RoutingOf,
): Vertex[] {
  const level = fabric.levels[index]!;
  const below = level.topology.kind === 'ocs' ? fabric.levels[index - 1] : undefined;
  const chips = index === 0 || below ? 1 : graph.spans[index - 1]!;
  const built = below ? 1 : fabric.levels.slice(0, index).reduce((all, each) => all * each.count, 1);
  const net = netOf(level, { chips, built, ...(below ? { level: below } : {}) });
  const route: Route = routeOf(net, routing(level));
  let children = tops;
  if (!continues && chips > 1 && !(countsPorts(level) && level.ports !== 1)) {
    const ports = countsPorts(level)
      ? tops
      : tops.map(port => above(graph, level, [port], `${port.name} at ${level.name}`, level.bandwidth, 1));
    children = chunks(ports, chips).map((members, unit) =>
      above(graph, level, members, `${level.name} child ${unit}`, UNLIMITED, 0),
    );
  }
  const { places, routerOf } = net;
  if (places) {
    const chipsOfEnd = countsPorts(level) && level.ports !== 1 ? 1 : chips;
    const of = (chip: number): number[] => {
      const end = net.ends[Math.floor(chip / chipsOfEnd) % net.ends.length]!;
      return places.of(routerOf?.(end) ?? end);
    };
    graph.places.set(index, { dims: places.dims, wrap: places.wrap, of });
  }
  return chunks(children, net.ends.length).map((members, unit) => {
    const name = `${level.name} ${unit}`;
    const vertices = new Map<number, Vertex>(members.map((member, at) => [net.ends[at]!, member]));
    const numbers = new Map<Vertex, number>(members.map((member, at) => [member, net.ends[at]!]));
    const vertexOf = (number: number): Vertex => {
      const vertex = vertices.get(number) ?? { name: `${name} vertex ${number}` };
      vertices.set(number, vertex);
      return vertex;
    };
    const links = net.links.map(link => ({
      class: `${link.below ? below!.name : level.name} ${link.class}`,
      capacity: link.capacity!,
      efficiency: (link.below ? below! : level).efficiency,
      from: vertexOf(link.from),
      to: vertexOf(link.to),
    }));
    graph.links.push(...links);
    for (const link of links) graph.wired.add(link);
    const top = above(graph, level, members, name, UNLIMITED, 0);
    const between = (from: Vertex, to: Vertex): Way[] =>
      [...route(numbers.get(from)!, numbers.get(to)!)].map(([at, share]) => ({ link: links[at]!, share }));
    top.wired = { ends: members, links, between };
    return top;
  });
}

/** Leaf switches, spines and so on up to one top vertex; a switch that would hold everything is the top. */
function clos(
  graph: Graph,
  level: LevelSpec,
  children: Vertex[],
  name: string,
  uplink: number,
  ratios: number[],
  chips: { childSpan: number; built: number },
): Vertex {
  if (level.topology.kind !== 'fat_tree') throw new Error('no fat tree');
  const { tiers, leaf } = level.topology;
  let vertices = children;
  let perSwitch = 1;
  let rate = uplink;
  for (let tier = 1; tier < tiers; tier++) {
    const down = tier === 1 ? (leaf ?? Math.max(1, Math.floor(32 / chips.built))) : 32;
    perSwitch *= down;
    if (perSwitch >= children.length) break;
    rate = (rate * down) / ratios[tier]!;
    vertices = chunks(vertices, down).map((below, number) => {
      const vertex = above(graph, level, below, `${name} tier ${tier} switch ${number}`, UNLIMITED, 0);
      const trunk = `${name} tier ${tier} trunk ${number}`;
      return above(graph, level, [vertex], trunk, rate, perSwitch * chips.childSpan);
    });
  }
  return above(graph, level, vertices, name, UNLIMITED, 0);
}

/** Every child has a link to every other; a vertex above them only for what leaves the unit. */
function meshOf(
  graph: Graph,
  level: LevelSpec,
  members: Vertex[],
  name: string,
  built: number,
  childSpan: number,
  span: number,
): Vertex {
  const capacity = level.link ?? (level.uplink ?? level.bandwidth * built) / Math.max(1, level.count - 1);
  const top = above(graph, level, members, name, UNLIMITED, 0);
  top.mesh = new Map(members.map(member => [member, new Map()]));
  for (const from of members) {
    for (const to of members) {
      if (from === to) continue;
      const link = {
        class: `${level.name} pairs ${childSpan} in ${span}`,
        capacity,
        efficiency: level.efficiency,
        from,
        to,
      };
      top.mesh.get(from)!.set(to, link);
      graph.links.push(link);
    }
  }
  return top;
}

/** A vertex above `below`, joined by links of `capacity` in both directions. */
function above(
  graph: Graph,
  level: LevelSpec,
  below: Vertex[],
  name: string,
  capacity: number,
  span: number,
): Vertex {
  const parent: Vertex = { name };
  for (const child of below) {
    const common = {
      class: span === 0 ? '' : `${level.name} tree ${span}`,
      capacity,
      efficiency: level.efficiency,
    };
    child.parent = parent;
    child.up = { ...common, from: child, to: parent };
    child.down = { ...common, from: parent, to: child };
    if (capacity !== UNLIMITED) graph.links.push(child.up, child.down);
  }
  return parent;
}

function ratiosOf({ topology }: LevelSpec): number[] {
  if (topology.kind === 'switch') return [topology.oversubscription ?? 1];
  if (topology.kind !== 'fat_tree') return [1];
  const missing = Math.max(0, topology.tiers - topology.oversubscription.length);
  return [...new Array<number>(missing).fill(1), ...topology.oversubscription];
}

export function chunks<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size));
  return parts;
}

/** Lowest level that holds both chips in one unit. */
export function meeting(graph: Graph, a: number, b: number): number {
  return graph.spans.findIndex(span => Math.floor(a / span) === Math.floor(b / span));
}

/** Links from chip `a` to chip `b`, where all bytes take the same way. */
export function route(graph: Graph, a: number, b: number): Link[] {
  return ways(graph, a, b).map(({ link, share }) => {
    if (share !== 1) throw new Error('several ways at once');
    return link;
  });
}

/** Links from chip `a` to chip `b` with the share of the bytes, through the network of the level on which they meet. */
export function ways(graph: Graph, a: number, b: number): Way[] {
  const level = meeting(graph, a, b);
  const over = relay(graph, level, a, b);
  if (over !== undefined) return [...ways(graph, a, over), ...ways(graph, over, b)];
  const network = graph.networks.find(each => each.levels.includes(level))!;
  const up = ancestry(network.ports[a]!);
  const down = ancestry(network.ports[b]!);
  const top = up.find(vertex => down.includes(vertex))!;
  const left = up.slice(0, up.indexOf(top));
  const right = down.slice(0, down.indexOf(top));
  const [from, to] = [left.at(-1)!, right.at(-1)!];
  const direct = top.mesh?.get(from)?.get(to);
  const middle = direct ? [{ link: direct, share: 1 }] : top.wired?.between(from, to);
  if (middle) {
    left.pop();
    right.pop();
  }
  return [
    ...left.map(vertex => ({ link: vertex.up!, share: 1 })),
    ...(middle ?? []),
    ...right.reverse().map(vertex => ({ link: vertex.down!, share: 1 })),
  ].filter(({ link }) => link.capacity !== UNLIMITED);
}

/** Rails that never meet: what changes rails goes to the chip of its own child that sits on the other's rail. */
function relay({ levels, spans }: Graph, level: number, a: number, b: number): number | undefined {
  const { topology, ports } = levels[level]!;
  const chips = level === 0 ? 1 : spans[level - 1]!;
  if (topology.kind !== 'rail' || topology.spine || ports === 1 || a % chips === b % chips) return undefined;
  return a - (a % chips) + (b % chips);
}

function ancestry(vertex: Vertex): Vertex[] {
  const line = [vertex];
  for (let at = vertex.parent; at; at = at.parent) line.push(at);
  return line;
}
