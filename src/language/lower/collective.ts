/** `collective NAME: op(over:, size:, …)` to engine input. */
import type { Algorithm, CollectiveOp, StatedCollective } from '../../engine/plan/spec.ts';
import type { Collective } from '../generated/ast.ts';
import { COLLECTIVE_OPS } from '../schema/collective.ts';
import type { Read } from '../values/read.ts';
import { isChoice } from '../values/read.ts';
import { readChoice } from '../values/read-choice.ts';
import type { Env } from '../values/value.ts';

/** What a statement hides under; `true` is the pass it belongs to. */
export function overlapOf(value: Read | undefined, phase: string): string[] {
  if (value === true) return [phase];
  if (Array.isArray(value)) return value.filter(isChoice).map(c => c.choice);
  return isChoice(value) ? [value.choice] : [];
}

const word = (value: Read | undefined): string | undefined => (isChoice(value) ? value.choice : undefined);

export function lowerCollective(node: Collective, env: Env): StatedCollective | undefined {
  if (!node.name || !node.value) return undefined;
  const call = readChoice(node.value, { kind: 'choice', what: 'collective', options: COLLECTIVE_OPS }, env);
  const over = call?.args.over;
  const size = call?.args.size;
  if (!call || typeof over !== 'object' || !('axes' in over) || typeof size !== 'number') return undefined;
  const per = (word(call.args.per) ?? 'microbatch') as StatedCollective['per'];
  const phase = (word(call.args.phase) ?? (per === 'step' ? 'step' : 'forward')) as StatedCollective['phase'];
  const algorithm = word(call.args.algorithm) as Algorithm | undefined;
  return {
    name: node.name,
    op: call.choice as CollectiveOp,
    over: over.axes,
    size,
    per,
    phase,
    overlap: overlapOf(call.args.overlap, phase),
    ...(algorithm && { algorithm }),
  };
}
