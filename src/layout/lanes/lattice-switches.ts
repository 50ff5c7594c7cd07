/** Switches at the edges of a HammingMesh, and the bank of optical circuit switches. */
import { wiredLink } from '../links.ts';
import { trackStart } from '../slots.ts';
import { DIMENSIONS } from '../structure.ts';
import type { Drawing, Plane } from './lattice-drawing.ts';

/** Row switches at the right and column switches below the boards. @returns height that they take. */
export function switchEdges(draw: Drawing, { across, down }: Plane, stub: number): number {
  const { links, level } = draw.input;
  const right = trackStart(across, across.count - 1) + across.size + stub;
  const bottom = trackStart(down, down.count - 1) + down.size + stub;
  const width = 14;
  for (let row = 0; row < down.count; row += down.block) {
    const y = trackStart(down, row);
    const end = trackStart(down, Math.min(down.count, row + down.block) - 1) + down.size;
    draw.bars.push({
      rect: { x: right, y, w: width, h: end - y },
      role: 'leaf',
      count: down.block,
      link: wiredLink(links, level, 'link to line switch'),
    });
  }
  for (let column = 0; column < across.count; column += across.block) {
    const x = trackStart(across, column);
    const end = trackStart(across, Math.min(across.count, column + across.block) - 1) + across.size;
    draw.bars.push({
      rect: { x, y: bottom, w: end - x, h: width },
      role: 'leaf',
      count: across.block,
      link: wiredLink(links, level, 'link to line switch'),
    });
  }
  draw.captions.push({
    x: right - 4,
    y: down.start - stub - 4,
    text: 'row switches',
    room: draw.input.width - right + 4,
  });
  draw.captions.push({ x: across.start, y: bottom + width + 13, text: 'column switches', anchor: 'start' });
  return stub + width + 17;
}

/** One square per circuit switch: as many for each pair of faces as a face has chips. @returns its bottom. */
export function opticalBank(draw: Drawing, box: { x: number; y: number; w: number }): number {
  const { spec, input } = draw;
  if (spec.topology.kind !== 'ocs') return box.y;
  const { cube, shape } = spec.topology;
  const cubes = shape.reduce((count, side, dim) => count * (side / cube[dim]!), 1);
  const faces = cube.map((_, dim) =>
    cube.reduce((area, side, other) => (other === dim ? area : area * side), 1),
  );
  const total = faces.reduce((sum, area) => sum + area, 0);
  draw.captions.push({ x: box.x, y: box.y + 14, text: 'optical switches', bold: true, room: box.w });
  draw.captions.push({ x: box.x, y: box.y + 29, text: `${total} × ${cubes} circuits`, room: box.w });
  let y = box.y + 56;
  faces.forEach((area, dim) => {
    const link = wiredLink(input.links, input.level, `optical ${DIMENSIONS[dim] ?? ''}`);
    draw.captions.push({
      x: box.x,
      y,
      text: `${DIMENSIONS[dim]} faces · ${area} × ${cubes}`,
      room: box.w * 0.72,
    });
    draw.captions.push({ x: box.x + box.w, y, text: `#${link}`, anchor: 'end', bold: true });
    y += 8;
    const columns = Math.min(area, 8);
    const pitch = Math.min(24, box.w / columns);
    for (let index = 0; index < area && index < 64; index++) {
      draw.bars.push({
        rect: {
          x: box.x + (index % columns) * pitch,
          y: y + Math.floor(index / columns) * pitch,
          w: pitch - 4,
          h: pitch - 4,
        },
        role: 'optical',
        count: 1,
        link,
      });
    }
    y += Math.ceil(Math.min(area, 64) / columns) * pitch + 22;
  });
  return y;
}
