/** What of a file's diagnostics concerns the plans that were asked for. */
import type { PlanReport, SourceRange } from '../../language/analysis/report.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Paths } from './paths.ts';
import type { LoadedFile } from './workspace.ts';

/** Errors that are verdicts on one plan; every other error is one of the text, whoever asks. */
const VERDICTS = new Set(['assert-failed', 'memory-over', 'estimate-refused']);

/** Everything except warnings about, and verdicts on, the other plans. */
export function concerning(file: LoadedFile, plans: readonly PlanReport[], paths: Paths): Diagnostic[] {
  const others = file.report.plans.filter(plan => !plans.includes(plan));
  return file.diagnostics.filter(diagnostic => {
    if (diagnostic.severity === 'error' && !VERDICTS.has(diagnostic.code)) return true;
    return !others.some(plan => holds(plan.range, diagnostic, paths));
  });
}

function holds({ uri, start, end }: SourceRange, { file, line, column }: Diagnostic, paths: Paths): boolean {
  if (paths.shown(uri) !== file) return false;
  const after = line - 1 > start.line || (line - 1 === start.line && column - 1 >= start.character);
  const before = line - 1 < end.line || (line - 1 === end.line && column - 1 < end.character);
  return after && before;
}
