/** What of a file's diagnostics concerns the plans that were asked for. */
import type { PlanReport } from '../../language/analysis/report.ts';
import { type Diagnostic, toDiagnostic } from './diagnostic.ts';
import type { Paths } from './paths.ts';
import { VERDICTS, within } from './verdicts.ts';
import type { LoadedFile } from './workspace.ts';

/** Everything except warnings about, and verdicts on, the other plans; other errors are the text's, whoever asks. */
export function concerning(file: LoadedFile, plans: readonly PlanReport[], paths: Paths): Diagnostic[] {
  const others = file.report.plans.filter(plan => !plans.includes(plan));
  const own = file.report.findings.filter(finding => {
    if (finding.severity === 'error' && !VERDICTS.has(finding.code)) return true;
    return !others.some(plan => within(plan.range, finding.range));
  });
  return [...own.map(finding => toDiagnostic(finding, paths)), ...file.further];
}
