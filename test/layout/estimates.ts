/** Priced steps for tests of the timeline. */
import { estimatePlan } from '../../src/engine/estimate/estimate.ts';
import type { Estimate } from '../../src/engine/estimate/result.ts';
import type { PlanSpec } from '../../src/engine/plan/spec.ts';
import { pretrain } from '../engine/estimate/samples.ts';

export function priced(fields: Partial<PlanSpec> = {}): Estimate {
  const result = estimatePlan(pretrain(fields));
  if (!result.ok) throw new Error(JSON.stringify(result.refusals));
  return result.estimate;
}

const layers = [7, ...new Array<number>(14).fill(8), 7];

/** By name of the schedule: pairs, split backward passes, chunks, several kinds of traffic. */
export const STEPS: [string, () => Estimate][] = [
  ['interleaved', () => priced()],
  ['1f1b', () => priced({ pp: { schedule: { kind: '1f1b' }, layers } })],
  ['gpipe', () => priced({ pp: { schedule: { kind: 'gpipe' }, layers } })],
  ['zero bubble', () => priced({ pp: { schedule: { kind: 'zero_bubble', variant: 'h1' }, layers } })],
  [
    'dualpipe',
    () =>
      priced({
        pp: { schedule: { kind: 'dualpipe' }, layers },
        batch: { global: 4096, micro: 1, sequence: 8192 },
      }),
  ],
];
