/**
 * Grids of any dimension, each ring or line: tori, meshes, rings, lines, and cubes joined by circuit switches.
 *
 * Routes go dimension by dimension, the shortest way in each, half each way where both are as short. An exchange inside
 * groups that are products of positions then falls apart into its dimensions: a row of dimension d is passed by the pairs whose
 * later positions are the source's and whose earlier ones are the target's, which is n / n_d times what the row's own members
 * exchange. No schedule of an all-to-all on a torus does better than that on its longest side (the bisection is full), nor a gather
 * better than the ports of its poorest member along the dimensions it uses.
 */
import type { Digit } from '../pattern.ts';
import {
  type Along,
  addWay,
  closes,
  farthestAlong,
  gatherAlong,
  gatherHops,
  idleAlong,
  pairsAlong,
  wayLength,
} from './along.ts';
import { gridCoordinates, gridLinkName } from './coordinates.ts';
import { membersAlong, positionOf } from './members.ts';
import type { PassingWiring } from './passing.ts';
import type { Bound, Demand, Lattice, WiredClass, WiredLoad } from './wiring.ts';

export interface Dimension {
  size: number;
  wrap: boolean;
  /** One link and direction, bytes/s. */
  rate: number;
  /** Optical circuit switches: places of one cube, whose inner links belong to the level below and run at `rate` there. */
  cube?: { size: number; rate: number };
}

interface Part {
  dimension: number;
  /** Which links of the dimension belong to the class. */
  holds(link: number): boolean;
}

