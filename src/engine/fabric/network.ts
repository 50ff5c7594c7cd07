/**
 * A fabric of nested levels as a laminar family of cuts. Chips are numbered 0, 1, 2, … through the units of the innermost
 * level first, so every unit of every level is an interval of chips, and a link that carries a unit's traffic is the cut
 * around that interval.
 *
 * A flow between two chips belongs to the lowest level that holds both in one unit. It loads the cuts of that level and of
 * the levels below it that are the same network: a flow between pods passes the leaf, the spine and the pod's uplink, but a
 * flow between nodes leaves through the chip's network port and not through the scale-up switch of its node. Levels of one
 * tier that follow each other are one network, here called a stack.
 */
import type { FabricSpec, LevelSpec } from './spec.ts';

/** A class of equal links around the units of `span` consecutive chips. */
export interface Cut {
  kind: 'tree';
  level: string;
  /** Name for people: "chip to leaf", "pod uplink". */
  link: string;
  /** Chips of one unit. */
  span: number;
  /** Line rate of one unit's cut and direction, bytes/s. */
  capacity: number;
  efficiency: number;
}

/** One direct link between every pair of the children of a unit. */
export interface PairLinks {
  kind: 'pairs';
  level: string;
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
}

/** Ports of a switch when the text gives no `leaf:`: 64, half of them down (51.2 Tb/s silicon at 800 Gb/s, or 25.6 at 400). */
const DEFAULT_PORTS_DOWN = 32;

/** @returns the links of `fabric`; costs grow with its levels, not with its chips. */
export function buildNetwork(fabric: FabricSpec): Network {
  const levels: NetworkLevel[] = [];
  const stacks: Stack[] = [];
  let span = 1;
  let childName = 'chip';
  let previous: LevelSpec | undefined;
  for (const spec of fabric.levels) {
    const childSpan = span;
    // Spare children carry no ranks: chips are numbered through the others.
    span *= spec.count - spec.spare;
    const stacked = previous !== undefined && previous.tier === spec.tier;
    let stack = stacks.at(-1);
    if (!stacked || stack === undefined) {
      stack = { below: childSpan, above: span, links: [] };
      stacks.push(stack);
    }
    stack.above = span;
    stack.links.push(...linksOf(spec, childName, childSpan, span, stacked));
    levels.push({ spec, childSpan, span, stack });
    previous = spec;
    childName = spec.name;
  }
  return { chips: span, levels, stacks };
}

function linksOf(
  level: LevelSpec,
  child: string,
  childSpan: number,
  span: number,
  stacked: boolean,
): LinkClass[] {
  const links: LinkClass[] = [];
  const common = { level: level.name, efficiency: level.efficiency };
  const topology = level.topology;
  const cut = (link: string, cutSpan: number, capacity: number): void => {
    // A cut around everything carries nothing.
    if (cutSpan < span) links.push({ kind: 'tree', link, span: cutSpan, capacity, ...common });
  };
  if (topology.kind === 'fully_connected') {
    const capacity = level.link ?? (level.bandwidth * childSpan) / Math.max(1, level.count - 1);
    if (childSpan > 1 && !stacked) cut(`chip to ${level.name}`, 1, level.bandwidth);
    links.push({
      kind: 'pairs',
      link: `${child} to ${child}`,
      span: childSpan,
      unit: span,
      capacity,
      ...common,
    });
    return links;
  }
  const ratios = oversubscriptions(level);
  if (!stacked) cut(topology.kind === 'fat_tree' ? 'chip to leaf' : 'chip to switch', 1, level.bandwidth);
  let ratio = ratios[0] ?? 1;
  const uplink = level.uplink ?? (level.bandwidth * childSpan) / ratio;
  // Where every chip has its own port, the child's uplink is those ports together and binds no earlier.
  const own = level.uplink !== undefined || ratio !== 1;
  if (stacked || (own && childSpan > 1)) cut(`${child} uplink`, childSpan, uplink);
  else if (own && childSpan === 1) {
    const port = links[0];
    if (port) port.capacity = Math.min(port.capacity, uplink);
  }
  if (topology.kind !== 'fat_tree') return links;
  let group = childSpan;
  for (let tier = 1; tier < topology.tiers; tier++) {
    const factor =
      tier === 1
        ? (topology.leaf ?? Math.max(1, Math.floor(DEFAULT_PORTS_DOWN / childSpan)))
        : DEFAULT_PORTS_DOWN;
    group *= factor;
    ratio *= ratios[tier] ?? 1;
    cut(
      tier === 1 ? 'leaf to spine' : `tier ${tier} to ${tier + 1}`,
      group,
      ((uplink / childSpan) * group * (ratios[0] ?? 1)) / ratio,
    );
  }
  return links;
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
