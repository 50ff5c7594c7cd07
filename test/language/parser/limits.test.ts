/** Texts that no one writes on purpose: each ends in a diagnostic, none in a crash or a hang. */
import { expect, test } from 'vitest';
import { createTestServices } from '../support.ts';

const parser = createTestServices().shardplan.parser.LangiumParser;

function messages(text: string): string[] {
  const { lexerErrors, parserErrors } = parser.parse(text);
  return [...lexerErrors, ...parserErrors].map(error => error.message);
}

const inPlan = (line: string) => `plan p {\n  ${line}\n}\nchip after { power: 1kW }`;
const names = (text: string) =>
  parser
    .parse<import('../../../src/language/generated/ast.ts').Document>(text)
    .value.decls.map(decl => decl.name);

test('a document of 10 MB is not read, and says so', () => {
  const text = 'chip c { power: 1kW }\n'.repeat(480_000);
  expect(messages(text)).toEqual([
    expect.stringMatching(/^This document is 10\.\d MB; more than 2 MB are not read\.$/),
  ]);
});

test.each([
  ['(', ')'],
  ['[', ']'],
])('100,000 nested %s', (open, close) => {
  const text = inPlan(`a: ${open.repeat(100_000)}1${close.repeat(100_000)}`);
  expect(messages(text)).toContain('Brackets may be nested 50 deep at most.');
  expect(names(text)).toEqual(['p', 'after']);
});

test('100,000 opening brackets that nothing closes', () => {
  const text = inPlan(`a: ${'(['.repeat(50_000)}`);
  expect(messages(text).length).toBeGreaterThan(0);
  expect(names(text)).toEqual(['p', 'after']);
});

test('nesting up to the limit is fine', () => {
  expect(messages(inPlan(`a: ${'('.repeat(49)}1${')'.repeat(49)}`))).toEqual([]);
});

test.each(['not ', '- '])("100,000 times '%s'", prefix => {
  const text = inPlan(`a: ${prefix.repeat(100_000)}x`);
  expect(messages(text)).toContain('At most 50 signs may stand before a value.');
  expect(names(text)).toEqual(['p', 'after']);
});

test('a sum of 100,000 terms', () => {
  const text = inPlan(`a: 1${' + 1'.repeat(100_000)}`);
  expect(messages(text)).toContain('An expression may have 500 operators at most.');
  expect(names(text)).toEqual(['p', 'after']);
});

test('a list of 10,000 terms is long, not deep', () => {
  expect(messages(inPlan(`a: [1${', 1 + 1'.repeat(10_000)}]`))).toEqual([]);
});

test('a million words are not read, and the document says so', () => {
  expect(messages('a '.repeat(1_000_000))).toEqual([
    'This document has 1000000 words and signs; more than 200000 are not read.',
  ]);
});

test('after a text that the parser gave up on, the next one is read as ever', () => {
  expect(messages(`plan p { ${'a::b '.repeat(20_000)} }`)[0]).toMatch(/^This document is not read/);
  expect(messages('chip c { power: 1kW }')).toEqual([]);
  expect(names('chip c { power: 1kW }')).toEqual(['c']);
});

test.each<[string, string]>([
  ['one word', 'x'.repeat(2_000_000)],
  ['digits', '1'.repeat(2_000_000)],
  ['spaces after a number', `1${' '.repeat(2_000_000)}`],
  ['quotes', '"'.repeat(2_000_000)],
  ['escaped quotes', '\\"'.repeat(1_000_000)],
  ['comment beginnings', '/*'.repeat(1_000_000)],
  ['comment beginnings, one a line', '/*\n'.repeat(600_000)],
  ['dots', '.'.repeat(1_000_000)],
  ['colons', ':'.repeat(500_000)],
  ['closing braces', '}'.repeat(500_000)],
  ['characters of no token', '§ '.repeat(500_000)],
])('a line of megabytes: %s', (_name, line) => {
  const text = inPlan(`a: ${line}`);
  expect(messages(text).length).toBeLessThanOrEqual(301);
  expect(messages(line).length).toBeGreaterThan(0);
});

test('control characters are named', () => {
  expect(messages(inPlan('a: 1\u0000'))).toEqual(['The character U+0000 does not belong in a text.']);
});

test('an empty document and one of comments alone are fine', () => {
  expect(messages('')).toEqual([]);
  expect(messages('// nothing\n/* here */\n')).toEqual([]);
});
