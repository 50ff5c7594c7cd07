/** Links of a lattice: rows and columns, pairs of a HyperX, ways between planes, and outlines of cubes and boards. */
import { wiredLink } from '../links.ts';
import type { Point } from '../scene.ts';
import { trackStart } from '../slots.ts';
import { DIMENSIONS } from '../structure.ts';
import {
  type Drawing,
  foldedColumn,
  type LineLook,
  lineLink,
  type Plane,
  push,
  style,
} from './lattice-drawing.ts';

/** Longest dimension whose pairs are all drawn. */
const MOST_ARCS = 6;
/** More outlines than this say nothing. */
const MOST_FRAMES = 400;

/** Rows and columns of one plane, each as one line, and where there are cubes or boards, those inside them on top. */
export function gridLines(draw: Drawing, plane: Plane): void {
  const { grid, folded, spec, input } = draw;
  const { across, down, deep } = plane;
  const below = spec.topology.kind === 'ocs' ? input.levels[input.level - 1] : spec;
  for (const dim of [0, 1]) {
    if (folded ? dim === 1 : dim >= grid.dims.length) continue;
    const along = dim === 0 ? across : down;
    const side = dim === 0 ? down : across;
    const name = DIMENSIONS[dim]!;
    const wraps = folded ? false : (grid.wrap[dim] ?? false) || spec.topology.kind === 'hamming_mesh';
    const outer = style(draw, lineLink(draw, dim, true), `${name} links`, side.size, spec.media);
    const inner = style(draw, lineLink(draw, dim, false), `${name} links`, side.size, below?.media);
    // Even a single cube or board closes over its switches.
    const blocks = grid.block !== undefined;
    const stub = Math.min(13, (along.size + along.inner) * 0.6);
    for (let at = 0; at < side.count; at++) {
      const place = (other: number): number[] =>
        [...(dim === 0 ? [other, at] : [at, other]), ...deep].slice(0, Math.max(1, grid.dims.length));
      const middleLine = trackStart(side, at) + side.size / 2;
      const last = folded && at === side.count - 1 ? grid.count - at * along.count : along.count;
      const span = (from: number, to: number, grow: number): [Point, Point] => {
        const start = trackStart(along, from) + along.size / 2 - grow * (along.size / 2 + stub);
        const end = trackStart(along, to) + along.size / 2 + grow * (along.size / 2 + stub);
        return dim === 0
          ? [
              { x: start, y: middleLine },
              { x: end, y: middleLine },
            ]
          : [
              { x: middleLine, y: start },
              { x: middleLine, y: end },
            ];
      };
      if (folded) {
        const reverse = at % 2 === 1;
        const from = reverse ? along.count - last : 0;
        push(draw, span(from, from + last - 1, 0), inner, at * along.count);
        continue;
      }
      const first = grid.at(place(0));
      if (!blocks || wraps) {
        // A line under the cells from stub to stub; inside blocks another one covers it.
        push(draw, span(0, along.count - 1, wraps ? 1 : 0), blocks ? outer : inner, first);
      }
      if (!blocks) continue;
      for (let block = 0; block < along.count; block += along.block) {
        push(
          draw,
          span(block, Math.min(along.count, block + along.block) - 1, 0),
          inner,
          grid.at(place(block)),
        );
      }
    }
  }
  if (folded && folded.rows > 1) turns(draw, plane);
}

/** Where a folded line goes on in the next row, and how a folded ring closes. */
function turns(draw: Drawing, { across, down }: Plane): void {
  const { folded, grid, spec } = draw;
  if (!folded) return;
  const look = style(draw, lineLink(draw, 0, false), 'x links', down.size, spec.media);
  const centre = (index: number): Point => ({
    x: trackStart(across, foldedColumn(index, folded)) + across.size / 2,
    y: trackStart(down, Math.floor(index / folded.columns)) + down.size / 2,
  });
  for (let row = 1; row < folded.rows; row++) {
    const index = row * folded.columns;
    push(draw, [centre(index - 1), centre(index)], look, index);
  }
  if (!grid.wrap[0]) return;
  const from = centre(0);
  const to = centre(grid.count - 1);
  // Around the outside: out at the left of the first place, and back in at the last one.
  const x = from.x - across.size / 2 - 9;
  push(draw, [from, { x, y: from.y }], look, 0);
  push(
    draw,
    [
      { x, y: from.y },
      { x, y: to.y + (to.x > from.x + 1 ? down.size / 2 + 6 : 0) },
    ],
    look,
    0,
  );
  if (to.x > from.x + 1) {
    const y = to.y + down.size / 2 + 6;
    push(
      draw,
      [
        { x, y },
        { x: to.x, y },
      ],
      look,
      0,
    );
    push(draw, [{ x: to.x, y }, to], look, 0);
  } else push(draw, [{ x, y: to.y }, to], look, 0);
}

