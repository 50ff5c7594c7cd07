/** A large switch node (a rack of 72): trays of four chips left and right of a column of switches. */
import { chipPorts } from '../links.ts';
import { type Bundle, type DrawnLane, type Rect, strandWidth } from '../scene.ts';
import { listSlots } from '../slots.ts';
import { isNarrow } from '../widths.ts';
import type { LaneInput } from './input.ts';

const PAD = 12;
const TRAY = 4;
const PITCH = { least: 17, most: 34 };

export function trayLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width, room } = input;
  const spec = levels[level]!;
  const { inner, outer } = chipPorts(levels, links);
  const trays = Math.ceil(spec.count / TRAY);
  const rows = Math.ceil(trays / 2);
  const pad = depth > 0 ? PAD : 4;
  const labels = isNarrow(width) ? 14 : 22;
  const extent = width - left - 2 * pad - 2 * labels;
  const column = Math.max(34, Math.min(64, extent * 0.13));
  const cable = Math.max(14, Math.min(40, extent * 0.06));
  const side = (extent - column - 2 * cable) / 2;
  const pitch = Math.max(PITCH.least, Math.min(PITCH.most, (room - 2 * pad) / rows));
  const w = side / TRAY - 3;
  const h = pitch - Math.min(8, pitch * 0.22);
  const first = unit * spec.span;
  const x0 = left + pad + labels;
  const right = x0 + side + 2 * cable + column;
  const rects: Rect[] = Array.from({ length: spec.count }, (_, index) => {
    const tray = Math.floor(index / TRAY);
    const onRight = tray >= rows;
    return {
      x: (onRight ? right : x0) + (index % TRAY) * (w + 3),
      y: top + pad + (tray % rows) * pitch,
      w,
      h,
    };
  });
  const bundles: Bundle[] = [];
  if (inner >= 0) {
    const lines = h >= 16 ? TRAY : 2;
    for (let tray = 0; tray < trays; tray++) {
      const onRight = tray >= rows;
      const y = top + pad + (tray % rows) * pitch;
      for (let line = 0; line < lines; line++) {
        const chip = first + Math.min(spec.count - 1, tray * TRAY + Math.floor((line * TRAY) / lines));
        const at = y + ((line + 0.5) / lines) * h;
        bundles.push({
          from: { x: onRight ? right - cable : x0 + side - 3, y: at },
          to: { x: onRight ? right : x0 + side + cable, y: at },
          strands: 1,
          width: Math.min(strandWidth(links[inner]!.capacity), h / lines / 2),
          apart: 0,
          link: inner,
          chips: { from: chip, to: chip + 1 },
          ...(spec.media === undefined ? {} : { media: spec.media }),
          tier: spec.tier,
          count: TRAY / lines,
        });
      }
    }
  }
  const height = rows * pitch - (pitch - h);
  return {
    kind: 'trays',
    depth,
    level,
    unit,
    firstChip: first,
    box: { x: left, y: top, w: width - left, h: height + 2 * pad },
    bars: [
      {
        rect: { x: x0 + side + cable, y: top + pad - 4, w: column, h: height + 8 },
        role: 'switch',
        count: 1,
        link: inner,
      },
    ],
    bundles,
    slots: { ...listSlots(rects), columns: TRAY },
    uplink: outer,
    inner,
  };
}
