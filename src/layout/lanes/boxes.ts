/** A few large units side by side under their switches: pods of a cluster, racks of a row. */
import { isLayable, type LaneGraph, placeTiers } from '../elk/graph.ts';
import { laneLinks } from '../links.ts';
import { type Bar, type Bundle, type Lane, middle, type Rect, strandWidth } from '../scene.ts';
import { listSlots } from '../slots.ts';
import { isNarrow } from '../widths.ts';
import type { LaneInput } from './input.ts';

const BAR = 18;
const LEAF = 10;
const LABEL = 14;
const PICTURE = 72;
const PAD = 10;

/** Units keep their place in the row whatever is used of them. */
export function boxesLane(input: LaneInput): Lane {
  const { levels, links, level, unit, depth, top, left, width } = input;
  const spec = levels[level]!;
  const { uplink, perChild, trunks } = laneLinks(levels, links, level);
  const contained = depth > 0;
  const pad = contained ? PAD : 0;
  const inner = { x: left + pad, y: top + pad, w: width - left - 2 * pad };
  const rows = isNarrow(width) && spec.count > 4 ? Math.ceil(spec.count / 4) : 1;
  const perRow = Math.ceil(spec.count / rows);
  const slot = inner.w / perRow;
  const gap = Math.max(4, Math.min(14, slot * 0.12));
  const w = slot - gap;
  const strand = uplink < 0 ? 6 : spec.count > 12 ? 34 : 46;
  const hasBar = spec.topology.kind !== 'other' && spec.topology.kind !== 'fully_connected';

  const bars: Bar[] = [];
  const bundles: Bundle[] = [];
  const rects: Rect[] = [];
  const first = unit * spec.span;
  let y = inner.y;
  let only: LaneGraph | undefined;
  for (let row = 0; row < rows; row++) {
    const from = row * perRow;
    const ids = Array.from({ length: Math.min(perRow, spec.count - from) }, (_, i) => from + i);
    const graph = rowGraph(input, ids, { w, gap, strand, bar: hasBar && row === 0, total: inner.w - gap });
    const places = (isLayable(graph) ? input.positions?.get(graph.key) : undefined) ?? placeTiers(graph);
    if (rows === 1) only = graph;
    const x0 = inner.x + gap / 2;
    const at = (id: string): { x: number; y: number } => {
      const place = places.get(id) ?? { x: 0, y: 0 };
      return { x: x0 + place.x, y: y + place.y };
    };
    for (const tier of graph.tiers.slice(0, -1)) {
      for (const node of tier) {
        const trunk = node.id.startsWith('leaf') ? (trunks[0] ?? -1) : -1;
        const place = at(node.id);
        const bar = { ...place, w: node.w, h: node.h };
        bars.push({
          rect: node.id === 'top' ? { ...bar, x: inner.x, w: inner.w } : bar,
          role: node.id === 'top' ? 'top' : 'leaf',
          count: 1,
          link: trunk,
        });
      }
    }
    for (const id of ids) {
      const place = at(`unit ${id}`);
      rects.push({ ...place, y: place.y + LABEL, w, h: PICTURE });
    }
    y += bottomOf(graph) + LABEL + PICTURE + LABEL + (rows > 1 ? 8 : 0);
  }
  connect(input, { rects, bars, bundles, uplink, perChild, trunks, first, strand });
  return {
    kind: 'boxes',
    depth,
    level,
    unit,
    firstChip: first,
    box: { x: left, y: top, w: width - left, h: y + pad - top },
    bars,
    bundles,
    slots: rows === 1 ? listSlots(rects) : wrapped(rects, perRow),
    uplink,
    inner: -1,
    ...(only ? { graph: only } : {}),
  };
}

/** Rows of boxes: neighbours by place. */
const wrapped = (rects: Rect[], columns: number): ReturnType<typeof listSlots> => ({
  ...listSlots(rects),
  columns,
});

interface RowShape {
  w: number;
  gap: number;
  strand: number;
  bar: boolean;
  total: number;
}

