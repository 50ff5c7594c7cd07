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
 */
import type { FabricSpec, Generation, LevelSpec, Tier } from './spec.ts';

/** A class of equal links around the units of `span` consecutive chips. */
export interface Cut {
  kind: 'tree';
  level: string;
  tier: Tier;
  /** Name for people: "chip to leaf", "pod uplink". */
  link: string;
  /** Chips of one unit. */
  span: number;
  /** Units are counted anew from the first chip of every `unit` chips: the last leaf of a pod may hold fewer than the others. */
  unit: number;
  /** Line rate of one unit's cut and direction, bytes/s. */
  capacity: number;
  efficiency: number;
}

/** One direct link between every pair of the children of a unit. */
export interface PairLinks {
  kind: 'pairs';
  level: string;
  tier: Tier;
  link: string;
  /** Chips of one child. */
  span: number;
  /** Chips of the unit whose children are joined. */
  unit: number;
  capacity: number;
  efficiency: number;
}

export type LinkClass = Cut | PairLinks;

export interface Stack {
  /** Traffic of this network leaves units of this many chips (a node, for the scale-out network; 1 chip innermost). */
  below: number;
  /** … and stays in units of this many. */
  above: number;
  links: LinkClass[];
}

export interface NetworkLevel {
  spec: LevelSpec;
  /** Chips of one child and of one unit. */
  childSpan: number;
  span: number;
  stack: Stack;
}

export interface Network {
  /** Chips that can hold ranks; spares are left out. */
  chips: number;
  levels: NetworkLevel[];
  stacks: Stack[];
  /** Of the chips: whose library's habits the prices follow. */
  generation?: Generation;
}

/** Ports of a switch when the text gives no `leaf:`: 64, half of them down (51.2 Tb/s silicon at 800 Gb/s, or 25.6 at 400). */
const DEFAULT_PORTS_DOWN = 32;

/** @returns the links of `fabric`; costs grow with its levels, not with its chips. */
export function buildNetwork(fabric: FabricSpec): Network {
  const levels: NetworkLevel[] = [];
  const stacks: Stack[] = [];
  let span = 1;
  let built = 1;
  let childName = 'chip';
  let previous: NetworkLevel | undefined;
  for (const spec of fabric.levels) {
    const childSpan = span;
    // Spare children carry no ranks: chips are numbered through the others. Their cables are there all the same.
    span *= spec.count - spec.spare;
    const stacked = previous !== undefined && passesOn(previous) && previous.spec.tier === spec.tier;
    let stack = stacks.at(-1);
    if (!stacked || stack === undefined) {
      stack = { below: childSpan, above: span, links: [] };
      stacks.push(stack);
    }
    stack.above = span;
    stack.links.push(...linksOf(spec, { name: childName, span: childSpan, built }, span, stacked));
    previous = { spec, childSpan, span, stack };
    levels.push(previous);
    childName = spec.name;
    built *= spec.count;
  }
  const { generation } = fabric.chip;
  return { chips: span, levels, stacks, ...(generation && { generation }) };
}

/** Whether a unit of this level can carry its chips' traffic to a level above. */
function passesOn({ spec, childSpan }: NetworkLevel): boolean {
  return spec.topology.kind !== 'fully_connected' || childSpan > 1;
}

interface Child {
  name: string;
  span: number;
  /** Chips of one child, spares included. */
  built: number;
}

function linksOf(level: LevelSpec, child: Child, span: number, stacked: boolean): LinkClass[] {
  const { topology } = level;
  const common = { level: level.name, tier: level.tier, unit: span, efficiency: level.efficiency };
  const links: LinkClass[] = [];
  const cut = (link: string, cutSpan: number, capacity: number): void => {
    // A cut around everything carries nothing.
    if (cutSpan < span) links.push({ kind: 'tree', link, span: cutSpan, capacity, ...common });
  };
  if (topology.kind === 'fully_connected') {
    if (child.span > 1 && !stacked) cut(`chip to ${level.name}`, 1, level.bandwidth);
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
