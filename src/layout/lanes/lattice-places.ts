/** Where the places of a lattice stand in pixels, and which one lies under the pointer. */
import type { Rect } from '../scene.ts';
import { type Track, trackAt, trackStart } from '../slots.ts';
import { type Grid, hostCells } from '../structure.ts';
import { type Folded, foldedColumn, type Plane } from './lattice-drawing.ts';

const PITCH = { least: 18, most: 34 };
/** Height of the names above a plane. */
const HEAD = 17;
const ROW_LABELS = 26;

export interface PlaneLayout {
  perRow: number;
  stub: number;
  plane(place: number): Omit<Plane, 'deep'>;
}

/** Square places, as large as width and height admit; planes side by side where there are several. */
export function planeLayout(wanted: {
  x: number;
  y: number;
  planes: number;
  grid: Grid;
  box: { x: number; y: number; w: number };
  room: number;
}): PlaneLayout {
  const { x, y, planes, grid, box, room } = wanted;
  const block = grid.block && grid.block[0]! < (grid.dims[0] ?? 1) + 1 ? grid.block : undefined;
  const blocksX = block ? Math.ceil(x / block[0]!) - 1 : 0;
  const blocksY = block ? Math.ceil(y / (block[1] ?? 1)) - 1 : 0;
  const cell = hostCells(grid.per);
  const most =
    PITCH.most * Math.max(1, cell.columns) * (grid.dims.length === 1 ? 1.3 : 1) * (grid.child >= 0 ? 1.7 : 1);
  const least = Math.max(Math.min(PITCH.least, 340 / y), cell.rows * 4);
  let best = { perRow: 1, pitch: 0 };
  for (let perRow = 1; perRow <= planes; perRow++) {
    const rows = Math.ceil(planes / perRow);
    const wide = (box.w - ROW_LABELS - perRow * 18) / perRow / (x + blocksX * 0.4 + 1);
    const high = (Math.max(room, 180) - HEAD - rows * 26) / rows / (y + blocksY * 0.4 + 1);
    const pitch = Math.min(wide, Math.max(high, least), most);
    // Of equally large planes, the fewest rows.
    if (pitch > best.pitch - 0.01) best = { perRow, pitch };
  }
  const { perRow } = best;
  const pitch = Math.max(0.5, best.pitch);
  const extra = pitch * 0.4;
  const size = pitch * (pitch < 5 ? 0.82 : 0.64);
  const w = pitch * x + blocksX * extra;
  const h = pitch * y + blocksY * extra;
  // Arcs of a HyperX bow out as far as stubs reach elsewhere.
  const stub = grid.per > 1 || grid.full ? Math.min(26, pitch * 0.42) : Math.min(13, pitch * 0.6);
  const gapX = Math.max(18 + stub, stub * 2 + 6);
  const gapY = 19 + 2 * stub;
  return {
    perRow,
    stub,
    plane: place => ({
      across: {
        start: box.x + ROW_LABELS + stub + (place % perRow) * (w + gapX),
        size,
        count: x,
        block: block?.[0] ?? x,
        inner: pitch - size,
        outer: pitch - size + extra,
      },
      down: {
        start: box.y + HEAD + (planes > 1 ? 14 : 0) + stub + Math.floor(place / perRow) * (h + gapY),
        size,
        count: y,
        block: block?.[1] ?? y,
        inner: pitch - size,
        outer: pitch - size + extra,
      },
    }),
  };
}

export interface Places {
  grid: Grid;
  planes: readonly Plane[];
  section: number | undefined;
  folded: Folded | undefined;
  cell: { columns: number; rows: number };
}

export function slotRect(slot: number, { grid, planes, section, folded, cell }: Places): Rect {
  if (section !== undefined) {
    const { across, down } = planes[0]!;
    const columns = across.count * cell.columns;
    return inCell(
      across,
      down,
      Math.floor((slot % columns) / cell.columns),
      Math.floor(Math.floor(slot / columns) / cell.rows),
      {
        column: slot % cell.columns,
        row: Math.floor(slot / columns) % cell.rows,
        ...{ columns: cell.columns, rows: cell.rows },
      },
    );
  }
  const place = grid.placeOf(slot);
  const column = folded ? foldedColumn(place[0]!, folded) : place[0]!;
  const row = folded ? Math.floor(place[0]! / folded.columns) : (place[1] ?? 0);
  const deep = place.slice(2);
  const plane =
    planes.length > 1
      ? planes.find(candidate => candidate.deep.every((at, dim) => at === deep[dim]))!
      : planes[0]!;
  const host = slot % grid.per;
  return inCell(plane.across, plane.down, column, row, {
    column: host % cell.columns,
    row: Math.floor(host / cell.columns),
    ...cell,
  });
}

/** A host inside its switch's place, or the whole place. */
function inCell(
  across: Track,
  down: Track,
  column: number,
  row: number,
  host: { column: number; row: number; columns: number; rows: number },
): Rect {
  const x = trackStart(across, column);
  const y = trackStart(down, row);
  if (host.columns * host.rows === 1) return { x, y, w: across.size, h: down.size };
  const gap = Math.min(1, across.size * 0.04);
  // Above the hosts their switch shows.
  const head = down.size * 0.22;
  const w = (across.size - gap * (host.columns + 1)) / host.columns;
  const h = (down.size - head - gap * (host.rows + 1)) / host.rows;
  return { x: x + gap + host.column * (w + gap), y: y + head + gap + host.row * (h + gap), w, h };
}

export function hitPlanes(px: number, py: number, places: Places & { x: number }): number {
  const { grid, planes, section, folded, cell, x } = places;
  for (const { across, down, deep } of planes) {
    const column = trackAt(across, px);
    const row = trackAt(down, py);
    if (column < 0 || row < 0) continue;
    const inside = hostAt(
      px - trackStart(across, column),
      py - trackStart(down, row),
      across.size,
      down.size,
      cell,
    );
    if (inside < 0) return -1;
    if (section !== undefined) {
      const columns = x * cell.columns;
      return (
        (row * cell.rows + Math.floor(inside / cell.columns)) * columns +
        column * cell.columns +
        (inside % cell.columns)
      );
    }
    if (folded) {
      const index = row * folded.columns + (row % 2 === 0 ? column : folded.columns - 1 - column);
      return index < grid.count ? index : -1;
    }
    const child = grid.at([column, row, ...deep].slice(0, grid.dims.length)) + inside;
    return inside < grid.per && child < grid.count ? child : -1;
  }
  return -1;
}

function hostAt(
  dx: number,
  dy: number,
  w: number,
  h: number,
  cell: { columns: number; rows: number },
): number {
  if (cell.columns * cell.rows === 1) return 0;
  const head = h * 0.22;
  if (dy < head) return -1;
  const column = Math.min(cell.columns - 1, Math.floor((dx / w) * cell.columns));
  const row = Math.min(cell.rows - 1, Math.floor(((dy - head) / (h - head)) * cell.rows));
  return row * cell.columns + column;
}
