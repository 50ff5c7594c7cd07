/** Regular arrangements of children: grids with narrow gaps inside a block and wide ones between, and polygons. */
import { contains, type Direction, type Rect, type Slots } from './scene.ts';

/** Cells along one direction: `block` of them stand together. */
export interface Track {
  start: number;
  /** Extent of one cell. */
  size: number;
  count: number;
  block: number;
  /** Gap inside a block and between blocks. */
  inner: number;
  outer: number;
}

export const trackStart = (track: Track, index: number): number =>
  track.start +
  index * (track.size + track.inner) +
  Math.floor(index / track.block) * (track.outer - track.inner);

/** Cell at a position; -1 in a gap or outside. */
export function trackAt(track: Track, position: number): number {
  const block = track.block * (track.size + track.inner) + track.outer - track.inner;
  const before = Math.floor((position - track.start) / block);
  const inside = position - track.start - before * block;
  const index =
    before * track.block + Math.min(track.block - 1, Math.floor(inside / (track.size + track.inner)));
  if (before < 0 || index < 0 || index >= track.count) return -1;
  return position - trackStart(track, index) <= track.size ? index : -1;
}

/** Size of a cell so that `count` of them fill `extent`. */
export function fitTrack(
  start: number,
  extent: number,
  count: number,
  block: number,
  gaps: { inner: number; outer: number },
): Track {
  const blocks = Math.ceil(count / block) - 1;
  const gap = (count - 1 - blocks) * gaps.inner + blocks * gaps.outer;
  // Where gaps would eat the cells, they give way.
  const scale = gap > extent / 2 ? extent / 2 / gap : 1;
  return {
    start,
    size: (extent - gap * scale) / count,
    count,
    block,
    inner: gaps.inner * scale,
    outer: gaps.outer * scale,
  };
}

/** `count` cells, row by row. */
export function gridSlots(count: number, across: Track, down: Track): Slots {
  const columns = across.count;
  return {
    count,
    columns,
    rect: index => ({
      x: trackStart(across, index % columns),
      y: trackStart(down, Math.floor(index / columns)),
      w: across.size,
      h: down.size,
    }),
    hit: (x, y) => {
      const column = trackAt(across, x);
      const row = trackAt(down, y);
      const index = row * columns + column;
      return column < 0 || row < 0 || index >= count ? -1 : index;
    },
    neighbour: (index, direction) => gridNeighbour(index, direction, count, columns),
  };
}

export function gridNeighbour(index: number, direction: Direction, count: number, columns: number): number {
  const column = index % columns;
  const next =
    direction === 'left'
      ? index - (column > 0 ? 1 : 0)
      : direction === 'right'
        ? index + (column < columns - 1 ? 1 : 0)
        : index + (direction === 'up' ? -columns : columns);
  return next < 0 || next >= count ? index : next;
}

/** Anything given as a short list of places (at most some dozens). */
export function listSlots(rects: readonly Rect[]): Slots {
  return {
    count: rects.length,
    columns: rects.length,
    rect: index => rects[index]!,
    hit: (x, y) => rects.findIndex(rect => contains(rect, x, y)),
    neighbour: (index, direction) => nearest(rects, index, direction),
  };
}

/** The nearest place in a direction, by distance along it plus twice the distance across. */
function nearest(rects: readonly Rect[], index: number, direction: Direction): number {
  const own = rects[index];
  if (!own) return index;
  const horizontal = direction === 'left' || direction === 'right';
  const sign = direction === 'left' || direction === 'up' ? -1 : 1;
  let best = index;
  let least = Number.POSITIVE_INFINITY;
  rects.forEach((rect, other) => {
    const dx = rect.x + rect.w / 2 - own.x - own.w / 2;
    const dy = rect.y + rect.h / 2 - own.y - own.h / 2;
    const along = (horizontal ? dx : dy) * sign;
    const distance = along + 2 * Math.abs(horizontal ? dy : dx);
    if (other !== index && along > 0.5 && distance < least) {
      least = distance;
      best = other;
    }
  });
  return best;
}

/** Corners of a regular polygon, the first one right of the top, clockwise. */
export function polygonSlots(count: number, box: Rect, size: { w: number; h: number }): Slots {
  const cx = box.x + box.w / 2;
  const cy = box.y + box.h / 2;
  const rx = (box.w - size.w) / 2;
  const ry = (box.h - size.h) / 2;
  const rects = Array.from({ length: count }, (_, index): Rect => {
    const angle = ((index + 0.5) / count) * 2 * Math.PI;
    return {
      x: cx + rx * Math.sin(angle) - size.w / 2,
      y: cy - ry * Math.cos(angle) - size.h / 2,
      ...size,
    };
  });
  return listSlots(rects);
}
