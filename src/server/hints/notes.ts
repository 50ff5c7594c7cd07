/**
 * What is to be said at which line: every collective goes to the most specific line that causes it, every level and every
 * claim to its own. One collective, one line; a line that several plans share carries the active plan's numbers.
 */
import type { CollectiveEstimate, LevelEstimate } from '../../engine/estimate/result.ts';
import type { ClaimResult, PlanReport } from '../../language/analysis/report.ts';
import { coversLine, type View } from '../view.ts';

export interface TrafficNote {
  kind: 'traffic';
  line: number;
  plan: PlanReport;
  /** Of one line, in the sequence of the estimate; never empty. */
  collectives: CollectiveEstimate[];
  /** Several plans put something here. */
  shared: boolean;
}

export interface LevelNote {
  kind: 'level';
  line: number;
  plan: PlanReport;
  level: LevelEstimate;
  shared: boolean;
}

export interface ClaimNote {
  kind: 'claim';
  line: number;
  plan: PlanReport;
  claim: ClaimResult;
}

/** A level of parts whose kind is not the slowest: the estimate is that of another kind. */
export interface PaceNote {
  kind: 'pace';
  line: number;
  plan: PlanReport;
  name: string;
  /** Level of the parts that everything waits for. */
  setter: string;
}

export type Note = TrafficNote | LevelNote | PaceNote | ClaimNote;

/** Every note of a document, by line. */
export function notesOf(view: View): Note[] {
  const notes = [...trafficNotes(view), ...levelNotes(view), ...paceNotes(view), ...claimNotes(view)];
  return notes.sort((a, b) => a.line - b.line);
}

function trafficNotes(view: View): TrafficNote[] {
  const byLine = new Map<number, Map<PlanReport, CollectiveEstimate[]>>();
  for (const plan of view.report.plans) {
    for (const collective of plan.estimate?.collectives ?? []) {
      // An axis of size 1 has nobody to talk to.
      if (collective.ranks <= 1 || collective.count === 0) continue;
      const place = plan.locate(collective.causes);
      if (place?.uri !== view.uri) continue;
      // A key that spans lines (`collective dispatch: all_to_all(…)`) is annotated where it starts.
      put(byLine, place.start.line, plan, collective);
    }
  }
  return [...byLine].map(([line, plans]) => {
    const plan = ownerOf(view, line, [...plans.keys()]);
    return { kind: 'traffic', line, plan, collectives: plans.get(plan)!, shared: plans.size > 1 };
  });
}

function levelNotes(view: View): LevelNote[] {
  const byLine = new Map<number, Map<PlanReport, LevelEstimate[]>>();
  for (const plan of view.report.plans) {
    for (const level of plan.estimate?.levels ?? []) {
      const place = plan.locate([{ kind: 'level', key: level.name }]);
      if (place?.uri === view.uri) put(byLine, place.start.line, plan, level);
    }
  }
  return [...byLine].map(([line, plans]) => {
    const plan = ownerOf(view, line, [...plans.keys()]);
    return { kind: 'level', line, plan, level: plans.get(plan)![0]!, shared: plans.size > 1 };
  });
}

function paceNotes(view: View): PaceNote[] {
  const byLine = new Map<number, Map<PlanReport, PaceNote[]>>();
  for (const plan of view.report.plans) {
    const names = new Set(plan.spec?.fabric.variants?.flatMap(({ levels }) => levels.map(each => each.name)));
    for (const name of names) {
      const setter = paceSetter(plan, name);
      const place = setter && plan.locate([{ kind: 'level', key: name }]);
      if (!place || place.uri !== view.uri) continue;
      const line = place.start.line;
      put(byLine, line, plan, { kind: 'pace', line, plan, name, setter });
    }
  }
  return [...byLine].map(([line, plans]) => plans.get(ownerOf(view, line, [...plans.keys()]))![0]!);
}

/** Of a level that only parts of a faster kind have: the outermost level that only the slowest kind has. */
export function paceSetter({ spec, estimate }: PlanReport, level: string): string | undefined {
  const variants = spec?.fabric.variants;
  if (!variants || !estimate) return undefined;
  const priced = new Set(estimate.levels.map(({ name }) => name));
  if (priced.has(level)) return undefined;
  const own = variants.find(({ levels }) => levels.some(({ name }) => name === level));
  const slowest = variants.find(({ levels }) => levels.every(({ name }) => priced.has(name)));
  return slowest?.levels.findLast(({ name }) => !own?.levels.some(each => each.name === name))?.name;
}

function claimNotes(view: View): ClaimNote[] {
  return view.report.plans.flatMap(plan =>
    plan.claims
      // A variant judges the claims of its base again, at its own name: what fails there is an underline.
      .filter(claim => claim.range.start.line !== plan.nameRange.start.line)
      .filter(
        claim => claim.range.uri === view.uri && coversLine(plan.range, view.uri, claim.range.start.line),
      )
      .map(claim => ({ kind: 'claim' as const, line: claim.range.end.line, plan, claim })),
  );
}

/** Inside a plan's own text its own numbers stand; on lines that plans share, the active plan's. */
function ownerOf(view: View, line: number, candidates: PlanReport[]): PlanReport {
  return (
    candidates.find(plan => coversLine(plan.range, view.uri, line)) ??
    candidates.find(plan => plan.plan === view.active?.plan) ??
    candidates[0]!
  );
}

function put<T>(lines: Map<number, Map<PlanReport, T[]>>, line: number, plan: PlanReport, value: T): void {
  const plans = lines.get(line) ?? new Map<PlanReport, T[]>();
  plans.set(plan, [...(plans.get(plan) ?? []), value]);
  lines.set(line, plans);
}
