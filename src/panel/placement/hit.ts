/** What stands at a point of the plane. */

import { type Bundle, contains, type Lane, type Point, type Scene, strandsOf } from '../../layout/scene.ts';
import { slotRef } from '../../layout/slot.ts';

export interface Hit {
  lane: Lane;
  /** A child, or links. */
  child?: number;
  bundle?: Bundle;
  /** Class of links under a switch bar. */
  link?: number;
}

/** Smallest target, screen pixels. */
const TARGET = 8;

export function hitAt(scene: Scene, x: number, y: number, k: number): Hit | undefined {
  const lane = scene.lanes.find(({ box }) => contains(box, x, y));
  if (!lane) return undefined;
  const child = lane.slots.hit(x, y);
  if (child >= 0 && child < lane.slots.count && slotRef(lane, child)) return { lane, child };
  const near = TARGET / 2 / k;
  let best: Bundle | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const bundle of lane.bundles) {
    const distance = distanceTo(bundle, x, y) - bundle.width / 2 - bundle.apart / 2;
    if (distance < near && distance < least) {
      best = bundle;
      least = distance;
    }
  }
  if (best) return { lane, bundle: best, link: best.link };
  const bar = lane.bars.find(({ rect }) => contains(rect, x, y));
  if (bar && bar.link >= 0) return { lane, link: bar.link };
  return { lane };
}

/** From the line, or of a curve from the nearest of its pieces. */
function distanceTo(bundle: Bundle, x: number, y: number): number {
  if (!bundle.via) return toSegment(bundle.from, bundle.to, x, y);
  const [points] = strandsOf(bundle);
  return Math.min(...points!.slice(1).map((to, index) => toSegment(points![index]!, to, x, y)));
}

function toSegment(from: Point, to: Point, x: number, y: number): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const along = Math.max(0, Math.min(1, ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(from.x + along * dx - x, from.y + along * dy - y);
}
