/** The formatter: what it changes, and what it never does. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { applyFormat, formatEdits } from '../../src/language/format.ts';
import { LIBRARY } from '../../src/language/library.ts';
import { samples } from './samples.ts';
import { createTestServices } from './support.ts';

const services = createTestServices();
const { Lexer: lexer, LangiumParser: parser } = services.shardplan.parser;

const format = (text: string) => applyFormat(text, formatEdits(text, lexer));
/** What a text says: its tokens and comments. */
const said = (text: string) => {
  const { tokens, hidden } = lexer.tokenize(text);
  return [tokens.map(token => token.image), hidden.map(token => token.image.replace(/[ \t]+$/gm, ''))];
};
const isValid = (text: string) => {
  const { lexerErrors, parserErrors } = parser.parse(text);
  return lexerErrors.length === 0 && parserErrors.length === 0;
};

test.each(Object.entries(samples))('the sample %s is laid out already', (_name, text) => {
  expect(format(text)).toBe(text);
});

test.each(Object.entries(LIBRARY))(
  'the library file %s says the same after formatting, and stays as it is then',
  (_name, text) => {
    const formatted = format(text);
    expect(said(formatted)).toEqual(said(text));
    expect(format(formatted)).toBe(formatted);
  },
);

describe('lays out', () => {
  test.each<[what: string, before: string, after: string]>([
    [
      'blocks by two columns',
      'fabric f {\nlevel node of 8 c {\nlatency: 1us\n}\n}',
      'fabric f {\n  level node of 8 c {\n    latency: 1us\n  }\n}\n',
    ],
    [
      'spaces between tokens',
      'mesh  m on f{tp:8 as   tp\norder:tp<dp}',
      'mesh m on f { tp: 8 as tp\n  order: tp < dp }\n',
    ],
    [
      'three lines and more into columns',
      'plan p {\n  a: 1\n  longer.key: 2\n  mid: 3\n}',
      'plan p {\n  a:          1\n  longer.key: 2\n  mid:        3\n}\n',
    ],
    ['a pair as it is', 'plan p {\n  a: 1\n  longer.key: 2\n}', 'plan p {\n  a: 1\n  longer.key: 2\n}\n'],
    [
      'a new line into the column of its neighbours',
      'plan p {\n  ab:  1\n  abc: 2\n  x: 3\n}',
      'plan p {\n  ab:  1\n  abc: 2\n  x:   3\n}\n',
    ],
    [
      'one long key apart from its neighbours',
      'plan p {\n  ab:  1\n  abc: 2\n  very.long.key: 3\n}',
      'plan p {\n  ab:  1\n  abc: 2\n  very.long.key: 3\n}\n',
    ],
    [
      'comments below each other',
      'plan p {\n  a: 1    // one\n  bc: 22222222   // two\n}',
      'plan p {\n  a: 1    // one\n  bc: 22222222   // two\n}\n',
    ],
    [
      'comments in one column as one column',
      'plan p {\n  a: 1     // one\n  bc.d: 2  // two\n  x: 3 // three\n}',
      'plan p {\n  a:    1  // one\n  bc.d: 2  // two\n  x:    3 // three\n}\n',
    ],
    [
      'at most one blank line, none at the ends of a block',
      '\n\nplan p {\n\n\n  a: 1\n\n\n\n  b: 2\n\n}\n\n\n',
      'plan p {\n  a: 1\n\n  b: 2\n}\n',
    ],
    [
      'lines that go on',
      'plan p {\n  collective d: all_to_all(\n  over: ep,\n  size: tokens *\n  topk\n  )\n  assert a <\n  b\n}',
      'plan p {\n  collective d: all_to_all(\n    over: ep,\n    size: tokens *\n    topk\n  )\n  assert a <\n    b\n}\n',
    ],
    [
      'shardings tightly, arithmetic with air',
      'plan p {\n  shard W [ D / fsdp ,F ]->W[D,F]\n  x: a/b- -1\n}',
      'plan p {\n  shard W[D/fsdp, F] -> W[D, F]\n  x: a / b - -1\n}\n',
    ],
    ['calls and lists', 'plan p { a: f ( x :1,[ 1,2 ] ) }', 'plan p { a: f(x: 1, [1, 2]) }\n'],
    [
      'several lines of one line as they are',
      'plan p {\n  a: 1   b: 2\n  cc: 3  d: 4\n}',
      'plan p {\n  a: 1   b: 2\n  cc: 3  d: 4\n}\n',
    ],
    [
      'comments in and between blocks',
      '// top\nplan p {\n// inner\n  a: 1 /* mid */ b: 2\n    // last\n}\n   // end',
      '// top\nplan p {\n  // inner\n  a: 1 /* mid */ b: 2\n  // last\n}\n// end\n',
    ],
    [
      'the brackets of a block that opens below its head',
      'plan p\n  of m\non x\n{\n  a: 1\n}',
      'plan p\n  of m\n  on x\n{\n  a: 1\n}\n',
    ],
    ['tabs as spaces', 'plan p {\n\ta:\t1\n}', 'plan p {\n  a: 1\n}\n'],
    ['nothing at all', '  \n ', ''],
  ])('%s', (_what, before, after) => {
    expect(isValid(before)).toBe(true);
    expect(format(before)).toBe(after);
    expect(format(after)).toBe(after);
  });

  test('line ends stay as they are', () => {
    const text = (samples['llama3-405b-16k-h100.shard'] as string).replaceAll('\n', '\r\n');
    expect(format(text)).toBe(text);
    expect(format('plan p {\r\na: 1\r\n\r\n\r\nb: 2}')).toBe('plan p {\r\n  a: 1\r\n\r\n  b: 2 }\r\n');
  });
});

