/** Places in a document as plain ranges, for findings. */
import type { CstNode, LangiumDocument } from 'langium';
import type { SourceRange } from '../analysis/report.ts';

/** Where a piece of the text stands. */
export function rangeOfOffsets(document: LangiumDocument, start: number, end: number): SourceRange {
  const text = document.textDocument;
  return { uri: document.uri.toString(), start: text.positionAt(start), end: text.positionAt(end) };
}

export function rangeOfCst(document: LangiumDocument, cst: CstNode | undefined): SourceRange {
  return cst ? rangeOfOffsets(document, cst.offset, cst.end) : rangeOfOffsets(document, 0, 0);
}

/** An empty range behind another. */
export const behind = (range: SourceRange): SourceRange => ({
  uri: range.uri,
  start: range.end,
  end: range.end,
});

/** How the document ends its lines. */
export const lineEnd = (text: string): string => (/\r\n/.test(text) ? '\r\n' : '\n');
