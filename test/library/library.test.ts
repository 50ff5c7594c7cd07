import { describe, expect, it } from 'vitest';
import type { Property } from '../../src/language/generated/ast.ts';
import { LIBRARY } from '../../src/language/library.ts';
import { KEYS } from '../../src/language/schema/query.ts';
import type { Block } from '../../src/language/schema/types.ts';
import { keyOf, library } from './support.ts';

const files = ['std/chips', 'std/fabrics', 'std/models'];

describe.each(files)('%s', path => {
  it('parses and every name in it is known', async () => {
    const document = await library(path);
    expect(document.parseResult.lexerErrors.map(error => error.message)).toEqual([]);
    expect(document.parseResult.parserErrors.map(error => error.message)).toEqual([]);
    const parts = document.parseResult.value.decls.flatMap(decl =>
      decl.$type === 'Fabric' ? decl.levels.flatMap(level => level.parts) : [],
    );
    expect(parts.filter(part => !part.child.ref).map(part => part.child.$refText)).toEqual([]);
  });

  it('declares every name once', async () => {
    const names = (await library(path)).parseResult.value.decls.map(decl => decl.name);
    expect(names.length).toBeGreaterThan(9);
    expect(new Set(names).size).toBe(names.length);
  });

  it('uses keys of the schema alone, and all that are required', async () => {
    const check = (block: Block, properties: Property[], name: string) => {
      const stated = properties.map(keyOf);
      const known = new Set(KEYS[block].flatMap(spec => [spec.key, ...(spec.aliases ?? [])]));
      expect(
        stated.filter(key => !known.has(key)),
        name,
      ).toEqual([]);
      const required = KEYS[block].filter(spec => spec.required).map(spec => spec.key);
      expect(
        required.filter(key => !stated.includes(key)),
        name,
      ).toEqual([]);
    };
    for (const decl of (await library(path)).parseResult.value.decls) {
      if (decl.$type === 'Chip') check('chip', decl.props, decl.name);
      if (decl.$type === 'Model') check('model', decl.props, decl.name);
      if (decl.$type !== 'Fabric') continue;
      check('fabric', decl.props, decl.name);
      for (const level of decl.levels) check('level', level.props, `${decl.name}.${level.name}`);
    }
  });
});

it('chips: every figure names its source or says that it is recalled', () => {
  const figures = (LIBRARY['std/chips'] ?? '')
    .split('\n')
    .filter(line => /^ {2}(?!kind|efficiency\.basis)\S+:/.test(line));
  expect(figures.length).toBeGreaterThan(200);
  expect(
    figures.filter(line => !/\/\/ .*(\[\w+\]|recalled, unverified|assumed: no measurement)/.test(line)),
  ).toEqual([]);
});

it('chips: the ones that the examples import are there', async () => {
  const names = (await library('std/chips')).parseResult.value.decls.map(decl => decl.name);
  expect(names).toEqual(expect.arrayContaining(['h100_sxm', 'h800', 'tpu_v4']));
});

// How late the links of one node or rack are follows from the generation of its chips.
it('fabrics: every level of a cluster states how it is joined, how fast and how late', async () => {
  const chips = (await library('std/chips')).parseResult.value.decls;
  const known = new Set(
    chips.flatMap(decl =>
      decl.$type === 'Chip' && decl.props.some(each => keyOf(each) === 'generation') ? [decl.name] : [],
    ),
  );
  for (const decl of (await library('std/fabrics')).parseResult.value.decls) {
    if (decl.$type !== 'Fabric') continue;
    for (const level of decl.levels) {
      const stated = level.props.map(keyOf);
      const ofChips = level.parts.some(part => known.has(part.child.$refText));
      expect(stated, `${decl.name}.${level.name}`).toEqual(
        expect.arrayContaining(ofChips ? ['topology', 'media'] : ['topology', 'latency', 'media']),
      );
      expect(stated.some(key => key === 'bandwidth' || key === 'link')).toBe(true);
    }
  }
});
