/** What is said about a file, for every output of the command line: lines and columns count from 1. */
import type { Finding, Severity, SourceRange } from '../../language/analysis/report.ts';
import type { Paths } from './paths.ts';

/** Where something stands; `file` as the user would write it. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

export interface Diagnostic extends Place {
  code: string;
  severity: Severity;
  message: string;
  endLine: number;
  endColumn: number;
}

export function placeOf(range: SourceRange, paths: Paths): Place {
  return {
    file: paths.shown(range.uri),
    line: range.start.line + 1,
    column: range.start.character + 1,
  };
}

export function toDiagnostic({ code, severity, message, range }: Finding, paths: Paths): Diagnostic {
  const end = { endLine: range.end.line + 1, endColumn: range.end.character + 1 };
  return { code, severity, message: paths.said(message), ...placeOf(range, paths), ...end };
}

/** About a file as a whole: it stands at its start. */
export function aboutFile(file: string, code: string, message: string): Diagnostic {
  return { code, severity: 'error', message, file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

export const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === 'error';
