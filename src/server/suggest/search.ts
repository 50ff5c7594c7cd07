/** Which changes to a plan make it faster: priced by the engine, checked by the whole analysis, within a time that nobody notices. */
import { interruptAndCheck, type LangiumDocument } from 'langium';
import type { CancellationToken } from 'vscode-languageserver';
import { estimateCore } from '../../engine/estimate/core.ts';
import { refusalsOf } from '../../engine/estimate/legal.ts';
import type { Estimate } from '../../engine/estimate/result.ts';
import type { PlanSpec } from '../../engine/plan/spec.ts';
import type { PlanReport, Report } from '../../language/analysis/report.ts';
import type { Session } from '../session.ts';
import type { View } from '../view.ts';
import type { Candidate, Suggestion } from './candidate.ts';
import { gainWords, roomWords } from './gain.ts';
import { orderEdit } from './order-edit.ts';
import { otherOrders } from './orders.ts';
import { otherRecomputation, otherSettings } from './settings.ts';
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
  const verify = (candidate: Candidate, words: Words) =>
    verified(session, view, document, plan, candidate, words);
  // A plan that does not fit has no other worry.
  if (overflows(plan.estimate!)) {
    return roomier(view, plan, candidate => verify(candidate, roomFor), token, end + BUDGET);
  }
  // Candidates are sorted out by formula, and compared with the plan as the formula has it: the estimate plays the step.
  const before = timeOf(plan.spec!) ?? plan.estimate!.step.time;
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
    const suggestion = await verify(candidate, gainOf);
    if (!suggestion) continue;
    found.push(suggestion);
    if (isOrder) orders++;
  }
  return found;
}

/** Settings with which the plan fits, the fastest first. */
async function roomier(
  view: View,
  plan: PlanReport,
  verify: (candidate: Candidate) => Promise<Suggestion | undefined>,
  token: CancellationToken,
  end: number,
): Promise<Suggestion[]> {
  const found: Suggestion[] = [];
  for (const candidate of [...otherSettings(view, plan), ...otherRecomputation(view, plan)]) {
    if (performance.now() > end) break;
    await interruptAndCheck(token);
    const suggestion = await verify(candidate);
    if (suggestion) found.push(suggestion);
  }
  return found.sort((a, b) => b.gain - a.gain).slice(0, MOST);
}

/** What the title adds, or undefined when the change is not worth offering. */
type Words = (before: Estimate, after: Estimate) => string | undefined;

const overflows = ({ memory }: Estimate): boolean => memory.peak > memory.capacity;

const gainOf: Words = (before, after) =>
  after.step.time > before.step.time * (1 - LEAST_GAIN) || overflows(after)
    ? undefined
    : gainWords(before, after);

const roomFor: Words = (before, after) => (overflows(after) ? undefined : roomWords(before, after));

/** Orders that are tried before anything else. */
const FIRST_ORDERS = 3;

/** The most promising orders, then the few settings, then the other orders as far as the time allows. */
function candidates(view: View, plan: PlanReport): Candidate[] {
  const spec = plan.spec!;
  const traffic = new Map<string, number>();
  for (const { axis, bytes, count } of plan.estimate!.collectives) {
    for (const name of axis.split('*')) traffic.set(name, (traffic.get(name) ?? 0) + bytes * count);
  }
  const orders = otherOrders(spec.mesh, spec.fabric, traffic).flatMap((order): Candidate[] => {
    const edit = orderEdit(view, plan, order);
    const title = `Set order: ${order.join(' < ')}`;
    return edit ? [{ title, spec: { ...spec, mesh: { ...spec.mesh, order } }, edits: [edit] }] : [];
  });
  return [...orders.slice(0, FIRST_ORDERS), ...otherSettings(view, plan), ...orders.slice(FIRST_ORDERS)];
}

function timeOf(spec: PlanSpec): number | undefined {
  try {
    return refusalsOf(spec).length > 0 ? undefined : estimateCore(spec, 'timed').time;
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
  words: Words,
): Promise<Suggestion | undefined> {
  const report = await whatIfSafely(session, document, candidate);
  const after = report?.plans.find(p => p.plan === plan.plan);
  const before = plan.estimate!;
  if (!report || !after?.estimate || breaksSomething(view.report, report)) return undefined;
  const more = words(before, after.estimate);
  if (more === undefined) return undefined;
  return {
    title: candidate.title + more,
    edits: candidate.edits,
    gain: 1 - after.estimate.step.time / before.step.time,
  };
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
    report.findings.filter(f => f.severity === 'error' && f.code !== 'assert-failed').length;
  if (errors(after) > errors(before)) return true;
  return before.plans.some(plan => {
    const other = after.plans.find(p => p.plan === plan.plan);
    return plan.claims.some((claim, i) => claim.holds === true && other?.claims[i]?.holds !== true);
  });
}
