/** What is too large or too deep to read. The parser is recursive: without these limits its stack would overflow. */
import { startsDeclaration } from './starts.ts';
import { kind, problemAt, type SyntaxProblem, startsValue, type Token } from './tokens.ts';

/** Characters. A plan of a thousand lines has 40,000. */
export const DOCUMENT_LIMIT = 2 * 1024 * 1024;
/** Open brackets at one place. */
export const DEPTH_LIMIT = 50;
/** Operators between two commas or lines: every one nests the tree once. */
export const OPERATOR_LIMIT = 500;
/** Signs or `not` before one value. */
const PREFIX_LIMIT = 50;

/** Words and signs: some 40,000 lines. */
export const TOKEN_LIMIT = 200_000;
export const COMMENT_LIMIT = 20_000;

const atStart = (message: string): SyntaxProblem => ({
  code: 'syntax-error',
  message,
  offset: 0,
  line: 1,
  column: 1,
  length: 1,
});

export const tooLargeDocument = (length: number) =>
  atStart(
    `This document is ${(length / 1024 / 1024).toFixed(1)} MB; more than ${DOCUMENT_LIMIT / 1024 / 1024} MB are not read.`,
  );

export const tooManyTokens = (count: number) =>
  atStart(`This document has ${count} words and signs; more than ${TOKEN_LIMIT} are not read.`);

export const tooManyComments = (count: number) =>
  atStart(`This document has ${count} comments; more than ${COMMENT_LIMIT} are not read.`);

/** `why` is an unexpected fault of the parser itself. */
export const hopelessDocument = (why?: string) =>
  atStart(`This document is not read: ${why ?? 'it has too many syntax errors'}.`);

const OPEN = new Set(['(', '[', '{']);
const CLOSE = new Set([')', ']', '}']);
const BINARY = new Set(['+', '-', '*', '/', '<', '<=', '>', '>=', '==', '!=', 'and', 'or']);
const BREAKS = new Set([
  ',',
  ':',
  '=',
  '{',
  '}',
  'assert',
  'expect',
  'collective',
  'shard',
  'sweep',
  'level',
  'let',
]);

/** Leaves out what is nested or chained beyond the limits, with one problem for each run. */
export function limitTokens(tokens: Token[]): { tokens: Token[]; problems: SyntaxProblem[] } {
  const problems: SyntaxProblem[] = [];
  let depth = 0;
  let operators = 0;
  let prefixes = 0;
  let skipping = false;
  const kept = tokens.filter((token, index) => {
    const name = kind(token);
    if (depth > 0 && startsDeclaration(tokens, index, false)) depth = 0;
    if (BREAKS.has(name)) operators = 0;
    else if (BINARY.has(name)) operators++;
    prefixes = (name === 'not' || name === '-') && !endsOperand(tokens[index - 1]) ? prefixes + 1 : 0;
    if (OPEN.has(name)) depth++;
    const message =
      depth > DEPTH_LIMIT
        ? `Brackets may be nested ${DEPTH_LIMIT} deep at most.`
        : operators > OPERATOR_LIMIT
          ? `An expression may have ${OPERATOR_LIMIT} operators at most.`
          : prefixes > PREFIX_LIMIT
            ? `At most ${PREFIX_LIMIT} signs may stand before a value.`
            : undefined;
    if (CLOSE.has(name)) depth = Math.max(0, depth - 1);
    if (message && !skipping) problems.push(problemAt(token, 'syntax-error', message));
    skipping = message !== undefined;
    return !skipping;
  });
  return { tokens: kept, problems };
}

const endsOperand = (token: Token | undefined) =>
  token !== undefined &&
  (kind(token) === ')' ||
    kind(token) === ']' ||
    (startsValue(token) && !OPEN.has(kind(token)) && kind(token) !== '-' && kind(token) !== 'not'));
