/** Batch and sequence of a plan. */

import { degree } from '../../engine/plan/placement.ts';
import type { MeshSpec, PlanSpec } from '../../engine/plan/spec.ts';
import { formatCount } from '../../engine/units/format.ts';
import { rangeOf } from '../analysis/source.ts';
import type { Env } from '../values/value.ts';
import type { Entries } from './properties.ts';
import { numberAt } from './properties.ts';

export const DEFAULT_SEQUENCE = 4096;
/** With four microbatches per stage a pipeline's bubble stays below a quarter (GPipe's rule of thumb). */
const MICROBATCHES_PER_STAGE = 4;

/** @param longest what the model is made for, where that is known. */
export function lowerBatch(
  entries: Entries,
  mesh: MeshSpec,
  longest: number | undefined,
  env: Env,
): PlanSpec['batch'] {
  const sequence =
    numberAt(entries, 'batch.sequence') ?? Math.min(longest ?? DEFAULT_SEQUENCE, DEFAULT_SEQUENCE);
  const micro = numberAt(entries, 'batch.micro') ?? 1;
  const stages = degree(mesh, 'pp');
  const ranks = degree(mesh, 'dp', 'fsdp');
  const microbatches = stages > 1 ? MICROBATCHES_PER_STAGE * stages : 1;
  const stated = numberAt(entries, 'batch.global');
  const global = stated ?? fromTokens(entries, sequence, env) ?? ranks * micro * microbatches;
  if (stated !== undefined) agree(entries, stated, sequence, env);
  return { global, micro, sequence };
}

function fromTokens(entries: Entries, sequence: number, env: Env): number | undefined {
  const tokens = numberAt(entries, 'batch.tokens');
  if (tokens === undefined) return undefined;
  if (tokens % sequence === 0) return tokens / sequence;
  const below = tokens - (tokens % sequence);
  const nearest = [below, below + sequence].filter(n => n > 0).map(formatCount);
  const message = `${formatCount(tokens)} tokens are not a whole number of sequences of ${formatCount(sequence)}. Nearest: ${nearest.join(' or ')}.`;
  // A value that is not understood: no estimate of a batch that nobody stated.
  env.findings.add('value-range', rangeOf(entries.get('batch.tokens')!.property), message);
  return undefined;
}

function agree(entries: Entries, global: number, sequence: number, env: Env): void {
  const tokens = numberAt(entries, 'batch.tokens');
  if (tokens === undefined || tokens === global * sequence) return;
  const stated = entries.get('batch.global')!.property;
  const message = `${formatCount(global)} sequences of ${formatCount(sequence)} are ${formatCount(global * sequence)} tokens, not ${formatCount(tokens)}; 'batch.global' counts.`;
  env.findings.add('batch-conflict', rangeOf(entries.get('batch.tokens')!.property), message, {
    related: [{ message: "'batch.global' is stated here.", range: rangeOf(stated) }],
  });
}
