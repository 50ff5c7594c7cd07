/** `meshwright import`: a file of another tool as `.shard` text. */

import { basename } from 'node:path';
import { likelyChip, shardText } from '../interop/nccl-topology/shard.ts';
import { readNcclTopology } from '../interop/nccl-topology.ts';
import { applyFormat, formatEdits } from '../language/format.ts';
import { oneOf } from './arguments.ts';
import { type Arguments, type Command, EXIT, type ExitStatus, UsageError } from './command.ts';
import { aboutFile, type Diagnostic, isError } from './files/diagnostic.ts';
import { Workspace } from './files/workspace.ts';
import type { Io } from './io.ts';
import { diagnosticsText } from './text/diagnostics.ts';
import { pageOf } from './text/page.ts';

/** What can be imported, and what reads its files itself. */
const KINDS = ['nccl-topo'] as const;
const ELSEWHERE: Readonly<Record<string, string>> = {
  hf: 'A model reads its config.json itself: model NAME from "config.json".',
  'nccl-tests': 'A level reads its log itself: calibrate: "nccl-tests.log".',
  megatron: 'import megatron is not there yet: write the plan by hand.',
};

export const importCommand: Command = {
  name: 'import',
  usage: 'nccl-topo FILE [--chip NAME] [--name NAME]',
  summary: 'a file of another tool as .shard text',
  options: {
    chip: { value: 'NAME', help: 'what the GPUs are; by default what the file lets guess' },
    name: { value: 'NAME', help: "of the fabric; 'machine' by default" },
  },
  positionals: { names: [`a KIND (${KINDS.join(', ')})`, 'a FILE'] },
  more: `nccl-topo reads what NCCL and RCCL write with NCCL_TOPO_DUMP_FILE=topo.xml, and prints a fabric:

  meshwright import nccl-topo topo.xml > machine.shard

A level reads such a file itself, too: topology: graph("topo.xml").`,
  run: runImport,
};

async function runImport({ values, positionals }: Arguments, io: Io): Promise<ExitStatus> {
  const [kind, path] = positionals as [string, string];
  if (Object.hasOwn(ELSEWHERE, kind)) throw new UsageError(ELSEWHERE[kind]!);
  if (!(KINDS as readonly string[]).includes(kind))
    throw new UsageError(`import ${kind}: ${oneOf(kind, KINDS)}`);
  const name = nameOf('--name', values.name ?? 'machine');
  const workspace = new Workspace(io.cwd);
  const say = (diagnostics: readonly Diagnostic[]) => io.err(diagnosticsText([...diagnostics], pageOf(io)));
  const content = await workspace.text(path);
  if (content.text === undefined) {
    say([aboutFile(path, content.code, content.message)]);
    return EXIT.failed;
  }
  const topology = readNcclTopology(content.text);
  const problems = topology.problems.map(({ severity, message }) => ({
    ...aboutFile(path, 'graph-file', `${message}.`),
    severity,
  }));
  say(problems);
  if (problems.some(isError) || topology.gpus.length === 0) return EXIT.failed;
  const gpu = topology.gpus[0]!;
  const chip = values.chip ?? likelyChip(gpu);
  if (chip === undefined) {
    throw new UsageError(
      `The standard library has no chip for ${gpu.gcn ?? `sm ${gpu.sm}`}: say what the GPUs are with --chip NAME.`,
    );
  }
  const text = shardText(topology, {
    fabric: name,
    chip: nameOf('--chip', chip),
    guessed: values.chip === undefined,
    file: basename(path),
  });
  io.out(applyFormat(text, formatEdits(text, workspace.services.parser.Lexer)));
  return EXIT.fine;
}

function nameOf(option: string, name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new UsageError(
    `${option} ${name}: a name has letters, digits and '_', and does not begin with a digit.`,
  );
}
