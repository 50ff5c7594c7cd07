/**
 * A dragonfly: its groups on a circle, routers towards the centre, chips outside, global links as chords. Small ones show every
 * chip; of large ones every group is a disc that opens as a drawer with its routers and their hosts side by side.
 */
import { chipPorts, laneLinks, wiredLink } from '../links.ts';
import type { PanelLevel } from '../model/types.ts';
import {
  type Bar,
  type Bundle,
  type Caption,
  type DrawnLane,
  middle,
  type Point,
  type Rect,
  strandWidth,
} from '../scene.ts';
import { listSlots } from '../slots.ts';
import { sectionsOf } from '../structure.ts';
import type { LaneInput } from './input.ts';
import { placedSlots } from './placed.ts';

const PAD = 10;
/** From more groups on, only the open one's chords are drawn. */
const ALL_CHORDS = 20;
/** Routers of a group whose pairs are all drawn. */
const ALL_LOCAL = 16;
const TALLEST = 470;
/** Half the side of the square inside a disc, in radii. */
const INSCRIBED = 0.7;
/** Radius of a disc that its number fits into. */
const INSIDE = 15;

type Dragonfly = Extract<PanelLevel['topology'], { kind: 'dragonfly' }>;

export function groupsLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width, room } = input;
  const spec = levels[level]!;
  const topology = spec.topology as Dragonfly;
  const { groups, routers, perRouter } = topology;
  const pad = depth > 0 ? PAD : 2;
  const extent = width - left - 2 * pad;
  const side = Math.min(extent, TALLEST, Math.max(360, room));
  const centre = { x: left + pad + extent / 2, y: top + pad + side / 2 };
  // Discs touch neither each other nor the edge.
  const share = Math.sin(Math.PI / Math.max(2, groups));
  const radius = Math.min((side / 2) * (share / (1 + share)) * 0.92, side * 0.16);
  const outside = radius < INSIDE || input.sections !== undefined;
  const reach = side / 2 - radius - (outside ? 15 : 2);
  const angle = (group: number): number => (group / groups) * 2 * Math.PI;
  const at = (group: number, out: number): Point => ({
    x: centre.x + Math.sin(angle(group)) * out,
    y: centre.y - Math.cos(angle(group)) * out,
  });
  const discs = Array.from({ length: groups }, (_, group): Rect => {
    const { x, y } = at(group, reach);
    return { x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius };
  });
  const size = routers * perRouter;
  const used = Math.min(groups, Math.ceil(spec.count / size));
  const wires = new Wires(input, size);
  const bars: Bar[] = [];
  const all = groups <= ALL_CHORDS;
  const from = input.open ?? 0;
  for (let a = 0; a < groups; a++) {
    for (let b = a + 1; b < groups; b++) {
      if (!all && a !== from && b !== from) continue;
      wires.global(a, b, {
        ends: [at(a, reach - radius), at(b, reach - radius)],
        centre,
        count: topology.globalLinks,
        detours: topology.detours,
      });
    }
  }
  const rects: Rect[] = [];
  if (!input.sections) {
    for (let group = 0; group < groups; group++) {
      const placed = insideGroup({
        centre: middle(discs[group]!),
        angle: angle(group),
        radius,
        routers,
        size,
      });
      wires.local(group, placed.routers);
      const link = wiredLink(links, level, 'port');
      for (const point of placed.routers) {
        const r = radius * 0.09;
        bars.push({
          rect: { x: point.x - r, y: point.y - r, w: 2 * r, h: 2 * r },
          role: 'router',
          count: 1,
          link,
        });
      }
      if (group < used) rects.push(...placed.hosts.slice(0, spec.count - group * size));
    }
  }
  const outer = level === 0 ? chipPorts(levels, links).outer : laneLinks(levels, links, level).uplink;
  // Squares inside the discs: discs stand close, their bounding squares would cover each other.
  const half = radius * INSCRIBED;
  const squares = discs.slice(0, used).map((disc): Rect => {
    const { x, y } = middle(disc);
    return { x: x - half, y: y - half, w: 2 * half, h: 2 * half };
  });
  const slots = input.sections ? squares : rects;
  return {
    kind: 'groups',
    depth,
    level,
    unit,
    firstChip: unit * spec.span,
    box: { x: left, y: top, w: width - left, h: side + 2 * pad },
    bars,
    bundles: wires.made,
    slots: { ...listSlots(slots), columns: slots.length },
    ...(input.sections ? { sections: input.sections } : {}),
    frames: discs,
    captions: groupNames({ groups, radius, at, reach, discs, outside }),
    uplink: outer,
    inner: wiredLink(links, level, 'global'),
  };
}

