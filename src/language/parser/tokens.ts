/** Tokens as the lexer gives them, and what may be asked about one. */
import type { Lexer, LexerResult } from 'langium';

export type Token = LexerResult['tokens'][number];
type TokenType = Token['tokenType'];

/** Something that the text lacks or has too much of, found before parsing. Positions count from one, as in the lexer. */
export interface SyntaxProblem {
  code: SyntaxCode;
  message: string;
  offset: number;
  line: number;
  column: number;
  length: number;
  /** Another place that explains this one: the bracket that is not closed. */
  related?: { message: string; token: Token };
  /** What would mend it, written behind the marked text. */
  insert?: string;
}

export type SyntaxCode = 'syntax-error' | 'key-space';

/** A token's kind: the keyword itself, or `ID`, `QUANTITY`, `DIMS`, `STRING`. */
export const kind = (token: Token | undefined): string => token?.tokenType.name ?? 'EOF';

const VALUE_WORDS = new Set(['ID', 'model', 'chip', 'QUANTITY', 'DIMS', 'STRING', 'true', 'false']);
const VALUE_STARTS = new Set([...VALUE_WORDS, '-', '[', '(', 'not']);
const VALUE_ENDS = new Set([...VALUE_WORDS, ')', ']']);
const NAMES = new Set(['ID', 'model', 'chip']);
const WORDS = new Set([
  ...NAMES,
  'fabric',
  'level',
  'mesh',
  'order',
  'in',
  'of',
  'on',
  'as',
  'from',
  'like',
  'sum',
]);
const PLAN_ITEMS = new Set(['assert', 'expect', 'collective', 'shard', 'sweep']);
const OPERATORS = new Set([
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  '+',
  '-',
  '*',
  '/',
  'and',
  'or',
  'not',
  ':',
  '=',
  ',',
]);

/** May open a name or a value on its own, without being an operator. */
export const isPlainValue = (token: Token | undefined) => VALUE_WORDS.has(kind(token));
export const startsValue = (token: Token | undefined) => VALUE_STARTS.has(kind(token));
export const endsValue = (token: Token | undefined) => VALUE_ENDS.has(kind(token));
/** May stand first in a key. */
export const isName = (token: Token | undefined) => NAMES.has(kind(token));
/** May stand after a dot or name an argument. */
export const isWord = (token: Token | undefined) => WORDS.has(kind(token));
/** Opens a line of a plan that is no `key: value`. */
export const opensPlanItem = (token: Token | undefined) => PLAN_ITEMS.has(kind(token));
/** Wants a value or a name after it. */
export const wantsValue = (token: Token | undefined) => OPERATORS.has(kind(token));

export const sameLine = (a: Token | undefined, b: Token | undefined) =>
  a !== undefined && b !== undefined && a.endLine === b.startLine;

/** Nothing between the two. */
export const adjacent = (a: Token | undefined, b: Token | undefined) =>
  a !== undefined && b !== undefined && a.startOffset + a.image.length === b.startOffset;

/** A token that the text lacks. The parser takes it; no node of the tree stands for it. */
export function virtualToken(name: string, types: Lexer['definition']): Token {
  const tokenType = types[name] as TokenType;
  return {
    image: '',
    startOffset: Number.NaN,
    startLine: Number.NaN,
    startColumn: Number.NaN,
    endOffset: Number.NaN,
    endLine: Number.NaN,
    endColumn: Number.NaN,
    tokenType,
    tokenTypeIdx: tokenType.tokenTypeIdx as number,
    isInsertedInRecovery: true,
  };
}

export const isVirtual = (token: Token | undefined): boolean => token?.isInsertedInRecovery === true;

/** A problem that covers a token. */
export function problemAt(
  token: Token,
  code: SyntaxCode,
  message: string,
  more: Pick<SyntaxProblem, 'related' | 'insert'> = {},
): SyntaxProblem {
  return {
    code,
    message,
    offset: token.startOffset,
    line: token.startLine ?? 1,
    column: token.startColumn ?? 1,
    // A token of many lines is marked on its first.
    length: Math.min(token.image.length, token.image.search(/[\r\n]|$/)) || 1,
    ...more,
  };
}

/** What a token looks like in a message: not a page of a string. */
export function shown(token: Token): string {
  const text = token.image.replace(/\s+/g, ' ');
  return text.length > 32 ? `${text.slice(0, 30)}…` : text;
}
