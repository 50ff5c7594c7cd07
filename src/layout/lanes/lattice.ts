/**
 * Children on the places of a grid: torus, mesh, line and long ring, HyperX, HammingMesh, the chips of an optical torus. The
 * first two dimensions are a plane, the others its repetitions. Links run under the cells along rows and columns, links that
 * close a dimension as stubs on both sides: no line crosses the picture.
 */
import { chipPorts, laneLinks } from '../links.ts';
import type { DrawnLane, Rect } from '../scene.ts';
import { trackStart } from '../slots.ts';
import { digits, gridOf, hostCells, planeTitle } from '../structure.ts';
import { isTight } from '../widths.ts';
import type { LaneInput } from './input.ts';
import { type Drawing, foldedSize, lineLink, type Plane } from './lattice-drawing.ts';
import { betweenPlanes, fullLines, gridLines, outline } from './lattice-lines.ts';
import { columnNames, deepNote, rowNames } from './lattice-names.ts';
import { hitPlanes, planeLayout, slotRect } from './lattice-places.ts';
import { opticalBank, switchEdges } from './lattice-switches.ts';
import { placedSlots } from './placed.ts';

const PAD = 10;
/** Widest bank of optical switches. */
const BANK = 216;
/** Links along a row of more places are one line. */
const MOST_LINES = 420;
/** Height of the names above a plane. */
const HEAD = 17;

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
