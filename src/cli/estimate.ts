/** `meshwright estimate`: every plan of a file with its step, its collectives and what binds. */
import type { Estimate } from '../engine/estimate/result.ts';
import { nearest } from '../engine/units/suggest.ts';
import type { PlanReport } from '../language/analysis/report.ts';
import { type Arguments, type Command, EXIT, type ExitStatus, UsageError } from './command.ts';
import { aboutFile, type Diagnostic, isError } from './files/diagnostic.ts';
import { concerning } from './files/selection.ts';
import { type LoadedFile, Workspace } from './files/workspace.ts';
import type { Io } from './io.ts';
import { jsonText } from './json/document.ts';
import { estimateJson } from './json/estimate.ts';
import { diagnosticsText } from './text/diagnostics.ts';
import { estimateText, withoutEstimate } from './text/estimate.ts';
import { pageOf } from './text/page.ts';

export const estimate: Command = {
  name: 'estimate',
  usage: 'FILE [--plan NAME] [--json]',
  summary: 'what one training step costs, with every collective',
  options: {
    plan: { value: 'NAME', help: 'this plan only' },
    json: { help: 'every number, unrounded; schema/estimate.schema.json says what they mean' },
  },
  positionals: { names: ['a FILE'] },
  run: runEstimate,
};

async function runEstimate({ values, flags, positionals }: Arguments, io: Io): Promise<ExitStatus> {
  const workspace = new Workspace(io.cwd);
  const file = await workspace.load(positionals[0]!);
  const plans = choosePlans(file, values.plan);
  const diagnostics = values.plan === undefined ? file.diagnostics : concerning(file, plans, workspace.paths);
  if (file.report.plans.length === 0 && !diagnostics.some(isError)) diagnostics.push(withoutPlan(file));
  if (flags.has('json')) {
    const estimates = plans.flatMap(plan => {
      const whole = wholeEstimate(plan);
      return whole ? [estimateJson(plan, whole, workspace.paths)] : [];
    });
    io.out(jsonText({ estimates }, diagnostics));
  } else {
    const page = pageOf(io);
    const texts = plans.map(plan => {
      const whole = wholeEstimate(plan);
      return whole ? estimateText(plan, whole, page, workspace.paths) : withoutEstimate(plan, page);
    });
    io.out(texts.join('\n'));
    if (diagnostics.length > 0)
      io.err(`${texts.length > 0 ? '\n' : ''}${diagnosticsText(diagnostics, page)}`);
  }
  return diagnostics.some(isError) ? EXIT.failed : EXIT.fine;
}

/** An estimate that leaves out what is damaged would look like one of the whole plan: there is none then. */
const wholeEstimate = (plan: PlanReport): Estimate | undefined => (plan.stale ? undefined : plan.estimate);

/** All plans, or the one asked for; none where an error of the file may have swallowed it. */
export function choosePlans(file: LoadedFile, name: string | undefined): PlanReport[] {
  const { plans } = file.report;
  if (name === undefined) return plans;
  const chosen = plans.filter(plan => plan.plan === name);
  if (chosen.length > 0 || file.diagnostics.some(isError)) return chosen;
  const names = plans.map(plan => plan.plan);
  const meant = nearest(name, names);
  const known = names.length > 0 ? ` It has ${names.join(', ')}.` : ' It has none.';
  throw new UsageError(
    `There is no plan '${name}' in ${file.path}.${meant ? ` Did you mean ${meant}?` : known}`,
  );
}

function withoutPlan({ path }: LoadedFile): Diagnostic {
  return aboutFile(path, 'plan-missing', `The file ${path} has no plan, so there is nothing to estimate.`);
}
