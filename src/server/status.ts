/** `meshwright/status`: what the status bar says about the active plan. */
import type { ClaimResult } from '../language/analysis/report.ts';
import type { Status } from './protocol.ts';
import { boundWords, refusalWords, stepTime, verdictOf } from './verdict.ts';
import type { View } from './view.ts';

export function statusOf(view: View): Status {
  const plan = view.active;
  const errors = view.report.findings.filter(f => f.severity === 'error').length;
  if (!plan) {
    return {
      text: 'no plan',
      tooltip: 'This file has no plan.',
      claims: countClaims([]),
      errors,
      state: 'empty',
    };
  }
  const claims = countClaims(plan.claims);
  const base = { plan: plan.plan, claims, errors };
  if (!plan.estimate) {
    return { ...base, text: `${plan.plan}: no estimate`, tooltip: refusalWords(plan), state: 'refused' };
  }
  const tooltip = [`**${plan.plan}**: ${verdictOf(plan.estimate)}`, claimWords(claims)];
  if (plan.stale) tooltip.push(`With the last good version: ${plan.stale.reason}`);
  return {
    ...base,
    text: `${plan.plan} ${stepTime(plan.estimate)} · ${boundWords(plan.estimate)}`,
    tooltip: tooltip.filter(Boolean).join('\n\n'),
    state: plan.stale ? 'stale' : 'priced',
  };
}

function countClaims(claims: readonly ClaimResult[]): Status['claims'] {
  return {
    holding: claims.filter(c => c.holds === true).length,
    failing: claims.filter(c => c.holds === false).length,
    open: claims.filter(c => c.holds === undefined).length,
  };
}

/** `5 of 5 claims hold`, `3 claims fail`. */
export function claimWords({ holding, failing, open }: Status['claims']): string {
  const all = holding + failing + open;
  if (all === 0) return '';
  const not = open > 0 ? `, ${open} cannot be priced` : '';
  return failing > 0
    ? `${failing} ${failing === 1 ? 'claim fails' : 'claims fail'}${not}`
    : `${holding} of ${all} claims hold${not}`;
}