/** A sample with its white space disturbed, its tokens untouched. */
const disturbed = fc
  .tuple(
    fc.constantFrom(...Object.values(samples), ...Object.values(LIBRARY)),
    fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
  )
  .map(([text, choices]) => {
    let count = 0;
    const pick = () => choices[count++ % choices.length] as number;
    const { tokens, hidden } = lexer.tokenize(text);
    const all = [...tokens, ...hidden].sort((a, b) => a.startOffset - b.startOffset);
    let result = '';
    let end = 0;
    for (const token of all) {
      const gap = text.slice(end, token.startOffset);
      const changed =
        gap === '' || pick() % 3 > 0
          ? gap
          : gap.includes('\n')
            ? `${'\n'.repeat((pick() % 3) + 1)}${' '.repeat(pick() % 9)}`
            : ' '.repeat((pick() % 5) + 1);
      result += changed + token.image;
      end = token.startOffset + token.image.length;
    }
    return result + text.slice(end);
  });

test('never changes what a text says, and does nothing the second time', () => {
  fc.assert(
    fc.property(disturbed, text => {
      fc.pre(isValid(text));
      const formatted = format(text);
      expect(said(formatted)).toEqual(said(text));
      expect(format(formatted)).toBe(formatted);
      expect(formatted).not.toMatch(/[ \t]$/m);
    }),
    { numRuns: 200 },
  );
});

describe('as the editor asks', () => {
  const formatter = services.shardplan.lsp.Formatter;
  const options = { tabSize: 4, insertSpaces: false };

  test('a document with syntax errors is not touched', async () => {
    const document = await services.parse('plan p {\na: 1\n');
    expect(await formatter?.formatDocument(document, { textDocument: { uri: '' }, options })).toEqual([]);
  });

  test('a range: only its lines change', async () => {
    const text = 'plan p {\na: 1\nb: 2\nc: 3\n}\n';
    const document = await services.parse(text);
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 4 } };
    const edits =
      (await formatter?.formatDocumentRange(document, { textDocument: { uri: '' }, options, range })) ?? [];
    expect(TextDocument.applyEdits(document.textDocument, edits)).toBe('plan p {\na: 1\n  b: 2\nc: 3\n}\n');
  });
});
