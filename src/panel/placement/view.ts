/** The placement: a canvas for units and links, words over it, a tree behind it, and what the pointer and keys do. */
import { buildLadder } from '../../layout/ladder.ts';
import type { Direction, Lane, Scene } from '../../layout/scene.ts';
import { opens, slotRef } from '../../layout/slot.ts';
import { isNarrow } from '../../layout/widths.ts';
import type { Panel } from '../app.ts';
import { el } from '../dom.ts';
import { CanvasInk } from '../paint/ink.ts';
import { labelsOf } from '../paint/labels.ts';
import { type Emphasis, paintScene } from '../paint/painter.ts';
import type { Window } from '../paint/units.ts';
import { drawBreadcrumb } from './breadcrumb.ts';
import { ElkClient } from './elk-client.ts';
import { type Hit, hitAt } from './hit.ts';
import { Overlay, type Transform } from './overlay.ts';
import { drawTable } from './table.ts';
import { Tooltip, tipOf } from './tooltip.ts';
import { drawTwin, type Focus } from './twin.ts';
import { Plane } from './zoom.ts';

export interface Picture {
  /** Leaves whatever is shown on top. @returns whether there was something. */
  leave(): boolean;
  /** Arrows and Enter, as if the picture had the focus. */
  key(event: KeyboardEvent): void;
}

const MARGIN = 2;
/** Milliseconds of opening a drawer. */
const OPENING = 160;
/** A unit that the wheel brings to this many lane heights opens by itself. */
const OPENS_AT = 3;
const ARROWS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

export function mountPlacement(root: HTMLElement, panel: Panel): Picture {
  const view = new PlacementView(root, panel);
  panel.onDraw(() => view.draw());
  return view;
}

class PlacementView implements Picture {
  private readonly panel: Panel;
  private readonly canvas = el('canvas', { 'aria-hidden': 'true' });
  private readonly overlay = new Overlay();
  private readonly tooltip = new Tooltip();
  private readonly twin = el('div.unseen');
  private readonly table = el('div.table-view', { tabindex: 0, 'aria-label': 'Placement as a table' });
  private readonly crumbs = el('nav.breadcrumb', { 'aria-label': 'Open units' });
  private readonly area: HTMLElement;
  private readonly plane: Plane;
  private readonly elk = new ElkClient(() => this.panel.redraw());
  private drawn: Scene | undefined;
  private focus: Focus | undefined;
  private size = { width: 0, height: 0 };
  private path: readonly number[] = [];
  private opening: { depth: number; since: number } | undefined;

  constructor(root: HTMLElement, panel: Panel) {
    this.panel = panel;
    this.area = el(
      'div.plane',
      { tabindex: 0, role: 'tree', 'aria-label': 'Levels of the fabric and their units' },
      this.canvas,
      this.overlay.root,
      this.twin,
    );
    root.append(this.crumbs, el('div.plane-box', {}, this.area, this.tooltip.root), this.table);
    this.plane = new Plane(this.area, (to, byWheel) => this.moved(to, byWheel));
    new ResizeObserver(() => this.panel.redraw()).observe(this.area);
    this.listen();
  }

  leave(): boolean {
    const shown = !this.tooltip.root.hidden;
    this.tooltip.show(undefined, 0, 0, '');
    return shown;
  }

  draw(): void {
    const { panel } = this;
    const { model, state } = panel;
    if (!model || model.levels.length === 0 || state.view !== 'placement') return;
    const asTable = state.table;
    this.area.parentElement!.hidden = asTable;
    this.table.hidden = !asTable;
    const width = Math.max(240, (asTable ? this.table : this.area).clientWidth);
    const height = Math.max(120, this.area.clientHeight || this.size.height);
    this.size = { width, height };
    const look = panel.look();
    const scene = buildLadder({
      levels: model.levels,
      links: model.links,
      path: state.path,
      width: width - 2 * MARGIN,
      height: height - 8,
      columns: state.columns,
      positions: this.elk.positions,
    });
    this.drawn = scene;
    for (const { graph } of scene.lanes) if (graph) this.elk.request(graph);
    drawBreadcrumb(this.crumbs, panel, isNarrow(width - 2 * MARGIN));
    if (asTable) {
      drawTable(this.table, scene, model, look, (depth, child) => panel.open(depth, child));
      return;
    }
    this.plane.bounds(width, scene.height + 12, width, height);
    if (state.path.length > this.path.length) this.reveal(scene, state.zoom);
    if (this.path !== state.path) this.startOpening(state.path);
    this.plane.place(panel.state.zoom);
    this.paint(scene, width, height);
    drawTwin(this.twin, scene, model, look, this.focus);
  }

