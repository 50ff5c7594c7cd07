/**
 * Lays a text out: two columns a block, values and comments that the text lines up in columns, at most one blank line.
 * Only white space between tokens changes, and the line breaks of the text stay.
 */
import type { Lexer } from 'langium';
import { align } from './format/align.ts';
import { indent } from './format/indent.ts';
import { type Item, type Line, linesOf } from './format/items.ts';
import { spaced } from './format/spacing.ts';
import { valueColumns } from './format/values.ts';

/** Replaces `length` characters at `offset`. */
export interface FormatEdit {
  offset: number;
  length: number;
  newText: string;
}

/** Edits in the sequence of the text, none overlapping. The text must be free of syntax errors. */
export function formatEdits(text: string, lexer: Lexer): FormatEdit[] {
  const lines = linesOf(text, lexer);
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  if (lines.length === 0)
    return text.trim() === text ? [] : [{ offset: 0, length: text.length, newText: '' }];
  indent(lines);
  const columns = align(spaced(lines), valueColumns(lines));
  const edits: FormatEdit[] = [];
  const change = (start: number, end: number, newText: string) => {
    if (text.slice(start, end) !== newText) edits.push({ offset: start, length: end - start, newText });
  };
  let end = 0;
  lines.forEach((line, index) => {
    let column = 0;
    for (const item of line.items) {
      const wanted = columns.get(item) as number;
      const breaks = item.first && index > 0 ? lineEnd.repeat(keepsBlank(lines, index) ? 2 : 1) : '';
      change(end, item.offset, breaks + ' '.repeat(Math.max(0, wanted - (item.first ? 0 : column))));
      // Only white space at the end of a comment of one line is no part of what it says.
      const shown = item.text.startsWith('//') ? item.text.trimEnd() : item.text;
      if (shown !== item.text) change(item.offset + shown.length, item.offset + item.text.length, '');
      column = endColumn(item, wanted);
      end = item.offset + item.text.length;
    }
  });
  change(end, text.length, lineEnd);
  return edits;
}

export function applyFormat(text: string, edits: readonly FormatEdit[]): string {
  let result = '';
  let at = 0;
  for (const { offset, length, newText } of edits) {
    result += text.slice(at, offset) + newText;
    at = offset + length;
  }
  return result + text.slice(at);
}

/** One blank line stays, but none at either end of a block or at the start of the text. */
function keepsBlank(lines: Line[], index: number): boolean {
  const line = lines[index] as Line;
  return line.afterBlank && line.items[0]?.kind !== '}' && lines[index - 1]?.items.at(-1)?.kind !== '{';
}

function endColumn(item: Item, column: number): number {
  const lastBreak = item.text.lastIndexOf('\n');
  return lastBreak < 0 ? column + item.text.length : item.text.length - lastBreak - 1;
}
