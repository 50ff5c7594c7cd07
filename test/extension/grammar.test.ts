/** The files that colour and complete text before the server is up: their patterns compile and find what they name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'syntaxes');
const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

interface Rule {
  match?: string;
  begin?: string;
  end?: string;
  include?: string;
  patterns?: Rule[];
}
const grammar = json('shardplan.tmLanguage.json') as Rule & { repository: Record<string, Rule> };

function rules(rule: Rule): Rule[] {
  return [rule, ...(rule.patterns ?? []).flatMap(rules)];
}
const all = [grammar as Rule, ...Object.values(grammar.repository)].flatMap(rules);

describe('the highlighting grammar', () => {
  test('has only patterns that compile', () => {
    const patterns = all
      .flatMap(rule => [rule.match, rule.begin, rule.end])
      .filter(text => text !== undefined);
    expect(patterns.length).toBeGreaterThan(20);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });

  test('includes only rules that exist', () => {
    for (const { include } of all) {
      if (include) expect(Object.keys(grammar.repository)).toContain(include.slice(1));
    }
  });

  test.each([
    ['450GB/s', '450', 'GB/s'],
    ['16777216tok', '16777216', 'tok'],
    ['0.6us', '0.6', 'us'],
    ['78%', '78', '%'],
    ['80 GiB', '80', ' GiB'],
    ['2.25PFLOP/s', '2.25', 'PFLOP/s'],
    ['1e9', '1e9', undefined],
  ])('splits %s into number and unit', (text, number, unit) => {
    const quantity = (grammar.repository.quantity?.patterns ?? []).at(-1)?.match ?? '';
    const found = new RegExp(quantity).exec(text);
    expect([found?.[1], found?.[2]]).toEqual([number, unit]);
  });

  test('leaves digits inside of names alone', () => {
    const quantity = (grammar.repository.quantity?.patterns ?? []).at(-1)?.match ?? '';
    expect(new RegExp(quantity).exec('h100_sxm')).toBeNull();
  });
});

describe('the language configuration', () => {
  const configuration = json('language-configuration.json');

  test('takes a quantity as one word', () => {
    const words = (text: string) => text.match(new RegExp(configuration.wordPattern, 'g'));
    expect(words('bandwidth: 450GB/s')).toEqual(['bandwidth', '450GB/s']);
    expect(words('dp.zero: 2')).toEqual(['dp', 'zero', '2']);
    expect(words('wrap: 4x4x4')).toEqual(['wrap', '4x4x4']);
  });

  test('indents after an opening brace, not after a closed one', () => {
    const opens = new RegExp(configuration.indentationRules.increaseIndentPattern);
    expect(opens.test('plan a of b on c {')).toBe(true);
    expect(opens.test('  level node of 8 h100_sxm { topology: switch() }')).toBe(false);
    expect(opens.test('// a comment {')).toBe(false);
    expect(new RegExp(configuration.indentationRules.decreaseIndentPattern).test('  }')).toBe(true);
  });
});
