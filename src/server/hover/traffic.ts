/** The collectives that a line causes, derived: appended to what the line's word means. */
import type { CollectiveEstimate } from '../../engine/estimate/result.ts';
import type { PlanReport } from '../../language/analysis/report.ts';
import { assumptionSection } from '../derivation.ts';
import { collectiveDerivation } from '../derive/collective.ts';
import { collectiveTable } from '../derive/table.ts';
import { notesOf } from '../hints/notes.ts';
import { links } from '../links.ts';
import type { View } from '../view.ts';

/** What collectives rest on beside their own axes and levels. */
const RESTING: ReadonlySet<string> = new Set(['software', 'efficiency', 'generation']);

/** What the given line causes: sums, a table, the derivation of the most exposed, from the plan whose numbers its hint shows; '' when it causes nothing. */
export function trafficOfLine(view: View, line: number): string {
  const note = notesOf(view).find(n => n.kind === 'traffic' && n.line === line);
  return note?.kind === 'traffic' ? derivations(view, note.plan, note.collectives) : '';
}

/** The same of an axis's collectives, those that the step waits for longest first. */
export function trafficOfAxis(view: View, plan: PlanReport | undefined, axis: string): string {
  const of =
    plan?.estimate?.collectives.filter(c => c.axis.split('*').includes(axis) || c.owner === axis) ?? [];
  return plan ? derivations(view, plan, of) : '';
}

function derivations(view: View, plan: PlanReport, collectives: readonly CollectiveEstimate[]): string {
  const { estimate } = plan;
  const sorted = collectives
    .filter(c => c.ranks > 1 && c.count > 0)
    .sort((a, b) => b.exposed - a.exposed || b.total - a.total);
  if (!estimate || sorted.length === 0) return '';
  const parts = [...collectiveTable(sorted, estimate), collectiveDerivation(sorted[0]!, estimate)];
  const axes = new Set(sorted.flatMap(c => c.axis.split('*')));
  const levels = new Set(sorted.flatMap(c => c.price.levels));
  const resting = estimate.assumptions.filter(a => {
    if (a.of !== undefined) return false;
    const head = a.key.split('.')[0]!;
    return axes.has(head) || levels.has(head) || RESTING.has(head);
  });
  return [...parts, assumptionSection(resting).replace(/^## /, '**').replace(/\n/, '**\n'), links(view, plan)]
    .filter(Boolean)
    .join('\n\n');
}
