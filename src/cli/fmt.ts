/** `meshwright fmt`: lays files out, in place. A file that does not parse is left as it is. */
import { isUtf8 } from 'node:buffer';
import { readFile, writeFile } from 'node:fs/promises';
import { syntaxFindings } from '../language/findings/syntax.ts';
import { applyFormat, formatEdits } from '../language/format.ts';
import { type Arguments, type Command, EXIT, type ExitStatus } from './command.ts';
import { aboutFile, type Diagnostic, toDiagnostic } from './files/diagnostic.ts';
import { Workspace } from './files/workspace.ts';
import type { Io } from './io.ts';
import { diagnosticsText } from './text/diagnostics.ts';
import { pageOf } from './text/page.ts';

export const fmt: Command = {
  name: 'fmt',
  usage: 'FILE... [--check]',
  summary: 'lays files out, in place',
  options: { check: { help: 'changes nothing; exit status 1 when a file is not laid out' } },
  positionals: { names: ['a FILE'], many: true },
  more: 'Prints the files that it changed. Files with syntax errors stay as they are.',
  run: runFmt,
};

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

async function runFmt({ flags, positionals }: Arguments, io: Io): Promise<ExitStatus> {
  const workspace = new Workspace(io.cwd);
  let status: ExitStatus = EXIT.fine;
  for (const path of new Set(positionals)) {
    const result = await format(workspace, path, flags.has('check'));
    if (result.problems) {
      io.err(diagnosticsText(result.problems, pageOf(io)));
      status = EXIT.failed;
    } else if (result.changed) {
      io.out(`${path}\n`);
      if (flags.has('check')) status = EXIT.failed;
    }
  }
  return status;
}

async function format(
  workspace: Workspace,
  path: string,
  check: boolean,
): Promise<{ changed?: boolean; problems?: Diagnostic[] }> {
  const { document, diagnostics } = await workspace.load(path);
  if (!document) return { problems: diagnostics };
  const problems = syntaxFindings(document).map(finding => toDiagnostic(finding, workspace.paths));
  if (problems.length > 0) return { problems };
  const text = document.textDocument.getText();
  const formatted = applyFormat(text, formatEdits(text, workspace.services.parser.Lexer));
  if (formatted === text) return { changed: false };
  if (check) return { changed: true };
  try {
    const bytes = await readFile(document.uri.fsPath);
    if (!isUtf8(bytes)) {
      const message = `The file ${path} is not UTF-8 text; laid out, it would lose characters.`;
      return { problems: [aboutFile(path, 'file-unreadable', message)] };
    }
    // A mark at the start is no part of the text that was analysed; it stays.
    const mark = bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? '\uFEFF' : '';
    await writeFile(document.uri.fsPath, mark + formatted);
    return { changed: true };
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    const why = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'it is read-only' : code;
    return { problems: [aboutFile(path, 'file-unwritable', `The file ${path} cannot be written: ${why}.`)] };
  }
}
