/** The net of one unit of a level, from what the level's text says, every link with its rate. */
import type { LevelSpec } from '../../../src/engine/fabric/spec.ts';
import { circuit, torus, twisted } from './grids.ts';
import { cable, type Net, upTo, without } from './net.ts';
import { dragonfly, hammingMesh, hyperx, rail } from './routers.ts';

const WIRED = ['torus', 'ocs', 'rail', 'dragonfly', 'hyperx', 'hamming_mesh', 'graph'];

export const isWired = ({ topology }: LevelSpec): boolean => WIRED.includes(topology.kind);

/** Kinds whose endpoints are ports, one for every chip of a child: they have nothing to do with the child's own network. */
export const countsPorts = ({ topology }: LevelSpec): boolean =>
  topology.kind === 'rail' || topology.kind === 'dragonfly' || topology.kind === 'hyperx';

export interface Child {
  /** Chips of one child that carry ranks, and with its spares. */
  chips: number;
  built: number;
  /** The level below, of an optical circuit switch. */
  level?: LevelSpec;
}

/** Chips of a child hang on one port together, or on one each. */
export function portsOf(level: LevelSpec, child: Child): number {
  const ports = level.ports ?? child.chips;
  if (ports !== child.chips && ports !== 1) throw new Error(`${ports} ports for ${child.chips} chips`);
  return ports;
}

/** Every link has its rate; spare children are wired but carry no ranks. */
export function netOf(level: LevelSpec, child: Child): Net {
  const net = bare(level, child);
  const perEnd = countsPorts(level) ? child.built / portsOf(level, child) : child.built;
  const degree = Math.max(...net.ends.map(end => net.links.filter(({ from }) => from === end).length));
  const rest = (level.bandwidth * perEnd) / Math.max(1, degree);
  const rated = { ...net, links: net.links.map(link => ({ ...link, capacity: link.capacity ?? rest })) };
  const { links, children } = level.failed ?? { links: [], children: [] };
  const perChild = countsPorts(level) ? portsOf(level, child) : 1;
  const dead = children.flatMap(each => upTo(perChild).map(port => each * perChild + port));
  const left = without(rated, links, level.topology.kind === 'ocs' ? [] : dead);
  if (level.topology.kind === 'ocs') return left;
  const ends = left.ends.slice(0, used(level) * perChild);
  return { ...left, ends, detours: detoursOf(left, ends, level.topology.kind === 'graph') };
}

/**
 * What random detours go over: the router of an end. In a graph a child that hangs on one other vertex only is passed by nobody;
 * that vertex stands for it, unless the two are all there is.
 */
function detoursOf(net: Net, ends: readonly number[], graph: boolean): number[] {
  const { routerOf } = net;
  if (routerOf) return ends.map(routerOf);
  if (!graph) return [...ends];
  const neighbours = upTo(net.vertices).map(() => new Set<number>());
  for (const { from, to } of net.links) neighbours[from]!.add(to);
  return ends.map(end => {
    const [only] = neighbours[end]!;
    return neighbours[end]!.size === 1 && neighbours[only!]!.size > 1 ? only! : end;
  });
}

/** Children of a unit that carry ranks: spares stand in for those that are down. */
export const used = (level: LevelSpec): number =>
  level.count - Math.max(level.spare, level.failed?.children.length ?? 0);

function bare(level: LevelSpec, child: Child): Net {
  const { topology, link } = level;
  const rates = {
    ...(link === undefined ? {} : { link }),
    ...(level.linkLocal === undefined ? {} : { local: level.linkLocal }),
    ...(level.linkGlobal === undefined ? {} : { global: level.linkGlobal }),
  };
  const same = (n: number): readonly number[] | undefined =>
    level.linkPerDimension ?? (link === undefined ? undefined : upTo(n).map(() => link));
  switch (topology.kind) {
    case 'torus':
      return topology.twist
        ? twisted(topology.dims, same(topology.dims.length))
        : torus(topology.dims, topology.wrap, same(topology.dims.length));
    case 'ocs': {
      const below = child.level!;
      if (below.topology.kind !== 'torus') throw new Error('an optical circuit switch joins cubes');
      const { dims } = below.topology;
      const inside =
        below.linkPerDimension ?? (below.link === undefined ? undefined : dims.map(() => below.link!));
      return circuit(dims, topology.shape, topology.twist, {
        ...(inside ? { below: inside } : {}),
        ...(link === undefined ? {} : { switched: link }),
      });
    }
    case 'rail': {
      const { leaf = level.count, spine, oversubscription } = topology;
      const ports = portsOf(level, child);
      const port = (level.bandwidth * child.built) / ports;
      return rail({ children: level.count, ports, leaf, spine, oversubscription }, port);
    }
    case 'dragonfly':
    case 'hyperx': {
      const ports = portsOf(level, child);
      const port = (level.bandwidth * child.built) / ports;
      // Links without a rate of their own are as fast as a port, the only link that an endpoint has.
      const all = { link: port, ...rates, port };
      const net =
        topology.kind === 'dragonfly'
          ? dragonfly(topology, all)
          : hyperx(topology.dims, topology.hosts, {
              ...all,
              ...(level.linkPerDimension ? { dims: level.linkPerDimension } : {}),
            });
      // Ports of routers that nothing hangs on.
      return { ...net, ends: net.ends.slice(0, level.count * ports) };
    }
    case 'hamming_mesh':
      return hammingMesh(topology.board, topology.boards, rates);
    case 'graph': {
      const vertices = Math.max(level.count, ...topology.links.flatMap(({ a, b }) => [a + 1, b + 1]));
      const net: Net = { vertices, ends: upTo(level.count), detours: upTo(level.count), links: [] };
      for (const { a, b, rate } of topology.links)
        cable(net, a, b, { class: rate === undefined ? 'link' : `link of ${rate}`, capacity: rate ?? link });
      return net;
    }
    default:
      throw new Error(`${topology.kind} is no net`);
  }
}