/** In the discs; where these are small or full, outside of the circle, of every second, fourth … group if need be. */
function groupNames(circle: {
  groups: number;
  radius: number;
  reach: number;
  at(group: number, out: number): Point;
  discs: readonly Rect[];
  outside: boolean;
}): Caption[] {
  const { groups, radius, reach, at, discs, outside } = circle;
  if (!outside) {
    return discs.map((disc, group) => ({
      x: middle(disc).x,
      y: middle(disc).y + 4,
      text: String(group),
      anchor: 'middle',
      bold: true,
    }));
  }
  let step = 1;
  while (step * 2 * radius < 18) step *= 2;
  return Array.from({ length: Math.ceil(groups / step) }, (_, index): Caption => {
    const { x, y } = at(index * step, reach + radius + 9);
    return { x, y: y + 3.5, text: String(index * step), anchor: 'middle' };
  });
}

/** Routers on an arc towards the centre of the whole, hosts on arcs away from it. */
function insideGroup(group: {
  centre: Point;
  angle: number;
  radius: number;
  routers: number;
  size: number;
}): {
  routers: Point[];
  hosts: Rect[];
} {
  const { centre, angle, radius, routers, size } = group;
  const on = (turn: number, out: number): Point => ({
    x: centre.x + Math.sin(angle + turn) * out,
    y: centre.y - Math.cos(angle + turn) * out,
  });
  const arc = (index: number, count: number, half: number): number =>
    count === 1 ? 0 : (index / (count - 1) - 0.5) * 2 * half;
  const inner = Array.from({ length: routers }, (_, index) =>
    on(
      Math.PI + arc(index, routers, Math.min(1.25, 0.3 * routers)),
      radius * (routers > 2 && index % 2 === 1 ? 0.8 : 0.6),
    ),
  );
  const rings = Math.ceil(size / 14);
  const perRing = Math.ceil(size / rings);
  const cell = Math.min(radius * 0.2, (radius * 2.6) / perRing);
  const hosts = Array.from({ length: size }, (_, index): Rect => {
    const ring = Math.floor(index / perRing);
    const count = Math.min(perRing, size - ring * perRing);
    const { x, y } = on(arc(index % perRing, count, 1.35), radius * 0.82 - ring * cell * 1.2);
    return { x: x - cell / 2, y: y - cell / 2, w: cell, h: cell };
  });
  return { routers: inner, hosts };
}

/** Collects the links of groups, with the chips that they belong to. */
class Wires {
  readonly made: Bundle[] = [];
  private readonly input: LaneInput;
  private readonly size: number;

  constructor(input: LaneInput, size: number) {
    this.input = input;
    this.size = size;
  }

  global(
    a: number,
    b: number,
    chord: { ends: [Point, Point]; centre: Point; count: number; detours: boolean },
  ): void {
    const { levels, links, level } = this.input;
    const spec = levels[level]!;
    const link = wiredLink(links, level, 'global');
    const [from, to] = chord.ends;
    const mid = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    this.add({
      from,
      to,
      via: { x: mid.x + (chord.centre.x - mid.x) * 0.35, y: mid.y + (chord.centre.y - mid.y) * 0.35 },
      width: Math.min(4, strandWidth((links[link]?.capacity ?? spec.bandwidth) * chord.count) / 2),
      link,
      name: 'global links',
      chips: this.chips(a),
      ...(chord.detours ? {} : { only: true, pair: this.chips(b) }),
      count: chord.count,
      ...(spec.media === undefined ? {} : { media: spec.media }),
    });
  }

  /** Every router of a group to every other one. */
  local(group: number, points: readonly Point[], lift = 0): void {
    const { links, level } = this.input;
    const link = wiredLink(links, level, 'local');
    const base = { width: 1.6, link, name: 'local links', chips: this.chips(group), count: 1 };
    const first = points[0];
    const last = points.at(-1);
    if (points.length > ALL_LOCAL && first && last) {
      // Too many pairs to be told apart: one line that all of them hang on.
      const y = first.y - Math.max(4, lift / 2);
      const count = (points.length * (points.length - 1)) / 2;
      if (lift > 0) this.add({ ...base, from: { x: first.x, y }, to: { x: last.x, y }, width: 3, count });
      for (const point of lift > 0 ? points : []) this.add({ ...base, from: { x: point.x, y }, to: point });
      return;
    }
    for (let a = 0; a < points.length; a++) {
      for (let b = a + 1; b < points.length; b++) {
        const from = points[a]!;
        const to = points[b]!;
        const via = { x: (from.x + to.x) / 2, y: from.y - lift * (0.35 + (b - a) / points.length) };
        this.add({ ...base, from, to, ...(lift > 0 ? { via } : {}) });
      }
    }
  }

