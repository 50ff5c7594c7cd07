/**
 * Children on the places of a grid: torus, mesh, line and long ring, HyperX, HammingMesh, the chips of an optical torus. The
 * first two dimensions are a plane, the others its repetitions. Links run under the cells along rows and columns, links that
 * close a dimension as stubs on both sides: no line crosses the picture.
 */
import { chipPorts, laneLinks, wiredLink } from '../links.ts';
import type { PanelLevel } from '../model/types.ts';
import {
  type Bar,
  type Bundle,
  type Caption,
  type DrawnLane,
  type Point,
  type Rect,
  strandWidth,
} from '../scene.ts';
import { type Track, trackAt, trackStart } from '../slots.ts';
import { DIMENSIONS, digits, type Grid, gridOf, hostCells, planeTitle } from '../structure.ts';
import { isTight } from '../widths.ts';
import type { LaneInput } from './input.ts';
import { placedSlots } from './placed.ts';

const PAD = 10;
const HEAD = 17;
const ROW_LABELS = 26;
const PITCH = { least: 18, most: 34 };
/** Widest bank of optical switches. */
const BANK = 216;
/** More outlines than this say nothing. */
const MOST_FRAMES = 400;
/** Longest dimension whose pairs are all drawn. */
const MOST_ARCS = 6;
/** Links along a row of more places are one line. */
const MOST_LINES = 420;

/** One plane: its places, in pixels. */
interface Plane {
  across: Track;
  down: Track;
  /** Coordinates along the third and further dimensions. */
  deep: number[];
}

export function latticeLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, section, depth, top, left, width, room } = input;
  const spec = levels[level]!;
  const grid = gridOf(levels, level)!;
  const folded = grid.dims.length === 1 ? foldedSize(grid.dims[0]!, width - left) : undefined;
  const [x = 1, y = 1] = folded ? [folded.columns, folded.rows] : grid.dims;
  const others = grid.dims.slice(2);
  const all = others.reduce((count, side) => count * side, 1);
  const shown = section === undefined ? Array.from({ length: all }, (_, index) => index) : [section];
  const pad = depth > 0 ? PAD : 2;
  const bank = spec.topology.kind === 'ocs' && !isTight(width) ? Math.min(BANK, (width - left) * 0.34) : 0;
  const hamming = spec.topology.kind === 'hamming_mesh';
  const edge = hamming ? 34 : 0;
  const box = { x: left + pad, y: top + pad, w: width - left - 2 * pad - bank - edge };
  const layout = planeLayout({ x, y, planes: shown.length, grid, box, room: room - 2 * pad - edge });
  const planes = shown.map(
    (index, place): Plane => ({ ...layout.plane(place), deep: digits(index, others) }),
  );

  const draw: Drawing = { input, spec, grid, folded, bundles: [], bars: [], frames: [], captions: [] };
  for (const [index, plane] of planes.entries()) {
    const total = (x + y) * planes.length * (grid.block ? 4 : 1);
    if (spec.topology.kind === 'hyperx') fullLines(draw, plane);
    else if (total <= MOST_LINES * 2) gridLines(draw, plane);
    if (grid.block) outline(draw, plane);
    if (planes.length > 1) {
      draw.captions.push({
        x: plane.across.start,
        y: plane.down.start - layout.stub - (index < layout.perRow ? HEAD : 4),
        text: planeTitle(shown[index]!, others),
        bold: true,
      });
    }
    if (index < layout.perRow || planes.length === 1)
      columnNames(draw, plane, layout.stub, planes.length > 1);
    if (index % layout.perRow === 0) rowNames(draw, plane, layout.stub);
  }
  const bottom = Math.max(...planes.map(({ down }) => trackStart(down, down.count - 1) + down.size));
  const right = Math.max(...planes.map(({ across }) => trackStart(across, across.count - 1) + across.size));
  let height = bottom + layout.stub - top;
  if (section === undefined && planes.length > 1) betweenPlanes(draw, planes, layout.perRow);
  if (hamming) height += switchEdges(draw, planes[0]!, layout.stub) - layout.stub;
  if (bank > 0) {
    const at = Math.max(right + layout.stub + 26, width - pad - bank);
    height = Math.max(height, opticalBank(draw, { x: at, y: top + pad, w: width - pad - at }) - top);
  }
  if (section !== undefined && others.length > 0) {
    const y = bottom + layout.stub + 14;
    const note = deepNote(draw, { x: planes[0]!.across.start, y }, section, others);
    height = Math.max(height, y + note - 14 - top);
  }
  const places = x * y;
  const cell = hostCells(grid.per);
  const rectOf = (slot: number): Rect => slotRect(slot, { grid, planes, section, folded, cell });
  const outer =
    level === 0 || grid.child < 0 ? chipPorts(levels, links).outer : laneLinks(levels, links, level).uplink;
  return {
    kind: 'lattice',
    depth,
    level,
    unit,
    firstChip: unit * spec.span,
    box: { x: left, y: top, w: width - left, h: height + pad },
    bars: draw.bars,
    bundles: draw.bundles,
    slots: placedSlots({
      count: section === undefined ? grid.count : places * cell.columns * cell.rows,
      columns: (section === undefined && folded === undefined && grid.per === 1 ? x : x * cell.columns) || 1,
      rect: rectOf,
      hit: (px, py) => hitPlanes(px, py, { grid, planes, section, folded, cell, x }),
      rows: section === undefined ? undefined : y * cell.rows,
    }),
    ...(section === undefined ? {} : { section }),
    closes: folded ? [false, false] : [grid.wrap[0] ?? false, grid.wrap[1] ?? false],
    frames: draw.frames,
    captions: draw.captions,
    uplink: outer,
    inner: lineLink(draw, 0, false),
  };
}

