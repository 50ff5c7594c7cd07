/**
 * Children joined by links that somebody wrote down one by one. On a circle until a layout has found better places; what is too
 * large to be read as a graph is a grid of cells, its links only counted.
 */
import { formatCount } from '../../engine/units/format.ts';
import type { LaneGraph, Positions } from '../elk/graph.ts';
import { isLayable } from '../elk/graph.ts';
import { chipPorts, laneLinks } from '../links.ts';
import {
  type Bar,
  type Bundle,
  type DrawnLane,
  middle,
  type Point,
  type Rect,
  strandWidth,
} from '../scene.ts';
import { fitTrack, gridSlots, listSlots } from '../slots.ts';
import type { LaneInput } from './input.ts';

const PAD = 10;

export function graphLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width, room } = input;
  const spec = levels[level]!;
  const { links: edges, rates } =
    spec.topology.kind === 'graph' ? spec.topology : { links: [] as [number, number][], rates: {} };
  const switches = Math.max(0, ...edges.flat().map(vertex => vertex + 1)) - spec.count;
  const vertices = spec.count + Math.max(0, switches);
  const pad = depth > 0 ? PAD : 2;
  const extent = width - left - 2 * pad;
  const side = vertices <= 12 ? 38 : vertices <= 40 ? 26 : 14;
  const size = { w: vertices <= 12 ? 52 : side, h: side };
  const graph = graphOf(spec.name, spec.count, vertices, edges, size);
  const first = unit * spec.span;
  const outer = level === 0 ? chipPorts(levels, links).outer : laneLinks(levels, links, level).uplink;
  const frame = { kind: 'graph' as const, depth, level, unit, firstChip: first, uplink: outer };
  if (!isLayable(graph)) return { ...frame, ...crowd(input, pad, vertices - spec.count, edges.length) };

  const height = Math.max(240, Math.min(room - 2 * pad, 420));
  const box = { x: left + pad + 4, y: top + pad + 4, w: extent - 8, h: height - 8 };
  const places = fitted(input.positions?.get(graph.key) ?? onCircle(vertices, size), vertices, size, box);
  const rects = places.slice(0, spec.count);
  const bars = places.slice(spec.count).map((rect): Bar => ({ rect, role: 'switch', count: 1, link: -1 }));
  const own = links.flatMap((link, index) => (link.level === level && link.kind === 'direct' ? [index] : []));
  const chips = (vertex: number): { from: number; to: number } => {
    const child = Math.min(vertex, spec.count - 1);
    return { from: first + child * spec.childSpan, to: first + (child + 1) * spec.childSpan };
  };
  // What is broken carries nothing, whatever its class does.
  const broken = new Set((spec.failed?.links ?? []).map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`));
  // Parallel links between two vertices are one, thicker line.
  const counted = new Map<string, { ends: [number, number]; link: number; count: number }>();
  for (const [index, [a, b]] of edges.entries()) {
    const pair = `${Math.min(a, b)} ${Math.max(a, b)}`;
    const link = broken.has(pair) ? -1 : classOf(input, own, rates, index);
    const key = `${pair} ${link}`;
    const entry = counted.get(key);
    if (entry) entry.count++;
    else counted.set(key, { ends: [a, b], link, count: 1 });
  }
  const bundles = [...counted.values()].map(({ ends: [a, b], link, count }): Bundle => {
    const ends = [a, b].sort((one, other) => one - other) as [number, number];
    return {
      from: middle(places[ends[0]]!),
      to: middle(places[ends[1]]!),
      strands: 1,
      apart: 0,
      width: Math.min(6, strandWidth(links[link]?.capacity ?? spec.bandwidth / 4) * (count > 1 ? 1.5 : 0.8)),
      link,
      name: link < 0 && own.length > 0 ? 'broken link' : 'links',
      direct: true,
      chips: chips(ends[0]),
      ...(ends[1] < spec.count ? { pair: chips(ends[1]) } : {}),
      ...(spec.media === undefined ? {} : { media: spec.media }),
      tier: spec.tier,
      count,
    };
  });
  return {
    ...frame,
    box: { x: left, y: top, w: width - left, h: height + 2 * pad },
    bars,
    bundles,
    slots: { ...listSlots(rects), columns: rects.length },
    captions: bars.map(({ rect }) => ({
      x: middle(rect).x,
      y: middle(rect).y + 4,
      text: 'switch',
      anchor: 'middle',
      room: rect.w,
    })),
    inner: own[0] ?? -1,
    graph,
  };
}

/** Links of several rates are a class each; those without a rate of their own are what is left. */
function classOf(
  { links }: LaneInput,
  own: readonly number[],
  rates: Record<number, number>,
  edge: number,
): number {
  const rate = rates[edge];
  const said = Object.values(rates);
  const fits = own.filter(index =>
    rate === undefined ? !said.includes(links[index]!.capacity) : links[index]!.capacity === rate,
  );
  return fits[0] ?? own[0] ?? -1;
}

function graphOf(
  name: string,
  count: number,
  vertices: number,
  edges: readonly [number, number][],
  size: { w: number; h: number },
): LaneGraph {
  const ids = Array.from({ length: vertices }, (_, vertex) => ({ id: `v${vertex}`, ...size }));
  return {
    key: `${name} graph ${count} ${vertices} ${edges.map(([a, b]) => `${a}-${b}`).join(' ')}`,
    family: name,
    tiers: [ids],
    edges: edges.map(([a, b]) => ({ from: `v${a}`, to: `v${b}` })),
    gap: 40,
    tierGap: 40,
    free: true,
  };
}

/** Children clockwise from the top, switches on a smaller circle inside. */
function onCircle(vertices: number, size: { w: number; h: number }): Positions {
  const radius = Math.max(80, (vertices * size.w) / 4);
  return new Map(
    Array.from({ length: vertices }, (_, vertex) => {
      const angle = ((vertex + 0.5) / vertices) * 2 * Math.PI;
      return [`v${vertex}`, { x: radius * Math.sin(angle), y: -radius * Math.cos(angle) }];
    }),
  );
}

/** A layout that is longer one way than the other lies flat, its first vertex at the upper left; a round one stays. */
function turned(points: Point[]): Point[] {
  const mean = (pick: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const centre = { x: mean(({ x }) => x), y: mean(({ y }) => y) };
  const xx = mean(({ x }) => (x - centre.x) ** 2);
  const yy = mean(({ y }) => (y - centre.y) ** 2);
  const xy = mean(({ x, y }) => (x - centre.x) * (y - centre.y));
  const spread = Math.hypot((xx - yy) / 2, xy);
  const angle = spread > 0.12 * (xx + yy) ? Math.atan2(2 * xy, xx - yy) / 2 : 0;
  const flat = points.map(({ x, y }) => ({
    x: (x - centre.x) * Math.cos(angle) + (y - centre.y) * Math.sin(angle),
    y: (y - centre.y) * Math.cos(angle) - (x - centre.x) * Math.sin(angle),
  }));
  const [first] = flat;
  const sign = {
    x: first && first.x > 1e-6 && angle !== 0 ? -1 : 1,
    y: first && first.y > 1e-6 && angle !== 0 ? -1 : 1,
  };
  return flat.map(({ x, y }) => ({ x: sign.x * x, y: sign.y * y }));
}

/** Stretched to the box, and apart where two would cover each other. */
function fitted(positions: Positions, vertices: number, size: { w: number; h: number }, box: Rect): Rect[] {
  const at = turned(
    Array.from({ length: vertices }, (_, vertex): Point => positions.get(`v${vertex}`) ?? { x: 0, y: 0 }),
  );
  const [x0, x1] = [Math.min(...at.map(({ x }) => x)), Math.max(...at.map(({ x }) => x))];
  const [y0, y1] = [Math.min(...at.map(({ y }) => y)), Math.max(...at.map(({ y }) => y))];
  const limit = { w: Math.min(box.w, box.h * 1.7), h: Math.min(box.h, box.w) };
  const kx = (limit.w - size.w) / Math.max(1e-6, x1 - x0);
  const ky = (limit.h - size.h) / Math.max(1e-6, y1 - y0);
  const left = box.x + (box.w - limit.w) / 2;
  const flat = { x: x1 - x0 < 1, y: y1 - y0 < 1 };
  const rects = at.map(
    ({ x, y }): Rect => ({
      x: flat.x ? box.x + (box.w - size.w) / 2 : left + (x - x0) * kx,
      y: flat.y ? box.y + (box.h - size.h) / 2 : box.y + (y - y0) * ky,
      ...size,
    }),
  );
  return apart(rects, box);
}

/** Pushes places that overlap away from each other, a few rounds; what still does is put side by side in a grid. */
function apart(rects: Rect[], box: Rect): Rect[] {
  const gap = 6;
  let overlaps = true;
  for (let round = 0; round < 60 && overlaps; round++) {
    overlaps = false;
    for (let a = 0; a < rects.length; a++) {
      for (let b = a + 1; b < rects.length; b++) {
        const one = rects[a]!;
        const other = rects[b]!;
        const dx = one.w + gap - Math.abs(one.x - other.x);
        const dy = one.h + gap - Math.abs(one.y - other.y);
        if (dx <= 0.01 || dy <= 0.01) continue;
        overlaps = true;
        const along = dx < dy ? 'x' : 'y';
        const push = Math.min(dx, dy) / 2 + 0.01;
        const sign = one[along] < other[along] || (one[along] === other[along] && a < b) ? -1 : 1;
        const extent =
          along === 'x'
            ? { from: box.x, to: box.x + box.w - one.w }
            : { from: box.y, to: box.y + box.h - one.h };
        one[along] = Math.max(extent.from, Math.min(extent.to, one[along] + sign * push));
        other[along] = Math.max(extent.from, Math.min(extent.to, other[along] - sign * push));
      }
    }
  }
  if (!overlaps) return rects;
  const columns = Math.ceil(Math.sqrt((rects.length * box.w) / box.h));
  const rows = Math.ceil(rects.length / columns);
  return rects.map((rect, index) => ({
    ...rect,
    w: Math.min(rect.w, (box.w / columns) * 0.8),
    h: Math.min(rect.h, (box.h / rows) * 0.8),
    x: box.x + (index % columns) * (box.w / columns),
    y: box.y + Math.floor(index / columns) * (box.h / rows),
  }));
}

/** Too many to follow a single link: cells, and in words what joins them. */
function crowd(
  input: LaneInput,
  pad: number,
  switches: number,
  links: number,
): Pick<DrawnLane, 'box' | 'bars' | 'bundles' | 'slots' | 'captions' | 'inner'> {
  const { levels, level, top, left, width, room } = input;
  const spec = levels[level]!;
  const extent = width - left - 2 * pad;
  const columns = Math.max(1, Math.min(spec.count, Math.ceil(Math.sqrt(spec.count * 2))));
  const rows = Math.ceil(spec.count / columns);
  const pitch = Math.max(3, Math.min(16, Math.max(room - 30, 120) / rows));
  const across = fitTrack(left + pad, extent, columns, columns, { inner: 1, outer: 1 });
  const y = top + pad + 20;
  const down = { start: y, size: pitch - 1, count: rows, block: rows, inner: 1, outer: 1 };
  const between = switches > 0 ? ` over ${formatCount(switches)} switches` : '';
  return {
    box: { x: left, y: top, w: width - left, h: y + rows * pitch + pad - top },
    bars: [],
    bundles: [],
    slots: gridSlots(spec.count, across, down),
    captions: [
      {
        x: left + pad,
        y: top + pad + 11,
        text: `${formatCount(links)} links${between}, too many to draw one by one`,
      },
    ],
    inner: -1,
  };
}
