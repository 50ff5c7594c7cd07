/** Names of rows, columns and planes. */
import type { Point } from '../scene.ts';
import { type Track, trackStart } from '../slots.ts';
import { DIMENSIONS, digits } from '../structure.ts';
import type { Drawing, Plane } from './lattice-drawing.ts';

/** "z links go to planes 4 and 6". @returns height that it takes. */
export function deepNote(draw: Drawing, at: Point, section: number, others: readonly number[]): number {
  const { grid } = draw;
  const place = digits(section, others);
  const notes = others.flatMap((side, dim) => {
    if (side < 2) return [];
    const here = place[dim]!;
    const name = DIMENSIONS[dim + 2]!;
    const wrap = grid.wrap[dim + 2];
    const ends = [
      here > 0 || wrap ? (here + side - 1) % side : -1,
      here < side - 1 || wrap ? (here + 1) % side : -1,
    ];
    const known = [...new Set(ends.filter(end => end >= 0))];
    return `${name} links go to ${name} ${known.join(' and ')}`;
  });
  if (notes.length === 0) return 0;
  draw.captions.push({ ...at, text: notes.join(' · ') });
  return 18;
}

export function columnNames(draw: Drawing, { across, down }: Plane, stub: number, several: boolean): void {
  if (draw.folded || (several && across.size + across.inner < 14)) return;
  names(across, index =>
    draw.captions.push({
      x: trackStart(across, index) + across.size / 2,
      y: down.start - stub - 4,
      text: index === 0 ? `x ${index}` : String(index),
      anchor: 'middle',
    }),
  );
}

export function rowNames(draw: Drawing, { across, down }: Plane, stub: number): void {
  if (draw.folded || draw.grid.dims.length < 2) return;
  names(down, index =>
    draw.captions.push({
      x: across.start - stub - 5,
      y: trackStart(down, index) + down.size / 2 + 3.5,
      text: index === 0 ? `y ${index}` : String(index),
      anchor: 'end',
    }),
  );
}

/** Every first, second, fourth … place, so that names do not touch. */
function names(track: Track, write: (index: number) => void): void {
  const pitch = track.size + track.inner;
  let step = 1;
  while (step * pitch < 15) step *= 2;
  for (let index = 0; index < track.count; index += step) write(index);
}
