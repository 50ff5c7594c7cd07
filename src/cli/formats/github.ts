/** `check --format github`: workflow commands, which GitHub shows beside the lines of a pull request. */
import type { Severity } from '../../language/analysis/report.ts';
import type { LoadedFile } from '../files/workspace.ts';
import { distinct } from './json.ts';

const COMMAND: Readonly<Record<Severity, string | undefined>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
  hint: undefined,
};

export function githubText(files: readonly LoadedFile[]): string {
  return distinct(files)
    .map(({ file, line, column, endLine, endColumn, severity, code, message }) => {
      const command = COMMAND[severity];
      if (command === undefined) return '';
      // Columns of a range over several lines are refused.
      const columns = line === endLine ? [`col=${column}`, `endColumn=${endColumn}`] : [];
      const properties = [
        `file=${property(file)}`,
        `line=${line}`,
        `endLine=${endLine}`,
        ...columns,
        `title=${property(code)}`,
      ];
      return `::${command} ${properties.join(',')}::${data(message)}\n`;
    })
    .join('');
}

/** Escapes of the Actions toolkit (packages/core/src/command.ts): data, and properties on top of that. */
const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
