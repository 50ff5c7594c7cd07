/** Which changes to a plan make it faster: priced by the engine, checked by the whole analysis, within a time that nobody notices. */
import { interruptAndCheck, type LangiumDocument } from 'langium';
import type { CancellationToken } from 'vscode-languageserver';
import { estimateCore } from '../../engine/estimate/core.ts';
import { refusalsOf } from '../../engine/estimate/legal.ts';
import type { PlanSpec } from '../../engine/plan/spec.ts';
import type { PlanReport, Report } from '../../language/analysis/report.ts';
import type { Session } from '../session.ts';
import type { View } from '../view.ts';
import type { Candidate, Suggestion } from './candidate.ts';
import { gainWords } from './gain.ts';
import { orderEdit } from './order-edit.ts';
import { otherOrders } from './orders.ts';
import { otherSettings } from './settings.ts';
import { whatIf } from './what-if.ts';

/** Milliseconds for all suggestions about one plan. */
const BUDGET = 200;
/** A gain below this is noise of the model. */
const LEAST_GAIN = 0.005;
/** Suggestions shown at once. */
const MOST = 4;

const kept = new WeakMap<PlanReport, Suggestion[]>();

/** Best first; computed once per report of a plan. Nothing that breaks a claim or overflows memory is in it. */
export async function suggestions(
  session: Session,
  view: View,
  document: LangiumDocument,
  plan: PlanReport,
  token: CancellationToken,
): Promise<Suggestion[]> {
  const known = kept.get(plan);
  if (known) return known;
  const found =
    plan.spec && plan.estimate && !plan.stale && !view.damaged
      ? await search(session, view, document, plan, token)
      : [];
  kept.set(plan, found);
  return found;
}

async function search(
  session: Session,
  view: View,
  document: LangiumDocument,
  plan: PlanReport,
  token: CancellationToken,
): Promise<Suggestion[]> {
  const end = performance.now() + BUDGET;
  const before = plan.estimate!.step.time;
  const priced: { candidate: Candidate; time: number }[] = [];
  for (const candidate of candidates(view, plan)) {
    if (performance.now() > end) break;
    await interruptAndCheck(token);
    const time = timeOf(candidate.spec);
    if (time !== undefined && time < before * (1 - LEAST_GAIN)) priced.push({ candidate, time });
  }
  priced.sort((a, b) => a.time - b.time);
  const found: Suggestion[] = [];
  let orders = 0;
  for (const { candidate } of priced) {
    // Checking costs a whole analysis each: the promising ones come first.
    if (found.length >= MOST || performance.now() > end + BUDGET) break;
    // One better order is enough: the best one.
    const isOrder = candidate.title.startsWith('Set order');
    if (isOrder && orders > 0) continue;
    await interruptAndCheck(token);
    const suggestion = await verified(session, view, document, plan, candidate);
    if (!suggestion) continue;
    found.push(suggestion);
    if (isOrder) orders++;
  }
  return found;
}

/** Settings first: there are few of them; orders as far as the time allows. */
function candidates(view: View, plan: PlanReport): Candidate[] {
  const spec = plan.spec!;
  const orders = otherOrders(spec.mesh, spec.fabric).flatMap((order): Candidate[] => {
    const edit = orderEdit(view, plan, order);
    return edit
      ? [
          {
            title: `Set order: ${order.join(' < ')}`,
            spec: { ...spec, mesh: { ...spec.mesh, order } },
            edits: [edit],
          },
        ]
      : [];
  });
  return [...otherSettings(view, plan), ...orders];
}

function timeOf(spec: PlanSpec): number | undefined {
  try {
    return refusalsOf(spec).length > 0 ? undefined : estimateCore(spec).time;
  } catch {
    return undefined;
  }
}

/** The whole analysis of the changed text: the figures of the title are what will stand in the lens. */
async function verified(
  session: Session,
  view: View,
  document: LangiumDocument,
  plan: PlanReport,
  candidate: Candidate,
): Promise<Suggestion | undefined> {
  const report = await whatIfSafely(session, document, candidate);
  const after = report?.plans.find(p => p.plan === plan.plan);
  const before = plan.estimate!;
  if (!report || !after?.estimate || breaksSomething(view.report, report)) return undefined;
  const overflows = after.estimate.memory.peak > after.estimate.memory.capacity;
  const gain = 1 - after.estimate.step.time / before.step.time;
  if (gain < LEAST_GAIN || (overflows && after.estimate.memory.peak > before.memory.peak)) return undefined;
  return { title: candidate.title + gainWords(before, after.estimate), edits: candidate.edits, gain };
}

async function whatIfSafely(
  session: Session,
  document: LangiumDocument,
  candidate: Candidate,
): Promise<Report | undefined> {
  try {
    return await whatIf(session, document, candidate.edits);
  } catch {
    return undefined;
  }
}

/** A claim that held and does not any more, or an error that was not there. */
export function breaksSomething(before: Report, after: Report): boolean {
  const errors = (report: Report) =>
    report.findings.filter(f => f.severity === 'error' && !f.code.startsWith('assert')).length;
  if (errors(after) > errors(before)) return true;
  return before.plans.some(plan => {
    const other = after.plans.find(p => p.plan === plan.plan);
    return plan.claims.some((claim, i) => claim.holds === true && other?.claims[i]?.holds !== true);
  });
}
