/** What the lexer, the repair and the parser have to say about a text. */
import type { LangiumDocument } from 'langium';
import type { Finding, Fix, SourceRange } from '../analysis/report.ts';
import { errorToken } from '../parser/parser.ts';
import type { SyntaxProblem, Token } from '../parser/tokens.ts';
import { behind, lineEnd, rangeOfOffsets } from './place.ts';

/** In the sequence of the text. Codes: `syntax-error`, `key-space`. */
export function syntaxFindings(document: LangiumDocument): Finding[] {
  const { lexerErrors, parserErrors } = document.parseResult;
  const fromLexer = (lexerErrors as Partial<SyntaxProblem>[]).map(problem => lexical(document, problem));
  const fromParser = parserErrors.map(error => {
    const token = errorToken(error);
    const end = document.textDocument.getText().length;
    return finding(token ? ofToken(document, token) : rangeOfOffsets(document, end, end), error.message);
  });
  return [...fromLexer, ...fromParser].sort((a, b) => compare(a.range, b.range));
}

/** Whether there is any; cheaper than listing them. */
export function hasSyntaxErrors(document: LangiumDocument): boolean {
  const { lexerErrors, parserErrors } = document.parseResult;
  return lexerErrors.length > 0 || parserErrors.length > 0;
}

function lexical(document: LangiumDocument, problem: Partial<SyntaxProblem>): Finding {
  const offset = problem.offset ?? 0;
  const range = rangeOfOffsets(document, offset, offset + (problem.length ?? 1));
  const made = finding(range, problem.message ?? '', problem.code);
  if (problem.related) {
    made.related = [{ message: problem.related.message, range: ofToken(document, problem.related.token) }];
  }
  const fixes = [insertion(document, range, problem.insert), removal(range, problem.message)].filter(
    fix => fix !== undefined,
  );
  if (fixes.length > 0) made.fixes = fixes;
  return made;
}

function insertion(document: LangiumDocument, range: SourceRange, text: string | undefined): Fix | undefined {
  if (!text) return undefined;
  const newText = text.replace('\n', lineEnd(document.textDocument.getText()));
  return {
    title: `Insert '${text.trim()}'`,
    edits: [{ range: behind(range), newText }],
    preferred: true,
    safe: true,
  };
}

const removal = (range: SourceRange, message: string | undefined): Fix | undefined =>
  message?.startsWith("';'")
    ? { title: "Remove ';'", edits: [{ range, newText: '' }], preferred: true, safe: true }
    : undefined;

const finding = (range: SourceRange, message: string, code = 'syntax-error'): Finding => ({
  code,
  severity: 'error',
  message,
  range,
});

const ofToken = (document: LangiumDocument, token: Token) =>
  rangeOfOffsets(document, token.startOffset, token.startOffset + token.image.length);

const compare = (a: SourceRange, b: SourceRange) =>
  a.start.line - b.start.line || a.start.character - b.start.character;
