/** The canvas of the timeline: rows that are on screen, blocks of a pixel and more one by one, narrower ones as density. */

import type { Palette } from '../palette.ts';
import { mix } from '../ramp.ts';
import { endOf, type Row, type SegmentKind, type Step, segments, shortWords } from './step.ts';

export const HEAD = 22;
export const CHIP = 18;
export const LANE = 10;
/** Of a lane, above it, and below a row. */
const SPACE = 2;
export const GAP = 10;
export const FOLD = 18;
/** From this width on a block is a shape of its own. */
const SHAPE = 1.5;
const LABEL = 26;

/** Nanoseconds that are shown over the width, in pixels. */
export interface Scale {
  from: number;
  to: number;
  width: number;
}

export interface Placed {
  row: Row;
  y: number;
  h: number;
}

export const rowHeight = (lanes: number): number => CHIP + lanes * (LANE + SPACE) + GAP;

/** Rows one below the other. */
export function placed(rows: readonly Row[], lanes: number): Placed[] {
  let y = HEAD;
  return rows.map(row => {
    const h = 'stage' in row ? rowHeight(lanes) : FOLD + GAP;
    y += h;
    return { row, y: y - h, h };
  });
}

/** Top and height of a lane in its row: the chip is -1. */
export const laneTop = (lane: number): number => (lane < 0 ? 0 : CHIP + SPACE + lane * (LANE + SPACE));

export interface Scene {
  step: Step;
  rows: readonly Placed[];
  scale: Scale;
  scroll: number;
  height: number;
  /** Colour of every lane. */
  colours: string[];
  critical: boolean;
  /** Block with a ring. */
  chosen?: number | undefined;
}

export function paintTimeline(context: CanvasRenderingContext2D, scene: Scene, palette: Palette): void {
  const { step, rows, scale, scroll, height, colours } = scene;
  const perPixel = (scale.to - scale.from) / scale.width;
  const x = (time: number): number => (time - scale.from) / perPixel;
  const seen = rows.filter(({ y, h }) => y + h > scroll + HEAD && y < scroll + height);
  context.clearRect(0, 0, scale.width, height);
  context.save();
  context.beginPath();
  context.rect(0, HEAD, scale.width, height);
  context.clip();
  paintGrid(context, scene, palette, x);
  const hatch = hatching(context, palette);
  const kinds = kindColours(palette);
  for (const { row, y } of seen) {
    if (!('stage' in row)) continue;
    const top = y - scroll;
    for (let lane = -1; lane < step.lanes.length; lane++) {
      const brush = new Brush(context, palette, {
        top: top + laneTop(lane),
        height: lane < 0 ? CHIP : LANE,
        colour: colours[lane] ?? palette.compute,
        kinds,
        hatch,
        width: scale.width,
      });
      segments(step, row.stage, step.lanes[lane], scale.from, scale.to, (kind, from, to, block) => {
        const [left, right] = [x(from), x(to)];
        if (right < 0 || left > scale.width) return;
        brush.add(kind, left, right);
        if (lane >= 0 || block < 0 || kind === 'idle') return;
        if (scene.critical && step.critical[block]) brush.mark(left, right);
        if (right - left >= LABEL) brush.label(shortWords(step, block), left, right, kind);
        if (block === scene.chosen) brush.ring(left, right);
      });
      brush.end();
    }
  }
  if (scene.critical) paintPath(context, scene, palette, x);
  context.restore();
  paintHead(context, scene, palette, x);
}

/** Of what the chip does; lanes have the colour of their axis. */
export const kindColours = (palette: Palette): Partial<Record<SegmentKind, string>> => ({
  forward: palette.compute,
  backward: palette.backward,
  weights: mix(palette.backward, palette.ground, 0.35),
  pair: mix(palette.compute, palette.backward, 0.5),
  optimizer: palette.backward,
  overhead: mix(palette.ground, palette.text, 0.12),
});

interface Place {
  top: number;
  height: number;
  colour: string;
  kinds: Partial<Record<SegmentKind, string>>;
  hatch: CanvasPattern | string;
  width: number;
}

/** Paints one lane from left to right. */
class Brush {
  private readonly context: CanvasRenderingContext2D;
  private readonly palette: Palette;
  private readonly at: Place;
  /** Pixel that narrow blocks are gathered in, and what of it they fill: by kind. */
  private column = -1;
  private filled = new Map<string, number>();
  /** Drawn when all blocks are. */
  private readonly above: (() => void)[] = [];

