/** Children of a lane, coloured by coordinate: cells, pictures of what is inside, or strips where that is too small. */
import type { PanelAxis, PlanModel } from '../../layout/model/types.ts';
import {
  chipOf,
  coordinate,
  coordinateRange,
  type Ranks,
  ranksOf,
  ranksPerUnit,
} from '../../layout/ranks.ts';
import type { Lane, Rect } from '../../layout/scene.ts';
import { type Sections, sectionsOf, singlePlane } from '../../layout/structure.ts';
import type { Look } from '../look.ts';
import type { Palette } from '../palette.ts';
import type { Ink } from './ink.ts';

/** Smallest cell that is painted by itself, screen pixels. */
const CELL = 1.5;
/** Cells of planes and groups, of which there may be hundreds on screen. */
const SAMPLE = 2;
/** From here on cells stand apart. */
const APART = 6;

export interface Window {
  /** Zoom, and the part of the plane that is on screen. */
  k: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export const everything = (k = 1): Window => ({ k, x0: -1e9, y0: -1e9, x1: 1e9, y1: 1e9 });

export class UnitPainter {
  private readonly ink: Ink;
  private readonly model: PlanModel;
  private readonly look: Look;
  private readonly palette: Palette;
  private readonly window: Window;
  private readonly perUnit: number[];
  /** Colour by coordinate, made once. */
  private readonly colours: string[] = [];

  constructor(ink: Ink, model: PlanModel, look: Look, palette: Palette, window: Window) {
    this.ink = ink;
    this.model = model;
    this.look = look;
    this.palette = palette;
    this.window = window;
    this.perUnit = ranksPerUnit(model.levels);
  }

  /** Paints the children that are on screen. */
  lane(lane: Lane): void {
    const { k, x0, y0, x1, y1 } = this.window;
    const sample = lane.slots.rect(0);
    const tiny = sample.w * k < CELL || sample.h * k < CELL;
    if (tiny && !lane.sections && regular(lane)) {
      this.coarse(lane);
      return;
    }
    for (let slot = 0; slot < lane.slots.count; slot++) {
      const rect = lane.slots.rect(slot);
      if (rect.x > x1 || rect.y > y1 || rect.x + rect.w < x0 || rect.y + rect.h < y0) continue;
      if (lane.sections) this.section(lane, rect, slot);
      else {
        const number = lane.units.numberAt(slot);
        if (number >= 0) this.unit(rect, lane.units.level, this.ranks(lane.units.level, number));
      }
    }
  }

  private ranks(level: number, unit: number): Ranks {
    return unit < 0 ? { from: 0, to: 0 } : ranksOf(this.model.levels, level, unit, this.model.ranks);
  }

  /** A plane or a group as a picture of its cells, sampled where they are too small. */
  private section(lane: Lane, rect: Rect, section: number): void {
    const { sections } = lane;
    if (!sections) return;
    const { units } = lane;
    const count = this.model.levels[lane.level]!.count;
    const first = lane.unit * (units.level < lane.level - 1 ? this.model.levels[lane.level]!.span : count);
    this.cells(rect, sections.columns, sections.rows, sections.block, (column, row) => {
      const child = sections.childAt(section, column, row);
      return child < 0 ? undefined : this.ranks(units.level, first + child);
    });
    if (this.palette.edge && lane.kind !== 'groups')
      this.ink.frame(rect.x, rect.y, rect.w, rect.h, { colour: this.palette.edge, width: 1 / this.window.k });
  }

  /** Cells in columns and rows, at most as many as can be seen; wider gaps between blocks. */
  private cells(
    rect: Rect,
    columns: number,
    rows: number,
    block: { columns: number; rows: number } | undefined,
    ranksAt: (column: number, row: number) => Ranks | undefined,
  ): void {
    const { k } = this.window;
    const across = Math.max(1, Math.min(columns, Math.floor((rect.w * k) / SAMPLE)));
    const down = Math.max(1, Math.min(rows, Math.floor((rect.h * k) / SAMPLE)));
    const whole = across === columns && down === rows;
    const outer = whole && block ? Math.min(2, (rect.w / columns) * 0.35) : 0;
    const extraX = outer * (Math.ceil(columns / (block?.columns ?? columns)) - 1);
    const extraY = outer * (Math.ceil(rows / (block?.rows ?? rows)) - 1);
    const w = (rect.w - extraX) / across;
    const h = (rect.h - extraY) / down;
    const gapX = w * k >= 3 ? Math.min(1.4, w * 0.22) : 0;
    const gapY = h * k >= 3 ? Math.min(1.4, h * 0.22) : 0;
    for (let y = 0; y < down; y++) {
      const row = Math.floor(((y + 0.5) * rows) / down);
      for (let x = 0; x < across; x++) {
        const column = Math.floor(((x + 0.5) * columns) / across);
        const ranks = ranksAt(column, row);
        if (!ranks) continue;
        const left = rect.x + x * w + (block ? Math.floor(column / block.columns) * outer : 0);
        const top = rect.y + y * h + (block ? Math.floor(row / block.rows) * outer : 0);
        this.small({ x: left, y: top, w: w - gapX, h: h - gapY }, ranks);
      }
    }
  }

