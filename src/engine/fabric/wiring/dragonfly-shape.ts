/**
 * Dragonfly (Kim et al., ISCA 2008) as numbers: groups of routers that are fully linked, and global links between groups.
 *
 * Global links lie in the relative arrangement: link k of a group leads to the group k + 1 further on, links fill the routers
 * in their sequence, and when every other group has one, a second round begins. The links that are left when the groups cannot
 * all have one more stay unused.
 */
import type { Drafted, Ports } from './drafts.ts';
import { type GraphDraft, linkAdder } from './link-graph.ts';
import type { Coordinate } from './wiring.ts';

export interface DragonflySpec {
  groups: number;
  /** Of one group. */
  routers: number;
  /** Ports of one router for endpoints. */
  hosts: number;
  /** Global links of one router. */
  globalLinks: number;
  ports: Ports;
  /** Of one link, bytes/s. */
  localRate: number;
  globalRate: number;
}

export const PORT = 0;
export const LOCAL = 1;
export const GLOBAL = 2;

/** Global links between every two groups. */
export function linksPerPair({ groups, routers, globalLinks }: DragonflySpec): number {
  return groups > 1 ? Math.floor((routers * globalLinks) / (groups - 1)) : 0;
}

/** Router of a group, 0 to routers - 1, on which its global link `copy` to the group `offset` further on lies. */
export function routerOfLink(spec: DragonflySpec, offset: number, copy: number): number {
  const used = linksPerPair(spec) * (spec.groups - 1);
  const link = copy * (spec.groups - 1) + offset - 1;
  return Math.floor((link * spec.routers) / used);
}

export interface GlobalLink {
  groupA: number;
  groupB: number;
  routerA: number;
  routerB: number;
}

/** Every cable between groups once; routers counted within their groups. */
export function globalLinks(spec: DragonflySpec): GlobalLink[] {
  const { groups } = spec;
  const links: GlobalLink[] = [];
  const copies = linksPerPair(spec);
  for (let groupA = 0; groupA < groups; groupA++) {
    for (let groupB = groupA + 1; groupB < groups; groupB++) {
      const offset = groupB - groupA;
      for (let copy = 0; copy < copies; copy++) {
        const routerA = routerOfLink(spec, offset, copy);
        const routerB = routerOfLink(spec, groups - offset, copy);
        links.push({ groupA, groupB, routerA, routerB });
      }
    }
  }
  return links;
}

/** Whether every port is in use and endpoints lie on one router each: then positions are digits of the endpoint number. */
export function isWhole({ groups, routers, hosts, ports }: DragonflySpec): boolean {
  return hosts % ports.perEnd === 0 && ports.ends * ports.perEnd === hosts * routers * groups;
}

/** Endpoints, then routers, group by group. */
export function dragonflyDraft(spec: DragonflySpec): Drafted {
  const { groups, routers, hosts, ports } = spec;
  const { ends, perEnd } = ports;
  const draft: GraphDraft = {
    ends,
    vertices: ends + groups * routers,
    endsForward: false,
    classes: [
      { name: 'port', capacity: ports.rate, part: 'local' },
      { name: 'local link', capacity: spec.localRate, part: 'local' },
      { name: 'global link', capacity: spec.globalRate, part: 'global' },
    ],
    links: [],
  };
  const add = linkAdder(draft);
  for (let slot = 0; slot < ends * perEnd; slot++)
    add({ a: Math.floor(slot / perEnd), b: ends + Math.floor(slot / hosts), at: PORT, cables: 1, along: 0 });
  for (let group = 0; group < groups; group++)
    for (let a = 0; a < routers; a++)
      for (let b = a + 1; b < routers; b++)
        add({ a: ends + group * routers + a, b: ends + group * routers + b, at: LOCAL, cables: 1, along: 0 });
  for (const { groupA, groupB, routerA, routerB } of globalLinks(spec))
    add({
      a: ends + groupA * routers + routerA,
      b: ends + groupB * routers + routerB,
      at: GLOBAL,
      cables: 1,
      along: 0,
    });
  const whole = isWhole(spec);
  const inGroup = (hosts * routers) / perEnd;
  return {
    draft,
    coordinates: whole ? dragonflyCoordinates(spec) : [],
    grid: false,
    ...(whole ? { alike: Array.from({ length: inGroup }, (_, end) => end) } : {}),
  };
}

export function dragonflyCoordinates({ groups, routers, hosts, ports }: DragonflySpec): Coordinate[] {
  const onRouter = hosts / ports.perEnd;
  const inGroup = onRouter * routers;
  return [
    { name: 'host', size: onRouter, digits: [{ stride: 1, size: onRouter, step: 1 }] },
    { name: 'router', size: routers, digits: [{ stride: onRouter, size: routers, step: 1 }] },
    { name: 'group', size: groups, digits: [{ stride: inGroup, size: groups, step: 1 }] },
  ];
}
