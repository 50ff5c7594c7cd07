/**
 * HammingMesh (Hoefler et al., SC22, arXiv 2209.01346): boards are meshes; every line of places through a row of boards has
 * a switch, to which the two ends of the line on each board are linked.
 *
 * Children are numbered through a board first (its first dimension fastest), then through the boards. Routes go dimension by
 * dimension, within a line over all shortest ways: the two ends of every board line share the load.
 */
import { axisName, type Drafted } from './drafts.ts';
import { type GraphDraft, linkAdder } from './link-graph.ts';
import { endAt, positionOf } from './members.ts';
import type { Coordinate } from './wiring.ts';

const BOARD = 0;
const LINE = 1;

export function hammingDraft(
  board: readonly number[],
  boards: readonly number[],
  rates: { board: number; line: number },
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
