/** `check --format json`: the diagnostics, and every claim with what it came to. */
import type { Paths } from '../files/paths.ts';
import type { LoadedFile } from '../files/workspace.ts';
import { jsonText } from '../json/document.ts';
import { claimJson } from '../json/estimate.ts';

export function checkJson(files: readonly LoadedFile[], paths: Paths): string {
  const claims = files.flatMap(file =>
    file.report.plans.flatMap(plan =>
      plan.claims.map(claim => ({ plan: plan.plan, ...claimJson(claim, paths) })),
    ),
  );
  return jsonText({ claims }, distinct(files));
}

/** A file that is given and imported by another is reported once. */
export function distinct(files: readonly LoadedFile[]) {
  const byText = new Map(files.flatMap(file => file.diagnostics.map(each => [JSON.stringify(each), each])));
  return [...byText.values()];
}
