/** Rows of kind `end_to_end_step`: seconds of one training step. */
import { estimatePlan } from '../../src/engine/estimate/estimate.ts';
import type { Prediction } from './collective.ts';
import type { CsvRecord } from './csv.ts';
import { jobOf } from './job.ts';
import type { Chips } from './machine.ts';
import { planOf } from './plan.ts';
import type { Row } from './row.ts';

export function predictStep(row: Row, chips: Chips, record: CsvRecord): Prediction {
  const plan = planOf(row, jobOf(record), chips);
  if (typeof plan === 'string') return { reason: plan };
  const result = estimatePlan(plan);
  return result.ok
    ? { value: result.estimate.step.time }
    : { reason: result.refusals.map(({ message }) => message).join(' ') };
}
