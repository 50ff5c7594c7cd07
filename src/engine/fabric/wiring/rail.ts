/**
 * Rail-optimised fabrics: port i of every child on rail i, a switch per rail and `leaf` children, spines above the switches of
 * all rails. Without spines ("rail-only", Wang et al., arXiv 2307.12169) what changes rails is passed on inside a child first.
 */

import { most } from '../most.ts';
import { countPairs } from '../pairs.ts';
import { normaliseGroup } from '../pattern.ts';
import type { Drafted, Ports } from './drafts.ts';
import { type GraphDraft, type LinkClassDraft, linkAdder } from './link-graph.ts';
import { latticeSize, membersAlong } from './members.ts';
import type { Bound, Coordinate, Demand, Lattice, WiredClass, WiredLoad, Wiring } from './wiring.ts';

export interface RailSpec {
  ports: Ports;
  children: number;
  /** Children under one rail switch. */
  leaf: number;
  spine: boolean;
  /** Of a rail switch: what comes in over what goes up. */
  oversubscription: number;
}

const PORT = 0;
const UP = 1;

interface Shape {
  /** Ports of a child. */
  rails: number;
  /** Groups of `leaf` children. */
  blocks: number;
  switches: number;
  spined: boolean;
  /** Of one rail switch to the spines. */
  uplinks: number;
}

function shapeOf({ ports, children, leaf, spine, oversubscription }: RailSpec): Shape {
  const rails = ports.perEnd * ports.inChild;
  const blocks = Math.ceil(children / leaf);
  const spined = spine && (blocks > 1 || rails > 1);
  return {
    rails,
    blocks,
    switches: rails * blocks,
    spined,
    uplinks: Math.min(leaf, children) / oversubscription,
  };
}

function classesOf({ ports }: RailSpec, { spined }: Shape): LinkClassDraft[] {
  const port: LinkClassDraft = { name: 'port', capacity: ports.rate, part: 'local' };
  return spined ? [port, { name: 'rail switch to spine', capacity: ports.rate, part: 'global' }] : [port];
}

/** Endpoints, then rail switches (all of the first `leaf` children, then of the next), then the spine, taken as one. */
export function railDraft(spec: RailSpec): Drafted {
  const { ends, perEnd } = spec.ports;
  const shape = shapeOf(spec);
  const { rails, switches, spined, uplinks } = shape;
  const draft: GraphDraft = {
    ends,
    vertices: ends + switches + (spined ? 1 : 0),
    endsForward: false,
    classes: classesOf(spec, shape),
    links: [],
  };
  const add = linkAdder(draft);
  for (let slot = 0; slot < ends * perEnd; slot++) {
    const block = Math.floor(slot / rails / spec.leaf);
    add({
      a: Math.floor(slot / perEnd),
      b: ends + block * rails + (slot % rails),
      at: PORT,
      cables: 1,
      along: 0,
    });
  }
  for (let each = 0; spined && each < switches; each++)
    add({ a: ends + each, b: ends + switches, at: UP, cables: uplinks, along: 0 });
  return { draft, coordinates: coordinatesOf(spec), grid: false };
}

function coordinatesOf({ ports: { inChild }, children }: RailSpec): Coordinate[] {
  return [
    { name: 'rail', size: inChild, digits: [{ stride: 1, size: inChild, step: 1 }] },
    { name: 'node', size: children, digits: [{ stride: inChild, size: children, step: 1 }] },
  ];
}

