/** Rows of kind `end_to_end_step`: seconds of one training step. */
import { estimatePlan } from '../../src/engine/estimate/estimate.ts';
import { peakOf } from '../../src/engine/estimate/kernels.ts';
import { modelFlopsPerStep } from '../../src/engine/model/flops.ts';
import type { PlanSpec } from '../../src/engine/plan/spec.ts';
import { bitsOf } from './cases.ts';
import type { Prediction } from './collective.ts';
import type { CsvRecord } from './csv.ts';
import { jobOf } from './job.ts';
import type { Chips } from './machine.ts';
import { planOf } from './plan.ts';
import type { Row } from './row.ts';

/** What a step is compared with, and what the row leaves open. */
export interface StepDetail {
  chip: string;
  /** Width of the products. */
  bits: 8 | 16;
  experts: boolean;
  precision: string;
  sequence: number;
  tokensPerChip: number;
  /** Seconds at the chip's dense 16-bit peak: what a baseline of constant MFU scales. */
  atPeak: number;
  assumed: string[];
}

export function predictStep(row: Row, chips: Chips, record: CsvRecord): Prediction {
  const priced = planOf(row, jobOf(record), chips);
  if (typeof priced === 'string') return { reason: priced };
  const { plan, assumed } = priced;
  const result = estimatePlan(plan);
  if (!result.ok) return { reason: result.refusals.map(({ message }) => message).join(' ') };
  const detail: StepDetail = {
    chip: plan.fabric.chip.name,
    bits: bitsOf(row.precision),
    experts: plan.model.moe !== undefined,
    precision: row.precision,
    sequence: plan.batch.sequence,
    tokensPerChip: (plan.batch.global * plan.batch.sequence) / result.estimate.chips,
    atPeak: atPeak(plan, result.estimate.chips),
    assumed,
  };
  return { value: result.estimate.step.time, step: detail };
}

function atPeak({ model, batch, fabric }: PlanSpec, chips: number): number {
  const tokens = batch.global * batch.sequence;
  const flops = modelFlopsPerStep(model, tokens, batch.sequence, { attention: 'causal' });
  return flops / (chips * (peakOf(fabric.chip, 'bf16') ?? 1));
}
