/** Groups as grids: which members of a group differ along one dimension only, and whether they can close a ring. */
import { type Graph, meeting } from './graph.ts';
import type { Along, Shape } from './wired/buckets.ts';
import { product, undigits } from './wired/net.ts';

/**
 * @returns undefined where the groups lie in no grid, hold several chips of one place, are no product of positions along the
 * dimensions, or are not all alike. Dimensions along which the members share their place are left out.
 */
export function shapeOf(graph: Graph, groups: readonly (readonly number[])[]): Shape | undefined {
  const shapes = groups.map(group => shapeOfGroup(graph, group));
  const [first] = shapes;
  const key = (shape: Shape | undefined): string =>
    shape ? JSON.stringify([shape.sizes, shape.along, ranksOf(shape)]) : '';
  return first && shapes.every(shape => key(shape) === key(first)) ? first : undefined;
}

const ranksOf = ({ sizes, rankAt }: Shape): number[] =>
  Array.from({ length: product(sizes) }, (_, number) => {
    let rest = number;
    return rankAt!(
      sizes.map(size => {
        const digit = rest % size;
        rest = Math.floor(rest / size);
        return digit;
      }),
    );
  });

function shapeOfGroup(graph: Graph, group: readonly number[]): Shape | undefined {
  const level = meeting(graph, group[0]!, group.at(-1)!);
  const { topology } = graph.levels[level]!;
  // Chips of one cube meet on the cube, but their torus is that of the switches.
  const grid =
    graph.places.get(level) ??
    (graph.levels[level + 1]?.topology.kind === 'ocs' ? graph.places.get(level + 1) : undefined);
  if (!grid) return undefined;
  const places = group.map(chip => grid.of(chip));
  const positions = grid.dims.map((_, dim) =>
    [...new Set(places.map(place => place[dim]!))].sort((a, b) => a - b),
  );
  const dims = positions.flatMap((list, dim) => (list.length > 1 ? [dim] : []));
  const sizes = dims.map(dim => positions[dim]!.length);
  if (product(sizes) !== group.length) return undefined;
  const ranks = new Map<number, number>();
  places.forEach((place, rank) => {
    const at = dims.map(dim => positions[dim]!.indexOf(place[dim]!));
    ranks.set(undigits(at, sizes), rank);
  });
  if (ranks.size !== group.length) return undefined;
  const along = dims.map((dim): Along => {
    if (topology.kind === 'hyperx') return 'direct';
    if (topology.kind === 'hamming_mesh')
      return wholeBoards(positions[dim]!, topology.board[dim]!) ? 'both' : 'line';
    return grid.wrap[dim] && closes(positions[dim]!, grid.dims[dim]!) ? 'both' : 'line';
  });
  return { sizes, along, rankAt: place => ranks.get(undigits(place, sizes))! };
}

/**
 * Whether every board has all of its places in it: its two ends are next to those of the others at the switch. A short board on
 * its own would close through itself.
 */
function wholeBoards(positions: readonly number[], side: number): boolean {
  const boards = new Set(positions.map(position => Math.floor(position / side)));
  return positions.length === boards.size * side && (boards.size > 1 || side > 3);
}

/** From the last member on to the first is no farther than between two that follow each other. */
function closes(positions: readonly number[], size: number): boolean {
  const steps = positions.slice(1).map((position, at) => position - positions[at]!);
  return size - positions.at(-1)! + positions[0]! <= Math.max(...steps);
}