  /** Canvas and words at the place that the state says. */
  private paint(scene: Scene, width: number, height: number): void {
    const { model, palette, state, ringed } = this.panel;
    const context = this.canvas.getContext('2d');
    if (!context || !model) return;
    const ratio = window.devicePixelRatio || 1;
    const wide = Math.round(width * ratio);
    const high = Math.round(height * ratio);
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      this.canvas.width = wide;
      this.canvas.height = high;
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
      this.overlay.root.setAttribute('width', String(width));
      this.overlay.root.setAttribute('height', String(height));
    }
    const { x, y, k } = this.transform(state.zoom);
    const seen: Window = { k, x0: -x / k, y0: -y / k, x1: (width - x) / k, y1: (height - y) / k };
    const look = this.panel.look();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(ratio * k, 0, 0, ratio * k, ratio * x, ratio * y);
    const focused = document.activeElement === this.area ? this.focus : undefined;
    paintScene(new CanvasInk(context), scene, model, look, palette, seen, {
      ...(focused ? { focus: focused } : {}),
      ...(ringed === undefined ? {} : { ringed }),
      ...this.openingNow(),
    });
    this.overlay.draw(labelsOf({ scene, model, look, palette, window: seen }), { x, y, k });
  }

  /** Drawers that were not there a moment ago come in; not the first ones, and never for people who want no motion. */
  private startOpening(path: readonly number[]): void {
    const first = this.path.length === 0 && path.length > 1;
    const depth = path.findIndex((child, at) => child !== this.path[at]);
    this.path = path;
    if (depth < 0 || first || window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    this.opening = { depth: depth + 1, since: performance.now() };
  }

  private openingNow(): Pick<Emphasis, 'opening'> {
    if (!this.opening) return {};
    const passed = (performance.now() - this.opening.since) / OPENING;
    const { depth } = this.opening;
    if (passed >= 1) this.opening = undefined;
    else this.panel.redraw();
    return { opening: { depth, share: 1 - (1 - Math.min(1, passed)) ** 2 } };
  }

  /** The plane has a small margin at the left and the top, for rings around its edges. */
  private transform({ x, y, k }: Transform): Transform {
    return { x: x + MARGIN * k, y: y + 4 * k, k };
  }

  private moved(to: Transform, byWheel: boolean): void {
    this.tooltip.show(undefined, 0, 0, '');
    this.panel.update({ zoom: to });
    if (byWheel) this.openLarge(to);
  }

  /** Opens what the wheel has brought close enough. */
  private openLarge({ k }: Transform): void {
    const { model, state } = this.panel;
    if (!model || !this.drawn || !this.pointed) return;
    const { lane, child } = this.pointed;
    if (child === undefined || !opens(lane) || lane.open === child) return;
    const { h } = lane.slots.rect(child);
    if (h * k >= OPENS_AT * Math.min(lane.box.h, this.size.height / 2)) {
      this.panel.update({ path: [...state.path.slice(0, lane.depth), child] });
    }
  }

  /** Moves the plane so that the drawer that has just opened is seen, as little as possible. */
  private reveal(scene: Scene, zoom: Transform): void {
    const lane = scene.lanes.at(-1);
    if (!lane) return;
    const { k } = zoom;
    const bottom = (lane.box.y + lane.box.h + 8) * k + zoom.y;
    const hidden = bottom - this.size.height;
    if (hidden <= 0) return;
    const up = Math.min(hidden, lane.box.y * k + zoom.y);
    this.panel.state = { ...this.panel.state, zoom: { ...zoom, y: zoom.y - up } };
  }

  private pointed: Hit | undefined;

  private listen(): void {
    const { area, panel } = this;
    area.addEventListener('pointermove', event => this.point(event));
    area.addEventListener('pointerleave', () => {
      this.pointed = undefined;
      this.tooltip.show(undefined, 0, 0, '');
      panel.rest(undefined);
    });
    area.addEventListener('click', event => this.click(event));
    area.addEventListener('dblclick', event => {
      const hit = this.at(event);
      if (hit?.child !== undefined) this.panel.open(hit.lane.depth, hit.child);
    });
    area.addEventListener('keydown', event => this.key(event));
    area.addEventListener('focus', () => panel.redraw());
    area.addEventListener('blur', () => panel.redraw());
    document.addEventListener('meshwright-zoom', event => {
      if (panel.state.view !== 'placement') return;
      const by = (event as CustomEvent<'in' | 'out' | 'fit'>).detail;
      if (by === 'fit') this.fit();
      else this.plane.step(by);
    });
  }

  /** All of the ladder; a second time, from its top at full width. */
  private fit(): void {
    const { panel, drawn, size } = this;
    const all = drawn ? Math.min(1, size.height / (drawn.height + 12)) : 1;
    const now = panel.state.zoom;
    const fitted = { k: all, x: (size.width * (1 - all)) / 2, y: 0 };
    const same = Math.abs(now.k - fitted.k) < 1e-3 && Math.abs(now.x - fitted.x) < 1 && Math.abs(now.y) < 1;
    panel.refit();
    if (!same) panel.update({ zoom: fitted });
  }

  private at(event: MouseEvent): Hit | undefined {
    const box = this.area.getBoundingClientRect();
    const { x, y, k } = this.transform(this.panel.state.zoom);
    if (!this.drawn) return undefined;
    return hitAt(this.drawn, (event.clientX - box.left - x) / k, (event.clientY - box.top - y) / k, k);
  }

  private point(event: PointerEvent): void {
    const { model } = this.panel;
    if (!model || event.buttons !== 0) return;
    const hit = this.at(event);
    const box = this.area.getBoundingClientRect();
    this.pointed = hit;
    const tip = hit ? tipOf(model, this.panel.look(), hit) : undefined;
    this.area.classList.toggle('pointing', tip !== undefined);
    this.tooltip.show(tip, event.clientX - box.left, event.clientY - box.top, model.uri);
    this.panel.rest(tip?.source);
  }

  /** Selects; a second click on the same unit opens it; with Alt goes to the line. */
  private click(event: MouseEvent): void {
    const { panel } = this;
    const { model, state } = panel;
    const hit = this.at(event);
    this.tooltip.show(undefined, 0, 0, '');
    if (!model || !hit) return;
    if (event.altKey) {
      const tip = tipOf(model, panel.look(), hit);
      panel.reveal(tip?.source);
      return;
    }
    if (hit.child === undefined) {
      if (hit.link === undefined) panel.select(undefined);
      return;
    }
    const ref = slotRef(hit.lane, hit.child);
    if (!ref) return;
    this.focus = { depth: hit.lane.depth, child: hit.child };
    const again =
      state.selected?.level === ref.level &&
      state.selected.unit === ref.unit &&
      state.selected.section === ref.section;
    if (again && opens(hit.lane) && event.detail === 1) panel.open(hit.lane.depth, hit.child);
    else panel.select(ref);
  }

  key(event: KeyboardEvent): void {
    const { panel } = this;
    const { model } = panel;
    const scene = this.drawn;
    if (!model || !scene || event.ctrlKey || event.metaKey) return;
    this.tooltip.show(undefined, 0, 0, '');
    const direction = ARROWS[event.key];
    const lane = this.focusedLane(scene);
    if (!lane) return;
    if (direction) {
      if (this.focus) this.move(scene, lane, this.focus, direction);
      else this.focus = { depth: lane.depth, child: lane.open ?? 0 };
      panel.select(slotRef(this.focusedLane(scene)!, this.focus.child));
    } else if (event.key === 'Enter' && this.focus) {
      if (opens(lane)) panel.open(lane.depth, this.focus.child);
      else panel.reveal(model.levels[0]?.source);
    } else if (event.key === 'F12' && this.focus) {
      panel.reveal(model.levels[lane.level]?.source);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private focusedLane(scene: Scene): Lane | undefined {
    return scene.lanes.find(({ depth }) => depth === this.focus?.depth) ?? scene.lanes[0];
  }

  /** The neighbour by place; beyond the edge, the drawer above or below. */
  private move(scene: Scene, lane: Lane, focus: Focus, direction: Direction): void {
    const child = lane.slots.neighbour(focus.child, direction);
    this.focus = { depth: lane.depth, child };
    if (child !== focus.child) return;
    const index = scene.lanes.indexOf(lane);
    const next =
      direction === 'up' ? scene.lanes[index - 1] : direction === 'down' ? scene.lanes[index + 1] : undefined;
    if (next) this.focus = { depth: next.depth, child: next.open ?? 0 };
  }
}
