import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readXml, type XmlElement } from '../../src/interop/xml.ts';

const tree = (element: XmlElement): unknown => [
  element.name,
  Object.fromEntries(element.attributes),
  ...element.children.map(tree),
];
const read = (text: string) => {
  const result = readXml(text);
  return result.ok ? tree(result.root) : result.problem.message;
};

test('elements and attributes', () => {
  expect(
    read(`\uFEFF<?xml version="1.0"?>
<!-- a <comment> -->
<a x="1" y='two "2"'>
  <b/> text <c z = "&lt;&amp;&gt;"></c>
</a>
`),
  ).toEqual(['a', { x: '1', y: 'two "2"' }, ['b', {}], ['c', { z: '<&>' }]]);
  expect(read('<a __proto__="1" constructor="2"/>')).toEqual([
    'a',
    Object.fromEntries([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]),
  ]);
});

describe('what is refused, with its place', () => {
  it.each([
    ['<!DOCTYPE a [<!ENTITY x "y">]><a/>', /document types and entities/],
    ['<a b="&x;"/>', /entity '&x;' is not read/],
    ['<a b="&#65;"/>', /entity '&#65;'/],
    ['<a b="&"/>', /entity '&' is not read/],
    ['<a><![CDATA[x]]></a>', /CDATA/],
    ['<a><b></a></b>', /'<\/a>' stands where '<\/b>' belongs/],
    ['<a>', /'a' is not closed/],
    ['<a b="1" b="2"/>', /'b' is given twice/],
    ['<a b=1/>', /no quotes/],
    ['<a b/>', /'=' is missing/],
    ['<a b="1', /not closed/],
    ['<a b="<"/>', /'<' in a value/],
    ['<a/><b/>', /second outermost/],
    ['</a>', /closes nothing/],
    ['<a <b/>', /expected here/],
    ['<a', /cut off/],
    ['<!-- x', /not closed/],
    ['hello', /no XML/],
    ['', /no element/],
  ])('%s', (text, message) => {
    expect(read(text)).toMatch(message);
  });

  test('a place', () => {
    const result = readXml('<a>\n  <b x="&y;"/>\n</a>');
    expect(result).toMatchObject({ ok: false, problem: { line: 2, column: 9 } });
  });

  test('limits', () => {
    expect(read('<a>'.repeat(100))).toMatch(/more than 64 deep/);
    expect(read(`<a>${'<b/>'.repeat(100_000)}</a>`)).toMatch(/more than 100,000 elements/);
    expect(read(`<a>${' '.repeat(10_000_000)}</a>`)).toMatch(/longer than 10,000,000/);
  });
});

test('whatever the text, there is an answer', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '/',
    '=',
    '"',
    "'",
    '&',
    ';',
    '!',
    '-',
    '?',
    '[',
    'a',
    'b',
    ' ',
    '\n',
    '<a>',
    '</a>',
    '<a/>',
    '<!--',
    '-->',
    '<a b="',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), parts => {
      const result = readXml(parts.join(''));
      return result.ok || result.problem.line >= 1;
    }),
    { numRuns: 2000 },
  );
});
