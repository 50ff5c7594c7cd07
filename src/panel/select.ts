/** From a place in the text to what the panel shows of it, and back. */
import type { PanelAxis, PanelCollective, PanelLevel, PlanModel, Source } from '../layout/model/types.ts';
import { collectiveKey } from './look.ts';
import type { SelectTarget } from './protocol.ts';
import type { PanelState } from './state.ts';

/** What a selection from the text changes; undefined when the text there causes nothing that is shown. */
export function applySelect(model: PlanModel, target: SelectTarget): Partial<PanelState> | undefined {
  const axis = axisOf(model, target);
  const collective = collectiveOf(model, target);
  if (collective) return { collective: collectiveKey(collective), ...(axis ? { axis: axis.name } : {}) };
  return axis ? { axis: axis.name } : undefined;
}

function axisOf(model: PlanModel, target: SelectTarget): PanelAxis | undefined {
  if (target.kind === 'axis') return model.axes.find(({ name, size }) => name === target.name && size > 1);
  if (target.kind !== 'cursor') return undefined;
  // An axis of one rank has nothing to show by colour.
  return model.axes.find(({ source, size }) => size > 1 && onLine(source, target));
}

/** Of several on one line the one that the step waits for longest. */
function collectiveOf(model: PlanModel, target: SelectTarget): PanelCollective | undefined {
  const fits = model.collectives.filter(collective => {
    if (target.kind === 'collective') {
      return (
        collective.name === target.name &&
        (target.axis === undefined || collective.axes.join('*') === target.axis)
      );
    }
    return target.kind === 'cursor' && onLine(collective.source, target);
  });
  return fits.sort((a, b) => b.exposed - a.exposed || b.total - a.total)[0];
}

/** The level that a target names or stands in. */
export function levelOf(model: PlanModel, target: SelectTarget): PanelLevel | undefined {
  if (target.kind === 'level') return model.levels.find(({ name }) => name === target.name);
  if (target.kind !== 'cursor') return undefined;
  return model.levels.find(({ source }) => source !== undefined && inside(source, target));
}

const onLine = (source: Source | undefined, at: { uri: string; line: number }): boolean =>
  source !== undefined && source.uri === at.uri && source.start.line <= at.line && at.line <= source.end.line;

const inside = (source: Source, at: { uri: string; line: number }): boolean => onLine(source, at);
