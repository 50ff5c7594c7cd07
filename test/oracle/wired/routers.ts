/** Endpoints that hang on switches: dragonflies, HyperX, HammingMesh, rails. Switches are numbered after the endpoints. */
import { cable, digits, dimension, type Net, product, undigits, upTo } from './net.ts';

export interface Rates {
  port?: number;
  link?: number;
  local?: number;
  global?: number;
}

/**
 * `hosts` ports a router, `routers` a group, all of a group linked with each other. Global port q = router x globalLinks + its own
 * number; each group counts the other groups from the one after it on, and gives each one port, then each a second one, … The
 * far end of the n-th link to a group is that group's n-th link back (Kim et al., "Technology-Driven, Highly-Scalable Dragonfly
 * Topology", 2008, leaves the arrangement open).
 */
export function dragonfly(
  {
    groups,
    routers,
    hosts,
    globalLinks,
  }: { groups: number; routers: number; hosts: number; globalLinks: number },
  rates: Rates,
): Net {
  const ends = groups * routers * hosts;
  const router = (group: number, number: number): number => ends + group * routers + number;
  const routerOf = (end: number): number => ends + Math.floor(end / hosts);
  const all = upTo(groups * routers).map(each => ends + each);
  const net: Net = {
    vertices: ends + groups * routers,
    ends: upTo(ends),
    detours: all,
    links: [],
    routerOf,
    groupOf: vertex => Math.floor((vertex - ends) / routers),
  };
  for (const end of upTo(ends)) cable(net, end, routerOf(end), { class: 'port', capacity: rates.port });
  for (const group of upTo(groups))
    for (const a of upTo(routers))
      for (const b of upTo(a))
        cable(net, router(group, a), router(group, b), {
          class: 'local link',
          capacity: rates.local ?? rates.link,
        });
  const each = Math.floor((routers * globalLinks) / Math.max(1, groups - 1));
  const seat = (from: number, to: number, number: number): number => {
    const distance = (to - from + groups) % groups;
    const port = number * (groups - 1) + distance - 1;
    return router(from, Math.floor(port / globalLinks));
  };
  for (const a of upTo(groups))
    for (const b of upTo(a))
      for (const number of upTo(each))
        cable(net, seat(a, b, number), seat(b, a, number), {
          class: 'global link',
          capacity: rates.global ?? rates.link,
        });
  return net;
}

/** Switches on a grid, every two of a row linked along every dimension. */
export function hyperx(
  dims: readonly number[],
  hosts: number,
  rates: Rates & { dims?: readonly number[] },
): Net {
  const switches = product(dims);
  const ends = switches * hosts;
  const routerOf = (end: number): number => ends + Math.floor(end / hosts);
  const net: Net = {
    vertices: ends + switches,
    ends: upTo(ends),
    detours: upTo(switches).map(each => ends + each),
    links: [],
    routerOf,
    places: {
      dims,
      wrap: dims.map(() => false),
      of: vertex => digits(vertex - ends, dims),
      at: place => ends + undigits(place, dims),
    },
  };
  for (const end of upTo(ends)) cable(net, end, routerOf(end), { class: 'port', capacity: rates.port });
  for (const one of upTo(switches))
    for (const other of upTo(one)) {
      const [a, b] = [digits(one, dims), digits(other, dims)];
      const apart = upTo(dims.length).filter(at => a[at] !== b[at]);
      if (apart.length !== 1) continue;
      cable(net, ends + one, ends + other, {
        class: `${dimension(apart[0]!)} link`,
        dim: apart[0]!,
        capacity: rates.dims?.[apart[0]!] ?? rates.link,
      });
    }
  return net;
}

/**
 * Boards that are meshes, x by y chips each, on a grid of boards; chips are numbered board after board. Every row of chips through
 * all boards has one switch, and so has every column; a board's piece of the row hangs on it by both of its ends (Hoefler et
 * al., "HammingMesh", SC 2022).
 */
export function hammingMesh(board: readonly number[], boards: readonly number[], rates: Rates): Net {
  const inBoard = product(board);
  const n = inBoard * product(boards);
  const whole = board.map((size, at) => size * boards[at]!);
  const at = (place: readonly number[]): number =>
    undigits(
      place.map((x, dim) => x % board[dim]!),
      board,
    ) +
    inBoard *
      undigits(
        place.map((x, dim) => Math.floor(x / board[dim]!)),
        boards,
      );
  const of = (end: number): number[] => {
    const [inside, which] = [digits(end % inBoard, board), digits(Math.floor(end / inBoard), boards)];
    return inside.map((x, dim) => x + board[dim]! * which[dim]!);
  };
  const places = { dims: whole, wrap: whole.map(() => false), of, at };
  const net: Net = { vertices: n, ends: upTo(n), detours: upTo(n), links: [], places };
  whole.forEach((length, dim) => {
    // One switch for every line of chips along this dimension.
    const others = whole.filter((_, other) => other !== dim);
    for (const line of upTo(product(others))) {
      const fixed = digits(line, others);
      const chip = (x: number): number => {
        const place = [...fixed];
        place.splice(dim, 0, x);
        return at(place);
      };
      const hub = boards[dim]! > 1 ? net.vertices++ : -1;
      for (const x of upTo(length)) {
        const inside = x % board[dim]!;
        if (inside > 0)
          cable(net, chip(x - 1), chip(x), {
            class: `board ${dimension(dim)} link`,
            dim,
            capacity: rates.link,
          });
        if (hub < 0) continue;
        const link = { class: `${dimension(dim)} switch link`, dim, capacity: rates.link };
        if (inside === 0) cable(net, chip(x), hub, link);
        if (inside === board[dim]! - 1) cable(net, chip(x), hub, link);
      }
    }
  });
  return net;
}

/**
 * Port i of every child on the switches of rail i, one for `leaf` children; above them a spine that joins every rail switch, or
 * nothing. Endpoints are ports, child after child.
 */
export function rail(
  {
    children,
    ports,
    leaf,
    spine,
    oversubscription,
  }: {
    children: number;
    ports: number;
    leaf: number;
    spine: boolean;
    oversubscription: number;
  },
  port: number,
): Net {
  const ends = children * ports;
  const leaves = Math.ceil(children / leaf);
  const railSwitch = (end: number): number =>
    ends + (end % ports) * leaves + Math.floor(Math.floor(end / ports) / leaf);
  const top = ends + ports * leaves;
  const net: Net = { vertices: top + 1, ends: upTo(ends), detours: [], links: [], routerOf: railSwitch };
  for (const end of upTo(ends)) cable(net, end, railSwitch(end), { class: 'port', capacity: port });
  if (spine && ports * leaves > 1)
    for (const each of upTo(ports * leaves))
      cable(net, ends + each, top, {
        class: 'trunk',
        capacity: (Math.min(leaf, children) * port) / oversubscription,
      });
  return net;
}
