/** Measured steps with the plans that price them: what a fit of constants works on. */
import { estimateCore } from '../../src/engine/estimate/core.ts';
import { refusalsOf } from '../../src/engine/estimate/legal.ts';
import { timed } from '../../src/engine/estimate/timed.ts';
import type { PlanSpec } from '../../src/engine/plan/spec.ts';
import { readCsv } from './csv.ts';
import { jobOf } from './job.ts';
import type { Chips } from './machine.ts';
import { planOf } from './plan.ts';
import { measuredOf, rowOf } from './row.ts';

export interface StepCase {
  id: string;
  family: string;
  model: string;
  trust: string;
  /** `16`, or `8` where products are 8 bits wide. */
  bits: 8 | 16;
  experts: boolean;
  /** Seconds. */
  measured: number;
  plan: PlanSpec;
}

/** Rows of kind `end_to_end_step` that have a measured time and can be expressed. */
export function stepCases(csv: string, chips: Chips): StepCase[] {
  return readCsv(csv).flatMap(record => {
    const measured = measuredOf(record);
    if (record.kind !== 'end_to_end_step' || !measured) return [];
    const row = rowOf(record);
    const priced = planOf(row, jobOf(record), chips);
    if (typeof priced === 'string' || refusalsOf(priced.plan).length > 0) return [];
    const { plan } = priced;
    return {
      id: row.id,
      family: row.family,
      model: record.model ?? '',
      trust: measured.trust,
      bits: bitsOf(record.precision ?? ''),
      experts: plan.model.moe !== undefined,
      measured: measured.value,
      plan,
    };
  });
}

export const bitsOf = (precision: string): 8 | 16 => (/fp8|int8/i.test(precision) ? 8 : 16);

/** Seconds of a step with the constants as they are now. */
export const stepTime = (plan: PlanSpec): number => timed(estimateCore(plan)).core.time;
