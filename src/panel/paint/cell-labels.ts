/** Words on cells and beside them: chips, trays, and the coordinates along a grid. */
import { bundleHeat, linkHeat } from '../../layout/heat.ts';
import { asideWidth } from '../../layout/lanes/chip-row.ts';
import type { PanelAxis, PlanModel } from '../../layout/model/types.ts';
import { coordinate, coordinateRange, ranksOf, ranksPerUnit } from '../../layout/ranks.ts';
import { type Lane, middle } from '../../layout/scene.ts';
import { formatRate, heatText, linkName, span } from '../words.ts';
import type { Label, LabelInput } from './labels.ts';
import { unitColour } from './units.ts';

/** From this size on screen a cell carries an index, and from that two lines. */
const INDEX = 22;
const TWO_LINES = 33;

/** Chips of a row, of trays or of a polygon, and what stands beside them. */
export function chipLabels(lane: Lane, input: LabelInput): Label[] {
  const { model, look, palette, window } = input;
  const labels: Label[] = [];
  const level = model.levels[lane.level]!;
  const axis = innerAxis(model, lane.level);
  if (lane.slots.rect(0).w * window.k < INDEX) return beside(lane, input);
  for (let child = 0; child < lane.slots.count; child++) {
    const rect = lane.slots.rect(child);
    if (
      rect.x > window.x1 ||
      rect.y > window.y1 ||
      rect.x + rect.w < window.x0 ||
      rect.y + rect.h < window.y0
    )
      continue;
    const onScreen = rect.w * window.k;
    if (onScreen < INDEX || rect.h * window.k < 12) continue;
    const number = lane.units.numberAt(child);
    if (number < 0 || lane.failed?.slots.includes(child)) continue;
    const ranks = ranksOf(model.levels, lane.units.level, number, model.ranks);
    const used = ranks.to > ranks.from;
    const range = look.axis && coordinateRange(look.axis, ranks);
    const filled = used ? unitColour(palette, look.axis, range?.low ?? 0) : palette.idle;
    const colour = used && !palette.edge ? palette.on(filled) : used ? palette.on(filled) : palette.faint;
    const { x, y } = middle(rect);
    const two = onScreen >= TWO_LINES && rect.h * window.k >= 26 && lane.kind !== 'trays';
    const common = { x, anchor: 'middle' as const, colour, room: rect.w + 2 };
    if (two) {
      const first =
        used && axis
          ? `${axis.name} ${coordinate(axis, ranks.from)}`
          : used
            ? `${level.child} ${child}`
            : 'idle';
      const second =
        lane.level === 0 ? (onScreen >= 47 ? `chip ${number}` : String(number)) : `${level.child} ${child}`;
      labels.push({ ...common, y: y - 2, text: first, size: 11.5, bold: used });
      labels.push({ ...common, y: y + 11, text: second, size: 9.5 });
    } else {
      labels.push({ ...common, y: y + 3.5, text: used ? String(child) : '·', size: 10 });
    }
  }
  return [...labels, ...beside(lane, input)];
}

function beside(lane: Lane, input: LabelInput): Label[] {
  if (lane.kind === 'row') return besideRow(lane, input);
  return lane.kind === 'trays' ? besideTrays(lane, input) : [];
}

/** The innermost axis along which the chips of one unit differ. */
function innerAxis(model: PlanModel, level: number): PanelAxis | undefined {
  const ranks = ranksPerUnit(model.levels)[level]!;
  const child = level === 0 ? 1 : ranksPerUnit(model.levels)[level - 1]!;
  return [...model.axes]
    .filter(axis => axis.size > 1 && axis.digits.length > 0)
    .sort((a, b) => a.digits[0]!.stride - b.digits[0]!.stride)
    .find(({ digits }) => digits[0]!.stride * digits[0]!.size > child && digits[0]!.stride < ranks);
}

/** Rates and loads of a chip's links, at the right of the row. */
function besideRow(lane: Lane, { model, look, scene }: LabelInput): Label[] {
  const labels: Label[] = [];
  const bar = lane.bars[0];
  if (bar) {
    const { topology } = model.levels[lane.level]!;
    const reduce = 'reduce' in topology && topology.reduce;
    labels.push({
      x: middle(lane.slots.rect(0)).x + 9,
      y: bar.rect.y + 12.5,
      text: reduce ? 'switch · in-network reduction' : 'switch',
      size: 10.5,
      room: bar.rect.w,
      height: 12,
    });
  }
  if (asideWidth(scene.width) === 0) return labels;
  const x = lane.box.x + lane.box.w - 10;
  const said = (link: number, y: number): void => {
    const of = model.links[link];
    if (!of) return;
    const bundle = lane.bundles.find(candidate => candidate.link === link);
    const heat = bundle
      ? bundleHeat(model, bundle, look.collective, look.load)
      : linkHeat(model, link, look.collective, look.load);
    const busy = heat.share > 0;
    const room = asideWidth(scene.width) - 8;
    labels.push({ x, y, text: linkName(model, link), anchor: 'end', size: 10.5, tone: 'dim', room });
    labels.push({
      x,
      y: y + 13,
      text: formatRate(of.capacity),
      anchor: 'end',
      size: 10.5,
      tone: busy ? 'text' : 'dim',
      room,
    });
    labels.push({
      x,
      y: y + 26,
      text: busy ? heatText(heat.share, heat.carried, look.load) : model.verdict ? 'idle' : '',
      anchor: 'end',
      size: 10.5,
      bold: busy,
      tone: heat.share > 1.005 && look.load !== 'bytes' ? 'error' : busy ? 'text' : 'faint',
    });
  };
  said(lane.uplink, lane.box.y + 22);
  said(lane.inner, lane.box.y + lane.box.h - 34);
  return labels;
}

