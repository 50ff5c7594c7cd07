/** What the links of a level are, how much leads from one half of it to the other, and where a group lies on it: for people. */
import { crossedLevels } from './crossing.ts';
import type { Network, NetworkLevel } from './network.ts';
import { type Group, periodOf } from './pattern.ts';
import type { Topology } from './spec.ts';
import { placesOn } from './wired.ts';
import { axisName } from './wiring/coordinates.ts';
import { membersAlong } from './wiring/members.ts';
import type { WiredClass } from './wiring/wiring.ts';

/** One class of equal links of one unit of a level. */
export interface LinkKind {
  name: string;
  /** Links of one unit; of links that join two ends directly, the cables. */
  count: number;
  /** One link and direction, bytes/s at line rate. */
  capacity: number;
}

export interface Bisection {
  /** All links from one half to the other, one direction, bytes/s at line rate. */
  capacity: number;
  /** Which halves, for people: "along x", "of its groups". */
  halves: string;
}

/** The level's own links, nearest to the chips first. */
export function linkKinds({ spec, stack, span }: NetworkLevel): LinkKind[] {
  const kinds: LinkKind[] = [];
  for (const each of [...stack.links, ...stack.wired.flatMap(({ links }) => links)]) {
    if (each.level !== spec.name) continue;
    const units = span / each.span;
    const count =
      each.kind === 'tree'
        ? Math.ceil(units)
        : each.kind === 'pairs'
          ? (units * (units - 1)) / 2
          : (each.links * span) / each.unit / 2;
    kinds.push({ name: each.link, count, capacity: each.capacity });
  }
  return kinds;
}

/**
 * By closed form, where nothing is broken or spare. Of trees and grids it is the least over all halves; of a grid whose narrowest
 * side has an odd number of places there is no straight cut into halves.
 */
export function bisectionOf(level: NetworkLevel): Bisection | undefined {
  const { spec, wired } = level;
  if (spec.failed || spec.spare > 0) return undefined;
  const { topology } = spec;
  switch (topology.kind) {
    case 'switch':
    case 'fat_tree':
      return ofTree(level);
    case 'fully_connected': {
      const pairs = level.stack.links.find(each => each.kind === 'pairs' && each.level === spec.name);
      const half = Math.floor(spec.count / 2);
      return pairs && spec.count > 1
        ? { capacity: half * (spec.count - half) * pairs.capacity, halves: 'of its children' }
        : undefined;
    }
    case 'torus':
      return wired && !topology.twist
        ? ofGrid(topology.dims, topology.wrap, wired.wiring.classes)
        : undefined;
    case 'ocs': {
      const wrap = topology.shape.map(size => size > 2);
      return wired && !topology.twist ? ofGrid(topology.shape, wrap, wired.wiring.classes) : undefined;
    }
    case 'dragonfly':
      return wired && ofDragonfly(topology, wired.wiring.classes);
    case 'hyperx':
      return wired && ofHyperx(topology, wired.wiring.classes);
    default:
      return undefined;
  }
}

function ofTree({ spec, stack, span }: NetworkLevel): Bisection | undefined {
  let least: Bisection | undefined;
  for (const each of stack.links) {
    if (each.level !== spec.name || each.kind !== 'tree') continue;
    const units = span / each.span;
    // Where a unit would have to be cut through, its own cut says nothing.
    if (units % 2 !== 0) return undefined;
    const capacity = (units / 2) * each.capacity;
    if (!least || capacity < least.capacity) least = { capacity, halves: 'of its children' };
  }
  return least;
}

function ofGrid(
  sizes: readonly number[],
  wrap: readonly boolean[],
  classes: readonly WiredClass[],
): Bisection | undefined {
  const places = sizes.reduce((product, size) => product * size, 1);
  let least: { capacity: number; at: number } | undefined;
  for (const [at, size] of sizes.entries()) {
    if (size < 2) continue;
    const name = axisName(at);
    const rates = classes
      .filter(each => sizes.length === 1 || each.name.endsWith(`${name} link`))
      .map(({ capacity }) => capacity);
    // Of links that differ along one dimension it depends on which of them the middle lies.
    if (rates.length === 0 || rates.some(rate => rate !== rates[0])) return undefined;
    const capacity = (places / size) * (wrap[at] ? 2 : 1) * rates[0]!;
    if (!least || capacity < least.capacity) least = { capacity, at };
  }
  if (!least || sizes[least.at]! % 2 !== 0) return undefined;
  return { capacity: least.capacity, halves: `along ${axisName(least.at)}` };
}

