/**
 * A fabric of nested levels as a laminar family of cuts. Chips are numbered 0, 1, 2, … through the units of the innermost
 * level first, so every unit of every level is an interval of chips, and a link that carries a unit's traffic is the cut
 * around that interval.
 *
 * A flow between two chips belongs to the lowest level that holds both in one unit. It loads the cuts of that level and of
 * the levels below it that are the same network: a flow between pods passes the leaf, the spine and the pod's uplink, but a
 * flow between nodes leaves through the chip's network port and not through the scale-up switch of its node. Levels of one
 * tier that follow each other are one network, here called a stack. A level above a full mesh of single chips starts a stack
 * of its own: there is no switch that could pass its traffic on, so chips have a port into it.
 *
 * Levels whose links are no tree (tori, dragonflies, graphs) have a wiring, which routes what meets on them; what goes further
 * leaves a unit through its ports into the level above, not over the wiring.
 */
import {
  type FabricSpec,
  type Generation,
  type LevelSpec,
  type Routing,
  ranksOf,
  type Tier,
} from './spec.ts';
import { buildWiring } from './wiring/build.ts';
import { gridRate } from './wiring/rates.ts';
import type { WiredClass, Wiring } from './wiring/wiring.ts';

/** What all classes of equal links have. */
interface Links {
  level: string;
  tier: Tier;
  /** Name for people: "chip to leaf", "pod uplink", "x link". */
  link: string;
  /** Line rate of one link (of a cut: of all that lead out of one unit) and direction, bytes/s. */
  capacity: number;
  efficiency: number;
}

/** A class of equal links around the units of `span` consecutive chips. */
export interface Cut extends Links {
  kind: 'tree';
  /** Chips of one unit. */
  span: number;
  /** Units are counted anew from the first chip of every `unit` chips: the last leaf of a pod may hold fewer than the others. */
  unit: number;
  /** Parallel links that share it above the first switch, and how flows choose among them (see `hashing.ts`). */
  ports?: number;
  routing?: Routing;
}

/** One direct link between every pair of the children of a unit. */
export interface PairLinks extends Links {
  kind: 'pairs';
  /** Chips of one child. */
  span: number;
  /** Chips of the unit whose children are joined. */
  unit: number;
}

/** One class of links of a wiring. */
export interface WiredLinks extends Links {
  kind: 'wired';
  /** Chips of one endpoint, and of one unit of the wiring. */
  span: number;
  unit: number;
  /** Directed links of the class in one unit. */
  links: number;
  part: WiredClass['part'];
}

export type LinkClass = Cut | PairLinks | WiredLinks;

/** The wiring of a level (of a circuit switch: of its level and of the cubes below), the same in every unit. */
export interface Wired {
  wiring: Wiring;
  /** Chips of one endpoint. */
  end: number;
  /** Flows between chips that share a unit of this many are another network's. */
  below: number;
  /** Chips of one unit. */
  unit: number;
  /** By index of the wiring's classes. */
  links: WiredLinks[];
  /** Seconds one way over one link, or through the level where `perLink` is false. */
  latency: number;
  perLink: boolean;
}

export interface Stack {
  /** Traffic of this network leaves units of this many chips (a node, for the scale-out network; 1 chip innermost). */
  below: number;
  /** … and stays in units of this many. */
  above: number;
  links: (Cut | PairLinks)[];
  wired: Wired[];
}

export interface NetworkLevel {
  spec: LevelSpec;
  /** Chips of one child and of one unit. */
  childSpan: number;
  span: number;
  stack: Stack;
  wired?: Wired;
}

export interface Network {
  /** Chips that can hold ranks; spares are left out. */
  chips: number;
  levels: NetworkLevel[];
  stacks: Stack[];
  /** Levels whose links cannot be laid, and why; such a network prices nothing there. */
  faults: { level: string; message: string }[];
  /** Of the chips: whose library's habits the prices follow. */
  generation?: Generation;
  /** Seconds before the first step of a collective whose library is not known. */
  launch?: number;
}

const networks = new WeakMap<FabricSpec, Network>();

/** The links of `fabric`, built once. */
export function networkOf(fabric: FabricSpec): Network {
  let network = networks.get(fabric);
  if (!network) {
    network = buildNetwork(fabric);
    networks.set(fabric, network);
  }
  return network;
}

