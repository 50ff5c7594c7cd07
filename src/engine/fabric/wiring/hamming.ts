/**
 * HammingMesh (Hoefler et al., SC22, arXiv 2209.01346): boards are meshes; every line of places through a row of boards has
 * a switch, to which the two ends of the line on each board are linked.
 *
 * Children are numbered through a board first (its first dimension fastest), then through the boards. Routes go dimension by
 * dimension, within a line over all shortest ways: the two ends of every board line share the load.
 */

import { once } from '../once.ts';
import type { Routing } from '../spec.ts';
import { axisName } from './coordinates.ts';
import type { Drafted } from './drafts.ts';
import { clearlyLess, explicitWiring } from './explicit.ts';
import { MOST_ENDS_BY_LINK } from './hyperx.ts';
import { type GraphDraft, linkAdder, linkGraph } from './link-graph.ts';
import { endAt, latticeSize, membersAlong, positionOf, positionsFrom, rootAlong } from './members.ts';
import type { Coordinate, Lattice, WiredClass, WiredLoad, Wiring } from './wiring.ts';

const BOARD = 0;
const LINE = 1;

/** Of one link on a board, and of one from a board's end to the switch of its line, bytes/s. */
export interface BoardRates {
  board: number;
  line: number;
}

export function hammingDraft(
  board: readonly number[],
  boards: readonly number[],
  rates: BoardRates,
): Drafted {
  const coordinates = boardCoordinates(board, boards);
  const sizes = coordinates.map(coordinate => coordinate.size);
  const ends = sizes.reduce((product, size) => product * size, 1);
  const draft: GraphDraft = {
    ends,
    vertices: ends + sizes.reduce((sum, size) => sum + (size > 1 ? ends / size : 0), 0),
    endsForward: true,
    classes: [
      { name: 'board link', capacity: rates.board, part: 'local' },
      { name: 'link to line switch', capacity: rates.line, part: 'global' },
    ],
    links: [],
  };
  const add = linkAdder(draft);
  let firstSwitch = ends;
  coordinates.forEach((coordinate, axis) => {
    if (coordinate.size < 2) return;
    const lines = new Map<number, number>();
    for (let end = 0; end < ends; end++) {
      const positions = coordinates.map(each => positionOf(each, end));
      const place = positions[axis]!;
      const along = axis + 1;
      const line = endAt(coordinates, positions.with(axis, 0));
      if (!lines.has(line)) lines.set(line, firstSwitch + lines.size);
      const side = board[axis]!;
      const toSwitch = { a: end, b: lines.get(line)!, at: LINE, cables: 1, along };
      if (place % side === 0) add({ ...toSwitch });
      if (place % side === side - 1) add({ ...toSwitch });
      else
        add({ a: end, b: endAt(coordinates, positions.with(axis, place + 1)), at: BOARD, cables: 1, along });
    }
    firstSwitch += lines.size;
  });
  const onBoard = board.reduce((product, size) => product * size, 1);
  return { draft, coordinates, grid: true, alike: Array.from({ length: onBoard }, (_, place) => place) };
}

function boardCoordinates(board: readonly number[], boards: readonly number[]): Coordinate[] {
  let inside = 1;
  let outside = board.reduce((product, size) => product * size, 1);
  return board.map((size, axis) => {
    const digits = [
      { stride: inside, size, step: 1 },
      { stride: outside, size: boards[axis]!, step: size },
    ];
    inside *= size;
    outside *= boards[axis]!;
    return { name: axisName(axis), size: size * boards[axis]!, digits };
  });
}

/**
 * A HammingMesh with nothing broken or spare. Dimension by dimension, every line of a dimension carries the same: its own
 * all-to-all, once for every member along the other dimensions. So one line of each says all, whatever the number of boards.
 * @param byLink the same, link by link
 */
