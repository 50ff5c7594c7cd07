/** `check --format sarif`: SARIF 2.1.0, which code hosts and editors take in. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { version } from '../../../package.json';
import type { Severity } from '../../language/analysis/report.ts';
import { CODES } from '../../language/codes.ts';
import { FILE_CODES } from '../codes.ts';
import type { LoadedFile } from '../files/workspace.ts';
import { distinct } from './json.ts';

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

export function sarifText(files: readonly LoadedFile[]): string {
  const diagnostics = distinct(files);
  const rules = [...new Set(diagnostics.map(each => each.code))].sort();
  const run = {
    tool: { driver: { name: 'meshwright', semanticVersion: version, rules: rules.map(rule) } },
    columnKind: 'utf16CodeUnits',
    results: diagnostics.map(each => ({
      ruleId: each.code,
      ruleIndex: rules.indexOf(each.code),
      level: LEVEL[each.severity],
      message: { text: each.message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: address(each.file) },
            region: {
              startLine: each.line,
              startColumn: each.column,
              endLine: each.endLine,
              endColumn: each.endColumn,
            },
          },
        },
      ],
    })),
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

function rule(id: string) {
  const known: Readonly<Record<string, { title: string; meaning: string; fix: string }>> = {
    ...CODES,
    ...FILE_CODES,
  };
  const spec = Object.hasOwn(known, id) ? known[id] : undefined;
  if (!spec) return { id };
  const { title, meaning, fix } = spec;
  return { id, shortDescription: { text: title }, fullDescription: { text: meaning }, help: { text: fix } };
}

/** Relative to the folder of the command where the path is: that is what code hosts resolve. */
function address(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return /^[a-z][a-z-]+:/.test(file) ? file : file.split(/[\\/]/).map(encodeURIComponent).join('/');
}