  /** One unit of `level` (-1: a chip) that holds `ranks`. */
  private unit(rect: Rect, level: number, ranks: Ranks): void {
    const { axis } = this.look;
    const round = rect.w * this.window.k > 20 && rect.h * this.window.k > 14;
    const radius = round ? Math.min(3 / this.window.k, rect.h / 4) : 0;
    const range = axis ? coordinateRange(axis, ranks) : undefined;
    const full = ranks.to - ranks.from === (level < 0 ? 1 : this.perUnit[level]!);
    const inner = level >= 0 && rect.w * this.window.k >= 24 && rect.h * this.window.k >= 16;
    if (inner && (!range || range.low !== range.high || !full)) {
      this.inside(rect, level, ranks);
    } else if (!range || !axis || ranks.to <= ranks.from) {
      this.cell(rect, ranks.to > ranks.from ? this.palette.compute : undefined, radius);
    } else if (range.low === range.high) {
      this.cell(rect, this.colour(axis, range.low), radius);
    } else {
      this.strips(rect, axis, range, full ? 1 : (ranks.to - ranks.from) / this.perUnit[level]!);
    }
  }

  /** Its children as small cells, in the columns that its own drawer would have. */
  private inside(rect: Rect, level: number, ranks: Ranks): void {
    const { levels } = this.model;
    const spec = levels[level]!;
    const planes = this.planes(level);
    if (planes && ranks.to > ranks.from) {
      this.pictures(rect, level, ranks, planes);
      return;
    }
    const columns = Math.min(spec.count, this.look.columns[spec.name] ?? Math.ceil(Math.sqrt(spec.count)));
    const rows = Math.ceil(spec.count / columns);
    const { k } = this.window;
    const across = Math.max(1, Math.min(columns, Math.floor((rect.w * k) / CELL)));
    const down = Math.max(1, Math.min(rows, Math.floor((rect.h * k) / CELL)));
    const w = rect.w / across;
    const h = rect.h / down;
    const gapX = w * k >= 3.4 ? Math.min(1, w * 0.2) : 0;
    const gapY = h * k >= 2.8 ? Math.min(1, h * 0.25) : 0;
    const first = ranks.to > ranks.from ? Math.floor(chipOf(levels, ranks.from) / spec.childSpan) : -1;
    const base = first - (((first % spec.count) + spec.count) % spec.count);
    for (let y = 0; y < down; y++) {
      const row = Math.floor(((y + 0.5) * rows) / down);
      for (let x = 0; x < across; x++) {
        const child = row * columns + Math.floor(((x + 0.5) * columns) / across);
        if (child >= spec.count) continue;
        const cell = { x: rect.x + x * w, y: rect.y + y * h, w: w - gapX, h: h - gapY };
        this.small(cell, first < 0 ? { from: 0, to: 0 } : this.ranks(level - 1, base + child));
      }
    }
    if (this.palette.edge)
      this.ink.frame(rect.x, rect.y, rect.w, rect.h, { colour: this.palette.edge, width: 1 / k });
  }

  /** Of a grid its planes, or the one plane that it is. */
  private planes(level: number): Sections | undefined {
    const { levels } = this.model;
    if (this.known.has(level)) return this.known.get(level);
    const planes = sectionsOf(levels, level) ?? singlePlane(levels, level);
    this.known.set(level, planes);
    return planes;
  }

  private readonly known = new Map<number, Sections | undefined>();

  /** The planes of a unit side by side inside its box. */
  private pictures(rect: Rect, level: number, ranks: Ranks, planes: Sections): void {
    const { levels, ranks: total } = this.model;
    const chip = chipOf(levels, ranks.from);
    const unit = Math.floor(chip / levels[level]!.span);
    const first = unit * (planes.child < level - 1 ? levels[level]!.span : levels[level]!.count);
    const ratio = planes.rows / planes.columns;
    let best = { perRow: 1, w: 0 };
    for (let perRow = 1; perRow <= planes.count; perRow++) {
      const rows = Math.ceil(planes.count / perRow);
      const w = Math.min(rect.w / perRow, rect.h / rows / ratio);
      if (w > best.w) best = { perRow, w };
    }
    const rows = Math.ceil(planes.count / best.perRow);
    const perRow = Math.ceil(planes.count / rows);
    const pitch = { x: rect.w / perRow, y: rect.h / rows };
    const w = Math.min(best.w, pitch.x) * 0.9;
    // Too many planes to be told apart: only as many as the box has room for.
    const most = Math.max(1, Math.floor((rect.w * rect.h * this.window.k ** 2) / 16));
    for (let plane = 0; plane < Math.min(planes.count, most); plane++) {
      const at = {
        x: rect.x + (plane % perRow) * pitch.x,
        y: rect.y + Math.floor(plane / perRow) * pitch.y,
        w,
        h: w * ratio,
      };
      this.cells(at, planes.columns, planes.rows, undefined, (column, row) => {
        const child = planes.childAt(plane, column, row);
        return child < 0 ? undefined : ranksOf(levels, planes.child, first + child, total);
      });
    }
  }

