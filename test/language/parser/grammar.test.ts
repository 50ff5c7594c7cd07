/** The grammar in itself, and the samples against it. */
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Document } from '../../../src/language/generated/ast.ts';
import { ShardplanLanguageMetaData } from '../../../src/language/generated/module.ts';
import { repair } from '../../../src/language/parser/repair.ts';
import { samples } from '../samples.ts';
import { createTestServices } from '../support.ts';

const { parser } = createTestServices().shardplan;

test('a parser in development mode finds no ambiguity and no fault in the grammar', () => {
  const said = [vi.spyOn(console, 'log'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
  const { shardplan } = createTestServices({
    module: { LanguageMetaData: () => ({ ...ShardplanLanguageMetaData, mode: 'development' }) },
  });
  const strict = shardplan.parser.LangiumParser;
  // Ambiguities are found while parsing.
  for (const text of Object.values(samples)) strict.parse(text);
  expect(strict.definitionErrors).toEqual([]);
  for (const spy of said) {
    expect(spy.mock.calls).toEqual([]);
    spy.mockRestore();
  }
});

test('what ships is generated in production mode', () => {
  expect(ShardplanLanguageMetaData.mode).toBe('production');
});

test.each(Object.entries(samples))(
  '%s has no syntax errors, and the repair leaves it alone',
  (_name, text) => {
    const { lexerErrors, parserErrors } = parser.LangiumParser.parse(text);
    expect([...lexerErrors, ...parserErrors]).toEqual([]);
    const { tokens } = parser.Lexer.tokenize(text);
    expect(repair(tokens, parser.Lexer.definition)).toEqual({ tokens, problems: [] });
  },
);

test.each(Object.entries(samples))(
  '%s without any one of its tokens keeps every other declaration',
  (_name, text) => {
    const whole = parser.LangiumParser.parse<Document>(text).value.decls;
    for (const token of parser.Lexer.tokenize(text).tokens) {
      const end = token.startOffset + token.image.length;
      const kept = parser.LangiumParser.parse<Document>(text.slice(0, token.startOffset) + text.slice(end))
        .value.decls;
      const names = new Set(kept.map(decl => `${decl.$type} ${decl.name}`));
      for (const decl of whole) {
        const touched =
          decl.$cstNode && decl.$cstNode.offset <= token.startOffset && token.startOffset < decl.$cstNode.end;
        if (!touched)
          expect(names, `without '${token.image}' on line ${token.startLine}`).toContain(
            `${decl.$type} ${decl.name}`,
          );
      }
    }
  },
);

test('no sequence of pieces of a plan makes the parser throw', () => {
  const pieces = Object.values(samples).flatMap(text => text.split(/(?<=[\s{}()[\]:.,])/));
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), chosen => {
      const { value, lexerErrors, parserErrors } = parser.LangiumParser.parse(chosen.join(''));
      expect(value.$type).toBe('Document');
      for (const error of [...lexerErrors, ...parserErrors]) {
        expect(error.message).not.toMatch(/Expecting|token of type|-->|Redundant/);
      }
    }),
    { numRuns: 300 },
  );
});
