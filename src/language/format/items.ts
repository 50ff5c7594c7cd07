/** A text as the formatter sees it: tokens and comments in lines, and the white space between them. */
import type { Lexer } from 'langium';
import { kind, type Token } from '../parser/tokens.ts';

export interface Item {
  /** Token kind as in {@link kind}, or `comment`. */
  kind: string;
  text: string;
  offset: number;
  /** Column in the source, from zero. */
  column: number;
  /** White space between the item before and this one. */
  gap: string;
  /** First of its line. */
  first: boolean;
  /** A `-` that is a sign. */
  sign: boolean;
  line: Line;
}

export interface Line {
  items: Item[];
  /** A blank line stands before it in the source. */
  afterBlank: boolean;
  /** Columns from the margin; set by the indentation. */
  indent: number;
  /** Goes on with the statement of the line before. */
  continues: boolean;
  /** Number of the block that the line begins in; lines of one block share it. */
  block: number;
}

/** Splits at the line breaks of the source, which the formatter keeps. */
export function linesOf(text: string, lexer: Lexer): Line[] {
  const { tokens, hidden } = lexer.tokenize(text);
  const all = [...tokens, ...hidden].sort((a, b) => a.startOffset - b.startOffset);
  const comments = new Set(hidden);
  const lines: Line[] = [];
  let end = 0;
  for (const token of all) {
    const gap = text.slice(end, token.startOffset);
    const breaks = gap.split('\n').length - 1;
    if (breaks > 0 || lines.length === 0) {
      lines.push({ items: [], afterBlank: breaks > 1, indent: 0, continues: false, block: 0 });
    }
    const line = lines.at(-1) as Line;
    line.items.push({ ...itemOf(token, comments.has(token)), gap, first: line.items.length === 0, line });
    end = token.startOffset + token.image.length;
  }
  return lines;
}

const itemOf = (token: Token, comment: boolean) => ({
  kind: comment ? 'comment' : kind(token),
  text: token.image,
  offset: token.startOffset,
  column: (token.startColumn ?? 1) - 1,
  sign: false,
});

export const isComment = (item: Item | undefined): boolean => item?.kind === 'comment';

/** Where the item ends when it begins at `column`: a comment of several lines ends on its last. */
export function columnAfter(item: Item, column: number): number {
  const lastBreak = item.text.lastIndexOf('\n');
  return lastBreak < 0 ? column + item.text.length : item.text.length - lastBreak - 1;
}

/** Spaces before the item in the source; 1 where there are tabs, which align with nothing. */
export const spacesBefore = (item: Item): number => (item.gap.includes('\t') ? 1 : item.gap.length);
