/** Bytes on the links of a wiring: by formula where groups and shape allow, else flow by flow. */
import { listFlows, thinned } from './listing.ts';
import type { ClassLoad, Traffic } from './load.ts';
import type { Wired } from './network.ts';
import { type Digit, type Group, periodOf } from './pattern.ts';
import { latticeOf, type OnWiring } from './wiring/lattice.ts';
import { membersAlong } from './wiring/members.ts';
import { passesAlong } from './wiring/passing.ts';
import type { Demand, Lattice, WiredLoad } from './wiring/wiring.ts';

/** Units in which groups may lie differently are looked at up to this many, and the last one. */
const MOST_UNITS = 4;

/** @returns loads of the busiest unit, one per class that carries anything. */
export function wiredLoads(wired: Wired, traffic: Traffic, chips: number): ClassLoad[] {
  if (wired.below >= chips) return [];
  const byFormula = formula(wired, traffic, chips);
  const loads = byFormula ?? flowByFlow(wired, traffic, chips);
  const flow = bytesOfFlow(traffic);
  return loads
    .filter(({ bytes }) => bytes > 0)
    .map(({ at, bytes, both, total, sampled }) => ({
      link: wired.links[at]!,
      bytes,
      both,
      total,
      flows: Math.max(1, Math.round(bytes / flow)),
      ...(sampled && { sampled }),
    }));
}

/** Where members of a group lie on a wiring; undefined where they fit it unevenly. @param chips ranks of the mesh */
export function placesOn({ wiring, end, unit }: Wired, group: Group, chips: number): OnWiring | undefined {
  if (wiring.coordinates.length === 0) return undefined;
  const inside = group.filter(({ stride }) => stride < Math.min(unit, chips));
  // A group that goes on in other units must fill this one, or its members lie differently in each.
  for (const digit of inside) {
    const period = periodOf(digit);
    if (period > unit && (unit % digit.stride !== 0 || digit.size % (unit / digit.stride) !== 0))
      return undefined;
    if (period < unit && unit % period !== 0 && chips > unit) return undefined;
  }
  const places = latticeOf(inside, wiring.coordinates, end, wiring.ends);
  const leftOver = places?.row === undefined || (wiring.leavesOver && chips <= places.row * end);
  return leftOver ? places : undefined;
}

/**
 * What a wiring without a spine makes the children pass on: each member sends what is for another rail to the chip of its own child
 * that sits on that rail. Of an exchange: one inside the children.
 */
export function relayedTraffic(wired: Wired, traffic: Traffic, chips: number): Traffic | undefined {
  const { wiring, below } = wired;
  const places = exchanged(wired, traffic, chips);
  if (!wiring.relays || !places || traffic.kind !== 'pairs') return undefined;
  const bytes = wiring.relays.pairs(places.lattice, traffic.bytes);
  const group = withinChild(traffic.group, below);
  return bytes > 0 && group && group.length > 0 ? { kind: 'pairs', group, bytes } : undefined;
}

/** Of any other traffic: what is passed on and what stays in a child anyway, chip by chip. */
export function relayedFlows(wired: Wired, traffic: Traffic, chips: number): Demand[] | undefined {
  const { wiring, below, unit, end } = wired;
  if (!wiring.relays || below >= chips || end > 1 || exchanged(wired, traffic, chips)) return undefined;
  const all = listFlows(traffic, { from: 0, to: Math.min(chips, unit), end, below: 1 });
  const own = all.filter(({ source, target }) => Math.floor(source / below) === Math.floor(target / below));
  return [...own, ...wiring.relays.flows(all)];
}

/** Where an exchange among all members lies, if evenly. */
function exchanged(wired: Wired, traffic: Traffic, chips: number): OnWiring | undefined {
  if (traffic.kind !== 'pairs' || traffic.fromRoots || wired.below >= chips || wired.end > 1)
    return undefined;
  return withinChild(traffic.group, wired.below) && placesOn(wired, traffic.group, chips);
}

/** The part of a group that lies in one child; undefined where it lies there unevenly. */
function withinChild(group: Group, below: number): Group | undefined {
  const inner: { stride: number; size: number }[] = [];
  for (const { stride, size } of group) {
    if (stride >= below) break;
    if (below % stride !== 0) return undefined;
    const inside = Math.min(size, below / stride);
    if (size % inside !== 0 || below % (stride * inside) !== 0) return undefined;
    inner.push({ stride, size: inside });
  }
  return inner;
}

/** Links (or ways through the level) between the two members of a group that are farthest apart. */
export function hopsOn(wired: Wired, group: Group, chips: number): number {
  if (!wired.perLink) return 1;
  const places = placesOn(wired, group, chips);
  const { wiring } = wired;
  const whole: Lattice = wiring.coordinates.map(({ size }) => [{ stride: 1, size }]);
  return Math.max(1, wiring.farthest(places?.lattice ?? whole));
}

function formula(wired: Wired, traffic: Traffic, chips: number): WiredLoad[] | undefined {
  const { wiring, end, below, unit } = wired;
  const share = Math.min(1, chips / unit);
  if (traffic.kind === 'gather') return gathered(wired, traffic.parts, chips);
  if (traffic.kind === 'packed')
    return wired.links.some(({ level }) => level === traffic.level) ? packed(wired, traffic.bytes) : [];
  if (traffic.kind !== 'pairs' || traffic.fromRoots) return undefined;
  const places = placesOn(wired, traffic.group, chips);
  if (!places) return undefined;
  // Members at one endpoint talk to those at another, and as many groups meet there as its chips hold.
  const bytes = traffic.bytes * places.atEnd * end;
  const all = wiring.pairs(places.lattice, bytes);
  if (!all) return undefined;
  const inner = below > end ? innerPairs(wired, traffic.group, bytes) : [];
  if (!inner) return undefined;
  return all.map(load => {
    const own = inner.find(each => each.at === load.at);
    return {
      at: load.at,
      bytes: load.bytes - (own?.bytes ?? 0),
      both: load.both - (own?.both ?? 0),
      total: (load.total - (own?.total ?? 0)) * share,
      ...((load.sampled || own?.sampled) && { sampled: true }),
    };
  });
}

