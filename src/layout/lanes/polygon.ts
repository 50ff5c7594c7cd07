/** A full mesh of up to sixteen, or a ring: corners of a regular polygon, a line for every pair or to both neighbours. */
import { chipPorts, laneLinks, wiredLink } from '../links.ts';
import { type Bundle, type DrawnLane, middle, strandWidth } from '../scene.ts';
import { polygonSlots } from '../slots.ts';
import type { LaneInput } from './input.ts';

const PAD = 10;
/** Length of the stubs that lead out of the mesh. */
const STUB = 26;

export function polygonLane(input: LaneInput): DrawnLane {
  const { levels, links, level, unit, depth, top, left, width, room } = input;
  const spec = levels[level]!;
  const ring = spec.topology.kind === 'torus';
  const own = laneLinks(levels, links, level);
  // With broken links a full mesh is a wiring like any other.
  const pairs = ring || own.pairs < 0 ? wiredLink(links, level, 'x') : own.pairs;
  const { uplink } = own;
  const outer = level === 0 ? chipPorts(levels, links).outer : uplink;
  const pad = depth > 0 ? PAD : 0;
  const extent = width - left - 2 * pad;
  const crowded = spec.count > 12 ? 0.62 : 1;
  const size = { w: crowded * Math.max(34, Math.min(58, extent / 7)), h: crowded * (level === 0 ? 36 : 44) };
  const height = Math.max(220, Math.min(room - 2 * pad, extent, 400));
  const across = Math.min(extent - 2 * STUB, height * 1.15);
  const box = { x: left + pad + (extent - across) / 2, y: top + pad + STUB, w: across, h: height - 2 * STUB };
  const slots = polygonSlots(spec.count, box, size);
  const first = unit * spec.span;
  const corners = Array.from({ length: spec.count }, (_, index) => middle(slots.rect(index)));
  const bundles: Bundle[] = [];
  const chipsOf = (index: number): { from: number; to: number } => ({
    from: first + index * spec.childSpan,
    to: first + (index + 1) * spec.childSpan,
  });
  const broken = new Set((spec.failed?.links ?? []).map(([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`));
  const common = { strands: 1 as const, apart: 0, count: 1 };
  if (pairs >= 0 || ring || spec.failed) {
    const rate = links[pairs]?.capacity ?? spec.bandwidth / 2;
    const thick = Math.min(strandWidth(rate), spec.count > 8 && !ring ? 2.5 : 6);
    for (let a = 0; a < spec.count; a++) {
      for (let b = a + 1; b < spec.count; b++) {
        const next = b === a + 1 || (a === 0 && b === spec.count - 1);
        if (ring && !next) continue;
        const whole = !broken.has(`${a} ${b}`);
        bundles.push({
          ...common,
          from: corners[a]!,
          to: corners[b]!,
          width: whole ? thick : Math.min(thick, 1.5),
          link: whole ? pairs : -1,
          chips: chipsOf(a),
          // A ring carries whatever goes past, a link of a full mesh only what its two ends say to each other.
          ...(ring ? { direct: true, name: 'ring links' } : { pair: chipsOf(b) }),
          ...(whole ? {} : { name: 'broken link' }),
          ...(spec.media === undefined ? {} : { media: spec.media }),
          tier: spec.tier,
        });
      }
    }
  }
  if (outer >= 0) {
    const of = levels[links[outer]!.level]!;
    const centre = middle(box);
    corners.forEach((corner, index) => {
      const length = Math.hypot(corner.x - centre.x, corner.y - centre.y) || 1;
      const out = (length + STUB + size.h / 2) / length;
      bundles.push({
        ...common,
        from: corner,
        to: { x: centre.x + (corner.x - centre.x) * out, y: centre.y + (corner.y - centre.y) * out },
        width: Math.min(5, strandWidth(links[outer]!.capacity)),
        link: outer,
        chips: chipsOf(index),
        ...(of.media === undefined ? {} : { media: of.media }),
        tier: of.tier,
      });
    });
  }
  return {
    kind: 'polygon',
    depth,
    level,
    unit,
    firstChip: first,
    box: { x: left, y: top, w: width - left, h: height + 2 * pad },
    bars: [],
    bundles,
    slots,
    uplink: outer,
    inner: pairs,
  };
}
