/** The picture of a fabric before anything is painted: places in plane coordinates, one pixel wide at zoom 1. */

import type { LaneGraph } from './elk/graph.ts';
import type { Sections } from './structure.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Places of a lane's children: as many as the level's count, used or not. Closed form, nothing is stored per child. */
export interface Slots {
  count: number;
  columns: number;
  rect(index: number): Rect;
  /** Child at a point, -1 between them. */
  hit(x: number, y: number): number;
  /** Child to the left, right, above or below, the same one at an edge. */
  neighbour(index: number, direction: Direction): number;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

export interface Bar {
  rect: Rect;
  /** `router`: a switch as a disc. `optical`: a circuit switch, coloured by load. */
  role: 'top' | 'leaf' | 'switch' | 'router' | 'optical';
  /** Switches that the bar stands for. */
  count: number;
  /** Index of the class of links below it, -1 for none. */
  link: number;
}

/** Parallel links painted as one: a strand up and a strand down, or one line. */
export interface Bundle {
  from: Point;
  to: Point;
  strands: 1 | 2;
  /** Of one strand, pixels. */
  width: number;
  /** Distance between the middles of the two strands. */
  apart: number;
  /** Bends the line: control point of a quadratic curve. */
  via?: Point;
  /** Index of the class of links, -1 where the engine has none. */
  link: number;
  /** What the links are, where no class says it. */
  name?: string;
  /** Links of a wiring, that carry whatever their class does while there are ranks on `chips`. */
  direct?: boolean;
  /** The only way between its two ends: of a ring, it carries what neighbours send each other. */
  only?: boolean;
  /** Chips that the links belong to: a cut around an interval, or the two ends of a pair. */
  chips: { from: number; to: number };
  pair?: { from: number; to: number };
  media?: string;
  tier: 'scale_up' | 'scale_out';
  /** Equal links in it. */
  count: number;
}

export type LaneKind =
  | 'boxes'
  | 'grid'
  | 'row'
  | 'trays'
  | 'polygon'
  | 'rails'
  | 'lattice'
  | 'sections'
  | 'groups'
  | 'routers'
  | 'graph';

/** The units that stand in the slots of a lane: of `level`, or chips where it is -1, numbered through the whole fabric. */
export interface Units {
  level: number;
  numberAt(slot: number): number;
  /** -1 for a unit that is not in the lane. */
  slotOf(number: number): number;
}

/** A word of the picture that follows from the places alone. */
export interface Caption {
  x: number;
  y: number;
  text: string;
  anchor?: 'start' | 'middle' | 'end';
  bold?: boolean;
  room?: number;
  /** Pixels between it and the next one like it: left out where they would touch. */
  pitch?: number;
}

/** One open unit: its switches, links and children. */
export interface Lane {
  kind: LaneKind;
  /** Place in the ladder, 0 on top. */
  depth: number;
  level: number;
  /** Number of the unit among all units of its level, and its first chip. */
  unit: number;
  firstChip: number;
  /** The drawer, or for the top lane the ground it stands on. */
  box: Rect;
  bars: Bar[];
  bundles: Bundle[];
  slots: Slots;
  units: Units;
  /** The slots hold planes of a large grid or groups of a dragonfly; each opens as a drawer of its own. */
  sections?: Sections;
  /** The section that this drawer shows. */
  section?: number;
  /** Boundaries of cubes and boards. */
  frames?: Rect[];
  captions?: Caption[];
  /** Of a plane: whether its rows and its columns close. */
  closes?: [boolean, boolean];
  /** Broken children by slot, and middles of broken links. */
  failed?: { slots: number[]; links: Point[] };
  /** Class of the links that leave a child upwards; -1 for none. */
  uplink: number;
  /** Class of the scale-up links of a child that is a chip; -1 for none. */
  inner: number;
  /** Where labels of columns and rows go in a grid. */
  header?: { y: number; x: number };
  /** Its switches, units and bundles as a graph, where a layout may place them. */
  graph?: LaneGraph;
  /** Child that is open below. */
  open?: number;
}

/** A lane as its builder makes it; who stands in the slots, and what is broken, the ladder adds. */
export type DrawnLane = Omit<Lane, 'units' | 'failed'>;

export interface Scene {
  width: number;
  height: number;
  /** Left edge of the lanes; the gutter is before it. */
  left: number;
  lanes: Lane[];
}

export const middle = (rect: Rect): Point => ({ x: rect.x + rect.w / 2, y: rect.y + rect.h / 2 });

export const contains = (rect: Rect, x: number, y: number): boolean =>
  x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h;

const CURVE = 12;

/** A bundle's line, or its two strands, as the painter draws and the pointer finds them. */
export function strandsOf({ from, to, via, strands, apart }: Bundle): Point[][] {
  if (via) {
    return [
      Array.from({ length: CURVE + 1 }, (_, index) => {
        const t = index / CURVE;
        const s = 1 - t;
        return {
          x: s * s * from.x + 2 * s * t * via.x + t * t * to.x,
          y: s * s * from.y + 2 * s * t * via.y + t * t * to.y,
        };
      }),
    ];
  }
  if (strands === 1) return [[from, to]];
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const dx = ((to.y - from.y) / length) * (apart / 2);
  const dy = ((to.x - from.x) / length) * (apart / 2);
  return [1, -1].map(side => [
    { x: from.x + side * dx, y: from.y + side * dy },
    { x: to.x + side * dx, y: to.y + side * dy },
  ]);
}

/** Width of one strand: 2 to 10 px by the logarithm of its rate. */
export const strandWidth = (bytesPerSecond: number): number =>
  Math.min(10, Math.max(2, 1.6 * Math.log10(Math.max(1, bytesPerSecond / 1e9))));