function besideTrays(lane: Lane, { model, look }: LabelInput): Label[] {
  const labels: Label[] = [];
  const level = model.levels[lane.level]!;
  const trays = Math.ceil(level.count / 4);
  const rows = Math.ceil(trays / 2);
  for (let tray = 0; tray < trays; tray++) {
    const onRight = tray >= rows;
    const rect = lane.slots.rect(Math.min(level.count - 1, tray * 4 + (onRight ? 3 : 0)));
    labels.push({
      x: onRight ? rect.x + rect.w + 7 : rect.x - 7,
      y: rect.y + rect.h / 2 + 3.5,
      text: String(tray),
      anchor: onRight ? 'start' : 'end',
      size: 10,
      tone: 'dim',
      height: rect.h,
    });
  }
  const bar = lane.bars[0];
  const link = model.links[lane.inner];
  if (bar && link) {
    const heat = linkHeat(model, lane.inner, look.collective, look.load);
    const { x, y } = middle(bar.rect);
    const load = heat.share > 0 ? heatText(heat.share, heat.carried, look.load) : model.verdict ? 'idle' : '';
    labels.push({
      x: x + 4,
      y,
      text: `switches · ${formatRate(link.capacity * level.count)}${load && ` · ${load}`}`,
      anchor: 'middle',
      size: 11,
      turned: true,
      room: bar.rect.h,
    });
  }
  return labels;
}

/** Axes along which the children of one unit of `level` can differ: the others have one coordinate there, always. */
export const axesInside = (model: Pick<PlanModel, 'axes' | 'levels'>, level: number): PanelAxis[] => {
  const ranks = ranksPerUnit(model.levels)[level]!;
  return model.axes.filter(({ digits }) => digits.some(({ stride }) => stride < ranks));
};

/** Coordinates along a grid: one label for a column or a row whose cells agree. */
export function gridHeaders(lane: Lane, { model, window }: LabelInput): Label[] {
  if (!lane.header || lane.level === 0) return [];
  const { slots } = lane;
  const childRanks = ranksPerUnit(model.levels)[lane.level - 1]!;
  const own = ranksOf(model.levels, lane.level, lane.unit, model.ranks);
  if (own.to <= own.from) return [];
  const columns = alongColumns(model.axes, childRanks, slots.columns);
  const rows = Math.ceil(slots.count / slots.columns);
  const labels: Label[] = [];
  if (columns) {
    const widest = coordinateRange(columns, { from: own.from, to: own.from + childRanks });
    const letters =
      widest && widest.low !== widest.high
        ? 2 * String(columns.size).length + 1
        : String(columns.size).length;
    const every = stepOf(slots.rect(0).w * window.k, 8 + letters * 6, slots.columns);
    for (let column = 0; column < slots.columns; column += every) {
      const rect = slots.rect(column);
      const from = own.from + column * childRanks;
      const range = coordinateRange(columns, { from, to: from + childRanks });
      if (!range) continue;
      const text = column === 0 ? `${columns.name} ${span(range)}` : span(range);
      labels.push({
        x: rect.x + rect.w / 2,
        y: lane.header.y,
        text,
        anchor: 'middle',
        size: 10.5,
        tone: 'dim',
      });
    }
  }
  const down = alongRows(axesInside(model, lane.level), childRanks, slots.columns);
  if (down) {
    const pitch = rows > 1 ? slots.rect(slots.columns).y - slots.rect(0).y : 20;
    const every = stepOf(pitch * window.k, 13, rows);
    for (let row = 0; row < rows; row += every) {
      const from = own.from + row * slots.columns * childRanks;
      if (from >= own.to) break;
      const rect = slots.rect(row * slots.columns);
      labels.push({
        x: lane.header.x,
        y: rect.y + rect.h / 2 + 3.5,
        text: String(coordinate(down, from)),
        anchor: 'end',
        size: 10,
        tone: 'dim',
      });
    }
    const last = rows - 1;
    if ((last % every) * pitch * window.k >= 13 && own.from + last * slots.columns * childRanks < own.to) {
      const rect = slots.rect(last * slots.columns);
      const value = coordinate(down, own.from + last * slots.columns * childRanks);
      labels.push({
        x: lane.header.x,
        y: rect.y + rect.h / 2 + 3.5,
        text: String(value),
        anchor: 'end',
        size: 10,
        tone: 'dim',
      });
    }
  }
  return labels;
}

/** The axis with one coordinate per column: whole columns repeat it in every row. */
export function alongColumns(
  axes: readonly PanelAxis[],
  childRanks: number,
  columns: number,
): PanelAxis | undefined {
  const row = childRanks * columns;
  return axes.find(axis => {
    const digit = axis.digits[0];
    return (
      axis.size > 1 &&
      digit &&
      axis.digits.length === 1 &&
      digit.stride * digit.size > childRanks &&
      row % (digit.stride * digit.size) === 0
    );
  });
}

/** The axis with one coordinate per row. */
export function alongRows(
  axes: readonly PanelAxis[],
  childRanks: number,
  columns: number,
): PanelAxis | undefined {
  return axes.find(axis => {
    const digit = axis.digits[0];
    return axis.size > 1 && digit && axis.digits.length === 1 && digit.stride % (childRanks * columns) === 0;
  });
}

/** 1, 2, 4, 5, 8, 10 …: every which cell is labelled so that labels stay `least` pixels apart. */
function stepOf(pitch: number, least: number, count: number): number {
  for (const step of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]) if (step * pitch >= least) return step;
  return Math.max(1, count);
}
