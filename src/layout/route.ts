/** The way of one representative group through the lanes, as lines and dots. */
import { axesOf } from './heat.ts';
import type { PanelCollective, PlanModel } from './model/types.ts';
import { chipOf, groupOf } from './ranks.ts';
import { type Lane, middle, type Point } from './scene.ts';

export interface Route {
  paths: {
    points: Point[];
    arrow: boolean /** Over the links themselves: without a halo that would hide them. */;
    over?: boolean;
  }[];
  dots: Point[];
  /** Children of the lane that hold members. */
  children: number[];
}

/** More members than this are not followed one by one. */
const MOST_MEMBERS = 1024;

/**
 * @param rank any member of the group.
 * @returns undefined where the lane holds no member, or all of the group in one child.
 */
export function routeIn(
  lane: Lane,
  model: Pick<PlanModel, 'levels' | 'axes'>,
  collective: PanelCollective,
  rank: number,
): Route | undefined {
  const span = lane.units.level < 0 ? 1 : model.levels[lane.units.level]!.span;
  if (lane.sections) return undefined;
  const members = groupOf(axesOf(model.axes, collective), rank, MOST_MEMBERS).map(member =>
    chipOf(model.levels, member),
  );
  const slots = members.map(chip => lane.units.slotOf(Math.floor(chip / span)));
  const here = slots.filter(slot => slot >= 0);
  const children = [...new Set(here)];
  const leaves = members.length > here.length;
  if (children.length === 0 || (children.length === 1 && !leaves)) return undefined;
  if (lane.kind === 'lattice') return alongLattice(lane, children, members.length);
  if (children.length === 1) return stub(lane, children);
  const ring = collective.algorithm === 'ring';
  const chain = collective.op === 'send_recv';
  switch (lane.kind) {
    case 'boxes':
    case 'row':
      return comb(lane, children, ring && !leaves, ring || chain);
    case 'grid':
      return {
        paths: [{ points: children.map(child => middle(lane.slots.rect(child))), arrow: false }],
        ...dotted(lane, children),
      };
    // Here every link of the group is in sight, and its load says where the group is.
    default:
      return undefined;
  }
}

/** On a grid a group that fills a row or a column is a line, led on to where it closes; others are dots. */
function alongLattice(lane: Lane, children: number[], members: number): Route {
  const points = children.map(child => middle(lane.slots.rect(child)));
  const dots = { dots: points, children };
  if (points.length < 2) return { paths: [], ...dots };
  const { w, h } = lane.slots.rect(children[0]!);
  const same = (coordinate: 'x' | 'y'): boolean =>
    points.every(point => Math.abs(point[coordinate] - points[0]![coordinate]) < 0.5);
  if (!same('x') && !same('y')) return { paths: [], ...dots };
  const along = same('y') ? 'x' : 'y';
  const sorted = [...points].sort((a, b) => a[along] - b[along]);
  // Whole lines close outside of the picture, through their stubs.
  const closes = lane.closes?.[along === 'x' ? 0 : 1] ?? false;
  const whole = closes && points.length === members && members > 2;
  const out = whole ? (along === 'x' ? w : h) * 0.9 : 0;
  const first = { ...sorted[0]! };
  const last = { ...sorted.at(-1)! };
  first[along] -= out;
  last[along] += out;
  return { paths: [{ points: [first, last], arrow: false }], ...dots };
}

const dotted = (lane: Lane, children: number[]): Pick<Route, 'dots' | 'children'> => ({
  dots: children.map(child => middle(lane.slots.rect(child))),
  children,
});

/** One member here, the others elsewhere: its own way out. */
function stub(lane: Lane, children: number[]): Route {
  const child = children[0]!;
  const mid = middle(lane.slots.rect(child));
  const out = lane.bundles.filter(({ link }) => link === lane.uplink && lane.uplink >= 0);
  const own =
    out.find(({ chips }) => lane.level === 0 && chips.from === lane.firstChip + child) ??
    (lane.level > 0 ? out[child] : undefined);
  const paths = own ? [{ points: [own.from, own.to], arrow: false, over: true }] : [];
  return { paths, dots: own ? [] : [mid], children };
}

/** Up into the switch bar, across and down to the next member, led between the two strands. */
function comb(lane: Lane, children: number[], closed: boolean, directed: boolean): Route {
  const bar = lane.bars.find(({ role }) => role !== 'leaf')?.rect;
  // Rows that are wrapped have no bar of their own to lead the line through.
  if (!bar || lane.slots.columns < lane.slots.count) return { paths: [], dots: [], children };
  const below = lane.kind === 'row';
  const at = children.map(child => {
    const rect = lane.slots.rect(child);
    return { x: rect.x + rect.w / 2, y: below ? rect.y + rect.h : rect.y - 16 };
  });
  // Along the edges of the bar, so that what is written on it can be read.
  const near = below ? bar.y + 2.5 : bar.y + bar.h - 2.5;
  const far = below ? bar.y + bar.h - 2.5 : bar.y + 2.5;
  if (!directed) {
    const ends = [at[0]!, at.at(-1)!];
    const paths = [
      { points: ends.map(({ x }) => ({ x, y: near })), arrow: false },
      ...at.map(({ x, y }) => ({
        points: [
          { x, y },
          { x, y: near },
        ],
        arrow: false,
      })),
    ];
    return { paths, dots: [], children };
  }
  const hop = (from: Point, to: Point, height: number): Route['paths'][number] => ({
    points: [
      { x: from.x + 2.5, y: from.y },
      { x: from.x + 2.5, y: height },
      { x: to.x - 2.5, y: height },
      { x: to.x - 2.5, y: to.y },
    ],
    arrow: true,
  });
  const paths = at.slice(1).map((to, index) => hop(at[index]!, to, near));
  if (closed && at.length > 2) paths.push(hop(at.at(-1)!, at[0]!, far));
  return { paths, dots: [], children };
}
