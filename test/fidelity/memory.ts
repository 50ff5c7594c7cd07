/**
 * Rows of kind `memory`: the peak of a chip in the unit of the row. What an allocator holds is told from what is allocated by the
 * words of the unit, where these leave it open by the software: torchtitan logs reserved memory, Megatron-Bridge allocated.
 *
 * Beyond the defaults of `plan.ts`, gradients have 16 bit in memory where they have so on the wire. Two settings follow from a row's
 * source and no column: Megatron-Bridge trains Moonlight with gradients and both moments in 16 bit (`recipes/moonlight`,
 * "precision-aware optimizer"), and torchtitan compiles the loss with the model since April 2025 (its pull request 1033), which then
 * overwrites the logits.
 */
import { estimatePlan } from '../../src/engine/estimate/estimate.ts';
import type { PlanSpec } from '../../src/engine/plan/spec.ts';
import type { Prediction } from './collective.ts';
import type { CsvRecord } from './csv.ts';
import { type Job, jobOf } from './job.ts';
import type { Chips } from './machine.ts';
import { planOf } from './plan.ts';
import type { Row } from './row.ts';

export type MemoryQuantity = 'allocated' | 'reserved';

export function predictMemory(row: Row, chips: Chips, record: CsvRecord): Prediction {
  const unit = bytesOf(row.unit);
  if (unit === undefined) return { reason: `the unit '${row.unit}' is no amount of bytes` };
  const job = jobOf(record);
  const read = planOf(row, job, chips);
  if (typeof read === 'string') return { reason: read };
  const result = estimatePlan(withHabits(read.plan, job));
  if (!result.ok) return { reason: result.refusals.map(({ message }) => message).join(' ') };
  const { peak, reserved, stages } = result.estimate.memory;
  const memory = quantityOf(row.unit, read.plan.software ?? '');
  // Rank 0 is on the first stage.
  const allocated = /rank-0/i.test(row.unit) ? stages[0]!.total : peak;
  const bytes = memory === 'reserved' ? (reserved / peak) * allocated : allocated;
  return { value: bytes / unit, memory };
}

function withHabits(plan: PlanSpec, { model, source, notes }: Job): PlanSpec {
  const { precision } = plan;
  if (/moonlight/i.test(model) && /megatron-bridge/i.test(source))
    return { ...plan, precision: { ...precision, gradient: 'bf16', moments: 'bf16' } };
  // Benchmarks are files with their month in the name.
  const [, month] = /_(20\d{4})_/.exec(source) ?? [];
  const compiled = plan.software === 'torchtitan' && /torch\.compile/i.test(notes) && Number(month) >= 202504;
  return compiled ? { ...plan, loss: { fused: true } } : plan;
}

export function quantityOf(unit: string, software: string): MemoryQuantity {
  // A unit that names both leaves it open.
  const named = ['allocated', 'reserved'].filter(word => new RegExp(word, 'i').test(unit));
  if (named.length === 1 && !/active\/reserved/i.test(unit)) return named[0] as MemoryQuantity;
  return software.startsWith('torchtitan') ? 'reserved' : 'allocated';
}

function bytesOf(unit: string): number | undefined {
  const [word] = /^\s*[GM]i?B\b/.exec(unit) ?? [];
  switch (word?.trim()) {
    case 'GiB':
      return 2 ** 30;
    case 'GB':
      return 1e9;
    case 'MiB':
      return 2 ** 20;
    case 'MB':
      return 1e6;
    default:
      return undefined;
  }
}
