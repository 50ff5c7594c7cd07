/** Paints a scene: drawers, wedges, links by load, switches, units by coordinate, the route, what is open and selected. */
import { bundleHeat } from '../../layout/heat.ts';
import type { PlanModel } from '../../layout/model/types.ts';
import { routeIn } from '../../layout/route.ts';
import type { Bundle, Lane, Point, Rect, Scene } from '../../layout/scene.ts';
import type { Look } from '../look.ts';
import type { Palette } from '../palette.ts';
import type { Ink, Stroke } from './ink.ts';
import { UnitPainter, type Window } from './units.ts';

/** Dashes say the medium: copper solid, active cables ticked, optics long dashes, optics without pluggables short ones. */
const DASH: Record<string, readonly number[]> = {
  aec: [14, 1],
  aoc: [8, 1.5],
  optics: [8, 1.5],
  lpo: [4, 1.5],
  cpo: [4, 1.5],
  ocs: [8, 1.5],
};

export interface Emphasis {
  /** Keyboard focus: a lane and a child. */
  focus?: { depth: number; child: number };
  /** Class of links that is ringed for a moment. */
  ringed?: number;
  /** A drawer that is just opening, 0..1, and the ones below it. */
  opening?: { depth: number; share: number };
}

export function paintScene(
  ink: Ink,
  scene: Scene,
  model: PlanModel,
  look: Look,
  palette: Palette,
  window: Window,
  emphasis: Emphasis = {},
): void {
  const units = new UnitPainter(ink, model, look, palette, window);
  scene.lanes.forEach((lane, depth) => {
    const above = scene.lanes[depth - 1];
    ink.fade(opacity(lane, emphasis));
    if (above?.open !== undefined) wedge(ink, above, above.slots.rect(above.open), lane.box, palette);
    if (lane.depth > 0 && lane.box.x > 0) drawer(ink, lane.box, palette);
  });
  for (const lane of scene.lanes) {
    if (lane.box.y > window.y1 || lane.box.y + lane.box.h < window.y0) continue;
    for (const bundle of lane.bundles)
      paintBundle(ink, bundle, model, look, palette, emphasis.ringed === bundle.link);
    for (const bar of lane.bars) {
      ink.rect(bar.rect.x, bar.rect.y, bar.rect.w, bar.rect.h, palette.switch, 2);
      if (palette.edge)
        ink.frame(bar.rect.x, bar.rect.y, bar.rect.w, bar.rect.h, { colour: palette.edge, width: 1 }, 2);
    }
    units.lane(lane);
    route(ink, lane, model, look, palette);
    marks(ink, lane, look, palette, emphasis, model);
  }
  ink.fade(1);
}

const opacity = ({ depth }: Lane, { opening }: Emphasis): number =>
  opening && depth >= opening.depth ? opening.share : 1;

function drawer(ink: Ink, box: Rect, palette: Palette): void {
  ink.rect(box.x, box.y, box.w, box.h, palette.drawer, 4);
  ink.frame(
    box.x + 0.5,
    box.y + 0.5,
    box.w - 1,
    box.h - 1,
    { colour: palette.edge ?? palette.border, width: 1 },
    4,
  );
}

/** From the open unit to its drawer; out of a grid from its edge, so that it does not run under other cells. */
function wedge(ink: Ink, lane: Lane, unit: Rect, box: Rect, palette: Palette): void {
  const edge = lane.box.y + lane.box.h;
  // Lines would run through the words below a unit, a tint does not.
  const below = lane.kind === 'boxes' && lane.slots.columns === lane.slots.count;
  const from = below ? unit.y + unit.h + (palette.wedge ? 2 : 14) : edge;
  const left = [
    { x: unit.x, y: from },
    { x: box.x, y: box.y },
  ];
  const right = [
    { x: unit.x + unit.w, y: from },
    { x: box.x + box.w, y: box.y },
  ];
  if (palette.wedge) {
    ink.area([...left, ...right.reverse()], palette.wedge);
    return;
  }
  const stroke: Stroke = { colour: palette.edge ?? palette.border, width: 1 };
  ink.line(left, stroke);
  ink.line(right, stroke);
}

