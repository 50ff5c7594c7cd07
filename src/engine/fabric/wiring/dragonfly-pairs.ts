/**
 * All pairs of all groups on a whole dragonfly, by formula. Groups are alike along hosts, routers and groups of the dragonfly,
 * so every router of a group sends the same to every group that it has partners in; what differs from link to link is only how
 * many global links lie on the two routers that a local link joins.
 */
import type { Digit } from '../pattern.ts';
import {
  type DragonflySpec,
  GLOBAL,
  isWhole,
  LOCAL,
  linksPerPair,
  PORT,
  routerOfLink,
} from './dragonfly-shape.ts';
import { childOnSwitch } from './hyperx.ts';
import { latticeSize, membersAlong, positionsFrom, rootAlong } from './members.ts';
import type { Lattice, WiredLoad } from './wiring.ts';

/** What one router sends, in bytes. */
interface Amounts {
  /** From one endpoint to all its partners outside its child. */
  sent: number;
  /** To one router of its own group that it has partners on. */
  toRouter: number;
  /** To one other group that it has partners in; as many come from there. */
  toGroup: number;
}

/** Undefined where a formula does not hold: ports unused, or children that lie on several routers. */
export function dragonflyPairs(
  spec: DragonflySpec,
  lattice: Lattice,
  bytes: number,
  valiant: boolean,
): WiredLoad[] | undefined {
  const { hosts, ports } = spec;
  if (!isWhole(spec)) return undefined;
  const onRouter = hosts / ports.perEnd;
  const inChild = childOnSwitch(lattice[0] ?? [], onRouter, ports.inChild);
  if (inChild === undefined) return undefined;
  const [onHost, onRouters] = [membersAlong(lattice[0] ?? []), membersAlong(lattice[1] ?? [])];
  const amounts = {
    sent: (latticeSize(lattice) - inChild) * bytes,
    toRouter: onRouter * onHost * bytes,
    toGroup: onRouter * onRouters * onHost * bytes,
  };
  const port = amounts.sent / ports.perEnd;
  const loads: WiredLoad[] = [
    { at: PORT, bytes: port, both: 2 * port, total: 2 * amounts.sent * ports.ends },
  ];
  const rest = valiant ? detourLoads(spec, lattice, amounts) : directLoads(spec, lattice, amounts);
  return [...loads, ...rest];
}

function directLoads(spec: DragonflySpec, lattice: Lattice, { toRouter, toGroup }: Amounts): WiredLoad[] {
  const { groups, routers } = spec;
  const links = linksPerPair(spec);
  const digits = lattice[2] ?? [];
  const along = membersAlong(digits);
  const perLink = links > 0 ? toGroup / links : 0;
  // Groups that stand alike among their partners see the same links.
  let busiest = 0;
  for (const group of along === groups ? [0] : positionsFrom(digits, 0)) {
    const used = usedLinks(spec, group, digits);
    busiest = Math.max(busiest, busiestLocal(used, lattice[1] ?? [], perLink, toRouter));
  }
  const partners = membersAlong(lattice[1] ?? []) - 1;
  // In and out at both ends of a local link: what a router without links sends to one with links, and what comes back.
  const crossing = along > 1 ? (along - 1) * toGroup * routers : 0;
  const localTotal = groups * routers * partners * toRouter + 2 * groups * crossing * (1 - 1 / routers);
  const global = along > 1 ? perLink * routers : 0;
  return [
    { at: LOCAL, bytes: busiest, both: 2 * busiest, total: localTotal },
    { at: GLOBAL, bytes: global, both: 2 * global, total: groups * crossing },
  ];
}

/** By router of `group`, its global links to the groups that hold partners. */
function usedLinks(spec: DragonflySpec, group: number, digits: readonly Digit[]): Float64Array {
  const used = new Float64Array(spec.routers);
  const copies = linksPerPair(spec);
  for (const other of positionsFrom(digits, rootAlong(digits, group))) {
    if (other === group) continue;
    const offset = (other - group + spec.groups) % spec.groups;
    for (let copy = 0; copy < copies; copy++) used[routerOfLink(spec, offset, copy)]!++;
  }
  return used;
}

/** A local link carries what leaves by the links of one end, what came in by those of the other, and its own pairs. */
function busiestLocal(
  used: Float64Array,
  routerDigits: readonly Digit[],
  perLink: number,
  toRouter: number,
): number {
  let most = 0;
  for (let a = 0; a < used.length; a++) {
    for (let b = a + 1; b < used.length; b++) {
      const partners = rootAlong(routerDigits, a) === rootAlong(routerDigits, b);
      most = Math.max(most, (used[a]! + used[b]!) * perLink + (partners ? toRouter : 0));
    }
  }
  return most;
}