/** Ports of a switch when the text gives no `leaf:`: 64, half of them down (51.2 Tb/s silicon at 800 Gb/s, or 25.6 at 400). */
const DEFAULT_PORTS_DOWN = 32;

/** @returns the links of `fabric`; costs grow with its levels, not with its chips (explicit graphs: with their links). */
export function buildNetwork(fabric: FabricSpec): Network {
  const levels: NetworkLevel[] = [];
  const stacks: Stack[] = [];
  const faults: Network['faults'] = [];
  let span = 1;
  let built = 1;
  let childName = 'chip';
  let previous: NetworkLevel | undefined;
  fabric.levels.forEach((spec, index) => {
    const childSpan = span;
    // Spare children carry no ranks: chips are numbered through the others. Their cables are there all the same.
    span *= ranksOf(spec);
    const ocs = spec.topology.kind === 'ocs';
    const stacked =
      previous !== undefined && (ocs || (passesOn(previous) && previous.spec.tier === spec.tier));
    let stack = stacks.at(-1);
    if (!stacked || stack === undefined) {
      stack = { below: childSpan, above: span, links: [], wired: [] };
      stacks.push(stack);
    }
    stack.above = span;
    const level: NetworkLevel = { spec, childSpan, span, stack };
    const child = { name: childName, span: childSpan, built };
    if (!isWired(spec)) stack.links.push(...linksOf(spec, child, span, stacked));
    else if (fabric.levels[index + 1]?.topology.kind !== 'ocs') {
      const cube = ocs ? previous : undefined;
      const wired = wiredOf(spec, cube?.spec, cube?.childSpan ?? childSpan, span);
      if (typeof wired === 'string') faults.push({ level: spec.name, message: wired });
      else {
        level.wired = wired;
        if (cube) cube.wired = wired;
        stack.wired.push(wired);
        // Children with a switch of their own reach the links through the ports of their chips.
        if (!stacked && wired.end > 1) stack.links.push(chipPort(spec, span));
      }
    }
    previous = level;
    levels.push(level);
    childName = spec.name;
    built *= spec.count;
  });
  const { generation, launch } = fabric.chip;
  return {
    chips: span,
    levels,
    stacks,
    faults,
    ...(generation && { generation }),
    ...(launch && { launch }),
  };
}

export function isWired({ topology, failed }: LevelSpec): boolean {
  if (topology.kind === 'fully_connected') return failed !== undefined;
  return topology.kind !== 'switch' && topology.kind !== 'fat_tree';
}

function wiredOf(
  spec: LevelSpec,
  cube: LevelSpec | undefined,
  childSpan: number,
  unit: number,
): Wired | string {
  const inside = cube?.topology.kind === 'torus' ? cube.topology.dims : undefined;
  const rates = inside?.map((_, at) => gridRate(cube!, inside, at, childSpan));
  const chips = cube ? childSpan * ranksOf(cube) : childSpan;
  const built = buildWiring(spec, { chips, ...(inside && rates && { cube: { sizes: inside, rates } }) });
  if ('reason' in built) return built.reason;
  const { wiring, span: end } = built;
  const links = wiring.classes.map((each): WiredLinks => {
    const { name, tier, efficiency } = each.below && cube ? cube : spec;
    const { capacity, links: count, part, name: link } = each;
    return {
      kind: 'wired',
      level: name,
      tier,
      link,
      span: end,
      unit,
      capacity,
      efficiency,
      links: count,
      part,
    };
  });
  const perLink = ['torus', 'ocs', 'graph', 'hamming_mesh', 'fully_connected'].includes(spec.topology.kind);
  const latency = Math.max(spec.latency, cube?.latency ?? 0);
  return { wiring, end, below: childSpan, unit, links, latency, perLink };
}

/** Every class of links, in trees and wirings. */
export function linkClassesOf({ stacks }: Network): LinkClass[] {
  return stacks.flatMap(({ links, wired }) => [...links, ...wired.flatMap(each => each.links)]);
}

function chipPort(level: LevelSpec, unit: number): Cut {
  const { name, tier, bandwidth: capacity, efficiency } = level;
  return { kind: 'tree', level: name, tier, link: `chip to ${name}`, span: 1, unit, capacity, efficiency };
}

