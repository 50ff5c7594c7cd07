/** `meshwright export`: a plan for another tool. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { playedEstimate } from '../engine/estimate/estimate.ts';
import { chromeTrace } from '../interop/chrome-trace.ts';
import { oneOf } from './arguments.ts';
import { type Arguments, type Command, EXIT, type ExitStatus, UsageError } from './command.ts';
import { choosePlans } from './estimate.ts';
import { aboutFile, isError } from './files/diagnostic.ts';
import { concerning } from './files/selection.ts';
import { Workspace } from './files/workspace.ts';
import type { Io } from './io.ts';
import { diagnosticsText } from './text/diagnostics.ts';
import { pageOf } from './text/page.ts';

const KINDS = ['trace'] as const;

export const exportCommand: Command = {
  name: 'export',
  usage: 'trace FILE [--plan NAME] [-o OUT]',
  summary: 'a plan for another tool: trace, every operation of its step',
  options: {
    plan: { value: 'NAME', help: 'this plan; by default the first one of the file' },
    output: { value: 'OUT', short: 'o', help: 'the file to write; by default standard output' },
  },
  positionals: { names: [`a KIND (${KINDS.join(', ')})`, 'a FILE'] },
  more: `trace writes one training step for chrome://tracing and ui.perfetto.dev: a process per pipeline stage, in it the
kernels and, axis by axis, what they wait for.

  meshwright export trace plan.shard -o step.json`,
  run: runExport,
};

async function runExport({ values, positionals }: Arguments, io: Io): Promise<ExitStatus> {
  const [kind, path] = positionals as [string, string];
  if (!(KINDS as readonly string[]).includes(kind))
    throw new UsageError(`export ${kind}: ${oneOf(kind, KINDS)}`);
  const workspace = new Workspace(io.cwd);
  const file = await workspace.load(path);
  const [plan] = choosePlans(file, values.plan);
  const fail = (code: string, message: string): ExitStatus => {
    io.err(diagnosticsText([aboutFile(path, code, message)], pageOf(io)));
    return EXIT.failed;
  };
  const diagnostics = plan ? concerning(file, [plan], workspace.paths) : file.diagnostics;
  if (diagnostics.some(isError)) io.err(diagnosticsText(diagnostics.filter(isError), pageOf(io)));
  const estimate = plan && !plan.stale ? plan.estimate : undefined;
  if (!plan || !estimate) {
    if (diagnostics.some(isError)) return EXIT.failed;
    return plan
      ? fail(
          'estimate-refused',
          `Plan ${plan.plan} of ${path} has no estimate, so there is no step to trace.`,
        )
      : fail('plan-missing', `The file ${path} has no plan, so there is no step to trace.`);
  }
  const played = playedEstimate(estimate);
  if (!played) {
    const message = `The step of ${plan.plan} cannot be traced: its pipeline has more stages than are played.`;
    return fail('estimate-refused', message);
  }
  const text = chromeTrace(estimate, played);
  const { timeline } = played;
  if (timeline.microbatches < estimate.microbatches)
    io.err(`The trace has the first ${timeline.microbatches} of ${estimate.microbatches} microbatches.\n`);
  if (values.output === undefined) io.out(text);
  else {
    try {
      await writeFile(resolve(io.cwd, values.output), text);
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      return fail('file-unreadable', `${values.output} cannot be written: ${why}`);
    }
  }
  // What a claim says of the plan does not keep its trace from being one.
  return EXIT.fine;
}
