/** The examples that ship: they parse, every name in them is known, their models are the published ones, their claims hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countParameters } from '../../src/engine/model/parameters.ts';
import { importHuggingFace } from '../../src/interop/huggingface.ts';
import { LIBRARY } from '../../src/language/library.ts';
import { TOPOLOGIES } from '../../src/language/schema/topology.ts';
import { createAnalysis } from '../language/analysis/support.ts';
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

/** One file for every kind of fabric. */
const fabrics = readdirSync(new URL('fabrics/', folder)).filter(name => name.endsWith('.shard'));
/** Warnings that an example teaches. */
const LESSONS: Record<string, string[]> = {
  'dragonfly.shard': ['network-bound'],
  'fat-tree-ecmp.shard': ['network-bound'],
  'full-mesh-mi300x.shard': ['group-few-links'],
  'rail-only-moe.shard': ['network-bound'],
  'two-sites.shard': ['network-bound'],
};

describe.each(fabrics)('examples/fabrics/%s', name => {
  it('is priced, keeps its claims and warns of what it is about', async () => {
    const { report, findings } = await createAnalysis().analyse(
      read(`fabrics/${name}`),
      `/plans/fabrics/${name}`,
    );
    const codes = (severity: string) =>
      [...new Set(findings.filter(f => f.severity === severity).map(f => f.code))].sort();
    expect(codes('error')).toEqual([]);
    expect(codes('warning')).toEqual(LESSONS[name] ?? []);
    expect(report.plans.length).toBeGreaterThan(0);
    for (const plan of report.plans) {
      expect(plan.estimate?.step.time).toBeGreaterThan(0);
      expect(plan.claims.length).toBeGreaterThan(0);
      expect(plan.claims.filter(claim => claim.holds !== true).map(claim => claim.text)).toEqual([]);
    }
  });
});

it('there is an example for every topology of the language but the simplest', async () => {
  const texts = fabrics.map(name => read(`fabrics/${name}`)).join('\n');
  const library = LIBRARY['std/fabrics'] ?? '';
  const used = [...texts.matchAll(/ on (\w+) \{/g)].map(
    ([, fabric]) => library.split(`fabric ${fabric} {`)[1]?.split('\n}')[0] ?? '',
  );
  const all = [texts, ...used].join('\n');
  const simple = new Set(['ring', 'line', 'mesh']);
  const missing = TOPOLOGIES.map(({ name }) => name).filter(
    name => !simple.has(name) && !new RegExp(`topology: +${name}\\b`).test(all),
  );
  expect(missing).toEqual([]);
});

it('a dragonfly of 8,192 chips says why no larger one was looked at', async () => {
  const { report } = await createAnalysis().analyse(
    read('fabrics/dragonfly.shard'),
    '/plans/fabrics/dragonfly.shard',
  );
  const { plans } = report;
  expect(plans.map(plan => plan.estimate?.networkBound.reason)).toEqual(
    plans.map(() => expect.stringMatching(/link by link.* up to 8,192 chips/)),
  );
});
