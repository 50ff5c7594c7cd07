/** Many units of one level as a grid of cells, under (or beside) the switches that join them. */
import { type LaneGraph, placeTiers } from '../elk/graph.ts';
import { laneLinks } from '../links.ts';
import { type Bar, type Bundle, type DrawnLane, middle, strandWidth } from '../scene.ts';
import { fitTrack, gridSlots, type Track, trackStart } from '../slots.ts';
import { isNarrow } from '../widths.ts';
import type { LaneInput } from './input.ts';

const PAD = 10;
const BAR = 14;
const STRAND = 20;
const LEAF = 10;
const HEADER = 17;
const ROW_LABELS = 22;
/** More bars than this say nothing; neighbours share one then. */
const MOST_BARS = 16;
const PITCH = { least: 2.8, most: 13 };

/** How children gather under leaf switches, as seen in a grid of `columns`. */
export interface Blocks {
  /** Children of one leaf; 0 when the lane has no leaves. */
  perLeaf: number;
  /** Columns (or, where a leaf fills whole rows, rows) that stand together. */
  columns: number;
  rows: number;
}

export function leafBlocks(perLeaf: number, columns: number, rows: number): Blocks {
  if (perLeaf > 1 && perLeaf < columns && columns % perLeaf === 0) return { perLeaf, columns: perLeaf, rows };
  if (perLeaf >= columns && perLeaf % columns === 0 && perLeaf / columns < rows) {
    return { perLeaf, columns, rows: perLeaf / columns };
  }
  return { perLeaf, columns, rows };
}

export function gridLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width, room } = input;
  const spec = levels[level]!;
  const { uplink, perChild, trunks } = laneLinks(levels, links, level);
  const trunk = trunks.at(-1) ?? -1;
  const columns = Math.max(
    1,
    Math.min(spec.count, input.columns[spec.name] ?? Math.ceil(Math.sqrt(spec.count))),
  );
  const rows = Math.ceil(spec.count / columns);
  const perLeaf = trunk < 0 ? 0 : Math.max(1, Math.round(links[trunk]!.span / spec.childSpan));
  const blocks = leafBlocks(perLeaf, columns, rows);
  const beside = blocks.rows < rows;
  const switched = spec.topology.kind === 'switch' || spec.topology.kind === 'fat_tree';

  const pad = depth > 0 ? PAD : 0;
  const inner = { x: left + pad, y: top + pad, w: width - left - 2 * pad };
  const labels = isNarrow(width) ? 16 : ROW_LABELS;
  const aside = beside && switched ? BAR + STRAND + LEAF + 4 : 0;
  const head =
    beside && switched ? 16 : switched && !beside ? BAR + STRAND + (perLeaf > 0 ? LEAF + 3 : 2) : 0;
  const x0 = inner.x + aside + labels;
  const y0 = inner.y + head + HEADER;
  const across = fitTrack(x0, inner.x + inner.w - x0, columns, blocks.columns, { inner: 1, outer: 4 });
  const down = rowsTrack(y0, room - head - HEADER - 2 * pad, rows, blocks.rows);
  const bottom = trackStart(down, rows - 1) + down.size;

  const bars: Bar[] = [];
  const bundles: Bundle[] = [];
  const first = unit * spec.span;
  const link = trunk >= 0 ? trunk : uplink;
  let graph: LaneGraph | undefined;
  if (switched && link >= 0) {
    const track = beside ? down : across;
    const groups = barGroups(track, beside ? blocks.rows : blocks.columns);
    if (!beside && perLeaf > 0) graph = blockGraph(spec.name, across, groups, bottom - y0);
    const places = graph ? (input.positions?.get(graph.key) ?? placeTiers(graph)) : undefined;
    bars.push(
      beside
        ? { rect: { x: inner.x, y: y0, w: BAR, h: bottom - y0 }, role: 'top', count: 1, link: -1 }
        : { rect: { x: inner.x, y: inner.y, w: inner.w, h: BAR }, role: 'top', count: 1, link: -1 },
    );
    const leaves = perLeaf > 0 ? Math.ceil(spec.count / perLeaf) : 0;
    const share = Math.max(1, Math.round(leaves / groups.length));
    groups.forEach(({ from, to, child }, index) => {
      const width = trackStart(track, to) + track.size - trackStart(track, from);
      const at = places?.get(`leaf ${index}`);
      const begin = at ? x0 + at.x : trackStart(track, from);
      const extent = { from: begin, to: begin + width };
      const leaf = beside
        ? { x: inner.x + BAR + STRAND, y: extent.from, w: LEAF, h: extent.to - extent.from }
        : { x: extent.from, y: inner.y + BAR + STRAND, w: extent.to - extent.from, h: LEAF };
      if (perLeaf > 0) bars.push({ rect: leaf, role: 'leaf', count: share, link });
      const mid = middle(leaf);
      const count = perLeaf > 0 ? share : Math.max(1, Math.round((spec.count * perChild) / groups.length));
      const strand = Math.min(strandWidth(links[link]!.capacity * count), (extent.to - extent.from) / 4, 7);
      const start = first + (beside ? from * columns : child) * spec.childSpan;
      bundles.push({
        from: beside ? { x: inner.x + BAR, y: mid.y } : { x: mid.x, y: inner.y + BAR },
        to: beside ? { x: leaf.x, y: mid.y } : { x: mid.x, y: inner.y + BAR + STRAND },
        strands: 2,
        width: strand,
        apart: Math.min(strand + 4, (extent.to - extent.from) / 2),
        link,
        chips: { from: start, to: Math.min(start + links[link]!.span, first + spec.span) },
        ...(spec.media === undefined ? {} : { media: spec.media }),
        tier: spec.tier,
        count,
      });
    });
  }
  return {
    kind: 'grid',
    depth,
    level,
    unit,
    firstChip: first,
    box: { x: left, y: top, w: width - left, h: bottom + pad - top },
    bars,
    bundles,
    slots: gridSlots(spec.count, across, down),
    uplink,
    inner: -1,
    header: { y: y0 - 5, x: x0 - 5 },
    ...(graph ? { graph } : {}),
  };
}

