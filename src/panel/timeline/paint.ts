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

export interface Rows {
  list: Placed[];
  height: number;
  /** How much larger than usual rows are, so that few of them do not leave half of the view empty. */
  grown: number;
}

const GROWS = 1.8;

/** Rows one below the other. */
export function placed(rows: readonly Row[], lanes: number, room: number): Rows {
  const stages = rows.filter(row => 'stage' in row).length;
  const each = CHIP + lanes * (LANE + SPACE) + GAP;
  const folds = (rows.length - stages) * (FOLD + GAP);
  const grown = Math.max(1, Math.min(GROWS, (room - HEAD - folds) / (stages * each)));
  let y = HEAD;
  const list = rows.map(row => {
    const h = 'stage' in row ? each * grown : FOLD + GAP;
    y += h;
    return { row, y: y - h, h };
  });
  return { list, height: y, grown };
}

/** Top of a lane in its row: the chip is -1. */
export const laneTop = (lane: number, { grown }: Rows): number =>
  lane < 0 ? 0 : grown * (CHIP + SPACE + lane * (LANE + SPACE));

export interface Scene {
  step: Step;
  rows: Rows;
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
  const seen = rows.list.filter(({ y, h }) => y + h > scroll + HEAD && y < scroll + height);
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
      const pen = brush(context, palette, {
        top: top + laneTop(lane, rows),
        height: rows.grown * (lane < 0 ? CHIP : LANE),
        colour: colours[lane] ?? palette.compute,
        kinds,
        hatch,
        width: scale.width,
      });
      segments(step, row.stage, step.lanes[lane], scale.from, scale.to, (kind, from, to, block) => {
        const [left, right] = [x(from), x(to)];
        if (right < 0 || left > scale.width) return;
        pen.add(kind, left, right);
        if (lane >= 0 || kind === 'idle') return;
        if (scene.critical && step.critical[block]) pen.mark(left, right);
        if (right - left >= LABEL) pen.label(block < 0 ? kind : shortWords(step, block), left, right, kind);
        if (block === scene.chosen) pen.ring(left, right);
      });
      pen.end();
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

/** Paints one lane from left to right; what stands above its blocks comes when all of them are there. */
export function brush(
  context: CanvasRenderingContext2D,
  { edge, error, focus, fontFamily, on }: Palette,
  { top, height, colour, kinds, hatch, width }: Place,
) {
  /** Pixel that narrow blocks are gathered in, and what of it they fill: by kind. */
  let column = -1;
  let filled = new Map<SegmentKind, number>();
  const above: (() => void)[] = [];
  const colourOf = (kind: SegmentKind): string => kinds[kind] ?? colour;
  const fill = (style: string | CanvasPattern, x: number, w: number, y = top, h = height): void => {
    context.fillStyle = style;
    context.fillRect(x, y, w, h);
  };
  const frame = (style: string, line: number, x: number, y: number, w: number, h: number): void => {
    context.strokeStyle = style;
    context.lineWidth = line;
    context.strokeRect(x, y, w, h);
  };
  /** Hidden communication: faint, and in high contrast thin. */
  const faintly = (x: number, w: number, h = height): void => {
    context.globalAlpha = edge ? 1 : 0.4;
    if (edge) fill(colour, x, w, top + height - 2, 2);
    else fill(colour, x, w, top + height - h, h);
    context.globalAlpha = 1;
  };
  /** A pixel that many blocks share is as high as they fill it, in what most of them are; what waits is seen first. */
  const flush = (): void => {
    let all = 0;
    let most = 0;
    let main: SegmentKind = 'hidden';
    for (const [kind, share] of filled) {
      if (kind === 'hidden') continue;
      all += share;
      if (share > most) [most, main] = [share, kind];
    }
    const h = Math.max(1.5, Math.min(1, (all || (filled.get(main) ?? 0)) * 1.05) * height);
    if (all > 0) fill(colourOf(main), column, 1, top + height - h, h);
    else if (filled.size > 0) faintly(column, 1, h);
    filled = new Map();
  };
  const gather = (kind: SegmentKind, left: number, right: number): void => {
    for (let from = left; from < right; from = column + 1) {
      if (Math.floor(from) !== column) {
        flush();
        column = Math.floor(from);
      }
      filled.set(kind, (filled.get(kind) ?? 0) + Math.min(right, column + 1) - from);
    }
  };
  return {
    add(kind: SegmentKind, left: number, right: number): void {
      const [a, b] = [Math.max(-2, left), Math.min(width + 2, right)];
      if (kind === 'idle') {
        if (b - a >= SHAPE) fill(hatch, a, b - a);
        return;
      }
      if (right - left < SHAPE) {
        gather(kind, left, right);
        return;
      }
      flush();
      // Blocks that one can tell apart are kept apart.
      const w = b - a - (right - left >= 4 ? 0.75 : 0);
      if (kind === 'hidden') {
        faintly(a, w);
        return;
      }
      fill(colourOf(kind), a, w);
      // Of a pair the lower half goes back.
      if (kind === 'pair') fill(colourOf('backward'), a, w, top + height / 2, height / 2);
      if (edge && w >= 8) frame(edge, 1, a + 0.5, top + 0.5, w - 1, height - 1);
    },
    /** The longest path, as a bar at the top of what is on it. */
    mark(left: number, right: number): void {
      above.push(() => fill(error, left, Math.max(SHAPE, right - left - 0.75), top, 2.6));
    },
    ring(left: number, right: number): void {
      above.push(() => frame(focus, 2, left - 0.5, top - 1, Math.max(3, right - left + 0.5), height + 2));
    },
    /** In the part of a block that is on screen. */
    label(text: string, left: number, right: number, kind: SegmentKind): void {
      const [a, b] = [Math.max(0, left), Math.min(width, right)];
      above.push(() => {
        context.font = `10px ${fontFamily}`;
        if (context.measureText(text).width > b - a - 5) return;
        context.textAlign = 'center';
        context.fillStyle = on(colourOf(kind));
        context.fillText(text, (a + b) / 2, top + height / 2 + 3.5);
      });
    },
    end(): void {
      flush();
      for (const draw of above) draw();
    },
  };
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
  for (const { row, y } of rows.list) {
    if ('stage' in row) middle.set(stage++, y - scroll + 2);
    else for (let more = 0; more < row.folded; more++) middle.set(stage++, y - scroll + FOLD / 2);
  }
  const { critical, first } = step.data;
  context.strokeStyle = palette.error;
  context.globalAlpha = palette.edge ? 1 : 0.4;
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