/** Every two places of a row, and of a column, are linked: all pairs as arcs where they can be told apart. */
export function fullLines(draw: Drawing, { across, down, deep }: Plane): void {
  const { grid, spec } = draw;
  for (const dim of [0, 1]) {
    const along = dim === 0 ? across : down;
    const side = dim === 0 ? down : across;
    if (along.count < 2) continue;
    const base = style(draw, lineLink(draw, dim, false), `${DIMENSIONS[dim]} links`, side.size, spec.media);
    const arcs = along.count <= MOST_ARCS;
    for (let at = 0; at < side.count; at++) {
      const place = (other: number): number[] =>
        [...(dim === 0 ? [other, at] : [at, other]), ...deep].slice(0, grid.dims.length);
      const edge = trackStart(side, at);
      const point = (other: number, out: number): Point => {
        const middleLine = trackStart(along, other) + along.size / 2;
        return dim === 0 ? { x: middleLine, y: edge - out } : { x: edge - out, y: middleLine };
      };
      const every = arcs ? along.count - 1 : 1;
      for (let from = 0; from < along.count; from++) {
        for (let to = from + 1; to <= Math.min(along.count - 1, from + every); to++) {
          const lift = Math.min(side.inner * 1.5, 4 + (to - from) * side.inner * 0.36);
          const look = {
            ...base,
            width: Math.min(base.width, arcs ? 1.6 : 2.4),
            count: arcs ? 1 : along.count - 1,
          };
          const ends: [Point, Point] = [point(from, 0), point(to, 0)];
          const via = arcs
            ? {
                x: (ends[0].x + ends[1].x) / 2 - (dim ? lift : 0),
                y: (ends[0].y + ends[1].y) / 2 - (dim ? 0 : lift),
              }
            : undefined;
          push(draw, arcs ? ends : [point(from, 2), point(to, 2)], look, grid.at(place(from)), via);
        }
      }
    }
  }
  for (let row = 0; row < down.count; row++) {
    for (let column = 0; column < across.count; column++) {
      draw.bars.push({
        rect: { x: trackStart(across, column), y: trackStart(down, row), w: across.size, h: down.size },
        role: 'switch',
        count: 1,
        link: wiredLink(draw.input.links, draw.input.level, 'port'),
      });
      if (draw.bars.length >= MOST_FRAMES) return;
    }
  }
}

export function outline(draw: Drawing, { across, down }: Plane): void {
  const columns = Math.ceil(across.count / across.block);
  const rows = Math.ceil(down.count / down.block);
  if (columns * rows > MOST_FRAMES || (columns === 1 && rows === 1)) return;
  const grow = Math.min(5, across.inner * 0.55);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = trackStart(across, column * across.block);
      const y = trackStart(down, row * down.block);
      const right = trackStart(across, Math.min(across.count, (column + 1) * across.block) - 1) + across.size;
      const bottom = trackStart(down, Math.min(down.count, (row + 1) * down.block) - 1) + down.size;
      draw.frames.push({ x: x - grow, y: y - grow, w: right - x + 2 * grow, h: bottom - y + 2 * grow });
    }
  }
}

/** Links of the third dimension join planes: a line from plane to plane, stubs where a row of planes ends. */
export function betweenPlanes(draw: Drawing, planes: readonly Plane[], perRow: number): void {
  const { grid, spec } = draw;
  if (grid.dims.length < 3) return;
  const deep = grid.dims[2]!;
  const side = grid.block?.[2] ?? 0;
  const lookAt = (z: number): LineLook => {
    const outside = side > 0 && (z + 1) % side === 0;
    const below = side > 0 && !outside ? draw.input.levels[draw.input.level - 1] : spec;
    const look = style(draw, lineLink(draw, 2, outside), 'z links', 40, below?.media);
    return { ...look, count: grid.dims[0]! * (grid.dims[1] ?? 1) };
  };
  planes.forEach((plane, index) => {
    const z = plane.deep[0]!;
    const look = lookAt(z);
    const before = lookAt((z + deep - 1) % deep);
    const y = (plane.down.start + trackStart(plane.down, plane.down.count - 1) + plane.down.size) / 2;
    const edgeRight = trackStart(plane.across, plane.across.count - 1) + plane.across.size;
    const child = grid.at([0, 0, ...plane.deep]);
    const next = planes[index + 1];
    const rowEnds = (index + 1) % perRow === 0 || !next;
    const closes = grid.wrap[2];
    const reach = Math.min(13, (plane.across.size + plane.across.inner) * 0.6);
    if (!rowEnds && z < deep - 1)
      push(
        draw,
        [
          { x: edgeRight + 2, y },
          { x: next.across.start - 2, y },
        ],
        look,
        child,
      );
    else if (z < deep - 1 || closes)
      push(
        draw,
        [
          { x: edgeRight + reach, y },
          { x: edgeRight + reach + 8, y },
        ],
        look,
        child,
      );
    const rowStarts = index % perRow === 0;
    if ((rowStarts && z > 0) || (z === 0 && closes && rowStarts)) {
      push(
        draw,
        [
          { x: plane.across.start - reach - 8, y },
          { x: plane.across.start - reach, y },
        ],
        before,
        child,
      );
    }
  });
}
