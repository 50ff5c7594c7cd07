/** Langium's parser over repaired tokens. */
import { type AstNode, createParser, LangiumParser, type ParseResult, type ParserOptions } from 'langium';
import type { ShardplanServices } from '../module.ts';
import type { ShardplanLexer } from './lexer.ts';
import { hopelessDocument } from './limits.ts';
import { isVirtual, type Token } from './tokens.ts';

type ParserError = ParseResult['parserErrors'][number];

/** With more errors than this the parser gives up: its recovery is recursive and would overflow the stack. */
const ERROR_LIMIT = 200;

class GivesUp extends Error {}

class ShardplanParser extends LangiumParser {
  constructor(services: ShardplanServices) {
    super(services);
    const wrapper = this.wrapper as unknown as {
      SAVE_ERROR(error: ParserError): ParserError;
      errors: ParserError[];
    };
    const save = wrapper.SAVE_ERROR;
    wrapper.SAVE_ERROR = error => {
      if (wrapper.errors.length >= ERROR_LIMIT) throw new GivesUp();
      return save.call(wrapper, error);
    };
  }

  override parse<T extends AstNode = AstNode>(input: string, options?: ParserOptions): ParseResult<T> {
    const lexer = this.lexer as ShardplanLexer;
    try {
      const result = lexer.withRepair(() => super.parse<T>(input, options));
      return { ...result, parserErrors: firstOfEachLine(result) };
    } catch (error) {
      // Of a parse that was broken off the parser keeps its half-built nodes.
      (this as unknown as { stack: unknown[] }).stack = [];
      const empty = lexer.withoutTokens(() => super.parse<T>(input, options));
      const stop = hopelessDocument(
        error instanceof GivesUp || error instanceof RangeError ? undefined : String(error),
      );
      return { ...empty, lexerErrors: [stop, ...empty.lexerErrors] as ParseResult['lexerErrors'] };
    }
  }
}

export function createShardplanParser(services: ShardplanServices): LangiumParser {
  const parser = createParser(
    services.Grammar,
    new ShardplanParser(services),
    services.parser.Lexer.definition,
  );
  parser.finalize();
  return parser;
}

/** What follows the first error of a line follows from it. */
function firstOfEachLine({ lexerErrors, parserErrors }: ParseResult): ParserError[] {
  const lines = new Set(lexerErrors.map(error => error.line));
  const first: ParserError[] = [];
  for (const error of parserErrors) {
    const line = errorToken(error)?.startLine;
    if (line !== undefined && lines.has(line)) continue;
    lines.add(line);
    first.push(error);
  }
  return first;
}

/** The token of the text that a parser's error is about; the one before where the error is about a missing one. */
export function errorToken(error: ParserError): Token | undefined {
  const previous = (error as { previousToken?: Token }).previousToken;
  return [error.token, previous].find(
    token => token && !isVirtual(token) && Number.isFinite(token.startOffset) && token.startOffset >= 0,
  );
}
