/** Keys of the plan whose other values are worth a try, with the edit that states them. */
import type { PlanSpec, Recompute, Role } from '../../engine/plan/spec.ts';
import type { PlanReport, SourceRange, TextEditSpec } from '../../language/analysis/report.ts';
import type { View } from '../view.ts';
import { lineText } from '../view.ts';
import type { Candidate } from './candidate.ts';

interface Switch {
  role: Role;
  /** Behind the axis: `zero`. */
  key: string;
  value: string;
  spec(plan: PlanSpec): PlanSpec | undefined;
}

const zero = (stage: 0 | 1 | 2 | 3): Switch => ({
  role: 'dp',
  key: 'zero',
  value: String(stage),
  spec: plan => (plan.dp.zero === stage ? undefined : { ...plan, dp: { ...plan.dp, zero: stage } }),
});

const SWITCHES: readonly Switch[] = [
  zero(1),
  zero(2),
  zero(3),
  {
    role: 'tp',
    key: 'sequence_parallel',
    value: 'true',
    spec: plan =>
      plan.tp.sequenceParallel ? undefined : { ...plan, tp: { ...plan.tp, sequenceParallel: true } },
  },
  {
    role: 'tp',
    key: 'overlap',
    value: 'true',
    spec: plan => (plan.tp.overlap ? undefined : { ...plan, tp: { ...plan.tp, overlap: true } }),
  },
  {
    role: 'dp',
    key: 'overlap',
    value: 'true',
    spec: plan =>
      plan.dp.overlapForward && plan.dp.overlapBackward
        ? undefined
        : { ...plan, dp: { ...plan.dp, overlapForward: true, overlapBackward: true } },
  },
  {
    role: 'dp',
    key: 'accumulate',
    value: 'local',
    spec: plan =>
      plan.dp.accumulate === 'local' ? undefined : { ...plan, dp: { ...plan.dp, accumulate: 'local' } },
  },
  {
    role: 'ep',
    key: 'overlap',
    value: 'true',
    spec: plan => (plan.ep.overlap ? undefined : { ...plan, ep: { ...plan.ep, overlap: true } }),
  },
];

/** What a plan that does not fit may compute again instead of keeping it, the cheapest first. */
const RECOMPUTE: readonly { value: string; recompute: Recompute }[] = [
  { value: 'selective(norm)', recompute: { mode: 'selective', items: ['norm'] } },
  { value: 'selective(swiglu, norm)', recompute: { mode: 'selective', items: ['swiglu', 'norm'] } },
  { value: 'full', recompute: { mode: 'full' } },
];

/** Other ways to recompute, for a plan whose memory overflows. */
export function otherRecomputation(view: View, plan: PlanReport): Candidate[] {
  const { spec } = plan;
  if (!spec || spec.recompute.mode === 'full') return [];
  return RECOMPUTE.flatMap(({ value, recompute }) => {
    if (JSON.stringify(recompute) === JSON.stringify(spec.recompute)) return [];
    const edit = setKey(view, plan, 'recompute', value);
    return edit ? [{ title: `Set recompute: ${value}`, spec: { ...spec, recompute }, edits: [edit] }] : [];
  });
}

/** Settings that differ from what the plan says, for axes that it has. */
export function otherSettings(view: View, plan: PlanReport): Candidate[] {
  const { spec } = plan;
  if (!spec) return [];
  return SWITCHES.flatMap(choice => {
    const axis = spec.mesh.axes.find(a => a.role === choice.role && a.size > 1);
    const changed = axis && choice.spec(spec);
    if (!axis || !changed) return [];
    const key = `${axis.name}.${choice.key}`;
    const edit = setKey(view, plan, key, choice.value);
    return edit ? [{ title: `Set ${key}: ${choice.value}`, spec: changed, edits: [edit] }] : [];
  });
}

/** Replaces the value of a key that the plan's own text states, or adds a line before its closing brace. */
export function setKey(view: View, plan: PlanReport, key: string, value: string): TextEditSpec | undefined {
  if (plan.range.uri !== view.uri) return undefined;
  const pattern = new RegExp(`^(\\s*${key.replaceAll('.', '\\s*\\.\\s*')}\\s*:\\s*)([^/\\n]*?)\\s*(//.*)?$`);
  for (let line = plan.range.start.line; line <= plan.range.end.line; line++) {
    const match = pattern.exec(lineText(view.text, line));
    if (!match) continue;
    // A value that goes on over the next line is not ours to cut.
    if (/[([][^)\]]*$/.test(match[2]!)) return undefined;
    const start = { line, character: match[1]!.length };
    return {
      range: at(view.uri, start, { line, character: start.character + match[2]!.length }),
      newText: value,
    };
  }
  return insertKey(view, plan, key, value);
}

/** Behind the last stated key: claims and collectives come after. */
function insertKey(view: View, plan: PlanReport, key: string, value: string): TextEditSpec | undefined {
  let last: number | undefined;
  let depth = 0;
  for (let line = plan.range.start.line + 1; line < plan.range.end.line; line++) {
    const text = lineText(view.text, line).replace(/\/\/.*$/, '');
    if (depth === 0 && /^\s*[\w.]+\s*:/.test(text)) last = line;
    depth += (text.match(/[([{]/g)?.length ?? 0) - (text.match(/[)\]}]/g)?.length ?? 0);
    if (last !== undefined && depth > 0) last = undefined;
  }
  if (last === undefined) return undefined;
  const indent = /^\s*/.exec(lineText(view.text, last))![0];
  const place = { line: last + 1, character: 0 };
  return { range: at(view.uri, place, place), newText: `${indent}${key}: ${value}\n` };
}

const at = (uri: string, start: SourceRange['start'], end: SourceRange['end']): SourceRange => ({
  uri,
  start,
  end,
});