/** Top bar, leaf bars where a leaf joins several units, units. */
export function rowGraph(input: LaneInput, ids: readonly number[], shape: RowShape): LaneGraph {
  const { levels, links, level } = input;
  const spec = levels[level]!;
  const { trunks } = laneLinks(levels, links, level);
  const leafSpan = trunks.length > 0 ? links[trunks.at(-1)!]!.span : 0;
  const perLeaf = leafSpan > 0 ? Math.max(1, Math.round(leafSpan / spec.childSpan)) : 0;
  const units = ids.map(id => ({ id: `unit ${id}`, w: shape.w, h: 1 }));
  const edges: LaneGraph['edges'] = [];
  const tiers: LaneGraph['tiers'] = [];
  if (shape.bar) tiers.push([{ id: 'top', w: shape.total, h: BAR }]);
  if (shape.bar && perLeaf > 1 && perLeaf < spec.count) {
    const leaves = Array.from({ length: Math.ceil(ids.length / perLeaf) }, (_, leaf) => {
      const members = Math.min(perLeaf, ids.length - leaf * perLeaf);
      return { id: `leaf ${leaf}`, w: members * shape.w + (members - 1) * shape.gap, h: LEAF };
    });
    tiers.push(leaves);
    for (const { id } of leaves) edges.push({ from: 'top', to: id });
    ids.forEach((id, i) => {
      edges.push({ from: `leaf ${Math.floor(i / perLeaf)}`, to: `unit ${id}` });
    });
  } else if (shape.bar) {
    for (const id of ids) edges.push({ from: 'top', to: `unit ${id}` });
  }
  tiers.push(units);
  const key = `${spec.name} ${spec.count} ${ids[0]} ${tiers.length} ${perLeaf} ${[shape.w, shape.gap, shape.strand, shape.total].map(n => n.toFixed(2)).join(' ')}`;
  return { key, tiers, edges, gap: shape.gap, tierGap: tiers.length > 2 ? shape.strand * 0.7 : shape.strand };
}

function bottomOf(graph: LaneGraph): number {
  const tiers = graph.tiers.slice(0, -1);
  const bars = tiers.reduce((sum, tier) => sum + Math.max(0, ...tier.map(({ h }) => h)) + graph.tierGap, 0);
  return tiers.length === 0 ? graph.tierGap : bars;
}

interface Wiring {
  rects: Rect[];
  bars: Bar[];
  bundles: Bundle[];
  uplink: number;
  perChild: number;
  trunks: number[];
  first: number;
  strand: number;
}

function connect(input: LaneInput, wiring: Wiring): void {
  const { levels, links, level } = input;
  const spec = levels[level]!;
  const { rects, bars, bundles, uplink, perChild, trunks, first, strand } = wiring;
  const top = bars.find(({ role }) => role === 'top');
  const leaves = bars.filter(({ role }) => role === 'leaf');
  const bundle = (
    link: number,
    count: number,
    chips: { from: number; to: number },
    x: number,
    from: number,
    to: number,
    room: number,
  ): Bundle => {
    const width = Math.min(strandWidth(links[link]!.capacity * count), room / 4);
    return {
      from: { x, y: from },
      to: { x, y: to },
      strands: 2,
      width,
      apart: Math.min(width + 11, room / 2),
      link,
      chips,
      ...(spec.media === undefined ? {} : { media: spec.media }),
      tier: spec.tier,
      count,
    };
  };
  if (uplink >= 0) {
    rects.forEach((rect, index) => {
      const mid = middle(rect).x;
      const leaf = leaves.find(bar => mid >= bar.rect.x && mid <= bar.rect.x + bar.rect.w);
      const above = leaf ?? top;
      const start =
        above && rect.y - (above.rect.y + above.rect.h) < strand + 30
          ? above.rect.y + above.rect.h
          : rect.y - LABEL - strand;
      const chips = { from: first + index * spec.childSpan, to: first + (index + 1) * spec.childSpan };
      bundles.push(bundle(uplink, perChild, chips, mid, start, rect.y - LABEL, rect.w));
    });
  }
  const trunk = trunks[0];
  if (trunk === undefined || !top || leaves.length === 0) return;
  leaves.forEach((leaf, index) => {
    const span = links[trunk]!.span;
    const chips = { from: first + index * span, to: first + (index + 1) * span };
    bundles.push(
      bundle(trunk, 1, chips, middle(leaf.rect).x, top.rect.y + top.rect.h, leaf.rect.y, leaf.rect.w),
    );
  });
}