/** Every rail whole: by formula, whatever the number of children. What two endpoints of one child exchange is not counted. */
export function railWiring(spec: RailSpec): Wiring {
  const { ports, children, leaf } = spec;
  const { ends, perEnd, inChild } = ports;
  const shape = shapeOf(spec);
  const { spined, rails, switches, uplinks } = shape;
  const counts = [2 * ends * perEnd, 2 * switches * uplinks];
  const classes: WiredClass[] = classesOf(spec, shape).map((each, at) => ({ ...each, links: counts[at]! }));
  const childOf = (end: number): number => Math.floor(end / inChild);
  const blockOf = (end: number): number => Math.floor(childOf(end) / leaf);
  const sameSwitch = (a: number, b: number): boolean =>
    blockOf(a) === blockOf(b) && (inChild === 1 || a % inChild === b % inChild);

  /** Bytes out of, and into, one block of children in which the group's node digits are as given. */
  const leaving = (lattice: Lattice, bytes: number): { most: number; total: number } => {
    const inRail = membersAlong(lattice[0] ?? []);
    const nodes = normaliseGroup(lattice[1] ?? []);
    const partners = latticeSize(lattice) - inRail;
    let most = 0;
    let total = 0;
    for (let block = 0; block < shape.blocks; block++) {
      const from = block * leaf;
      const to = Math.min(from + leaf, children);
      const meet = countPairs(nodes, from, to, from, to);
      // Of one rail switch; an endpoint with several ports uses each for its share.
      const leaves = (((to - from) * partners - meet) * bytes) / perEnd;
      // An endpoint that is a whole child meets its own rail only.
      most = Math.max(most, leaves);
      total += leaves * rails;
    }
    return { most, total };
  };

  const loadsFrom = (sent: number[], received: number[], out: number[], into: number[]): WiredLoad[] => {
    const sum = (list: number[]): number => list.reduce((total, each) => total + each, 0);
    const entry = (at: number, ways: number[], back: number[], links: number): WiredLoad => ({
      at,
      bytes: Math.max(most(ways), most(back)) / links,
      both: most(ways.map((each, index) => each + back[index]!)) / links,
      total: sum(ways) + sum(back),
    });
    const loads = [entry(PORT, sent, received, perEnd)];
    if (spined) loads.push(entry(UP, out, into, uplinks));
    return loads;
  };

  const flows = (demands: readonly Demand[]): WiredLoad[] => {
    const sent = new Array<number>(ends).fill(0);
    const received = new Array<number>(ends).fill(0);
    const out = new Array<number>(switches).fill(0);
    const into = new Array<number>(switches).fill(0);
    for (const { source, target, bytes } of demands) {
      if (childOf(source) === childOf(target)) continue;
      const from = spined ? source : childOf(source) * inChild + (target % inChild);
      sent[from]! += bytes;
      received[target]! += bytes;
      if (sameSwitch(from, target)) continue;
      for (let port = 0; port < perEnd; port++) {
        out[blockOf(from) * rails + (from % inChild) * perEnd + port]! += bytes / perEnd;
        into[blockOf(target) * rails + (target % inChild) * perEnd + port]! += bytes / perEnd;
      }
    }
    return loadsFrom(sent, received, out, into);
  };

  const pairs = (lattice: Lattice, bytes: number): WiredLoad[] => {
    const sent = ((latticeSize(lattice) - membersAlong(lattice[0] ?? [])) * bytes) / perEnd;
    const loads: WiredLoad[] = [{ at: PORT, bytes: sent, both: 2 * sent, total: 2 * sent * perEnd * ends }];
    if (!spined) return loads;
    const { most, total } = leaving(lattice, bytes);
    loads.push({ at: UP, bytes: most / uplinks, both: (2 * most) / uplinks, total: 2 * total });
    return loads;
  };

  /** What must pass the ports of a child and the uplinks of a block, all of their rails together. */
  const bound = (lattice: Lattice, perPair: boolean): { time: number; by: string } => {
    const n = latticeSize(lattice);
    const inRail = membersAlong(lattice[0] ?? []);
    const nodes = normaliseGroup(lattice[1] ?? []);
    const groups = inChild / inRail;
    // A shard enters a child once, however many members want it; a pair's bytes are for one member.
    const wanted = perPair ? inRail : 1;
    let time = (groups * (n - inRail) * wanted) / (rails * ports.rate);
    let by = 'ports';
    for (let block = 0; spined && block < shape.blocks; block++) {
      const from = block * leaf;
      const to = Math.min(from + leaf, children);
      const crossing = (to - from) * (n / inRail - 1) - countPairs(nodes, from, to, from, to);
      // Members outside a block, over the groups that it touches: at least what one child of each lacks.
      const sum = perPair ? crossing * inRail * inRail : lackedBy(lattice, from, to) * inRail;
      const through = (groups * sum) / (rails * uplinks * ports.rate);
      if (through > time) [time, by] = [through, 'cut of rail switches'];
    }
    return { time: time / n, by };
  };

  return {
    ends,
    coordinates: coordinatesOf(spec),
    classes,
    leastPort: perEnd * ports.rate,
    pairs,
    flows,
    hops: (source, target) => (source === target ? 0 : sameSwitch(source, target) || !spined ? 2 : 4),
    farthest(lattice) {
      const nodes = normaliseGroup(lattice[1] ?? []);
      const members = membersAlong(nodes);
      if (members < 2) return 0;
      let together = 0;
      for (let from = 0; from < children; from += leaf)
        together += countPairs(
          nodes,
          from,
          Math.min(from + leaf, children),
          from,
          Math.min(from + leaf, children),
        );
      const oneSwitch = membersAlong(lattice[0] ?? []) === 1 && together === children * (members - 1);
      return oneSwitch || !spined ? 2 : 4;
    },
    gatherBound: (lattice): Bound => ({ ...bound(lattice, false), exact: false }),
    // Passing on inside children turns all traffic into that of single rails, which meets the bound.
    exchangeBound: (lattice): Bound => ({ ...bound(lattice, true), exact: true }),
    ...(spined || inChild === 1
      ? {}
      : { relays: { pairs: relayedPairs, flows: d => relayedFlows(d, inChild) } }),
  };
}

/** Shards (of nodes) that the children [from, to) lack, summed over the groups of nodes that they belong to. */
function lackedBy(lattice: Lattice, from: number, to: number): number {
  const digits = lattice[1] ?? [];
  const size = membersAlong(digits);
  const inside = new Map<number, number>();
  for (let node = from; node < to; node++) {
    let root = node;
    for (const digit of digits) root -= (Math.floor(node / digit.stride) % digit.size) * digit.stride;
    inside.set(root, (inside.get(root) ?? 0) + 1);
  }
  let lacked = 0;
  for (const members of inside.values()) lacked += size - members;
  return lacked;
}

/** What is for another rail goes to the endpoint on that rail first (NCCL's PXN). */
function relayedPairs(lattice: Lattice, bytes: number): number {
  return membersAlong(lattice[0] ?? []) > 1 ? (membersAlong(lattice[1] ?? []) - 1) * bytes : 0;
}

function relayedFlows(demands: readonly Demand[], inChild: number): Demand[] {
  const relayed: Demand[] = [];
  for (const { source, target, bytes } of demands) {
    const child = Math.floor(source / inChild);
    const through = child * inChild + (target % inChild);
    if (child !== Math.floor(target / inChild) && through !== source)
      relayed.push({ source, target: through, bytes });
  }
  return relayed;
}
