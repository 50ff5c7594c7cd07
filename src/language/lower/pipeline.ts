/** Schedule and layers of the stages. */

import type { ModelSpec } from '../../engine/model/spec.ts';
import { degree } from '../../engine/plan/placement.ts';
import type { MeshSpec, PlanSpec, Schedule } from '../../engine/plan/spec.ts';
import { rangeOf } from '../analysis/source.ts';
import { isChoice } from '../values/read.ts';
import type { Env } from '../values/value.ts';
import type { Entries } from './properties.ts';

export function lowerPipeline(entries: Entries, mesh: MeshSpec, model: ModelSpec, env: Env): PlanSpec['pp'] {
  const layers = lowerLayers(entries, degree(mesh, 'pp'), model.layers, env);
  return { schedule: lowerSchedule(entries), ...(layers && { layers }) };
}

function lowerSchedule(entries: Entries): Schedule {
  const value = entries.get('pp.schedule')?.value;
  if (!isChoice(value)) return { kind: '1f1b' };
  switch (value.choice) {
    case '1f1b':
    case 'gpipe':
      return { kind: value.choice };
    case 'interleaved': {
      const chunks = value.args.chunks;
      // One chunk per stage is the plain schedule.
      return typeof chunks === 'number' && chunks > 1 ? { kind: 'interleaved', chunks } : { kind: '1f1b' };
    }
    case 'circular': {
      const chunks = value.args.chunks;
      return { kind: 'circular', chunks: typeof chunks === 'number' ? chunks : 1 };
    }
    case 'zero_bubble': {
      const variant = value.args.variant;
      const word = isChoice(variant) ? variant.choice : 'h1';
      return { kind: 'zero_bubble', variant: word === 'h2' || word === 'v' ? word : 'h1' };
    }
    case 'v_half':
    case 'v_min':
    case 'dualpipe':
      return { kind: value.choice };
    default:
      return { kind: '1f1b' };
  }
}

/** Layers per stage; undefined for an even split, which the engine makes. */
function lowerLayers(entries: Entries, stages: number, layers: number, env: Env): number[] | undefined {
  const entry = entries.get('pp.layers');
  const value = entry?.value;
  if (!entry || value === undefined) return undefined;
  const fail = (message: string): undefined => {
    env.findings.add('schedule-layers', rangeOf(entry.property.value), message);
    return undefined;
  };
  if (Array.isArray(value)) {
    const list = value.filter(v => typeof v === 'number');
    if (list.length !== stages)
      return fail(`${list.length} entries for ${stages} stage${stages === 1 ? '' : 's'}.`);
    const total = list.reduce((a, b) => a + b, 0);
    return total === layers ? list : fail(`The stages add up to ${total} layers, the model has ${layers}.`);
  }
  if (!isChoice(value)) return undefined;
  const first = typeof value.args.first === 'number' ? value.args.first : undefined;
  const last = typeof value.args.last === 'number' ? value.args.last : undefined;
  if (first === undefined && last === undefined) return undefined;
  return (
    balanced(stages, layers, first, last) ??
    fail(
      `${first ?? last} and ${last ?? first} at the ends do not leave the rest of ${layers} layers to ${stages} stages.`,
    )
  );
}

/** The ends as stated, the rest as even as it goes, larger stages first; undefined where that is impossible. */
export function balanced(
  stages: number,
  layers: number,
  first?: number,
  last?: number,
): number[] | undefined {
  const fixed = (first === undefined ? 0 : 1) + (last === undefined ? 0 : 1);
  const middle = stages - fixed;
  const rest = layers - (first ?? 0) - (last ?? 0);
  if (middle < 0 || rest < 0 || (middle === 0 && rest !== 0)) return undefined;
  const base = middle === 0 ? 0 : Math.floor(rest / middle);
  const even = Array.from({ length: middle }, (_, i) => base + (i < rest - base * middle ? 1 : 0));
  return [...(first === undefined ? [] : [first]), ...even, ...(last === undefined ? [] : [last])];
}
