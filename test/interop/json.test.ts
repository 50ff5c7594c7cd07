import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonValue, parseJson } from '../../src/interop/json.ts';

/** Maps as plain objects, to compare with JSON.parse. */
function plain(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, item] of value) object[key] = plain(item);
  return object;
}

const problem = (text: string) => {
  const result = parseJson(text);
  return result.ok
    ? 'no problem'
    : `${result.problem.line}:${result.problem.column} ${result.problem.message}`;
};

it('reads whatever JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), text => {
      const result = parseJson(text);
      expect(result.ok && JSON.stringify(plain(result.value))).toEqual(JSON.stringify(JSON.parse(text)));
    }),
  );
});

it('never throws and always places the problem inside the text', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '\\',
    '1',
    '-',
    'NaN',
    'nul',
    '\n',
    ' ',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), parts => {
      const text = parts.join('');
      const result = parseJson(text);
      if (result.ok) return;
      const lines = text.split('\n');
      expect(result.problem.line).toBeLessThanOrEqual(lines.length);
      expect(result.problem.column).toBeLessThanOrEqual((lines[result.problem.line - 1]?.length ?? 0) + 1);
    }),
  );
});

describe('says where and what is wrong', () => {
  const cases: [string, string][] = [
    ['', '1:1 the file is empty'],
    ['{\n  "a": 1,\n}', '3:1 "}" where a key in quotes should stand'],
    ['{"a" 1}', '1:6 "1" where ":" should follow the key'],
    ['{"a": }', '1:7 "}" where a value should stand'],
    ['{"a": tru}', '1:7 "tru" is no JSON value'],
    ['[1, 2', '1:6 the file ends where "," or "]" should stand'],
    ['{"a": "open\n}', '1:7 text in quotes that is not closed on its line'],
    ['{} x', '1:4 "x" after the end of the value'],
    ['"\\q"', '1:2 "\\q" is no JSON escape'],
    ['// note\n{}', '1:1 "/" where a value should stand'],
    ['01', '1:2 "1" after the end of the value'],
  ];
  it.each(cases)('%j', (text, message) => expect(problem(text)).toBe(message));
});

it('refuses nesting that would exhaust the stack, and files beyond the limit', () => {
  expect(problem('['.repeat(1_000_000))).toBe('1:66 nested deeper than 64 levels');
  expect(problem(`{"a":${'{"a":'.repeat(100)}`)).toContain('nested deeper than 64 levels');
  expect(problem(' '.repeat(10_000_001))).toContain('10000001 characters, more than the 10000000');
});

it('keeps a __proto__ key a key and reports what is stated twice', () => {
  const result = parseJson('{"__proto__": {"polluted": 1}, "a": 1, "a": 2, "constructor": 3}');
  expect(result.ok && result.duplicates).toEqual(['a']);
  expect(result.ok && result.value instanceof Map && result.value.get('a')).toBe(2);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

it('reads what Python writes beyond JSON, and a byte order mark', () => {
  const result = parseJson('\uFEFF[NaN, Infinity, -Infinity]');
  expect(result.ok && result.value).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
});
