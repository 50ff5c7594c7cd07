/** Planes of a large grid as small multiples, in the sequence of the third dimension. */
import { chipPorts, laneLinks, wiredLink } from '../links.ts';
import { type Bundle, type Caption, type DrawnLane, type Rect, strandWidth } from '../scene.ts';
import { listSlots } from '../slots.ts';
import { DIMENSIONS, gridOf } from '../structure.ts';
import type { LaneInput } from './input.ts';

const PAD = 10;
const TITLE = 15;
const GAP = 12;
/** Tallest lane, so that the open plane below has room. */
const TALLEST = 250;

export function planesLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width } = input;
  const spec = levels[level]!;
  const sections = input.sections!;
  const grid = gridOf(levels, level)!;
  const pad = depth > 0 ? PAD : 2;
  const extent = { w: width - left - 2 * pad, h: Math.max(110, Math.min(TALLEST, input.room)) };
  const ratio = sections.rows / sections.columns;
  let best = { perRow: 1, w: 0 };
  for (let perRow = 1; perRow <= sections.count; perRow++) {
    const rows = Math.ceil(sections.count / perRow);
    const wide = (extent.w - (perRow - 1) * GAP) / perRow;
    const high = (extent.h - rows * (TITLE + 4)) / rows / ratio;
    const w = Math.min(wide, Math.max(high, 12));
    if (w > best.w + 0.01) best = { perRow, w };
  }
  const rows = Math.ceil(sections.count / best.perRow);
  // Full rows of equal length read better than one long and one short row.
  const perRow = Math.ceil(sections.count / rows);
  const w = Math.max(2, best.w);
  const h = w * ratio;
  const pitch = Math.min((extent.w - w) / Math.max(1, perRow - 1), w * 1.35 + GAP);
  const rects = Array.from(
    { length: sections.count },
    (_, index): Rect => ({
      x: left + pad + (index % perRow) * pitch,
      y: top + pad + Math.floor(index / perRow) * (h + TITLE + 6),
      w,
      h,
    }),
  );
  const captions = rects.map(
    (rect, index): Caption => ({
      x: rect.x,
      y: rect.y + h + 11.5,
      text: index === 0 || w > 30 ? sections.title(index) : (sections.title(index).split(' ').at(-1) ?? ''),
      bold: input.open === index,
      room: pitch,
    }),
  );
  const outer = grid.child < 0 ? chipPorts(levels, links).outer : laneLinks(levels, links, level).uplink;
  const bottom = rects.at(-1)!.y + h + TITLE;
  return {
    kind: 'sections',
    depth,
    level,
    unit,
    firstChip: unit * spec.span,
    box: { x: left, y: top, w: width - left, h: bottom + pad - top },
    bars: [],
    bundles: depthLinks(input, rects, perRow),
    slots: { ...listSlots(rects), columns: perRow },
    sections,
    captions,
    uplink: outer,
    inner: deepLink(input, grid.dims[2]! - 1),
  };
}

/** Class of the links above plane `z`: inside a cube its own, between cubes the optical one. */
function deepLink({ levels, links, level }: LaneInput, z: number): number {
  const { topology } = levels[level]!;
  if (topology.kind !== 'ocs') return wiredLink(links, level, 'z');
  const inside = (z + 1) % topology.cube[2]! !== 0;
  return inside ? wiredLink(links, level - 1, 'z') : wiredLink(links, level, 'optical z');
}

/** Links of the third dimension run from plane to plane. */
function depthLinks(input: LaneInput, rects: readonly Rect[], perRow: number): Bundle[] {
  const { levels, links, level, unit } = input;
  const spec = levels[level]!;
  const grid = gridOf(levels, level)!;
  const deep = grid.dims[2]!;
  const childSpan = grid.child < 0 ? 1 : levels[grid.child]!.span;
  return rects.flatMap((rect, index): Bundle[] => {
    const next = rects[index + 1];
    if (!next || (index + 1) % perRow === 0 || index % deep === deep - 1) return [];
    if (spec.topology.kind === 'hyperx') return [];
    const first = unit * spec.span + Math.max(0, input.sections!.childAt(index, 0, 0)) * childSpan;
    const y = rect.y + rect.h / 2;
    const link = deepLink(input, index % deep);
    const media = links[link] ? levels[links[link].level]!.media : spec.media;
    return [
      {
        from: { x: rect.x + rect.w, y },
        to: { x: next.x, y },
        strands: 1,
        apart: 0,
        width: Math.min(strandWidth(links[link]?.capacity ?? spec.bandwidth), rect.h / 5, 4),
        link,
        name: `${DIMENSIONS[2]} links`,
        direct: true,
        chips: { from: first, to: first + childSpan },
        ...(media === undefined ? {} : { media }),
        tier: spec.tier,
        count: grid.dims[0]! * (grid.dims[1] ?? 1),
      },
    ];
  });
}