export function hammingWiring(
  board: readonly number[],
  boards: readonly number[],
  rates: BoardRates,
  routing: Routing,
  byLink: () => Wiring,
): Wiring {
  const coordinates = boardCoordinates(board, boards);
  const ends = coordinates.reduce((product, { size }) => product * size, 1);
  const lines = coordinates.map(({ size }, axis) => {
    const { draft } = hammingDraft([board[axis]!], [boards[axis]!], rates);
    const graph = once(() => linkGraph(draft, size));
    const coordinates = boardCoordinates([board[axis]!], [boards[axis]!]);
    const wiring = once(() =>
      explicitWiring({
        graph: graph(),
        coordinates,
        routing: 'minimal',
        grid: true,
        inChild: 1,
        broken: false,
      }),
    );
    return { size, count: ends / size, wiring };
  });
  const long = lines.filter(({ size }) => size > 1);
  const classes: WiredClass[] = long[0]
    ? long[0].wiring().classes.map((each, at) => ({
        ...each,
        links: long.reduce((sum, { count, wiring }) => sum + count * wiring().classes[at]!.links, 0),
      }))
    : [];

  const direct = (lattice: Lattice, bytes: number): WiredLoad[] => {
    const loads = classes.map((_, at) => ({ at, bytes: 0, both: 0, total: 0 }));
    lines.forEach(({ size, count, wiring }, axis) => {
      const own = membersAlong(lattice[axis] ?? []);
      if (size < 2 || own < 2) return;
      const others = latticeSize(lattice) / own;
      for (const load of wiring().pairs([lattice[axis]!], bytes * others)!) {
        const entry = loads[load.at]!;
        entry.bytes = Math.max(entry.bytes, load.bytes);
        entry.both = Math.max(entry.both, load.both);
        entry.total += load.total * count;
      }
    });
    return loads;
  };
  const timeOf = (loads: readonly WiredLoad[]): number =>
    loads.reduce((most, { at, bytes }) => Math.max(most, bytes / classes[at]!.capacity), 0);
  const pairs = (lattice: Lattice, bytes: number): WiredLoad[] => {
    const loads = direct(lattice, bytes);
    if (routing !== 'valiant' && routing !== 'adaptive') return loads;
    // Everyone's bytes to everyone alike, and everyone's from everyone.
    const each = (2 * (latticeSize(lattice) - 1) * bytes) / ends;
    const everywhere = coordinates.map(({ size }) => [{ stride: 1, size }]);
    const detour = direct(everywhere, each);
    return routing === 'valiant' || clearlyLess(timeOf(detour), timeOf(loads)) ? detour : loads;
  };
  const leastPort = long.reduce((sum, { wiring }) => sum + wiring().leastPort, 0);
  const few = ends <= MOST_ENDS_BY_LINK;
  return {
    ends,
    coordinates,
    classes,
    leastPort,
    pairs: (lattice, bytes) => (routing === 'ecmp' ? byLink().pairs(lattice, bytes) : pairs(lattice, bytes)),
    flows: demands => byLink().flows(demands),
    hops: (source, target) =>
      coordinates.reduce(
        (sum, each, axis) =>
          sum + lines[axis]!.wiring().hops(positionOf(each, source), positionOf(each, target)),
        0,
      ),
    farthest: lattice =>
      lattice.reduce(
        (sum, digits, axis) => sum + farthestOnLine(digits, board[axis]!, coordinates[axis]!.size),
        0,
      ),
    gatherBound(lattice) {
      if (few) return byLink().gatherBound(lattice);
      const n = latticeSize(lattice);
      return { time: (n - 1) / n / leastPort, exact: false, by: 'ports' };
    },
    exchangeBound(lattice) {
      const n = latticeSize(lattice);
      const bound = { time: (n - 1) / n / leastPort, by: 'ports' };
      board.forEach((side, axis) => {
        const away =
          (n - (n / membersAlong(lattice[axis] ?? [])) * mostOnBoard(lattice[axis] ?? [], side)) / n;
        // What the places of a board line send to other boards leaves by its two ends.
        const time = (side * away) / (2 * rates.line);
        if (time > bound.time)
          Object.assign(bound, { time, by: `ends of board lines along ${axisName(axis)}` });
      });
      const exact = timeOf(direct(lattice, 1 / n)) <= bound.time * (1 + 1e-9);
      return exact || !few ? { ...bound, exact } : byLink().exchangeBound(lattice);
    },
  };
}

/** Most links between two members along a line: over the board, or by the near ends of both boards and the switch between. */
function farthestOnLine(digits: Lattice[number], side: number, size: number): number {
  const toSwitch = (place: number): number => Math.min(place % side, side - 1 - (place % side)) + 1;
  let most = 0;
  for (let start = 0; start < size; start++) {
    if (rootAlong(digits, start) !== start) continue;
    // Of every board what lies farthest from the switch; members of one board are compared one by one.
    const members = positionsFrom(digits, start);
    let [far, farBoard, next] = [0, -1, 0];
    const boards = new Map<number, number[]>();
    for (const place of members) {
      const at = Math.floor(place / side);
      const own = boards.get(at);
      for (const other of own ?? [])
        most = Math.max(most, Math.min(Math.abs(place - other), toSwitch(place) + toSwitch(other)));
      if (own) own.push(place);
      else boards.set(at, [place]);
    }
    for (const [at, places] of boards) {
      const own = places.reduce((longest, place) => Math.max(longest, toSwitch(place)), 0);
      if (own > far) [far, farBoard, next] = [own, at, far];
      else if (at !== farBoard) next = Math.max(next, own);
    }
    if (boards.size > 1) most = Math.max(most, far + next);
  }
  return most;
}

/** Members along a line that lie on the board that holds most of them. */
function mostOnBoard(digits: Lattice[number], side: number): number {
  let most = 1;
  // Wherever a group starts, it lies on boards as one that starts on the first.
  for (let shift = 0; shift < side; shift++) {
    const onBoard = new Map<number, number>();
    for (const position of positionsFrom(digits, shift)) {
      const at = Math.floor(position / side);
      onBoard.set(at, (onBoard.get(at) ?? 0) + 1);
      most = Math.max(most, onBoard.get(at)!);
    }
  }
  return most;
}
