/**
 * Which plan's numbers stand on lines that several plans share: the one that the settings name, else the one that the
 * cursor or an edit was in last, else the first.
 */
import type { PlanReport, Report } from '../language/analysis/report.ts';
import { coversLine } from './view.ts';

export class ActivePlans {
  /** Last line with the cursor or an edit, by document. */
  private readonly touched = new Map<string, number>();
  private readonly last = new Map<string, string>();

  touch(uri: string, line: number): void {
    this.touched.set(uri, line);
  }

  forget(uri: string): void {
    this.touched.delete(uri);
    this.last.delete(uri);
  }

  /** The active plan of a report; moving onto shared lines keeps the plan that was active before. */
  pick(uri: string, report: Report, named: string | undefined): PlanReport | undefined {
    const { plans } = report;
    const stated = plans.find(plan => plan.plan === named);
    if (stated) return stated;
    const line = this.touched.get(uri);
    const under = line === undefined ? undefined : plans.find(plan => coversLine(plan.range, uri, line));
    if (under) this.last.set(uri, under.plan);
    return under ?? plans.find(plan => plan.plan === this.last.get(uri)) ?? plans[0];
  }
}

/** First line in which two texts differ; undefined when they are equal. */
export function firstChangedLine(before: string, after: string): number | undefined {
  if (before === after) return undefined;
  let line = 0;
  const end = Math.min(before.length, after.length);
  for (let i = 0; i < end && before.charCodeAt(i) === after.charCodeAt(i); i++) {
    if (before.charCodeAt(i) === 10) line++;
  }
  return line;
}