/** Whether a unit of this level can carry its chips' traffic to a level above. */
function passesOn({ spec, childSpan, wired }: NetworkLevel): boolean {
  return (spec.topology.kind !== 'fully_connected' && !isWired(spec)) || (wired?.below ?? childSpan) > 1;
}

interface Child {
  name: string;
  span: number;
  /** Chips of one child, spares included. */
  built: number;
}

function linksOf(level: LevelSpec, child: Child, span: number, stacked: boolean): (Cut | PairLinks)[] {
  const { topology } = level;
  const common = { level: level.name, tier: level.tier, unit: span, efficiency: level.efficiency };
  const links: (Cut | PairLinks)[] = [];
  const cut = (link: string, cutSpan: number, capacity: number): void => {
    // A cut around everything carries nothing.
    if (cutSpan >= span) return;
    // Links above the first switch run at the rate of a chip's port in one plane.
    const port = level.bandwidth / (topology.kind === 'fat_tree' ? topology.planes : 1);
    const ports = Math.max(1, Math.round(capacity / port));
    const spread = level.routing && level.routing !== 'minimal' && ports > 1;
    links.push({
      kind: 'tree',
      link,
      span: cutSpan,
      capacity,
      ...common,
      ...(spread && { ports, routing: level.routing }),
    });
  };
  if (topology.kind === 'fully_connected') {
    if (child.span > 1 && !stacked) links.push(chipPort(level, span));
    const egress = level.uplink ?? level.bandwidth * child.built;
    const capacity = level.link ?? egress / Math.max(1, level.count - 1);
    links.push({
      kind: 'pairs',
      link: `${child.name} to ${child.name}`,
      span: child.span,
      capacity,
      ...common,
    });
    return links;
  }
  const ratios = oversubscriptions(level);
  const uplink = level.uplink ?? (level.bandwidth * child.built) / ratios[0]!;
  // Where every chip has its own port, the child's uplink is those ports together and binds no earlier.
  const shared = level.uplink !== undefined || ratios[0] !== 1;
  if (!stacked) {
    const port = shared && child.span === 1 ? Math.min(level.bandwidth, uplink) : level.bandwidth;
    cut(topology.kind === 'fat_tree' ? 'chip to leaf' : 'chip to switch', 1, port);
  }
  if (stacked || (shared && child.span > 1)) cut(`${child.name} uplink`, child.span, uplink);
  if (topology.kind !== 'fat_tree') return links;
  let children = 1;
  let capacity = uplink;
  for (let tier = 1; tier < topology.tiers; tier++) {
    const down = tier === 1 ? (topology.leaf ?? defaultLeaf(child.built)) : DEFAULT_PORTS_DOWN;
    children *= down;
    capacity *= down / ratios[tier]!;
    cut(tier === 1 ? 'leaf to spine' : `tier ${tier} to ${tier + 1}`, children * child.span, capacity);
  }
  return links;
}

/** Children under a leaf switch with one port per chip. */
function defaultLeaf(chipsPerChild: number): number {
  return Math.max(1, Math.floor(DEFAULT_PORTS_DOWN / chipsPerChild));
}

/** Per tier, child's uplink first. A single ratio belongs to the top tier. */
function oversubscriptions(level: LevelSpec): number[] {
  const topology = level.topology;
  if (topology.kind === 'switch') return [topology.oversubscription ?? 1];
  if (topology.kind !== 'fat_tree') return [1];
  const given = topology.oversubscription;
  if (given.length >= topology.tiers) return given;
  return [...new Array<number>(topology.tiers - given.length).fill(1), ...given];
}

/** Lowest level that holds chips `a` and `b` in one unit; -1 for the same chip. */
export function meetingLevel(network: Network, a: number, b: number): number {
  if (a === b) return -1;
  return network.levels.findIndex(level => Math.floor(a / level.span) === Math.floor(b / level.span));
}

/** Whether no cut of this class runs between chips `a` and `b`. */
export function sameUnit({ span, unit }: LinkClass, a: number, b: number): boolean {
  const block = Math.floor(a / unit);
  if (block !== Math.floor(b / unit)) return false;
  const start = block * unit;
  return Math.floor((a - start) / span) === Math.floor((b - start) / span);
}