  constructor(context: CanvasRenderingContext2D, palette: Palette, at: Place) {
    this.context = context;
    this.palette = palette;
    this.at = at;
  }

  add(kind: SegmentKind, left: number, right: number): void {
    const { top, height, width, hatch } = this.at;
    const { context, palette } = this;
    if (kind === 'idle') {
      if (right - left < SHAPE) return;
      context.fillStyle = hatch;
      context.fillRect(Math.max(0, left), top, Math.min(width, right) - Math.max(0, left), height);
      return;
    }
    if (right - left < SHAPE) {
      this.gather(kind, left, right);
      return;
    }
    this.flush();
    const [a, b] = [Math.max(-2, left), Math.min(width + 2, right)];
    // Blocks that one can tell apart are kept apart.
    const w = b - a - (right - left >= 4 ? 0.75 : 0);
    if (kind === 'hidden') {
      context.globalAlpha = palette.edge ? 1 : 0.4;
      context.fillStyle = this.at.colour;
      if (palette.edge) context.fillRect(a, top + height / 2 - 1, w, 2);
      else context.fillRect(a, top, w, height);
      context.globalAlpha = 1;
      return;
    }
    if (kind === 'pair') {
      this.fill(a, w, this.colourOf('forward'), top, height / 2);
      this.fill(a, w, this.colourOf('backward'), top + height / 2, height / 2);
    } else this.fill(a, w, this.colourOf(kind), top, height);
    if (palette.edge && w >= 3) {
      context.strokeStyle = palette.edge;
      context.lineWidth = 1;
      context.strokeRect(a + 0.5, top + 0.5, w - 1, height - 1);
    }
  }

  /** The longest path, as a bar at the top of what is on it. */
  mark(left: number, right: number): void {
    const { top } = this.at;
    const w = Math.max(SHAPE, right - left - 0.75);
    this.above.push(() => this.fill(left, w, this.palette.error, top, 2.6));
  }

  ring(left: number, right: number): void {
    const { context, palette } = this;
    const { top, height } = this.at;
    this.above.push(() => {
      context.strokeStyle = palette.focus;
      context.lineWidth = 2;
      context.strokeRect(left - 0.5, top - 1, Math.max(3, right - left + 0.5), height + 2);
    });
  }

  label(text: string, left: number, right: number, kind: SegmentKind): void {
    const { context, palette } = this;
    const { top, height, width } = this.at;
    // Of a long block the part on screen has the words.
    const [a, b] = [Math.max(0, left), Math.min(width, right)];
    this.above.push(() => {
      context.font = `10px ${palette.fontFamily}`;
      if (context.measureText(text).width > b - a - 5) return;
      context.textAlign = 'center';
      context.fillStyle = palette.on(this.colourOf(kind));
      context.fillText(text, (a + b) / 2, top + height / 2 + 3.5);
    });
  }

  end(): void {
    this.flush();
    for (const draw of this.above) draw();
  }

  private colourOf(kind: SegmentKind): string {
    return this.at.kinds[kind] ?? this.at.colour;
  }

  private fill(x: number, w: number, colour: string, y: number, h: number): void {
    this.context.fillStyle = colour;
    this.context.fillRect(x, y, w, h);
  }

  private gather(kind: SegmentKind, left: number, right: number): void {
    for (let from = left; from < right; ) {
      const column = Math.floor(from);
      if (column !== this.column) {
        this.flush();
        this.column = column;
      }
      const to = Math.min(right, column + 1);
      this.filled.set(kind, (this.filled.get(kind) ?? 0) + to - from);
      if (to <= from) return;
      from = to;
    }
  }

  /** A pixel that many blocks share is as high as they fill it, in what most of them are. */
  private flush(): void {
    if (this.filled.size === 0) return;
    const { top, height } = this.at;
    let [all, most, main] = [0, 0, 'hidden'];
    for (const [kind, share] of this.filled) {
      // What waits is seen before what does not.
      const weight = kind === 'hidden' ? share / 1e3 : share;
      if (kind !== 'hidden') all += share;
      if (weight > most) [most, main] = [weight, kind];
    }
    if (main === 'hidden') all = this.filled.get('hidden')!;
    const h = Math.max(1.5, Math.min(1, all * 1.05) * height);
    this.context.globalAlpha = main === 'hidden' && !this.palette.edge ? 0.4 : 1;
    this.fill(this.column, 1, this.colourOf(main as SegmentKind), top + height - h, h);
    this.context.globalAlpha = 1;
    this.filled = new Map();
  }
}

