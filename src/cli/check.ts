/** `meshwright check`: diagnostics and claims of files, for people and for machines that read along. */
import { type Arguments, type Command, EXIT, type ExitStatus } from './command.ts';
import { isError } from './files/diagnostic.ts';
import { type LoadedFile, Workspace } from './files/workspace.ts';
import { checkText } from './formats/check-text.ts';
import { githubText } from './formats/github.ts';
import { checkJson } from './formats/json.ts';
import { sarifText } from './formats/sarif.ts';
import type { Io } from './io.ts';
import { pageOf } from './text/page.ts';

const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
type Format = (typeof FORMATS)[number];

export const check: Command = {
  name: 'check',
  usage: 'FILE... [--format text|json|sarif|github]',
  summary: 'diagnostics and asserts of files, for CI',
  options: {
    format: {
      value: FORMATS.join('|'),
      choices: FORMATS,
      help: 'for people, scripts, code hosts (SARIF 2.1.0) or GitHub Actions',
    },
  },
  positionals: { names: ['a FILE'], many: true },
  more: 'Warnings, a failed expect among them, do not change the exit status.',
  run: runCheck,
};

async function runCheck({ values, positionals }: Arguments, io: Io): Promise<ExitStatus> {
  const workspace = new Workspace(io.cwd);
  const files: LoadedFile[] = [];
  for (const path of new Set(positionals)) files.push(await workspace.load(path));
  const write: Record<Format, () => string> = {
    text: () => checkText(files, pageOf(io)),
    json: () => checkJson(files, workspace.paths),
    sarif: () => sarifText(files),
    github: () => githubText(files),
  };
  io.out(write[(values.format ?? 'text') as Format]());
  return files.some(file => file.diagnostics.some(isError)) ? EXIT.failed : EXIT.fine;
}
