/**
 * HyperX (Ahn et al., SC09): a grid of switches, along every dimension each linked to each, and the same number of ports on
 * every switch. Routes go dimension by dimension, one link each. On groups that are alike along every dimension all links of a
 * dimension inside the groups carry the same, whatever the sequence of the dimensions.
 */
import type { Routing } from '../spec.ts';
import { axisName } from './coordinates.ts';
import type { Drafted, Ports } from './drafts.ts';
import { clearlyLess } from './explicit.ts';
import { type GraphDraft, linkAdder } from './link-graph.ts';
import { latticeSize, membersAlong } from './members.ts';
import type { Coordinate, Lattice, WiredClass, WiredLoad, Wiring } from './wiring.ts';

export interface HyperxSpec {
  sizes: readonly number[];
  hosts: number;
  ports: Ports;
  /** Of one link between two switches, bytes/s. */
  rate: number;
}

const PORT = 0;

export function hyperxDraft({ sizes, hosts, ports, rate }: HyperxSpec): Drafted {
  const { ends, perEnd } = ports;
  const switches = sizes.reduce((product, size) => product * size, 1);
  const draft: GraphDraft = {
    ends,
    vertices: ends + switches,
    endsForward: false,
    classes: [
      { name: 'port', capacity: ports.rate, part: 'local' },
      ...sizes.map((_, axis) => ({
        name: `${axisName(axis)} link`,
        capacity: rate,
        part: 'global' as const,
      })),
    ],
    links: [],
  };
  const add = linkAdder(draft);
  for (let slot = 0; slot < ends * perEnd; slot++)
    add({ a: Math.floor(slot / perEnd), b: ends + Math.floor(slot / hosts), at: PORT, cables: 1, along: 0 });
  let stride = 1;
  sizes.forEach((size, axis) => {
    for (let from = 0; from < switches; from++)
      for (
        let to = from + stride;
        Math.floor(to / (stride * size)) === Math.floor(from / (stride * size));
        to += stride
      )
        add({ a: ends + from, b: ends + to, at: 1 + axis, cables: 1, along: axis + 1 });
    stride *= size;
  });
  return isWholeHyperx({ sizes, hosts, ports, rate })
    ? { draft, coordinates: switchCoordinates(sizes, hosts / perEnd), grid: true, alike: [0] }
    : { draft, coordinates: [], grid: true };
}

/** Whether every port is in use and endpoints lie on one switch each: then positions are digits of the endpoint number. */
export function isWholeHyperx({ sizes, hosts, ports }: HyperxSpec): boolean {
  const places = sizes.reduce((product, size) => product * size, hosts);
  return hosts % ports.perEnd === 0 && ports.ends * ports.perEnd === places;
}

function switchCoordinates(sizes: readonly number[], onSwitch: number): Coordinate[] {
  let stride = onSwitch;
  const host = { name: 'host', size: onSwitch, digits: [{ stride: 1, size: onSwitch, step: 1 }] };
  const grid = sizes.map((size, axis) => {
    const coordinate = { name: axisName(axis), size, digits: [{ stride, size, step: 1 }] };
    stride *= size;
    return coordinate;
  });
  return [host, ...grid];
}

/** Loads of all pairs by formula, for a HyperX with every port in use and nothing broken; undefined where children span switches. */
export function hyperxPairs(
  { sizes, hosts, ports, rate }: HyperxSpec,
  routing: Routing,
  lattice: Lattice,
  bytes: number,
): WiredLoad[] | undefined {
  const onSwitch = hosts / ports.perEnd;
  const inChild = childOnSwitch(lattice[0] ?? [], onSwitch, ports.inChild);
  if (inChild === undefined) return undefined;
  const sent = (latticeSize(lattice) - inChild) * bytes;
  const direct = minimalLoads(sizes, onSwitch, ports, lattice, bytes, sent);
  if (routing !== 'valiant' && routing !== 'adaptive') return direct;
  // Everyone's bytes to everyone alike, twice: out to a random switch and in from one.
  const spread = (2 * sent) / ports.ends;
  const everywhere: Lattice = [onSwitch, ...sizes].map(size => [{ stride: 1, size }]);
  const detour = minimalLoads(sizes, onSwitch, ports, everywhere, spread, sent);
  if (routing === 'valiant') return detour;
  const worst = (loads: readonly WiredLoad[]): number =>
    Math.max(...loads.map(({ at, bytes }) => bytes / (at === PORT ? ports.rate : rate)));
  return clearlyLess(worst(detour), worst(direct)) ? detour : direct;
}

