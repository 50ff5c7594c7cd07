/** Units large enough to look into, side by side under their switches: pods of a cluster, racks of a row. */
import { isLayable, type LaneGraph, placeTiers } from '../elk/graph.ts';
import { laneLinks } from '../links.ts';
import type { PanelLevel } from '../model/types.ts';
import { type Bar, type Bundle, type DrawnLane, middle, type Rect, strandWidth } from '../scene.ts';
import { listSlots } from '../slots.ts';
import { gutter, isLow, isNarrow } from '../widths.ts';
import type { LaneInput } from './input.ts';

const BAR = 18;
const LEAF = 10;
const LABEL = 14;
const PAD = 10;
const ROW_GAP = 6;
/** Narrowest place of a unit that can still be looked into. */
const LEAST_SLOT = 40;
const MOST_ROWS = 4;

/** Measures of a lane of boxes; they follow from the count and the size of the view alone. */
interface Shape {
  rows: number;
  perRow: number;
  strand: number;
  picture: number;
}

/** @returns undefined where the units would be too small, or too many rows. */
export function boxShape(level: Pick<PanelLevel, 'count'>, width: number, height: number): Shape | undefined {
  const room = width - gutter(width);
  const most = Math.max(1, Math.floor(room / (isNarrow(width) ? 64 : LEAST_SLOT)));
  const rows = Math.ceil(level.count / most);
  if (rows > MOST_ROWS) return undefined;
  const perRow = Math.ceil(level.count / rows);
  const low = isLow(height);
  return {
    rows,
    perRow,
    strand: rows > 1 ? 24 : low ? 30 : 46,
    picture: rows > 2 ? 44 : rows > 1 ? 54 : low ? 52 : 72,
  };
}

/** Height of the lane without the padding of a drawer. */
export function boxesHeight(level: Pick<PanelLevel, 'count'>, width: number, height: number): number {
  const shape = boxShape(level, width, height);
  if (!shape) return 0;
  const row = shape.strand + 2 * LABEL + shape.picture;
  return BAR + shape.rows * row + (shape.rows - 1) * ROW_GAP;
}

/** Units keep their place in the row whatever is used of them. */
export function boxesLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width } = input;
  const spec = levels[level]!;
  const { rows, perRow, strand, picture } = boxShape(spec, width, input.height)!;
  const { uplink } = laneLinks(levels, links, level);
  const pad = depth > 0 ? PAD : 0;
  const inner = { x: left + pad, y: top + pad, w: width - left - 2 * pad };
  const slot = inner.w / perRow;
  const gap = Math.max(4, Math.min(14, slot * 0.12));
  const w = slot - gap;
  const bar = spec.topology.kind === 'switch' || spec.topology.kind === 'fat_tree';

  const bars: Bar[] = [];
  const bundles: Bundle[] = [];
  const rects: Rect[] = [];
  let y = inner.y;
  let only: LaneGraph | undefined;
  for (let row = 0; row < rows; row++) {
    const from = row * perRow;
    const ids = Array.from({ length: Math.min(perRow, spec.count - from) }, (_, i) => from + i);
    const graph = rowGraph(input, ids, { w, gap, strand, bar: bar && row === 0, total: inner.w - gap });
    const places = (isLayable(graph) ? input.positions?.get(graph.key) : undefined) ?? placeTiers(graph);
    if (rows === 1) only = graph;
    // A row without switches of its own leaves the room for its links.
    const lead = graph.tiers.length === 1 ? strand : 0;
    const at = (id: string): { x: number; y: number } => {
      const place = places.get(id) ?? { x: 0, y: 0 };
      return { x: inner.x + gap / 2 + place.x, y: y + lead + place.y };
    };
    const rowBars = graph.tiers.slice(0, -1).flatMap(tier =>
      tier.map((node): Bar => {
        const rect = { ...at(node.id), w: node.w, h: node.h };
        const isTop = node.id === 'top';
        return {
          rect: isTop ? { ...rect, x: inner.x, w: inner.w } : rect,
          role: isTop ? 'top' : 'leaf',
          count: 1,
          link: isTop ? uplink : -1,
        };
      }),
    );
    const rowRects = ids.map(id => {
      const place = at(`unit ${id}`);
      return { ...place, y: place.y + LABEL, w, h: picture };
    });
    bundles.push(...wires(input, ids, rowRects, rowBars, y));
    bars.push(...rowBars);
    rects.push(...rowRects);
    y = rowRects[0]!.y + picture + LABEL + (row < rows - 1 ? ROW_GAP : 0);
  }
  return {
    kind: 'boxes',
    depth,
    level,
    unit,
    firstChip: unit * spec.span,
    box: { x: left, y: top, w: width - left, h: y + pad - top },
    bars,
    bundles: [...bundles].sort((a, b) => Number(a.link !== uplink) - Number(b.link !== uplink)),
    slots: { ...listSlots(rects), columns: perRow },
    uplink,
    inner: -1,
    ...(only ? { graph: only } : {}),
  };
}

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
  const leafLink = laneLinks(levels, links, level).trunks.at(-1);
  const perLeaf = leafLink === undefined ? 0 : Math.round(links[leafLink]!.span / spec.childSpan);
  const units = ids.map(id => ({ id: `unit ${id}`, w: shape.w, h: 1 }));
  const edges: LaneGraph['edges'] = [];
  const tiers: LaneGraph['tiers'] = [];
  if (shape.bar) tiers.push([{ id: 'top', w: shape.total, h: BAR }]);
  const aligned = ids.length % perLeaf === 0 || ids.length === spec.count;
  if (perLeaf > 1 && perLeaf < spec.count && aligned) {
    const leaves = Array.from({ length: Math.ceil(ids.length / perLeaf) }, (_, leaf) => {
      const members = Math.min(perLeaf, ids.length - leaf * perLeaf);
      return { id: `leaf ${leaf}`, w: members * shape.w + (members - 1) * shape.gap, h: LEAF };
    });
    tiers.push(leaves);
    if (shape.bar) for (const { id } of leaves) edges.push({ from: 'top', to: id });
    ids.forEach((id, i) => {
      edges.push({ from: `leaf ${Math.floor(i / perLeaf)}`, to: `unit ${id}` });
    });
  } else if (shape.bar) {
    for (const id of ids) edges.push({ from: 'top', to: `unit ${id}` });
  }
  tiers.push(units);
  const measures = [shape.w, shape.gap, shape.strand, shape.total].map(n => n.toFixed(2)).join(' ');
  return {
    key: `${spec.name} ${spec.count} ${ids[0]} ${tiers.length} ${perLeaf} ${measures}`,
    tiers,
    edges,
    gap: shape.gap,
    tierGap: tiers.length > 2 ? shape.strand * 0.6 : shape.strand,
  };
}