/** Groups in which transit is counted: all of fewer, of more as many at equal distances. */
const MOST_PLACES = 256;

function transitPlaces(groups: number, along: number): number[] {
  if (along === groups) return [0];
  const step = Math.ceil(groups / MOST_PLACES);
  return Array.from({ length: Math.ceil(groups / step) }, (_, index) => index * step);
}

/**
 * Over a random other group, the target's included, and inside a group over a random router. Every router then sends to all
 * other groups alike and receives from all alike; what is new is transit through groups that are neither source nor target.
 */
function detourLoads(spec: DragonflySpec, lattice: Lattice, { toRouter, toGroup }: Amounts): WiredLoad[] {
  const { groups, routers } = spec;
  const links = linksPerPair(spec);
  const digits = lattice[2] ?? [];
  const along = membersAlong(digits);
  const onRouters = membersAlong(lattice[1] ?? []);
  const own = (2 * toRouter * (onRouters - 1)) / routers;
  const ownTotal = groups * routers * (routers - 1) * own;
  if (along < 2)
    return [
      { at: LOCAL, bytes: own, both: 2 * own, total: ownTotal },
      { at: GLOBAL, bytes: 0, both: 0, total: 0 },
    ];
  const even = (toGroup * (along - 1)) / (groups - 1);
  const perPair = (toGroup * routers) / (groups - 1);
  const all: Digit[] = [{ stride: 1, size: groups }];
  const used = usedLinks(spec, 0, all);
  const places = transitPlaces(groups, along);
  let stays = 0;
  let [busiest, both] = [0, 0];
  for (const group of places) {
    const transit = transitPairs(spec, group, digits);
    for (let a = 0; a < routers; a++) {
      stays += transit[a * routers + a]! / places.length;
      for (let b = a + 1; b < routers; b++) {
        const base = ((used[a]! + used[b]!) * even) / links + own;
        const there = (transit[a * routers + b]! * perPair) / links ** 2;
        const back = (transit[b * routers + a]! * perPair) / links ** 2;
        busiest = Math.max(busiest, base + Math.max(there, back));
        both = Math.max(both, 2 * base + there + back);
      }
    }
  }
  const pairs = groups * (along - 1) * perPair;
  const moving = 1 - 1 / routers;
  const first = pairs * (groups - 1);
  const second = pairs * (groups - 2);
  // Sources and targets are spread over all routers; transit stays on one router where both links lie there.
  const transitTotal = second - (groups * stays * perPair) / links ** 2;
  // A group that is no partner of the target's passes on all of it; a partner sends its own part in the first hop.
  const hops = 2 * (along - 1) - (along === groups ? 1 : 0);
  const global = (hops * perPair) / links;
  return [
    { at: LOCAL, bytes: busiest, both, total: ownTotal + 2 * first * moving + transitTotal },
    { at: GLOBAL, bytes: global, both: 2 * global, total: first + second },
  ];
}

/** Ordered pairs (link from a source group at router a, link to one of its partners at router b) of a group in between. */
function transitPairs(spec: DragonflySpec, group: number, digits: readonly Digit[]): Float64Array {
  const { groups, routers } = spec;
  const pairs = new Float64Array(routers * routers);
  const bySet = new Map<number, number[]>();
  for (let other = 0; other < groups; other++) {
    if (other === group) continue;
    const set = rootAlong(digits, other);
    const hosts = routersTowards(spec, group, other);
    const list = bySet.get(set);
    if (list) list.push(...hosts);
    else bySet.set(set, [...hosts]);
    for (const a of hosts) for (const b of hosts) pairs[a * routers + b]!--;
  }
  for (const list of bySet.values()) {
    const count = new Float64Array(routers);
    for (const router of list) count[router]!++;
    const touched = [...new Set(list)];
    for (const a of touched) for (const b of touched) pairs[a * routers + b]! += count[a]! * count[b]!;
  }
  return pairs;
}

function routersTowards(spec: DragonflySpec, group: number, other: number): number[] {
  const offset = (other - group + spec.groups) % spec.groups;
  return Array.from({ length: linksPerPair(spec) }, (_, copy) => routerOfLink(spec, offset, copy));
}
