/** The lexer: Langium's, then the limits and, for the parser, the repair of what is half typed. */
import { DefaultLexer, type LexerResult, type TokenizeOptions } from 'langium';
import {
  COMMENT_LIMIT,
  DOCUMENT_LIMIT,
  limitTokens,
  TOKEN_LIMIT,
  tooLargeDocument,
  tooManyComments,
  tooManyTokens,
} from './limits.ts';
import { repair } from './repair.ts';
import { problemAt, type SyntaxProblem } from './tokens.ts';

/** So many syntax problems of one document are shown. */
const PROBLEM_LIMIT = 100;

export class ShardplanLexer extends DefaultLexer {
  private repairing = false;
  private silent = false;

  /** Runs `parse` with the repair on. Completion parses without: it wants the tokens as they stand. */
  withRepair<T>(parse: () => T): T {
    this.repairing = true;
    try {
      return parse();
    } finally {
      this.repairing = false;
    }
  }

  /** Runs `parse` as if the text were empty, for a text that cannot be parsed. */
  withoutTokens<T>(parse: () => T): T {
    this.silent = true;
    try {
      return parse();
    } finally {
      this.silent = false;
    }
  }

  override tokenize(text: string, options?: TokenizeOptions): LexerResult {
    if (this.silent) return nothing([]);
    if (text.length > DOCUMENT_LIMIT) return nothing([tooLargeDocument(text.length)]);
    const result = super.tokenize(text, options);
    if (result.hidden.length > COMMENT_LIMIT) return nothing([tooManyComments(result.hidden.length)]);
    nameCalls(result.tokens, this.tokenTypes);
    const limited = limitTokens(result.tokens);
    if (limited.tokens.length > TOKEN_LIMIT) return nothing([tooManyTokens(limited.tokens.length)]);
    if (!this.repairing) return { ...result, tokens: limited.tokens };
    const unclosed = [...result.tokens, ...result.hidden].flatMap(token => unclosedProblem(token) ?? []);
    const repaired = repair(limited.tokens, this.tokenTypes);
    const problems = [...unclosed, ...limited.problems, ...repaired.problems].sort(
      (a, b) => a.offset - b.offset,
    );
    return {
      ...result,
      tokens: repaired.tokens,
      errors: [...result.errors, ...asErrors(problems)].slice(0, PROBLEM_LIMIT),
    };
  }
}

/** `mesh(8x16)` is a topology; a declaration has a name behind its keyword. */
function nameCalls(tokens: LexerResult['tokens'], types: ShardplanLexer['tokenTypes']): void {
  const name = (types as Record<string, LexerResult['tokens'][number]['tokenType']>).ID;
  tokens.forEach((token, index) => {
    if (!name || token.tokenType.name !== 'mesh' || tokens[index + 1]?.tokenType.name !== '(') return;
    token.tokenType = name;
    token.tokenTypeIdx = name.tokenTypeIdx!;
  });
}

/** Strings end with their line, comments with their line or the text, when their own end is missing. */
function unclosedProblem(token: LexerResult['tokens'][number]): SyntaxProblem | undefined {
  if (token.tokenType.name === 'STRING' && !/^"(?:\\.|[^"\\])*"$/.test(token.image)) {
    return problemAt(
      token,
      'syntax-error',
      `The text ${shortened(token.image)} is not closed: '"' is missing.`,
    );
  }
  if (token.tokenType.name === 'ML_COMMENT' && !(token.image.length >= 4 && token.image.endsWith('*/'))) {
    return problemAt(token, 'syntax-error', "This comment is not closed: '*/' is missing.");
  }
  return undefined;
}

const shortened = (text: string) => (text.length > 32 ? `${text.slice(0, 30)}…` : text);

const nothing = (problems: SyntaxProblem[]): LexerResult => ({
  tokens: [],
  hidden: [],
  errors: asErrors(problems),
});

const asErrors = (problems: SyntaxProblem[]): LexerResult['errors'] => problems as LexerResult['errors'];
