/** What of a model is shown, and how: the panel's own choices, resolved against the model at hand. */
import type { LoadMode } from '../layout/heat.ts';
import type { PanelAxis, PanelCollective, PlanModel } from '../layout/model/types.ts';
import type { UnitRef } from '../layout/slot.ts';

export type { UnitRef } from '../layout/slot.ts';

export interface Look {
  axis: PanelAxis | undefined;
  collective: PanelCollective | undefined;
  load: LoadMode;
  selected: UnitRef | undefined;
  /** Member of the group that is followed. */
  rank: number;
  /** One group as a line, or all of them by load alone. */
  allGroups: boolean;
  /** Row length of grids by name of level. */
  columns: Readonly<Record<string, number>>;
}

/** Tells collectives of one model apart, and finds the same one in the next. */
export const collectiveKey = (collective: PanelCollective): string => {
  const { name, axes, phase, what } = collective;
  return [name, axes.join('*'), phase, what].join(' ');
};

/** The one that the step waits for longest, else the one that takes longest. */
export function defaultCollective(model: PlanModel): PanelCollective | undefined {
  return [...model.collectives].sort((a, b) => b.exposed - a.exposed || b.total - a.total)[0];
}

/** Pipeline stages where there are some: they show how the network is cut. Else the largest axis. */
export function defaultAxis(model: PlanModel): PanelAxis | undefined {
  const own = model.axes.filter(axis => axis.size > 1 && axis.digits.length > 0);
  return (
    own.find(({ role }) => role === 'pp') ?? [...own].sort((a, b) => b.size - a.size)[0] ?? model.axes[0]
  );
}
