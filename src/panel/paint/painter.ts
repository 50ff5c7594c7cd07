/** Paints a scene: drawers, wedges, links by load, switches, units by coordinate, the route, what is open and selected. */
import { bundleHeat, linkHeat } from '../../layout/heat.ts';
import type { PlanModel } from '../../layout/model/types.ts';
import { routeIn } from '../../layout/route.ts';
import {
  type Bar,
  type Bundle,
  type Lane,
  type Point,
  type Rect,
  type Scene,
  strandsOf,
} from '../../layout/scene.ts';
import { slotOfRef } from '../../layout/slot.ts';
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
    frames(ink, lane, palette);
    for (const bundle of byHeat(lane, model, look))
      paintBundle(ink, bundle, model, look, palette, bundle.link >= 0 && emphasis.ringed === bundle.link);
    for (const bar of lane.bars) paintBar(ink, bar, model, look, palette);
    units.lane(lane);
    broken(ink, lane, palette);
    route(ink, lane, model, look, palette);
    marks(ink, lane, look, palette, emphasis);
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
  const below =
    (lane.kind === 'boxes' && lane.slots.columns === lane.slots.count) ||
    (lane.kind === 'sections' && palette.wedge !== undefined);
  // Planes and groups have others below them: there the tint runs under all of them.
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
  const lines = strandsOf(bundle);
  const over = share > 1.005 && look.load !== 'bytes';
  // In high contrast the load is told by width too.
  const width = palette.edge ? Math.max(1, bundle.width * (0.35 + 0.65 * Math.min(1, share))) : bundle.width;
  for (const line of lines) {
    if (over) ink.line(line, { colour: palette.error, width: width + 3 });
    if (ringed) ink.line(line, { colour: palette.focus, width: width + 5 });
    ink.line(line, { colour: palette.load(share), width, ...(dash ? { dash } : {}) });
  }
}

/** Cubes and boards have outlines, groups of a dragonfly are discs. */
function frames(ink: Ink, lane: Lane, palette: Palette): void {
  const stroke: Stroke = { colour: palette.edge ?? palette.border, width: 1 };
  for (const { x, y, w, h } of lane.frames ?? []) {
    if (lane.kind === 'groups') ink.disc(x + w / 2, y + h / 2, w / 2, stroke.colour);
    if (lane.kind === 'groups') ink.disc(x + w / 2, y + h / 2, w / 2 - 1, palette.drawer);
    else ink.frame(x, y, w, h, stroke, 3);
  }
}

/** Of lines that cross each other the hot ones are on top. */
function byHeat(lane: Lane, model: PlanModel, look: Look): readonly Bundle[] {
  if (lane.kind !== 'groups' && lane.kind !== 'graph' && lane.kind !== 'polygon') return lane.bundles;
  const heat = new Map(
    lane.bundles.map(bundle => [bundle, bundleHeat(model, bundle, look.collective, look.load).share]),
  );
  return [...lane.bundles].sort((a, b) => heat.get(a)! - heat.get(b)!);
}

function paintBar(ink: Ink, { rect, role, link }: Bar, model: PlanModel, look: Look, palette: Palette): void {
  const { x, y, w, h } = rect;
  if (role === 'router') {
    ink.disc(x + w / 2, y + h / 2, w / 2 + 0.8, palette.edge ?? palette.faint);
    ink.disc(x + w / 2, y + h / 2, w / 2, palette.switch);
    return;
  }
  const heat = role === 'optical' ? linkHeat(model, link, look.collective, look.load).share : 0;
  ink.rect(x, y, w, h, heat > 0 ? palette.load(heat) : palette.switch, 2);
  if (heat > 1.005 && look.load !== 'bytes') ink.frame(x, y, w, h, { colour: palette.error, width: 1.5 }, 2);
  else if (palette.edge) ink.frame(x, y, w, h, { colour: palette.edge, width: 1 }, 2);
}

/** A cross for what is broken, never heat; a broken child is hollow under it. */
function broken(ink: Ink, lane: Lane, palette: Palette): void {
  const cross = (x: number, y: number, r: number, width: number): void => {
    for (const side of [1, -1]) {
      const line = [
        { x: x - r, y: y - side * r },
        { x: x + r, y: y + side * r },
      ];
      ink.line(line, { colour: palette.ground, width: width + 2 });
      ink.line(line, { colour: palette.error, width });
    }
  };
  for (const slot of lane.failed?.slots ?? []) {
    const { x, y, w, h } = lane.slots.rect(slot);
    ink.rect(x, y, w, h, palette.drawer);
    ink.frame(x + 0.5, y + 0.5, Math.max(1, w - 1), Math.max(1, h - 1), { colour: palette.error, width: 1 });
    cross(x + w / 2, y + h / 2, Math.min(w, h, 22) * 0.32, Math.min(1.6, w / 5));
  }
  for (const { x, y } of lane.failed?.links ?? []) {
    ink.disc(x, y, 5.4, palette.ground);
    cross(x, y, 3.6, 1.6);
  }
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
function marks(ink: Ink, lane: Lane, look: Look, palette: Palette, emphasis: Emphasis): void {
  const around = (child: number, colour: string, grow: number, width: number): void => {
    // A disc has a ring, everything else a frame.
    const disc = lane.kind === 'groups' && lane.sections ? lane.frames?.[child] : undefined;
    const { x, y, w, h } = disc ?? lane.slots.rect(child);
    const round = disc ? w / 2 + grow : 3;
    ink.frame(x - grow, y - grow, w + 2 * grow, h + 2 * grow, { colour, width }, round);
  };
  if (lane.open !== undefined) around(lane.open, palette.focus, 2.5, 1.6);
  const { selected } = look;
  const child = selected ? slotOfRef(lane, selected) : -1;
  if (selected && child >= 0 && child !== lane.open)
    around(child, selected.level < 0 ? palette.text : palette.focus, 1, 1.8);
  if (emphasis.focus?.depth === lane.depth && emphasis.focus.child < lane.slots.count) {
    around(emphasis.focus.child, palette.focus, 4.5, 2);
  }
}
