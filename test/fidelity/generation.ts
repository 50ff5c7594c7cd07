/**
 * Which generation of training software a row was measured with: by the words of its source and notes, else by the chip's age. Never
 * by the row's family, which says who copied the table and not what ran.
 */
import type { ChipSpec } from '../../src/engine/fabric/spec.ts';
import type { Job } from './job.ts';

/** The more special first. */
const WORDS: readonly [RegExp, (chip: ChipSpec, job: Job) => string][] = [
  [/MaxText|\bXLA\b|\bJAX\b|tpu-recipes/i, ({ kind }) => (kind === 'tpu' ? 'maxtext' : 'maxtext_gpu')],
  [/torchtitan/i, (_, { notes }) => (/\beager\b/i.test(notes) ? 'torchtitan_eager' : 'torchtitan')],
  [/llm-foundry|mosaicml/i, () => 'llm_foundry'],
  [/mlcommons|mlperf/i, () => 'mlperf'],
  [/vTrain|Megatron-DeepSpeed/i, () => 'megatron_2021'],
];

export function generationOf(chip: ChipSpec, job: Job): string {
  if (chip.kind === 'tpu') return 'maxtext';
  const text = `${job.source} ${job.notes}`;
  const known = WORDS.find(([words]) => words.test(text));
  if (known) return known[1](chip, job);
  // Sequence parallelism and selective recomputation came to Megatron-LM in 2022; what runs on Ampere without a word is of that time.
  return chip.generation === 'ampere' || chip.generation === 'volta' ? 'megatron_2022' : 'megatron_2024';
}
