/**
 * Links of one unit of a level that are no tree: children joined directly (torus, graph), or over routers (dragonfly, HyperX).
 *
 * A wiring knows nothing of collectives. It is handed who sends how much to whom, all groups of an axis at once, routes that
 * over its links and says how busy the busiest link of every class is. What has a regular shape does so by formula; anything
 * else link by link.
 *
 * Endpoints are what hangs on the links: chips, or children with fewer ports than chips. They are numbered 0 to `ends` - 1 in
 * the sequence of the chips; broken ones are left out, so endpoint numbers count only those that carry ranks.
 */
import type { Digit } from '../pattern.ts';

/** One class of equal links. */
export interface WiredClass {
  /** Name for people: "x link", "local link", "router to router". */
  name: string;
  /** Line rate of one link and direction, bytes/s. */
  capacity: number;
  /** Directed links of the class in one unit: two for every cable. */
  links: number;
  /** Cables of a level's `media.local` or of its `media.global`. */
  part: 'local' | 'global';
  /** Of an optical circuit switch over cubes: the links that lie inside cubes belong to the level below. */
  below?: true;
}

/**
 * One direction in which endpoints lie: x of a torus, the routers of a dragonfly's group. An endpoint's number is the sum of
 * digit x stride over the digits of all its coordinates; its position along a coordinate the sum of digit x step.
 */
export interface Coordinate {
  name: string;
  size: number;
  digits: readonly CoordinateDigit[];
}

export interface CoordinateDigit {
  /** In endpoint numbers. */
  stride: number;
  size: number;
  /** In positions along the coordinate. */
  step: number;
}

/**
 * Members of a group, coordinate by coordinate: along each they stand at p + sum of k_i x stride_i, 0 <= k_i < size_i, in positions of
 * that coordinate; no digits: all members share the position. The group is the product of these. All endpoints belong to
 * such a group, and all groups are alike: shifted copies that together fill the wiring.
 */
export type Lattice = readonly (readonly Digit[])[];

/** Bytes from one endpoint to another. */
export interface Demand {
  source: number;
  target: number;
  bytes: number;
}

export interface WiredLoad {
  /** Index of the class. */
  at: number;
  /** Bytes over the busiest link in its busier direction. */
  bytes: number;
  /** Bytes over the busiest link, both directions together. */
  both: number;
  /** Bytes over all links of the class together. */
  total: number;
  /** Index of the coordinate whose links alone carry this, where links of others belong to the class, too. */
  along?: number;
  /** Estimated from some of the endpoints: there are too many to search from all. */
  sampled?: true;
}

/** A lower bound of the time per byte, and whether some schedule reaches it. */
export interface Bound {
  /** Seconds at line rate and without latency, for buffers of one byte (nccl-tests' S). */
  time: number;
  exact: boolean;
  /** How it was found, for people: "min-cut", "bisection of x", "hops". */
  by: string;
}

export interface Wiring {
  /** Endpoints of one unit that carry ranks. */
  readonly ends: number;
  /** Groups need not fill coordinates: positions past the last whole group stay idle. */
  readonly leavesOver?: true;
  /** Innermost (varies fastest) first; empty where endpoints lie in no regular order. */
  readonly coordinates: readonly Coordinate[];
  readonly classes: readonly WiredClass[];
  /**
   * Every member of every group sends `bytes` to every other member of its group. Undefined: no formula, list the flows.
   * Classes that carry nothing may be left out, here and in `flows`.
   */
  pairs(lattice: Lattice, bytes: number): WiredLoad[] | undefined;
  /** Any demand; cost grows with its entries times the links on their way, or with sources times links. */
  flows(demands: readonly Demand[]): WiredLoad[];
  /**
   * Links on the way between two endpoints by the longest of the minimal routes, whatever the routing: detours over a random
   * place do not count. Of a dragonfly with something broken: the shortest way, even where routes go round.
   */
  hops(source: number, target: number): number;
  /** Most such links between two members of a group. */
  farthest(lattice: Lattice): number;
  /** All-gather (and its mirror image, reduce-scatter) of all groups at once. */
  gatherBound(lattice: Lattice): Bound;
  /** All-reduce without reduction by switches; undefined: twice the bytes over all links, and no less than a gather. */
  reduceBound?(lattice: Lattice): Bound;
  /** All-to-all of all groups at once. */
  exchangeBound(lattice: Lattice): Bound;
  /** Link rate of the endpoint that has least of it, all its links together, bytes/s. */
  readonly leastPort: number;
  /**
   * Where what changes rails is passed on inside a child first: what that adds to the level below. `pairs`: bytes from every
   * member of a group to every other one in its own child; `flows`: one entry from source to the endpoint that sends on.
   */
  readonly relays?: {
    pairs(lattice: Lattice, bytes: number): number;
    flows(demands: readonly Demand[]): Demand[];
  };
}