function minimalLoads(
  sizes: readonly number[],
  onSwitch: number,
  ports: Ports,
  lattice: Lattice,
  bytes: number,
  sent: number,
): WiredLoad[] {
  const port = sent / ports.perEnd;
  const loads: WiredLoad[] = [{ at: PORT, bytes: port, both: 2 * port, total: 2 * sent * ports.ends }];
  const switches = sizes.reduce((product, size) => product * size, 1);
  const members = latticeSize(lattice);
  sizes.forEach((_, axis) => {
    const along = membersAlong(lattice[axis + 1] ?? []);
    // Sources on one switch, times targets behind the link: the other dimensions are met on either side of it.
    const each = along > 1 ? (onSwitch * members * bytes) / along : 0;
    loads.push({ at: axis + 1, bytes: each, both: 2 * each, total: each * switches * (along - 1) });
  });
  return loads;
}

/** Members of one group in one child; undefined where a child's endpoints lie on several switches. */
export function childOnSwitch(
  hostDigits: readonly { stride: number; size: number }[],
  onSwitch: number,
  inChild: number,
): number | undefined {
  if (inChild === 1) return 1;
  if (onSwitch % inChild !== 0) return undefined;
  let members = 1;
  for (const { stride, size } of hostDigits) {
    // Within a child lie the digit's steps that do not leave it.
    if (stride >= inChild) continue;
    if (inChild % stride !== 0) return undefined;
    members *= Math.min(size, inChild / stride);
  }
  return members;
}

/**
 * Seconds for what an all-gather of one byte must bring through the ports of a child: every shard once for all of a group's
 * members there. Undefined where children span switches.
 */
export function portsGather(lattice: Lattice, onSwitch: number, ports: Ports): number | undefined {
  const n = latticeSize(lattice);
  const members = childOnSwitch(lattice[0] ?? [], onSwitch, ports.inChild);
  return members && (n - members) / (members * n * ports.perEnd * ports.rate);
}

/** Endpoints up to which bounds look at every link. */
export const MOST_ENDS_BY_LINK = 40_000;

/** A HyperX with every port in use and nothing broken. @param byLink the same, link by link */
export function hyperxWiring(spec: HyperxSpec, routing: Routing, byLink: () => Wiring): Wiring {
  const { sizes, hosts, ports, rate } = spec;
  const switches = sizes.reduce((product, size) => product * size, 1);
  const classes: WiredClass[] = [
    { name: 'port', capacity: ports.rate, part: 'local', links: 2 * ports.ends * ports.perEnd },
    ...sizes.map((size, axis) => ({
      name: `${axisName(axis)} link`,
      capacity: rate,
      part: 'global' as const,
      links: switches * (size - 1),
    })),
  ];
  const onSwitch = hosts / ports.perEnd;
  const few = ports.ends <= MOST_ENDS_BY_LINK;
  return {
    ends: ports.ends,
    coordinates: switchCoordinates(sizes, onSwitch),
    classes,
    leastPort: ports.rate * ports.perEnd,
    pairs: (lattice, bytes) => hyperxPairs(spec, routing, lattice, bytes) ?? byLink().pairs(lattice, bytes),
    flows: demands => byLink().flows(demands),
    hops(source, target) {
      if (source === target) return 0;
      let [a, b] = [Math.floor(source / onSwitch), Math.floor(target / onSwitch)];
      let hops = 2;
      for (const size of sizes) {
        if (a % size !== b % size) hops++;
        [a, b] = [Math.floor(a / size), Math.floor(b / size)];
      }
      return hops;
    },
    farthest: lattice =>
      latticeSize(lattice) < 2 ? 0 : 2 + lattice.slice(1).filter(digits => membersAlong(digits) > 1).length,
    gatherBound(lattice) {
      if (few) return byLink().gatherBound(lattice);
      const time = portsGather(lattice, onSwitch, ports);
      return time === undefined ? byLink().gatherBound(lattice) : { time, exact: false, by: 'ports' };
    },
    exchangeBound(lattice) {
      const n = latticeSize(lattice);
      const loads = hyperxPairs(spec, 'minimal', lattice, 1 / n);
      if (!loads) return byLink().exchangeBound(lattice);
      const times = loads.map(({ at, bytes }) => bytes / classes[at]!.capacity);
      // Where groups span a dimension, hops along it load all of its links alike and cannot be fewer.
      const spanned = times.map((time, at) =>
        at === PORT || membersAlong(lattice[at] ?? []) === sizes[at - 1] ? time : 0,
      );
      const time = Math.max(...spanned);
      const exact = Math.max(...times) <= time * (1 + 1e-9);
      if (!exact && few) return byLink().exchangeBound(lattice);
      return { time, exact, by: time > spanned[PORT]! ? 'hops' : 'ports' };
    },
  };
}