/** @param twisted its rings close through other rows: for gathers along single dimensions, and what bounds them */
export function torusWiring(dimensions: readonly Dimension[], twisted = false): PassingWiring {
  const coordinates = gridCoordinates(dimensions);
  const ends = dimensions.reduce((product, { size }) => product * size, 1);
  const { classes, parts } = classesOf(dimensions, ends);
  const known = new Map<string, Along>();

  /** Loads of a dimension's links, found again: many axes use the same digits. */
  function along(kind: 'pairs' | 'gather', at: number, digits: readonly Digit[]): Along {
    const key = `${kind}/${at}/${digits.map(({ stride, size }) => `${stride}x${size}`).join('/')}`;
    let load = known.get(key);
    if (!load) {
      const { size, wrap } = dimensions[at]!;
      load = (kind === 'pairs' ? pairsAlong : gatherAlong)(size, wrap, digits);
      known.set(key, load);
    }
    return load;
  }

  /** Loads of the classes of one dimension from those along it, in every row alike. */
  function spread(at: number, { up, down }: Along, factor: number): WiredLoad[] {
    const found: WiredLoad[] = [];
    const { size } = dimensions[at]!;
    parts.forEach((part, index) => {
      if (part.dimension !== at) return;
      const load: WiredLoad = { at: index, bytes: 0, both: 0, total: 0 };
      for (let link = 0; link < size; link++) {
        if (!part.holds(link)) continue;
        const both = up[link]! + down[link]!;
        load.bytes = Math.max(load.bytes, factor * Math.max(up[link]!, down[link]!));
        load.both = Math.max(load.both, factor * both);
        load.total += factor * both * (ends / size);
      }
      if (load.bytes > 0) found.push(load);
    });
    return found;
  }

  function pairs(lattice: Lattice, bytes: number): WiredLoad[] {
    const members = lattice.map(membersAlong);
    const n = members.reduce((product, each) => product * each, 1);
    return lattice.flatMap((digits, at) =>
      members[at]! > 1 ? spread(at, along('pairs', at, digits), (bytes * n) / members[at]!) : [],
    );
  }

  function flows(demands: readonly Demand[]): WiredLoad[] {
    const rows = dimensions.map(({ size }) => new Map<number, Along>([[-1, idleAlong(size)]]));
    const strides = dimensions.map((_, at) =>
      dimensions.slice(0, at).reduce((product, { size }) => product * size, 1),
    );
    for (const { source, target, bytes } of demands) {
      const here = coordinates.map(each => positionOf(each, source));
      const there = coordinates.map(each => positionOf(each, target));
      let row = here.reduce((sum, position, at) => sum + position * strides[at]!, 0);
      for (const [at, { size, wrap }] of dimensions.entries()) {
        if (here[at] === there[at]) continue;
        const start = row - here[at]! * strides[at]!;
        let load = rows[at]!.get(start);
        if (!load) {
          load = idleAlong(size);
          rows[at]!.set(start, load);
        }
        addWay(load, size, wrap, here[at]!, there[at]!, bytes);
        row = start + there[at]! * strides[at]!;
      }
    }
    return dimensions.flatMap((_, at) => busiest(at, rows[at]!.values()));
  }

  function busiest(at: number, rows: Iterable<Along>): WiredLoad[] {
    const best = new Map<number, WiredLoad>();
    for (const row of rows) {
      for (const load of spread(at, row, 1)) {
        const most = best.get(load.at) ?? { at: load.at, bytes: 0, both: 0, total: 0 };
        most.bytes = Math.max(most.bytes, load.bytes);
        most.both = Math.max(most.both, load.both);
        // `spread` takes every row for alike.
        most.total += load.total / (ends / dimensions[at]!.size);
        best.set(load.at, most);
      }
    }
    return [...best.values()];
  }

  const hops = (source: number, target: number): number =>
    coordinates.reduce(
      (sum, each, at) =>
        sum +
        wayLength(
          dimensions[at]!.size,
          dimensions[at]!.wrap,
          positionOf(each, source),
          positionOf(each, target),
        ),
      0,
    );

  const farthest = (lattice: Lattice): number =>
    lattice.reduce(
      (sum, digits, at) => sum + farthestAlong(dimensions[at]!.size, dimensions[at]!.wrap, digits),
      0,
    );

  /** Rate of the link between positions `link` and `link + 1`; 0 where a line ends. */
  const rateAt = (at: number, link: number): number => {
    const { size, wrap, rate, cube } = dimensions[at]!;
    const wrapped = (link + size) % size;
    if (!wrap && (link < 0 || wrapped === size - 1)) return 0;
    return cube && (wrapped + 1) % cube.size !== 0 ? cube.rate : rate;
  };

  /** Least that the links at both ends of `length` positions carry together. */
  function poorest(at: number, length: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (let start = 0; start + length <= dimensions[at]!.size; start++)
      least = Math.min(least, rateAt(at, start - 1) + rateAt(at, start + length - 1));
    return least;
  }

  /**
   * Around a box that is as long in some dimensions of the group as its neighbours lie apart, and whole in all others, every
   * shard must enter that is not a member's in it: one less than there are positions in those dimensions, for each member in it.
   * With unlike rates a slice may be worse off than a single member is. A twist joins the slices of a dimension elsewhere, too.
   */
  function gatherBound(lattice: Lattice): Bound {
    const members = lattice.map(membersAlong);
    const n = members.reduce((product, each) => product * each, 1);
    const used = members.flatMap((each, at) => (each > 1 ? [at] : []));
    if (n < 2) return { time: 0, exact: true, by: 'nothing to send' };
    let exact = true;
    const ports = lattice.map((digits, at) => {
      if (members[at]! < 2) return 0;
      const apart = digits[0]!.stride;
      const whole = members[at]! * apart === dimensions[at]!.size;
      exact &&= whole && (apart === 1 || used.length === 1) && !dimensions[at]!.cube;
      return poorest(at, apart) / apart;
    });
    const all = 2 ** used.length - 1;
    const bound: Bound = { time: 0, exact, by: '' };
    for (let pick = twisted ? all : 1; pick <= all; pick++) {
      const across = used.filter((_, bit) => (pick >> bit) & 1);
      const positions = across.reduce((product, at) => product * members[at]!, 1);
      const time = (positions - 1) / across.reduce((sum, at) => sum + ports[at]!, 0) / n;
      if (time < bound.time) continue;
      const names = across.map(at => coordinates[at]!.name).join(' and ');
      bound.time = time;
      bound.by = pick === all ? 'ports of the poorest member' : `cut along ${names}`;
    }
    return bound;
  }

  /**
   * Every member but one sends its part to another and gets the sum back: 2 (n - 1) buffers over at least as many links as
   * neighbours lie apart. And across the middle of a line the whole buffer must go, over the rows that the group has there.
   */
  function reduceBound(lattice: Lattice): Bound {
    const members = lattice.map(membersAlong);
    const n = members.reduce((product, each) => product * each, 1);
    const bound: Bound = { time: 0, exact: false, by: 'bytes over all links' };
    if (n < 2) return bound;
    let ports = 0;
    lattice.forEach((digits, at) => {
      if (members[at]! < 2) return;
      const { size, wrap } = dimensions[at]!;
      const apart = digits[0]!.stride;
      let rates = 0;
      for (let link = 0; link < size; link++) rates += rateAt(at, link);
      ports += (2 * rates) / size / apart;
      if (wrap) return;
      const time = (apart * members[at]!) / n / Math.max(rateAt(at, 0), dimensions[at]!.rate);
      if (time <= bound.time) return;
      bound.time = time;
      bound.by = `bisection along ${coordinates[at]!.name}`;
    });
    const even = (2 * (n - 1)) / n / ports;
    return even > bound.time ? { ...bound, time: even, by: 'bytes over all links' } : bound;
  }

  /**
   * In every dimension a flow has at least the links between its ends to go, whatever it does in others: all links of the
   * dimension together carry that, and on a line every link what lies on either side of it.
   */
  function exchangeBound(lattice: Lattice): Bound {
    const members = lattice.map(membersAlong);
    const n = members.reduce((product, each) => product * each, 1);
    const bound: Bound = { time: 0, exact: true, by: '' };
    if (n < 2) return bound;
    // What the dimensions' own routes take: reached only where none of them takes longer than the bound.
    let reached = 0;
    lattice.forEach((digits, at) => {
      if (members[at]! < 2) return;
      const { size, wrap } = dimensions[at]!;
      const { up, down } = along('pairs', at, digits);
      const rates = Array.from({ length: size }, (_, link) => rateAt(at, link));
      const sum = (values: Iterable<number>): number => [...values].reduce((total, each) => total + each, 0);
      const even = (sum(up) + sum(down)) / (2 * sum(rates));
      const [cut, most] = busiestOf(up, down, rates);
      const time = Math.max(even, wrap ? 0 : cut) / members[at]!;
      reached = Math.max(reached, most / members[at]!);
      if (time <= bound.time) return;
      bound.time = time;
      bound.by = `${wrap ? 'distance' : 'bisection'} along ${coordinates[at]!.name}`;
    });
    return { ...bound, exact: reached <= bound.time * (1 + 1e-9) };
  }

  return {
    ends,
    leavesOver: true,
    coordinates,
    classes,
    pairs,
    flows,
    hops,
    farthest,
    gather: (at, digits, bytes) => spread(at, along('gather', at, digits), bytes),
    gatherCloses: (at, digits) => closes(dimensions[at]!.size, dimensions[at]!.wrap, digits),
    gatherHops: (at, digits) => gatherHops(dimensions[at]!.size, dimensions[at]!.wrap, digits),
    gatherBound,
    reduceBound,
    exchangeBound,
    leastPort: dimensions.reduce((sum, { size }, at) => sum + (size < 2 ? 0 : poorest(at, 1)), 0),
  };
}

