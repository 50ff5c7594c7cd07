/** One plan: lowered, priced, judged and checked. */
import type { EstimateResult, Refusal } from '../../engine/estimate/result.ts';
import type { PlanSpec } from '../../engine/plan/spec.ts';
import type { PlanCheck } from '../checks/context.ts';
import { Findings } from '../checks/findings.ts';
import { checkPlan, guarded } from '../checks/index.ts';
import type { Assertion, Plan } from '../generated/ast.ts';
import { isMesh, isPlan } from '../generated/ast.ts';
import { claimsOf, lineage } from '../lower/inherit.ts';
import type { Lowering } from '../lower/lowering.ts';
import { originsOf } from '../lower/origins.ts';
import type { ClaimInput, Judged, Measure } from './claims.ts';
import { failureText, judge } from './claims.ts';
import type { PlanReport, SourceRange } from './report.ts';
import { rangeOf, rangeOfProperty, uriOf } from './source.ts';

export interface Pricing {
  estimate(spec: PlanSpec): EstimateResult;
  measure: Measure;
}

export function planReport(node: Plan, lowering: Lowering, pricing: Pricing, findings: Findings): PlanReport {
  const lowered = lowering.plan(node);
  findings.list.push(...lowered.findings.list);
  lineage(node, findings);
  const { line, meshNode, fabricNode } = lowered.parts;
  const origins = originsOf(line, meshNode, fabricNode);
  const nameRange = rangeOfProperty(node, 'name');
  const { spec, entries, env } = lowered.spec ?? {};
  const refusals: Refusal[] = [...lowered.refusals];
  if (!spec) refusals.push(...incomplete(node, lowered.parts, findings));
  let result: EstimateResult | undefined;
  if (spec && refusals.length === 0) {
    result = guarded('estimate', nameRange, findings, () => pricing.estimate(spec));
    if (result && !result.ok) refusals.push(...result.refusals);
  }
  const estimate = result?.ok ? result.estimate : undefined;
  const report: PlanReport = {
    plan: node.name,
    range: rangeOf(node),
    nameRange,
    ...(spec && { spec }),
    ...(estimate && { estimate }),
    refusals,
    claims: [],
    ...(lowered.stale && { stale: lowered.stale }),
    locate: causes => origins.locate(causes),
  };
  const own = new Findings();
  if (spec && entries) {
    const check: PlanCheck = {
      node,
      uri: uriOf(node),
      nameRange,
      spec,
      entries,
      estimate,
      meshNode,
      origins,
      findings: own,
      price: pricing.estimate,
    };
    checkPlan(check);
  }
  const input: ClaimInput = { spec, estimate, env, measure: pricing.measure };
  report.claims = claimsOf(line).map(claim => judgeClaim(claim, node, input, report, own));
  if (refusals.length > 0) {
    const others = strangers(node, lowered.parts);
    const explained = [
      ...findings.list.filter(f => !others.some(range => covers(range, f.range))),
      ...own.list,
    ];
    refuse(
      node,
      report,
      explained.some(f => f.severity === 'error' && f.code !== 'degree-divides'),
      own,
    );
  }
  findings.list.push(...own.list);
  return report;
}

/** Where the plans and meshes of the file stand that this plan has nothing to do with: their errors explain nothing here. */
function strangers(node: Plan, { line, meshNode }: ReturnType<Lowering['plan']>['parts']): SourceRange[] {
  return node.$container.decls
    .filter(d => (isPlan(d) && !line.includes(d)) || (isMesh(d) && d !== meshNode))
    .map(rangeOf);
}

/** A part that is missing altogether; what is wrong with a part that is there is said where it stands. */
function incomplete(node: Plan, parts: ReturnType<Lowering['plan']>['parts'], findings: Findings): Refusal[] {
  const missing = (['model', 'mesh'] as const).filter(part => !parts.line.some(plan => plan[part]));
  const cause = { kind: 'plan' as const, key: node.name };
  if (missing.length > 0) {
    const how = { model: "'of MODEL'", mesh: "'on MESH'" };
    const message = `The plan '${node.name}' has no ${missing.join(' and no ')}: add ${missing.map(m => how[m]).join(' and ')}, or 'like' a plan that has them.`;
    findings.add('plan-incomplete', rangeOfProperty(node, 'name'), message);
    return [{ code: 'plan-incomplete', message, cause }];
  }
  const broken = (['model', 'mesh', 'fabric'] as const).filter(part => !parts[part]?.spec);
  const message = `The ${broken.join(' and the ')} of '${node.name}' cannot be used: see the findings there.`;
  return [{ code: 'estimate-refused', message, cause }];
}

/** Whether a place begins within a range of the same text. */
function covers({ uri, start, end }: SourceRange, place: SourceRange): boolean {
  const { line, character } = place.start;
  const after = line > start.line || (line === start.line && character >= start.character);
  return place.uri === uri && after && (line < end.line || (line === end.line && character < end.character));
}

function judgeClaim(
  claim: Assertion,
  node: Plan,
  input: ClaimInput,
  report: PlanReport,
  findings: Findings,
): Judged {
  const inherited = claim.$container !== node;
  // The form of an inherited claim is judged in its own plan.
  const form = inherited ? new Findings() : findings;
  const range = inherited ? report.nameRange : rangeOf(claim);
  const related = inherited ? [{ message: 'Claimed here.', range: rangeOf(claim) }] : [];
  const judged = guarded('claim', range, findings, () => judge(claim, input, form));
  if (!judged) return { severity: claim.severity, text: '', holds: undefined, actual: '', range };
  const say = (code: 'assert-failed' | 'expect-failed' | 'claim-unpriced', message: string) =>
    findings.add(code, range, message, { related });
  if (judged.unpriced) say('claim-unpriced', `'${judged.text}' cannot be judged: ${judged.unpriced}.`);
  else if (judged.holds === false) {
    const env = input.env && { ...input.env, findings: new Findings() };
    const text = failureText(claim, judged, env, input);
    say(
      claim.severity === 'assert' ? 'assert-failed' : 'expect-failed',
      inherited ? `'${node.name}': ${text}` : text,
    );
  }
  return judged;
}

/** Says at the plan why it has no numbers, unless an error says it already. */
function refuse(node: Plan, report: PlanReport, explained: boolean, findings: Findings): void {
  const legal = report.refusals.filter(r => r.code === 'not-priced');
  const others = report.refusals.filter(r => r.code !== 'not-priced');
  const said = legal.length > 0 ? legal : explained ? [] : others;
  for (const refusal of said) {
    const line = report.locate([refusal.cause]);
    const own = line?.uri === uriOf(node);
    findings.add(
      'estimate-refused',
      legal.length > 0 && own ? line : report.nameRange,
      `'${node.name}' has no estimate: ${refusal.message}`,
      {
        ...(legal.length === 0 && { severity: 'error' as const }),
        ...(line && !own && { related: [{ message: 'Because of this.', range: line }] }),
      },
    );
  }
}