/** What members that share a child would put on the wiring: they have a nearer network. */
function innerPairs(wired: Wired, group: Group, bytes: number): WiredLoad[] | undefined {
  const { wiring, below, end } = wired;
  const inner = withinChild(group, below);
  const places = inner && latticeOf(inner, wiring.coordinates, end, wiring.ends);
  return places && places.row === undefined ? wiring.pairs(places.lattice, bytes) : undefined;
}

/** Every link as busy as every other one. */
function packed({ links, wiring }: Wired, bytes: number): WiredLoad[] {
  const all = links.reduce((sum, { capacity, links: count }) => sum + capacity * count, 0);
  const each = (bytes * wiring.ends) / all;
  return links.map(({ capacity, links: count }, at) => {
    const load = each * capacity;
    return { at, bytes: load, both: 2 * load, total: load * count };
  });
}

/** What gathers along coordinates take through the ports of chips into the networks below an endpoint. */
export function throughPorts(
  wired: Wired,
  parts: (Traffic & { kind: 'gather' })['parts'],
  chips: number,
): { bytes: number; both: number; sent: number } {
  const sum = { bytes: 0, both: 0, sent: 0 };
  if (!passesAlong(wired.wiring)) return sum;
  for (const { group, bytes } of parts) {
    const part = coordinateOf(wired, group, chips);
    if (!part) continue;
    const members = membersAlong(part.digits);
    // Inside a line one sends to both sides what it has from the other, and its own twice.
    const line = members > 2 && !wired.wiring.gatherCloses(part.at, part.digits);
    sum.sent += (members - 1) * bytes;
    sum.bytes += (line ? members + 1 : members - 1) * bytes;
    sum.both += 2 * (line ? members : members - 1) * bytes;
  }
  return sum;
}

/** The one coordinate along which a part of a gather lies; undefined where it fits the wiring unevenly. */
function coordinateOf(
  wired: Wired,
  group: Group,
  chips: number,
): { at: number; digits: readonly Digit[] } | undefined {
  const lattice = placesOn(wired, group, chips)?.lattice ?? [];
  const at = lattice.findIndex(digits => membersAlong(digits) > 1);
  return at < 0 ? undefined : { at, digits: lattice[at]! };
}

function gathered(
  wired: Wired,
  parts: (Traffic & { kind: 'gather' })['parts'],
  chips: number,
): WiredLoad[] | undefined {
  const { wiring, unit } = wired;
  if (!passesAlong(wiring)) return [];
  const loads: WiredLoad[] = [];
  for (const { group, bytes } of parts) {
    // What stays inside a child is another network's.
    if (group.every(digit => periodOf(digit) <= wired.below)) continue;
    const part = coordinateOf(wired, group, chips);
    if (!part) continue;
    for (const load of wiring.gather(part.at, part.digits, bytes * wired.end))
      addPart(loads, { ...load, total: load.total * Math.min(1, chips / unit) });
  }
  return loads;
}

/** Parts that go on at once share the links that lead along no coordinate. */
function addPart(loads: WiredLoad[], part: WiredLoad): void {
  const same = loads.find(({ at }) => at === part.at);
  if (!same) loads.push(part);
  else {
    const apart = same.along !== part.along;
    same.bytes = apart ? Math.max(same.bytes, part.bytes) : same.bytes + part.bytes;
    same.both = apart ? Math.max(same.both, part.both) : same.both + part.both;
    same.total += part.total;
  }
}

/** The busiest of the units that may differ; in all, their mean. */
function flowByFlow(wired: Wired, traffic: Traffic, chips: number): WiredLoad[] {
  const { unit, end, below } = wired;
  const units = Math.ceil(chips / unit);
  const look = new Set([...Array(Math.min(units, MOST_UNITS)).keys(), units - 1]);
  const best = new Map<number, WiredLoad>();
  for (const index of look) {
    const section = { from: index * unit, to: Math.min(chips, (index + 1) * unit), end, below };
    const demands = listFlows(traffic, section);
    if (demands.length === 0) continue;
    for (const load of wired.wiring.flows(demands)) {
      const most = best.get(load.at) ?? { at: load.at, bytes: 0, both: 0, total: 0 };
      most.bytes = Math.max(most.bytes, load.bytes);
      most.both = Math.max(most.both, load.both);
      most.total += load.total / look.size;
      if (load.sampled || thinned(traffic, section)) most.sampled = true;
      best.set(load.at, most);
    }
  }
  return [...best.values()].filter(load => load.bytes > 0);
}

function bytesOfFlow(traffic: Traffic): number {
  switch (traffic.kind) {
    case 'sets':
      return Math.max(...traffic.sets.map(({ bytes }) => bytes), Number.MIN_VALUE);
    case 'gather':
      return Math.max(...traffic.parts.map(({ bytes }) => bytes), Number.MIN_VALUE);
    default:
      return traffic.bytes || 1;
  }
}