/** Spine, leaves and the blocks of cells below them. */
function blockGraph(
  name: string,
  across: Track,
  groups: readonly { from: number; to: number }[],
  height: number,
): LaneGraph {
  const widths = groups.map(
    ({ from, to }) => trackStart(across, to) + across.size - trackStart(across, from),
  );
  const gap =
    groups.length > 1
      ? trackStart(across, groups[1]!.from) - trackStart(across, groups[0]!.to) - across.size
      : 0;
  const total = widths.reduce((sum, w) => sum + w, 0) + gap * (groups.length - 1);
  return {
    key: `${name} blocks ${widths.length} ${[widths[0] ?? 0, gap, total, height].map(n => n.toFixed(2)).join(' ')}`,
    tiers: [
      [{ id: 'top', w: total, h: BAR }],
      widths.map((w, index) => ({ id: `leaf ${index}`, w, h: LEAF })),
      widths.map((w, index) => ({ id: `block ${index}`, w, h: height })),
    ],
    edges: widths.flatMap((_, index) => [
      { from: 'top', to: `leaf ${index}` },
      { from: `leaf ${index}`, to: `block ${index}` },
    ]),
    gap,
    tierGap: STRAND,
  };
}

/** Rows as high as there is room, in a readable measure; thousands of them share what there is. */
function rowsTrack(start: number, room: number, rows: number, block: number): Track {
  const pitch = Math.max(rows > 100 ? 0 : PITCH.least, Math.min(PITCH.most, Math.max(room, 60) / rows));
  const gap = pitch >= 9 ? 2 : pitch >= 3 ? 1 : 0;
  const extra = block < rows ? Math.min(3, pitch) : 0;
  return { start, size: Math.max(0.2, pitch - gap), count: rows, block, inner: gap, outer: gap + extra };
}

/** Blocks of a track, merged until they are few enough to be drawn. */
function barGroups(track: Track, block: number): { from: number; to: number; child: number }[] {
  let size = block;
  while (Math.ceil(track.count / size) > MOST_BARS) size += block;
  if (size >= track.count && track.count >= 4 && block >= track.count) size = Math.ceil(track.count / 4);
  const groups: { from: number; to: number; child: number }[] = [];
  for (let from = 0; from < track.count; from += size) {
    groups.push({ from, to: Math.min(track.count, from + size) - 1, child: from });
  }
  return groups;
}
