/** What lanes are built from. */
import type { Positions } from '../elk/graph.ts';
import type { PanelLevel, PanelLink } from '../model/types.ts';
import type { Sections } from '../structure.ts';

export interface LadderInput {
  levels: readonly PanelLevel[];
  links: readonly PanelLink[];
  /** Child open in each lane, from the top. */
  path: readonly number[];
  width: number;
  height: number;
  /** Row length of grids, by name of level. */
  columns: Readonly<Record<string, number>>;
  /** Positions of switches and units that a layout has found, by key of its graph. */
  positions?: ReadonlyMap<string, Positions>;
}

/** What a lane is built from. */
export interface LaneInput extends LadderInput {
  depth: number;
  level: number;
  unit: number;
  /** Set: one section of the unit; `sections`: an overview of all of them. */
  section?: number;
  sections?: Sections;
  /** Slot that is open below. */
  open?: number;
  top: number;
  left: number;
  /** Height that a lane of free height may take. */
  room: number;
}
