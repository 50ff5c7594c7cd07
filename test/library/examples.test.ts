/** The examples that ship: they parse, every name in them is known, and their models are the published ones. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countParameters } from '../../src/engine/model/parameters.ts';
import { importHuggingFace } from '../../src/interop/huggingface.ts';
import { createTestServices } from '../language/support.ts';

const folder = new URL('../../examples/', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, folder), 'utf8');
const files = readdirSync(folder).filter(name => name.endsWith('.shard'));

describe.each(files)('examples/%s', name => {
  it('has no syntax error and links its chips, fabric, mesh and model', async () => {
    const document = await createTestServices().parse(read(name), `/plans/${name}`);
    expect(document.parseResult.lexerErrors).toEqual([]);
    expect(document.parseResult.parserErrors.map(error => error.message)).toEqual([]);
    for (const decl of document.parseResult.value.decls) {
      if (decl.$type === 'Fabric')
        for (const part of decl.levels.flatMap(level => level.parts)) expect(part.child.ref).toBeDefined();
      if (decl.$type === 'Mesh') expect(decl.fabric.ref).toBeDefined();
      if (decl.$type !== 'Plan') continue;
      expect(decl.mesh?.ref).toBeDefined();
      expect(decl.model?.ref).toBeDefined();
    }
  });
});

it.each([
  ['Llama-3.1-405B', 405853388800],
  ['DeepSeek-V3', 671026419200],
])('examples/%s/config.json is read without a word and counts to its published total', (name, total) => {
  const { model, problems } = importHuggingFace(read(`${name}/config.json`), name);
  expect(problems).toEqual([]);
  expect(model && countParameters(model).total).toBe(total);
});

it('the first example is short enough to read at a glance', () => {
  const lines = read('quickstart.shard')
    .split('\n')
    .filter(line => line.trim() && !line.startsWith('//'));
  expect(lines).toHaveLength(4);
});
