/** A topology written out as a graph, and what is known of it before anything is broken. */
import type { GraphDraft } from './link-graph.ts';
import type { Coordinate } from './wiring.ts';

export interface Drafted {
  draft: GraphDraft;
  /** Of all endpoints of the draft; empty where they lie in no grid. */
  coordinates: Coordinate[];
  /** Whether links know their dimension and routes may keep to their sequence. */
  grid: boolean;
  /** Endpoints of which all others are images under the symmetries of the whole. */
  alike?: number[];
}

/** Endpoints of a level and their links, as `ports:` has it. */
export interface Ports {
  ends: number;
  /** Ports of one endpoint; the slots of a switch fill in the sequence of the endpoints. */
  perEnd: number;
  /** Rate of one port, bytes/s. */
  rate: number;
  /** Endpoints of one child. */
  inChild: number;
}