/** Diagonal lines, so that idle time is told without colour. */
function hatching(context: CanvasRenderingContext2D, palette: Palette): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const pen = tile.getContext('2d');
  if (!pen) return palette.border;
  pen.strokeStyle = mix(palette.ground, palette.text, palette.edge ? 0.6 : 0.28);
  pen.lineWidth = 0.8;
  for (const at of [-6, 0, 6]) {
    pen.moveTo(at - 1, 7);
    pen.lineTo(at + 7, -1);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat') ?? palette.border;
}

/** From the end of one block of the longest path to the next one, where that is on another row. */
function paintPath(
  context: CanvasRenderingContext2D,
  { step, rows, scroll, scale }: Scene,
  palette: Palette,
  x: (time: number) => number,
): void {
  const middle = new Map<number, number>();
  let stage = 0;
  for (const { row, y } of rows) {
    if ('stage' in row) middle.set(stage++, y - scroll + 2);
    else for (let more = 0; more < row.folded; more++) middle.set(stage++, y - scroll + FOLD / 2);
  }
  const { critical, first } = step.data;
  context.strokeStyle = palette.error;
  context.globalAlpha = palette.edge ? 1 : 0.55;
  context.lineWidth = 1;
  context.beginPath();
  let before = -1;
  let beforeStage = -1;
  for (const block of critical) {
    let own = Math.max(0, beforeStage);
    while (first[own]! > block) own--;
    while (first[own + 1]! <= block) own++;
    if (before >= 0 && own !== beforeStage) {
      const [a, b] = [x(endOf(step, before)), x(step.start[block]!)];
      if (b >= 0 && a <= scale.width) {
        context.moveTo(a, middle.get(beforeStage)!);
        context.lineTo(b, middle.get(own)!);
      }
    }
    [before, beforeStage] = [block, own];
  }
  context.stroke();
  context.globalAlpha = 1;
}

/** Round steps, some eighty pixels apart. */
function ticksOf({ from, to, width }: Scale): { at: number; text: string }[] {
  const raw = ((to - from) * 80) / width;
  const power = 10 ** Math.floor(Math.log10(raw));
  const every = ([1, 2, 5, 10].find(n => n * power >= raw) ?? 10) * power;
  const [unit, factor] = every >= 1e7 ? ['s', 1e9] : every >= 1e4 ? ['ms', 1e6] : ['µs', 1e3];
  const digits = Math.max(0, -Math.floor(Math.log10((every * 1.0001) / factor)));
  const ticks: { at: number; text: string }[] = [];
  for (let n = Math.ceil(from / every); n * every <= to; n++)
    ticks.push({ at: n * every, text: `${((n * every) / factor).toFixed(n === 0 ? 0 : digits)} ${unit}` });
  return ticks;
}

function paintGrid(
  context: CanvasRenderingContext2D,
  { scale, height }: Scene,
  palette: Palette,
  x: (time: number) => number,
): void {
  context.fillStyle = mix(palette.ground, palette.text, 0.1);
  for (const { at } of ticksOf(scale)) context.fillRect(Math.round(x(at)), HEAD, 1, height);
}

function paintHead(
  context: CanvasRenderingContext2D,
  { step, scale }: Scene,
  palette: Palette,
  x: (time: number) => number,
): void {
  context.font = `10.5px ${palette.fontFamily}`;
  context.fillStyle = palette.dim;
  for (const { at, text } of ticksOf(scale)) {
    const wide = context.measureText(text).width / 2;
    context.textAlign = 'left';
    context.fillText(text, Math.max(0, Math.min(scale.width - 2 * wide, x(at) - wide)), 12);
  }
  if (scale.from <= 0 && scale.to >= step.end) return;
  // Where in the step this is.
  const [a, b] = [scale.from / step.end, scale.to / step.end];
  context.fillStyle = mix(palette.ground, palette.text, 0.15);
  context.fillRect(0, HEAD - 5, scale.width, 3);
  context.fillStyle = palette.focus;
  context.fillRect(a * scale.width, HEAD - 5, Math.max(3, (b - a) * scale.width), 3);
}
