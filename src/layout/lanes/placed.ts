/** Slots whose places follow by formula, with neighbours by place. */
import type { Direction, Rect, Slots } from '../scene.ts';

interface Placed {
  count: number;
  columns: number;
  rect(slot: number): Rect;
  hit(x: number, y: number): number;
  /** Set where the slots run row by row through a single plane. */
  rows: number | undefined;
}

/** Steps into the next place by looking a little farther each time. */
export function placedSlots({ count, columns, rect, hit }: Placed): Slots {
  return {
    count,
    columns,
    rect,
    hit,
    neighbour: (index, direction) => look(index, direction, rect, hit),
  };
}

const REACH = 14;

function look(
  index: number,
  direction: Direction,
  rect: (slot: number) => Rect,
  hit: (x: number, y: number) => number,
): number {
  const { x, y, w, h } = rect(index);
  const dx = direction === 'left' ? -1 : direction === 'right' ? 1 : 0;
  const dy = direction === 'up' ? -1 : direction === 'down' ? 1 : 0;
  const step = Math.max(0.2, Math.min(w, h) * 0.45);
  for (let far = 1; far <= REACH; far++) {
    const found = hit(x + w / 2 + dx * (w / 2 + far * step), y + h / 2 + dy * (h / 2 + far * step));
    if (found >= 0 && found !== index) return found;
  }
  return index;
}