  /** A cell of a picture: one colour, or as many strips as can be told apart. */
  private small(rect: Rect, ranks: Ranks): void {
    const { axis } = this.look;
    const range = axis && coordinateRange(axis, ranks);
    if (axis && range && range.low !== range.high && rect.w * this.window.k >= 2 * CELL) {
      this.strips(rect, axis, range, 1, false);
    } else {
      this.ink.rect(rect.x, rect.y, rect.w, rect.h, this.rankColour(ranks.to > ranks.from ? ranks.from : -1));
    }
  }

  /** Cells below the size that can be seen: samples of them, as many as the screen has places. */
  private coarse(lane: Lane): void {
    const count = lane.slots.count;
    const { columns } = lane.slots;
    const rows = Math.ceil(count / columns);
    const first = lane.slots.rect(0);
    const right = lane.slots.rect(columns - 1);
    const last = lane.slots.rect((rows - 1) * columns);
    const w = right.x + right.w - first.x;
    const h = last.y + last.h - first.y;
    const across = Math.max(1, Math.min(columns, Math.floor((w * this.window.k) / 2)));
    const down = Math.max(1, Math.min(rows, Math.floor((h * this.window.k) / 2)));
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        const child =
          Math.floor(((y + 0.5) * rows) / down) * columns + Math.floor(((x + 0.5) * columns) / across);
        const ranks = child < count ? this.ranks(lane.units.level, lane.units.numberAt(child)) : undefined;
        if (!ranks) continue;
        this.ink.rect(
          first.x + (x * w) / across,
          first.y + (y * h) / down,
          w / across + 0.3,
          h / down + 0.3,
          this.rankColour(ranks.to > ranks.from ? ranks.from : -1),
        );
      }
    }
  }

  /** Several coordinates in one small box: upright strips by share. */
  private strips(
    rect: Rect,
    axis: PanelAxis,
    range: { low: number; high: number },
    share: number,
    edged = true,
  ): void {
    const values = range.high - range.low + 1;
    const strips = Math.max(1, Math.min(values, Math.floor((rect.w * this.window.k) / CELL)));
    if (share < 1) this.cell(rect, undefined, 0);
    for (let strip = 0; strip < strips; strip++) {
      const value = range.low + Math.floor(((strip + 0.5) * values) / strips);
      this.ink.rect(
        rect.x + (strip * rect.w) / strips,
        rect.y,
        rect.w / strips + 0.2,
        rect.h * share,
        this.colour(axis, value),
      );
    }
    if (this.palette.edge && edged && share === 1) {
      this.ink.frame(rect.x, rect.y, rect.w, rect.h, { colour: this.palette.edge, width: 1 / this.window.k });
    }
  }

  /** `undefined`: idle, an outline only where there is room for one. */
  private cell(rect: Rect, colour: string | undefined, radius: number): void {
    const { k } = this.window;
    const large = rect.w * k >= APART && rect.h * k >= APART;
    this.ink.rect(rect.x, rect.y, rect.w, rect.h, colour ?? this.palette.idle, radius);
    const edge =
      this.palette.edge ??
      (colour === undefined && large && rect.h * k > 16 ? this.palette.border : undefined);
    if (edge && large) this.ink.frame(rect.x, rect.y, rect.w, rect.h, { colour: edge, width: 1 / k }, radius);
  }

  private rankColour(rank: number): string {
    const { axis } = this.look;
    if (rank < 0) return this.palette.idle;
    return axis ? this.colour(axis, coordinate(axis, rank)) : this.palette.compute;
  }

  private colour(axis: PanelAxis, value: number): string {
    this.colours[value] ??= this.palette.coordinate(axis.size > 1 ? value / (axis.size - 1) : 0);
    return this.colours[value];
  }
}

/** Whether a lane's slots run row by row through one rectangle. */
const regular = ({ kind, slots }: Lane): boolean =>
  (kind === 'grid' || kind === 'lattice' || kind === 'rails' || kind === 'graph') &&
  slots.columns < slots.count;

/** The colour that a chip or a node with one coordinate has. */
export const unitColour = (palette: Palette, axis: PanelAxis | undefined, value: number): string =>
  axis ? palette.coordinate(axis.size > 1 ? value / (axis.size - 1) : 0) : palette.compute;
