/** Where a lane shows what is broken: children by slot, and the middles of links. */
import type { PanelLevel } from './model/types.ts';
import { type Lane, middle, type Point } from './scene.ts';

export function failedIn(levels: readonly PanelLevel[], lane: Lane): Lane['failed'] {
  const { failed, count, childSpan } = levels[lane.level]!;
  // On the places of an optical torus stand the chips of its cubes.
  const cubes = lane.units.level < lane.level - 1;
  const per = cubes ? childSpan : 1;
  const first = lane.unit * count * per;
  const children = cubes
    ? [...(failed?.children ?? []).flatMap(cube => chipsOf(cube, per)), ...brokenInCubes(levels, lane.level)]
    : (failed?.children ?? []);
  const slots = children.map(child => lane.units.slotOf(first + child)).filter(slot => slot >= 0);
  const slot = (child: number): number => (child < count ? lane.units.slotOf(first + child) : -1);
  const links = (cubes ? [] : (failed?.links ?? [])).flatMap(([a, b]): Point[] => {
    const from = place(lane, a, slot(a), count);
    const to = place(lane, b, slot(b), count);
    return from && to ? between(lane, from, to) : [];
  });
  return slots.length + links.length > 0 ? { slots, links } : undefined;
}

const chipsOf = (cube: number, chips: number): number[] =>
  Array.from({ length: chips }, (_, chip) => cube * chips + chip);

/** What is broken in one cube is broken in all of them. */
function brokenInCubes(levels: readonly PanelLevel[], level: number): number[] {
  const broken = levels[level - 1]?.failed?.children ?? [];
  const { count, childSpan } = levels[level]!;
  return Array.from({ length: count }, (_, cube) => broken.map(chip => cube * childSpan + chip)).flat();
}

/** A child's place, or that of a switch, which are numbered after the children. */
function place(lane: Lane, vertex: number, slot: number, count: number): Point | undefined {
  if (slot >= 0) return middle(lane.slots.rect(slot));
  // A section shows its own switches only.
  const first = count + (lane.section ?? 0) * lane.bars.length;
  const bar = vertex >= first ? lane.bars[vertex - first] : undefined;
  return bar && middle(bar.rect);
}

/** Halfway; of a link that closes a row or a column of a grid, both of its stubs. */
function between(lane: Lane, from: Point, to: Point): Point[] {
  const halfway = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  if (lane.kind !== 'lattice') return [halfway];
  const { w, h } = lane.slots.rect(0);
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  if (Math.abs(dx) < 3 * w && Math.abs(dy) < 3 * h) return [halfway];
  const along = Math.abs(dx) > Math.abs(dy);
  const out = { x: along ? Math.sign(dx) * w : 0, y: along ? 0 : Math.sign(dy) * h };
  return [
    { x: from.x - out.x, y: from.y - out.y },
    { x: to.x + out.x, y: to.y + out.y },
  ];
}
