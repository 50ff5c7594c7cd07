/** The frame of every JSON output. */
import type { Diagnostic } from '../files/diagnostic.ts';

/** Grows when a field is renamed or removed; new fields may come at any time. */
export const JSON_VERSION = 1;

export function jsonText(content: Record<string, unknown>, diagnostics: readonly Diagnostic[]): string {
  const document = { version: JSON_VERSION, ...content, diagnostics: diagnostics.map(diagnosticJson) };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function diagnosticJson({ code, severity, message, file, line, column, endLine, endColumn }: Diagnostic) {
  return { code, severity, message, file, line, column, end_line: endLine, end_column: endColumn };
}
