/** What belongs to the panel and not to the picture: it survives every edit, and a reload of the window. */

import { preferredColumns } from '../layout/columns.ts';
import type { LoadMode } from '../layout/heat.ts';
import type { PanelLevel, PlanModel } from '../layout/model/types.ts';
import { laneSteps, sectionsOf } from '../layout/structure.ts';
import type { UnitRef } from './look.ts';
import { isPanelModel, VIEWS, type ViewName } from './protocol.ts';

export interface Sort {
  column: string;
  descending: boolean;
}

/** A block of the timeline, by what it does: it is the same one in the next step that is played. */
export interface BlockRef {
  stage: number;
  /** As in `PanelTimeline.op`. */
  op: number;
}

export interface PanelState {
  view: ViewName;
  /** Name of the axis that colours; undefined: the panel's choice. */
  axis?: string;
  load: LoadMode;
  /** Key of the selected collective; undefined: the one that the step waits for longest. */
  collective?: string;
  /** Child open in each lane, from the top. */
  path: number[];
  selected?: UnitRef;
  allGroups: boolean;
  /** The view as a table. */
  table: boolean;
  zoom: { x: number; y: number; k: number };
  /** Row length of grids by name of level. */
  columns: Record<string, number>;
  sort: Sort;
  /** What of the step the timeline shows, 0..1, and whether all stages have a row. */
  time: { from: number; to: number };
  allStages: boolean;
  critical: boolean;
  block?: BlockRef;
  /** Names and counts of the levels that path and columns belong to. */
  fabric: string;
}

/** Above this a fabric opens collapsed. */
const OPEN_AT_ONCE = 32_768;
/** Widest row of a grid that is chosen by itself. */
const MOST_COLUMNS = 32;

export const initialState = (): PanelState => ({
  view: 'placement',
  load: 'running',
  path: [],
  allGroups: false,
  table: false,
  zoom: { x: 0, y: 0, k: 1 },
  columns: {},
  sort: { column: 'exposed', descending: true },
  time: { from: 0, to: 1 },
  allStages: false,
  critical: true,
  fabric: '',
});

const signature = (levels: readonly PanelLevel[]): string =>
  levels.map(({ name, count }) => `${name}:${count}`).join(' ');

/** The state fitted to a model: the same object contents unless the fabric itself changed. */
export function fitState(state: PanelState, model: PlanModel): PanelState {
  const { levels } = model;
  if (levels.length === 0) return state;
  const fabric = signature(levels);
  if (state.fabric === fabric) return state;
  const before = new Map(state.fabric.split(' ').map(part => part.split(':') as [string, string]));
  const columns: Record<string, number> = {};
  levels.forEach((level, index) => {
    const kept = before.get(level.name) === String(level.count) ? state.columns[level.name] : undefined;
    columns[level.name] = kept ?? preferredColumns(levels, index, model.axes, MOST_COLUMNS);
  });
  const known = levels.some(({ name }) => before.has(name));
  const path = known ? clip(state.path, levels) : firstPath(model);
  const fitted: PanelState = { ...state, fabric, columns, path };
  const { selected } = state;
  if (!known || !selected || !exists(selected, levels)) delete fitted.selected;
  if (!known) fitted.zoom = { x: 0, y: 0, k: 1 };
  return fitted;
}

/** Row lengths chosen anew for the axes at hand: what "fit" does. */
export const refitColumns = (state: PanelState, model: PlanModel): Record<string, number> => ({
  ...state.columns,
  ...Object.fromEntries(
    model.levels.map((level, index) => [
      level.name,
      preferredColumns(model.levels, index, model.axes, MOST_COLUMNS),
    ]),
  ),
});

/** Small fabrics show their first unit of every level, large ones open collapsed. */
function firstPath({ levels }: PlanModel): number[] {
  const chips = levels.at(-1)?.span ?? 0;
  const steps = laneSteps(levels);
  if (chips <= OPEN_AT_ONCE) return steps.slice(1).map(() => 0);
  return [];
}

function clip(path: readonly number[], levels: readonly PanelLevel[]): number[] {
  const kept: number[] = [];
  const steps = laneSteps(levels);
  for (const [depth, child] of path.entries()) {
    const step = steps[depth];
    if (!step || depth === steps.length - 1 || child >= step.count) break;
    kept.push(child);
  }
  return kept;
}

const exists = ({ level, unit, section }: UnitRef, levels: readonly PanelLevel[]): boolean => {
  const top = levels.at(-1);
  if (!top || level >= levels.length) return false;
  if (section !== undefined && section >= (level < 0 ? 0 : (sectionsOf(levels, level)?.count ?? 0)))
    return false;
  return unit < (level < 0 ? top.span : levels[level]!.units);
};

/** What is kept in the webview's own store. */
export interface Stored {
  version: 1;
  state: PanelState;
  hash: string;
  model?: PlanModel;
}

/** @returns undefined for anything that this version did not write. */
export function restore(value: unknown): Stored | undefined {
  const stored = value as Partial<Stored> | undefined;
  if (stored?.version !== 1 || typeof stored.state !== 'object' || stored.state === null) return undefined;
  const state: PanelState = { ...initialState(), ...stored.state };
  const whole = (list: unknown): boolean =>
    Array.isArray(list) && list.every(item => Number.isInteger(item) && item >= 0);
  const { x, y, k } = state.zoom ?? {};
  const { from, to } = state.time ?? {};
  if (!(from >= 0 && from < to && to <= 1)) return undefined;
  if (!VIEWS.includes(state.view) || !whole(state.path) || ![x, y, k].every(Number.isFinite))
    return undefined;
  const model =
    stored.model && isPanelModel(stored.model) && stored.model.kind === 'plan' ? stored.model : undefined;
  return {
    version: 1,
    state,
    hash: typeof stored.hash === 'string' ? stored.hash : '',
    ...(model ? { model } : {}),
  };
}