/** Uplinks of the units of one row, and the trunks of its leaves. */
function wires(
  input: LaneInput,
  ids: readonly number[],
  rects: readonly Rect[],
  bars: readonly Bar[],
  top: number,
): Bundle[] {
  const { levels, links, level, unit } = input;
  const spec = levels[level]!;
  const { uplink, perChild, trunks } = laneLinks(levels, links, level);
  const first = unit * spec.span;
  const wrapped = ids.length < spec.count;
  const made: Bundle[] = [];
  const wire = (
    link: number,
    count: number,
    chips: Bundle['chips'],
    rect: Rect,
    from: number,
    to: number,
  ): void => {
    const width = Math.min(strandWidth(links[link]!.capacity * count), rect.w / 8);
    const x = middle(rect).x;
    made.push({
      from: { x, y: from },
      to: { x, y: to },
      strands: 2,
      width,
      apart: Math.min(width + (wrapped ? 6 : 11), rect.w * 0.3),
      link,
      chips,
      ...(spec.media === undefined ? {} : { media: spec.media }),
      tier: spec.tier,
      count,
    });
  };
  const bottom = (bar: Bar | undefined): number => (bar ? bar.rect.y + bar.rect.h : top);
  const topBar = bars.find(({ role }) => role === 'top');
  const leaves = bars.filter(({ role }) => role === 'leaf');
  if (uplink >= 0) {
    rects.forEach((rect, index) => {
      const x = middle(rect).x;
      const leaf = leaves.find(bar => x >= bar.rect.x && x <= bar.rect.x + bar.rect.w);
      const from = first + ids[index]! * spec.childSpan;
      wire(
        uplink,
        perChild,
        { from, to: from + spec.childSpan },
        rect,
        bottom(leaf ?? topBar),
        rect.y - LABEL,
      );
    });
  }
  const trunk = trunks[0];
  if (trunk === undefined) return made;
  leaves.forEach((leaf, index) => {
    const { span } = links[trunk]!;
    const from = first + ids[0]! * spec.childSpan + index * span;
    leaf.link = trunk;
    wire(
      trunk,
      1,
      { from, to: Math.min(from + span, first + spec.span) },
      leaf.rect,
      bottom(topBar),
      leaf.rect.y,
    );
  });
  return made;
}