/** Every two groups share as many global links. */
function ofDragonfly(
  { groups }: Topology & { kind: 'dragonfly' },
  classes: readonly WiredClass[],
): Bisection | undefined {
  const global = classes.find(({ name }) => name === 'global link');
  if (!global || groups < 2) return undefined;
  const perPair = global.links / (groups * (groups - 1));
  const half = Math.floor(groups / 2);
  const halves = groups % 2 === 0 ? 'of its groups' : `of ${half} and ${groups - half} groups`;
  return { capacity: half * (groups - half) * perPair * global.capacity, halves };
}

/** Along one dimension every two switches of a row are linked. */
function ofHyperx(
  { dims }: Topology & { kind: 'hyperx' },
  classes: readonly WiredClass[],
): Bisection | undefined {
  const switches = dims.reduce((product, size) => product * size, 1);
  let least: Bisection | undefined;
  for (const [at, size] of dims.entries()) {
    const name = axisName(at);
    const rate = classes.find(each => each.name === `${name} link`)?.capacity;
    if (size % 2 !== 0 || rate === undefined) continue;
    const capacity = (switches / size) * (size / 2) ** 2 * rate;
    if (!least || capacity < least.capacity) least = { capacity, halves: `along ${name}` };
  }
  return least;
}

/** Where the members of one group lie along one coordinate of a level, or in its children where it has none. */
export interface GroupPlace {
  level: string;
  /** "x"; undefined: children of a level that has no coordinates, or that the group fits unevenly. */
  coordinate?: string;
  members: number;
  /** Places there are. */
  size: number;
  /** Places from one member to the next; undefined where they lie at several distances. */
  apart?: number;
  /** Torus, optical switch: whether the members' places close to a ring, are a line, or a part of a ring that is one. */
  closed?: 'ring' | 'line' | 'part';
}

/** Levels that the group crosses, innermost first. */
export function placesOfGroup(network: Network, group: Group, chips: number): GroupPlace[] {
  return crossedLevels(network, group, chips).flatMap(index => {
    const level = network.levels[index]!;
    return onCoordinates(level, group, chips) ?? [onChildren(level, group)];
  });
}

function onCoordinates(level: NetworkLevel, group: Group, chips: number): GroupPlace[] | undefined {
  const { wired, spec } = level;
  const places = wired && placesOn(wired, group, chips);
  if (!places) return undefined;
  const wraps = wrapsOf(spec.topology);
  return wired.wiring.coordinates.flatMap(({ name, size }, at): GroupPlace[] => {
    const digits = places.lattice[at] ?? [];
    const members = membersAlong(digits);
    if (members < 2) return [];
    const [only, ...more] = digits;
    const apart = more.length === 0 ? only!.stride : undefined;
    const whole = apart !== undefined && apart * members === size;
    const wrap = wraps?.[at];
    // Of two places nothing is said: a ring would be the same link twice.
    const closed = wrap === undefined || size < 3 ? undefined : !wrap ? 'line' : whole ? 'ring' : 'part';
    return [
      {
        level: spec.name,
        coordinate: name,
        members,
        size,
        ...(apart !== undefined && { apart }),
        ...(closed && { closed }),
      },
    ];
  });
}

function wrapsOf(topology: Topology): readonly boolean[] | undefined {
  // The wraps of a twisted torus lead into another row.
  if (topology.kind === 'torus') return topology.twist ? undefined : topology.wrap;
  if (topology.kind === 'ocs') return topology.twist ? undefined : topology.shape.map(size => size > 2);
  return undefined;
}

function onChildren({ spec, childSpan, span }: NetworkLevel, group: Group): GroupPlace {
  const inside = group.filter(({ stride }) => stride < span);
  let members = 1;
  let apart: number | undefined;
  let several = false;
  for (const digit of inside) {
    const from = Math.max(digit.stride, childSpan);
    const here = Math.min(periodOf(digit), span) / from;
    if (here <= 1) continue;
    several ||= apart !== undefined;
    apart = from / childSpan;
    members *= here;
  }
  return {
    level: spec.name,
    members: Math.ceil(members),
    size: span / childSpan,
    ...(apart !== undefined && !several && { apart }),
  };
}
