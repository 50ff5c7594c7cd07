/** Meshes in one line: degrees in the order of the text, which is also the rank order. */
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import type { CollectiveEstimate, Estimate } from '../../../src/engine/estimate/result.ts';
import type { MeshSpec, PlanSpec } from '../../../src/engine/plan/spec.ts';
import { axis, pretrain } from '../estimate/samples.ts';

/** @param from parents of derived axes */
export function mesh(degrees: Record<string, number>, from: Record<string, string[]> = {}): MeshSpec {
  const names = Object.keys(degrees);
  return {
    name: 'm',
    axes: names.map(name => axis(name, degrees[name]!, { from: from[name] ?? [] })),
    order: names.filter(name => !from[name]),
  };
}

export const zero1 = {
  dp: { zero: 1, accumulate: 'local', overlapForward: true, overlapBackward: true },
} satisfies Partial<PlanSpec>;

/** A plain plan (1F1B, balanced stages, no recomputation), changed by `fields`. */
export function priced(fields: Partial<PlanSpec>): Estimate {
  const plan = pretrain({ pp: { schedule: { kind: '1f1b' } }, recompute: { mode: 'none' }, ...fields });
  const result = estimatePlan(plan);
  if (!result.ok) throw new Error(result.refusals.map(refusal => refusal.message).join('; '));
  return result.estimate;
}

/** Collectives of a name as "op axis ranks phase xcount". */
export function listed(estimate: Estimate, name: string): string[] {
  return estimate.collectives.filter(each => each.name === name).map(short);
}

const short = ({ op, axis, ranks, phase, count }: CollectiveEstimate): string =>
  `${op} ${axis} ${ranks} ${phase} x${count}`;
