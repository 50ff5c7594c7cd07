/** What is a verdict on one plan, in difference to what is wrong in a text. */
import type { PlanReport, Report, SourceRange } from '../../language/analysis/report.ts';

/** Errors that say something against a plan only, and nothing against the file that imports its text. */
export const VERDICTS: ReadonlySet<string> = new Set(['assert-failed', 'memory-over', 'estimate-refused']);

/** Findings that rest on an estimate. */
const ESTIMATED = new Set([
  'assert-failed',
  'expect-failed',
  'memory-over',
  'memory-tight',
  'network-bound',
  'order-slow-level',
  'level-hot',
]);

/**
 * An editor goes on with what is left of a damaged plan; a command must not: what is left is another plan, so nothing that
 * was found out about it holds or fails.
 */
export function wholePlans({ plans, findings }: Report): Report {
  const damaged = plans.filter(plan => plan.stale);
  if (damaged.length === 0) return { plans, findings };
  return {
    plans: plans.map(plan => (plan.stale ? withoutNumbers(plan) : plan)),
    findings: findings.filter(
      finding => !(ESTIMATED.has(finding.code) && damaged.some(plan => within(plan.range, finding.range))),
    ),
  };
}

function withoutNumbers({ estimate: _, ...plan }: PlanReport): PlanReport {
  const claims = plan.claims.map(claim => ({ ...claim, holds: undefined, actual: 'not judged' }));
  return { ...plan, claims };
}

/** Whether a place lies in a range of the same text. */
export function within({ uri, start, end }: SourceRange, place: SourceRange): boolean {
  const at = place.start;
  const after = at.line > start.line || (at.line === start.line && at.character >= start.character);
  const before = at.line < end.line || (at.line === end.line && at.character < end.character);
  return place.uri === uri && after && before;
}
