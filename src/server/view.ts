/** One document as the features see it: its text, its tree, and the one report that carries every number. */
import type { LangiumDocument } from 'langium';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { PlanReport, Report, SourceRange } from '../language/analysis/report.ts';
import type { Document } from '../language/generated/ast.ts';
import type { Settings } from './settings.ts';

export interface View {
  uri: string;
  text: TextDocument;
  root: Document;
  report: Report;
  /** Plan whose numbers stand where several share a line. */
  active: PlanReport | undefined;
  /** The text has syntax errors: somebody is typing. */
  damaged: boolean;
  settings: Settings;
  /** The client has our commands; links and lenses may name them. */
  commands: boolean;
}

/** Puts a view together; `analyse` is asked once. */
export function viewOf(
  document: LangiumDocument,
  report: Report,
  active: PlanReport | undefined,
  settings: Settings,
  commands = true,
): View {
  return {
    uri: document.uri.toString(),
    text: document.textDocument,
    root: document.parseResult.value as Document,
    report,
    active,
    damaged: document.parseResult.parserErrors.length > 0 || document.parseResult.lexerErrors.length > 0,
    settings,
    commands,
  };
}

/** Whether a line of `uri` lies in the range. */
export function coversLine(range: SourceRange, uri: string, line: number): boolean {
  return range.uri === uri && range.start.line <= line && line <= range.end.line;
}

/** Where a line of the text ends, without its line break. */
export function endOfLine(text: TextDocument, line: number): { line: number; character: number } {
  const start = text.offsetAt({ line, character: 0 });
  const next =
    line + 1 < text.lineCount ? text.offsetAt({ line: line + 1, character: 0 }) : text.getText().length;
  const content = text.getText().slice(start, next);
  return { line, character: content.replace(/\r?\n$|\r$/, '').length };
}

/** One line without its line break. */
export function lineText(text: TextDocument, line: number): string {
  return text.getText({ start: { line, character: 0 }, end: endOfLine(text, line) });
}