  chips(group: number): { from: number; to: number } {
    const { levels, level, unit } = this.input;
    const { childSpan, span } = levels[level]!;
    const first = unit * span + group * this.size * childSpan;
    return { from: first, to: Math.min(unit * span + span, first + this.size * childSpan) };
  }

  add(bundle: Omit<Bundle, 'strands' | 'apart' | 'direct' | 'tier'>): void {
    const { tier } = this.input.levels[this.input.level]!;
    this.made.push({ ...bundle, strands: 1, apart: 0, direct: true, tier });
  }
}

/** One group: its routers in a row, their hosts below, local links as arcs, global links as stubs. */
export function routersLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width, room } = input;
  const section = input.section ?? 0;
  const spec = levels[level]!;
  const { groups, routers, perRouter, globalLinks } = spec.topology as Dragonfly;
  const sections = sectionsOf(levels, level)!;
  const pad = depth > 0 ? PAD : 2;
  const extent = width - left - 2 * pad;
  const pitch = extent / routers;
  const w = Math.max(1, pitch - Math.max(1, Math.min(10, pitch * 0.2)));
  const arcs = routers > ALL_LOCAL ? 12 : Math.min(46, 14 + routers * 2);
  const stub = 14;
  const y0 = top + pad + stub + arcs;
  const cell = Math.max(
    4,
    Math.min(24, (Math.max(room, 200) - stub - arcs - 50) / perRouter, Math.max(8, w)),
  );
  const bar = 13;
  const hosts = y0 + bar + 8;
  const x = (router: number): number => left + pad + router * pitch + (pitch - w) / 2;
  const wires = new Wires(input, routers * perRouter);
  const global = wiredLink(links, level, 'global');
  const each = Math.max(1, Math.round(((groups - 1) * globalLinks) / routers));
  const points: Point[] = [];
  const bars: Bar[] = [];
  for (let router = 0; router < routers; router++) {
    const mid = x(router) + w / 2;
    points.push({ x: mid, y: y0 });
    wires.add({
      from: { x: mid, y: top + pad },
      to: { x: mid, y: y0 },
      width: Math.min(1.6, w / 3),
      link: global,
      name: 'global links',
      chips: wires.chips(section),
      count: each,
      ...(spec.media === undefined ? {} : { media: spec.media }),
    });
    wires.add({
      from: { x: mid, y: y0 + bar },
      to: { x: mid, y: hosts + perRouter * cell - 2 },
      width: Math.min(2.5, w / 4),
      link: wiredLink(links, level, 'port'),
      name: 'ports',
      chips: wires.chips(section),
      count: perRouter,
    });
    bars.push({ rect: { x: x(router), y: y0, w, h: bar }, role: 'leaf', count: 1, link: global });
  }
  wires.local(section, points, arcs * 1.25);
  const rect = (slot: number): Rect => ({
    x: x(slot % routers),
    y: hosts + Math.floor(slot / routers) * cell,
    w,
    h: Math.max(1, cell - Math.min(3, cell * 0.2)),
  });
  return {
    kind: 'routers',
    depth,
    level,
    unit,
    firstChip: unit * spec.span,
    box: { x: left, y: top, w: width - left, h: hosts + perRouter * cell + pad - top },
    bars,
    bundles: wires.made,
    slots: placedSlots({
      count: sections.columns * sections.rows,
      columns: routers,
      rect,
      hit: (px, py) => {
        const column = Math.floor((px - left - pad) / pitch);
        const row = Math.floor((py - hosts) / cell);
        if (column < 0 || column >= routers || row < 0 || row >= perRouter) return -1;
        const place = rect(row * routers + column);
        const inside = px >= place.x && px < place.x + place.w && py < place.y + place.h;
        return inside ? row * routers + column : -1;
      },
      rows: perRouter,
    }),
    section,
    captions: points.map((point, router) => ({
      x: point.x,
      y: y0 + bar - 3,
      text: String(router),
      anchor: 'middle',
      room: w,
    })),
    uplink: level === 0 ? chipPorts(levels, links).outer : laneLinks(levels, links, level).uplink,
    inner: wiredLink(links, level, 'local'),
  };
}
