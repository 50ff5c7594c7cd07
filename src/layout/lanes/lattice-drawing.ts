/** What the parts of a lattice share: its planes, a folded line, and how one line of links is drawn. */
import { wiredLink } from '../links.ts';
import type { PanelLevel } from '../model/types.ts';
import { type Bar, type Bundle, type Caption, type Point, type Rect, strandWidth } from '../scene.ts';
import type { Track } from '../slots.ts';
import { DIMENSIONS, type Grid } from '../structure.ts';
import type { LaneInput } from './input.ts';

/** One plane: its places, in pixels. */
export interface Plane {
  across: Track;
  down: Track;
  /** Coordinates along the third and further dimensions. */
  deep: number[];
}

export interface Drawing {
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
export interface Folded {
  columns: number;
  rows: number;
}

export function foldedSize(count: number, room: number): Folded {
  const most = Math.max(4, Math.floor((room - 60) / 30));
  if (count <= Math.min(most, 24)) return { columns: count, rows: 1 };
  const columns = Math.min(32, Math.max(most, Math.ceil(Math.sqrt(count * 1.5))));
  return { columns, rows: Math.ceil(count / columns) };
}

/** Column of the folded line's `index`-th place. */
export const foldedColumn = (index: number, { columns }: Folded): number =>
  Math.floor(index / columns) % 2 === 0 ? index % columns : columns - 1 - (index % columns);

/** Class along a dimension; `outside`: through the switches between cubes or boards. */
export function lineLink({ input, spec }: Drawing, dim: number, outside: boolean): number {
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

export interface LineLook {
  link: number;
  name: string;
  width: number;
  media?: string;
  count: number;
}

export function style(
  draw: Drawing,
  link: number,
  name: string,
  cell: number,
  media: string | undefined,
): LineLook {
  const rate = draw.input.links[link]?.capacity ?? draw.spec.bandwidth;
  const width = Math.max(0.4, Math.min(strandWidth(rate), cell * 0.3, 5));
  return { link, name, width, count: 1, ...(media === undefined ? {} : { media }) };
}

/** @param child a child on the line: without ranks there, the line is idle. */
export function push(
  draw: Drawing,
  [from, to]: [Point, Point],
  look: LineLook,
  child: number,
  via?: Point,
): void {
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