/** Longest times of a link, towards higher positions and either way. */
function busiestOf(up: Float64Array, down: Float64Array, rates: readonly number[]): [number, number] {
  let [higher, either] = [0, 0];
  for (const [link, rate] of rates.entries()) {
    if (rate <= 0) continue;
    higher = Math.max(higher, up[link]! / rate);
    either = Math.max(either, higher, down[link]! / rate);
  }
  return [higher, either];
}

function classesOf(dimensions: readonly Dimension[], ends: number): { classes: WiredClass[]; parts: Part[] } {
  const classes: WiredClass[] = [];
  const parts: Part[] = [];
  dimensions.forEach(({ size, wrap, rate, cube }, dimension) => {
    const links = wrap ? size : size - 1;
    if (links < 1) return;
    const name = gridLinkName(dimension, dimensions.length, wrap);
    const rows = ends / size;
    const add = (
      capacity: number,
      part: WiredClass['part'],
      below: boolean,
      holds: Part['holds'],
      title = name,
    ): void => {
      const count = Array.from({ length: links }, (_, link) => link).filter(holds).length;
      if (count === 0) return;
      classes.push({ name: title, capacity, links: 2 * count * rows, part, ...(below && { below }) });
      parts.push({ dimension, holds });
    };
    if (!cube) add(rate, 'local', false, link => link < links);
    else {
      const inside = (link: number): boolean => (link + 1) % cube.size !== 0;
      add(cube.rate, 'local', true, inside);
      add(rate, 'global', false, link => link < links && !inside(link), `optical ${name}`);
    }
  });
  return { classes, parts };
}