interface Drawing {
  input: LaneInput;
  spec: PanelLevel;
  grid: Grid;
  folded: Folded | undefined;
  bundles: Bundle[];
  bars: Bar[];
  frames: Rect[];
  captions: Caption[];
}

/** A long line in rows that are read to and fro, so that neighbours stay neighbours. */
interface Folded {
  columns: number;
  rows: number;
}

function foldedSize(count: number, room: number): Folded {
  const most = Math.max(4, Math.floor((room - 60) / 30));
  if (count <= Math.min(most, 24)) return { columns: count, rows: 1 };
  const columns = Math.min(32, Math.max(most, Math.ceil(Math.sqrt(count * 1.5))));
  return { columns, rows: Math.ceil(count / columns) };
}

/** Column of the folded line's `index`-th place. */
const foldedColumn = (index: number, { columns }: Folded): number =>
  Math.floor(index / columns) % 2 === 0 ? index % columns : columns - 1 - (index % columns);

interface PlaneLayout {
  perRow: number;
  stub: number;
  plane(place: number): Omit<Plane, 'deep'>;
}

/** Square places, as large as width and height admit; planes side by side where there are several. */
function planeLayout(wanted: {
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

interface Places {
  grid: Grid;
  planes: readonly Plane[];
  section: number | undefined;
  folded: Folded | undefined;
  cell: { columns: number; rows: number };
}

function slotRect(slot: number, { grid, planes, section, folded, cell }: Places): Rect {
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

function hitPlanes(px: number, py: number, places: Places & { x: number }): number {
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

/** Class along a dimension; `outside`: through the switches between cubes or boards. */
function lineLink({ input, spec }: Drawing, dim: number, outside: boolean): number {
  const { links, level } = input;
  const name = DIMENSIONS[dim] ?? `d${dim}`;
  switch (spec.topology.kind) {
    case 'ocs':
      return outside ? wiredLink(links, level, `optical ${name}`) : wiredLink(links, level - 1, name);
    case 'hamming_mesh':
      return outside ? wiredLink(links, level, 'link to line switch') : wiredLink(links, level, 'board');
    default:
      return wiredLink(links, level, name);
  }
}

interface LineLook {
  link: number;
  name: string;
  width: number;
  media?: string;
  count: number;
}

/** Rows and columns of one plane, each as one line, and where there are cubes or boards, those inside them on top. */
function gridLines(draw: Drawing, plane: Plane): void {
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

function style(draw: Drawing, link: number, name: string, cell: number, media: string | undefined): LineLook {
  const rate = draw.input.links[link]?.capacity ?? draw.spec.bandwidth;
  const width = Math.max(0.4, Math.min(strandWidth(rate), cell * 0.3, 5));
  return { link, name, width, count: 1, ...(media === undefined ? {} : { media }) };
}

/** @param child a child on the line: without ranks there, the line is idle. */
function push(draw: Drawing, [from, to]: [Point, Point], look: LineLook, child: number, via?: Point): void {
  const { input, grid, spec } = draw;
  const childSpan = grid.child < 0 ? 1 : input.levels[grid.child]!.span;
  const chip = input.unit * spec.span + Math.min(child, grid.count - 1) * childSpan;
  draw.bundles.push({
    from,
    to,
    ...(via ? { via } : {}),
    strands: 1,
    apart: 0,
    width: look.width,
    link: look.link,
    name: look.name,
    direct: true,
    chips: { from: chip, to: chip + childSpan },
    ...(look.media === undefined ? {} : { media: look.media }),
    tier: spec.tier,
    count: look.count,
  });
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
function fullLines(draw: Drawing, { across, down, deep }: Plane): void {
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

function outline(draw: Drawing, { across, down }: Plane): void {
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
function betweenPlanes(draw: Drawing, planes: readonly Plane[], perRow: number): void {
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

/** Row switches at the right and column switches below the boards. @returns height that they take. */
function switchEdges(draw: Drawing, { across, down }: Plane, stub: number): number {
  const { links, level } = draw.input;
  const right = trackStart(across, across.count - 1) + across.size + stub;
  const bottom = trackStart(down, down.count - 1) + down.size + stub;
  const width = 14;
  for (let row = 0; row < down.count; row += down.block) {
    const y = trackStart(down, row);
    const end = trackStart(down, Math.min(down.count, row + down.block) - 1) + down.size;
    draw.bars.push({
      rect: { x: right, y, w: width, h: end - y },
      role: 'leaf',
      count: down.block,
      link: wiredLink(links, level, 'link to line switch'),
    });
  }
  for (let column = 0; column < across.count; column += across.block) {
    const x = trackStart(across, column);
    const end = trackStart(across, Math.min(across.count, column + across.block) - 1) + across.size;
    draw.bars.push({
      rect: { x, y: bottom, w: end - x, h: width },
      role: 'leaf',
      count: across.block,
      link: wiredLink(links, level, 'link to line switch'),
    });
  }
  draw.captions.push({
    x: right - 4,
    y: down.start - stub - 4,
    text: 'row switches',
    room: draw.input.width - right + 4,
  });
  draw.captions.push({ x: across.start, y: bottom + width + 13, text: 'column switches', anchor: 'start' });
  return stub + width + 17;
}

/** One square per circuit switch: as many for each pair of faces as a face has chips. @returns its bottom. */
function opticalBank(draw: Drawing, box: { x: number; y: number; w: number }): number {
  const { spec, input } = draw;
  if (spec.topology.kind !== 'ocs') return box.y;
  const { cube, shape } = spec.topology;
  const cubes = shape.reduce((count, side, dim) => count * (side / cube[dim]!), 1);
  const faces = cube.map((_, dim) =>
    cube.reduce((area, side, other) => (other === dim ? area : area * side), 1),
  );
  const total = faces.reduce((sum, area) => sum + area, 0);
  draw.captions.push({ x: box.x, y: box.y + 14, text: 'optical switches', bold: true, room: box.w });
  draw.captions.push({ x: box.x, y: box.y + 29, text: `${total} × ${cubes} circuits`, room: box.w });
  let y = box.y + 56;
  faces.forEach((area, dim) => {
    const link = wiredLink(input.links, input.level, `optical ${DIMENSIONS[dim] ?? ''}`);
    draw.captions.push({
      x: box.x,
      y,
      text: `${DIMENSIONS[dim]} faces · ${area} × ${cubes}`,
      room: box.w * 0.72,
    });
    draw.captions.push({ x: box.x + box.w, y, text: `#${link}`, anchor: 'end', bold: true });
    y += 8;
    const columns = Math.min(area, 8);
    const pitch = Math.min(24, box.w / columns);
    for (let index = 0; index < area && index < 64; index++) {
      draw.bars.push({
        rect: {
          x: box.x + (index % columns) * pitch,
          y: y + Math.floor(index / columns) * pitch,
          w: pitch - 4,
          h: pitch - 4,
        },
        role: 'optical',
        count: 1,
        link,
      });
    }
    y += Math.ceil(Math.min(area, 64) / columns) * pitch + 22;
  });
  return y;
}

/** "z links go to planes 4 and 6". @returns height that it takes. */
function deepNote(draw: Drawing, at: Point, section: number, others: readonly number[]): number {
  const { grid } = draw;
  const place = digits(section, others);
  const notes = others.flatMap((side, dim) => {
    if (side < 2) return [];
    const here = place[dim]!;
    const name = DIMENSIONS[dim + 2]!;
    const wrap = grid.wrap[dim + 2];
    const ends = [
      here > 0 || wrap ? (here + side - 1) % side : -1,
      here < side - 1 || wrap ? (here + 1) % side : -1,
    ];
    const known = [...new Set(ends.filter(end => end >= 0))];
    return `${name} links go to ${name} ${known.join(' and ')}`;
  });
  if (notes.length === 0) return 0;
  draw.captions.push({ ...at, text: notes.join(' · ') });
  return 18;
}

function columnNames(draw: Drawing, { across, down }: Plane, stub: number, several: boolean): void {
  if (draw.folded || (several && across.size + across.inner < 14)) return;
  names(across, index =>
    draw.captions.push({
      x: trackStart(across, index) + across.size / 2,
      y: down.start - stub - 4,
      text: index === 0 ? `x ${index}` : String(index),
      anchor: 'middle',
    }),
  );
}

function rowNames(draw: Drawing, { across, down }: Plane, stub: number): void {
  if (draw.folded || draw.grid.dims.length < 2) return;
  names(down, index =>
    draw.captions.push({
      x: across.start - stub - 5,
      y: trackStart(down, index) + down.size / 2 + 3.5,
      text: index === 0 ? `y ${index}` : String(index),
      anchor: 'end',
    }),
  );
}

/** Every first, second, fourth … place, so that names do not touch. */
function names(track: Track, write: (index: number) => void): void {
  const pitch = track.size + track.inner;
  let step = 1;
  while (step * pitch < 15) step *= 2;
  for (let index = 0; index < track.count; index += step) write(index);
}
