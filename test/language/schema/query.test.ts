import { describe, expect, it, test } from 'vitest';
import {
  describe as describeKey,
  describeType,
  findKey,
  KEYS,
  keyRank,
  keysOf,
  spellings,
  suggestKey,
  valuesOf,
} from '../../../src/language/schema/query.ts';
import type { Block, KeySpec } from '../../../src/language/schema/types.ts';

const axes = [
  { name: 'tp', role: 'tp' },
  { name: 'data', role: 'dp' },
  { name: 'rows', role: 'other' },
] as const;
const all = Object.entries(KEYS).flatMap(([block, keys]) => keys.map(key => [block as Block, key] as const));

describe('every row of the table', () => {
  it.each(all)('%s: %s', (block, spec: KeySpec) => {
    // One sentence each, a default in words, and found by every spelling.
    expect(spec.doc).toMatch(/^[A-Z].*[.:]/);
    expect(spec.default).not.toBe('');
    expect(describeType(spec.type)).not.toBe('');
    for (const name of [...spellings(spec), ...(spec.aliases ?? [])])
      expect(findKey(block, name)?.spec).toBe(spec);
  });
  it('has no name twice in one block', () => {
    for (const [block, keys] of Object.entries(KEYS)) {
      const names = keys.flatMap(k => [...spellings(k), ...(k.aliases ?? [])]);
      expect(new Set(names).size, block).toBe(names.length);
    }
  });
});

test('axis options go by the axes of the mesh', () => {
  const keys = keysOf('plan', { axes }).map(k => k.key);
  expect(keys).toContain('tp.sequence_parallel');
  expect(keys).toContain('data.zero');
  expect(keys).not.toContain('dp.zero');
  expect(keys.some(k => k.startsWith('pp.') || k.startsWith('rows.'))).toBe(false);
  expect(keysOf('plan').map(k => k.key)).toContain('fsdp.zero');
  expect(findKey('plan', 'data.zero', { axes })).toMatchObject({
    canonical: 'dp.zero',
    role: 'dp',
    axis: 'data',
  });
});

test('what was meant', () => {
  expect(suggestKey('level', 'bandwith')).toBe('bandwidth');
  expect(suggestKey('plan', 'data.zro', { axes })).toBe('data.zero');
  expect(suggestKey('model', 'hidden_sise')).toBe('hidden_size');
  expect(suggestKey('plan', 'xyzzy')).toBeUndefined();
});

test('the formatter puts batch before axes and recomputation last', () => {
  const ranks = ['phase', 'batch.global', 'precision.compute', 'dp.zero', 'recompute'].map(k =>
    keyRank('plan', k),
  );
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(keyRank('plan', 'xyzzy')).toBe(KEYS.plan.length);
});

test('values worth offering', () => {
  const labels = (block: Block, key: string) => valuesOf(findKey(block, key)!.spec.type).map(v => v.label);
  expect(labels('plan', 'tp.overlap')).toEqual(['true', 'false']);
  expect(labels('plan', 'pp.schedule').slice(0, 3)).toEqual(['1f1b', 'gpipe', 'interleaved']);
  expect(labels('level', 'bandwidth')).toEqual(['…GB/s', '…Gb/s', '…TB/s']);
  const interleaved = valuesOf(findKey('plan', 'pp.schedule')!.spec.type).find(
    v => v.label === 'interleaved',
  )!;
  expect(interleaved.snippet).toBe('interleaved($1)');
});

test('a key in words', () => {
  const text = describeKey(findKey('plan', 'dp.zero')!.spec);
  expect(text).toContain('What is sharded over the axis');
  expect(text).toContain('Default: 1 for dp');
  expect(describeKey(findKey('plan', 'batch.document')!.spec)).toContain('Not priced yet');
});
