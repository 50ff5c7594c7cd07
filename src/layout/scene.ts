/** The picture of a fabric before anything is painted: places in plane coordinates, one pixel wide at zoom 1. */

import type { LaneGraph } from './elk/graph.ts';

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
  role: 'top' | 'leaf' | 'switch';
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
  /** Index of the class of links. */
  link: number;
  /** Chips that the links belong to: a cut around an interval, or the two ends of a pair. */
  chips: { from: number; to: number };
  pair?: { from: number; to: number };
  media?: string;
  tier: 'scale_up' | 'scale_out';
  /** Equal links in it. */
  count: number;
}

export type LaneKind = 'boxes' | 'grid' | 'row' | 'trays' | 'polygon';

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

/** Width of one strand: 2 to 10 px by the logarithm of its rate. */
export const strandWidth = (bytesPerSecond: number): number =>
  Math.min(10, Math.max(2, 1.6 * Math.log10(Math.max(1, bytesPerSecond / 1e9))));
