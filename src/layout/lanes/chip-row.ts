/** Up to sixteen chips on a switch: a row, scale-out links above, the scale-up switch below. */
import { chipPorts } from '../links.ts';
import { type Bar, type Bundle, type DrawnLane, middle, type Rect, strandWidth } from '../scene.ts';
import { listSlots } from '../slots.ts';
import { isLow, isNarrow, isTight } from '../widths.ts';
import type { LaneInput } from './input.ts';

const PAD = 10;
/** Links above, chip, links below; the second of each in low views. */
const UP = [32, 24] as const;
const CHIP = 34;
const DOWN = [27, 20] as const;
const BAR = 17;

/** Height of a drawer of one row of chips. */
export const chipRowHeight = (height: number): number => {
  const low = isLow(height) ? 1 : 0;
  return 2 * PAD + UP[low] + CHIP + DOWN[low] + BAR;
};

/** Room at the right for the names and loads of both kinds of links. */
export const asideWidth = (width: number): number => (isNarrow(width) ? 0 : isTight(width) ? 78 : 94);

export function chipRow(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width } = input;
  const spec = levels[level]!;
  const { inner, outer } = chipPorts(levels, links);
  const pad = depth > 0 ? PAD : 0;
  const x0 = left + pad;
  const extent = width - left - 2 * pad - asideWidth(width);
  const perRow = spec.count > 8 && isNarrow(width) ? 8 : spec.count;
  const slot = extent / perRow;
  const w = Math.min(96, slot - Math.min(7, slot * 0.14));
  const low = isLow(input.height) ? 1 : 0;
  const up = outer >= 0 ? UP[low] : 6;
  const down = DOWN[low];
  const first = unit * spec.span;
  const y = top + pad + up;
  const rects: Rect[] = Array.from({ length: spec.count }, (_, index) => ({
    x: x0 + (index % perRow) * slot + (slot - w) / 2,
    y: y + Math.floor(index / perRow) * (CHIP + 6),
    w,
    h: CHIP,
  }));
  const rows = Math.ceil(spec.count / perRow);
  const bottom = y + rows * (CHIP + 6) - 6;
  const hasSwitch = spec.topology.kind === 'switch' || spec.topology.kind === 'fat_tree';
  const bars: Bar[] = hasSwitch
    ? [{ rect: { x: x0, y: bottom + down, w: extent, h: BAR }, role: 'switch', count: 1, link: inner }]
    : [];
  const bundles: Bundle[] = [];
  rects.forEach((rect, index) => {
    const mid = middle(rect).x;
    const chips = { from: first + index, to: first + index + 1 };
    const line = (link: number, from: number, to: number, width: number): void => {
      const of = levels[links[link]!.level]!;
      bundles.push({
        from: { x: mid, y: from },
        to: { x: mid, y: to },
        strands: 1,
        width,
        apart: 0,
        link,
        chips,
        ...(of.media === undefined ? {} : { media: of.media }),
        tier: of.tier,
        count: 1,
      });
    };
    const last = index >= spec.count - perRow;
    if (outer >= 0 && index < perRow) {
      line(outer, top + pad, rect.y, Math.min(5, strandWidth(links[outer]!.capacity)));
    }
    if (inner >= 0 && hasSwitch && last) {
      line(inner, rect.y + rect.h, bottom + down, Math.max(6, Math.min(10, w / 5)));
    }
  });
  return {
    kind: 'row',
    depth,
    level,
    unit,
    firstChip: first,
    box: { x: left, y: top, w: width - left, h: bottom + (hasSwitch ? down + BAR : 0) + pad - top },
    bars,
    bundles,
    slots: { ...listSlots(rects), columns: perRow },
    uplink: outer,
    inner,
  };
}