function paintBundle(
  ink: Ink,
  bundle: Bundle,
  model: PlanModel,
  look: Look,
  palette: Palette,
  ringed: boolean,
): void {
  const { share } = bundleHeat(model, bundle, look.collective, look.load);
  const dash = bundle.media ? DASH[bundle.media] : undefined;
  const lines = strands(bundle);
  const over = share > 1.005 && look.load !== 'bytes';
  // In high contrast the load is told by width too.
  const width = palette.edge ? Math.max(1, bundle.width * (0.35 + 0.65 * Math.min(1, share))) : bundle.width;
  for (const line of lines) {
    if (over) ink.line(line, { colour: palette.error, width: width + 3 });
    if (ringed) ink.line(line, { colour: palette.focus, width: width + 5 });
    ink.line(line, { colour: palette.load(share), width, ...(dash ? { dash } : {}) });
  }
}

/** One line, or one up and one down. */
function strands({ from, to, strands: count, apart }: Bundle): Point[][] {
  if (count === 1) return [[from, to]];
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const dx = ((to.y - from.y) / length) * (apart / 2);
  const dy = ((to.x - from.x) / length) * (apart / 2);
  return [1, -1].map(side => [
    { x: from.x + side * dx, y: from.y + side * dy },
    { x: to.x + side * dx, y: to.y + side * dy },
  ]);
}

function route(ink: Ink, lane: Lane, model: PlanModel, look: Look, palette: Palette): void {
  if (!look.collective || look.allGroups || look.load !== 'running') return;
  const found = routeIn(lane, model, look.collective, look.rank);
  if (!found) return;
  for (const { points, over } of found.paths) {
    if (!over) ink.line(points, { colour: palette.ground, width: 3.6 });
  }
  for (const { points, arrow } of found.paths) {
    ink.line(points, { colour: palette.text, width: 1.3 });
    const tip = points.at(-1);
    const before = points.at(-2);
    if (arrow && tip && before) arrowHead(ink, before, tip, palette.text);
  }
  const radius = found.dots.length > 64 ? 1.4 : 2.1;
  for (const { x, y } of found.dots) {
    ink.disc(x, y, radius + 1, palette.ground);
    ink.disc(x, y, radius, palette.text);
  }
}

function arrowHead(ink: Ink, from: Point, tip: Point, colour: string): void {
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1;
  const dx = (tip.x - from.x) / length;
  const dy = (tip.y - from.y) / length;
  ink.area(
    [
      { x: tip.x + dx, y: tip.y + dy },
      { x: tip.x - 6 * dx - 3 * dy, y: tip.y - 6 * dy + 3 * dx },
      { x: tip.x - 6 * dx + 3 * dy, y: tip.y - 6 * dy - 3 * dx },
    ],
    colour,
  );
}

/** Open child, selected child, keyboard focus. */
function marks(
  ink: Ink,
  lane: Lane,
  look: Look,
  palette: Palette,
  emphasis: Emphasis,
  model: PlanModel,
): void {
  const around = (child: number, colour: string, grow: number, width: number): void => {
    const { x, y, w, h } = lane.slots.rect(child);
    ink.frame(x - grow, y - grow, w + 2 * grow, h + 2 * grow, { colour, width }, 3);
  };
  if (lane.open !== undefined) around(lane.open, palette.focus, 2.5, 1.6);
  const { selected } = look;
  const count = model.levels[lane.level]!.count;
  if (selected && selected.level === lane.level - 1 && Math.floor(selected.unit / count) === lane.unit) {
    const child = selected.unit % count;
    if (child !== lane.open) around(child, lane.level === 0 ? palette.text : palette.focus, 1, 1.8);
  }
  if (emphasis.focus?.depth === lane.depth && emphasis.focus.child < lane.slots.count) {
    around(emphasis.focus.child, palette.focus, 4.5, 2);
  }
}
