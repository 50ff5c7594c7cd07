/** What is read for a document, and what is built again when something changes. */
import { DocumentState } from 'langium';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Document, Plan } from '../../../src/language/generated/ast.ts';
import { mentionedFiles } from '../../../src/language/mentions.ts';
import { perBuild } from '../../../src/language/workspace/build-memo.ts';
import { createTestServices, testUri } from '../support.ts';

const chips = 'chip c { power: 1kW }\n';
const fabrics = 'import "chips"\nfabric f { level node of 8 c {} }\n';
const meshes = 'import "fabrics"\nmesh m on f { tp: 8 on node }\n';
const plan = 'import "meshes"\nmodel x from "config.json"\nplan p of x on m { assert load(node) < 1 }\n';
const files = { '/plans/chips.shard': chips, '/plans/fabrics.shard': fabrics, '/plans/meshes.shard': meshes };

const planOf = (document: { parseResult: { value: Document } } | undefined) =>
  document?.parseResult.value.decls.find((decl): decl is Plan => decl.$type === 'Plan');

describe('foreign files', () => {
  test('all that a document mentions', async () => {
    const services = createTestServices();
    const document = await services.parse(
      `model x from "models/config.json"
       fabric f { level l of 8 c { topology: graph("../topo.xml") calibrate: "nccl.log" } }
       chip c { efficiency.gemm: table("gemm.csv") vendor: "not a file" }
       plan p { assert mfu > 1 "nor this" }`,
      '/plans/plans/test.shard',
    );
    expect(mentionedFiles(document).map(({ uri }) => uri.path)).toEqual([
      '/plans/plans/models/config.json',
      '/plans/topo.xml',
      '/plans/plans/nccl.log',
      '/plans/plans/gemm.csv',
    ]);
  });

  test('they are read before linking ends, those of imports too, and missing ones say so', async () => {
    const services = createTestServices({
      files: {
        '/plans/config.json': '{}',
        '/lib/base.shard': 'model y from "there.json"',
        '/lib/there.json': '[1]',
      },
    });
    await services.parse(
      'import "../lib/base"\nmodel x from "config.json"\nmodel z from "gone.json"',
      '/plans/test.shard',
    );
    const { Files } = services.shared.workspace;
    expect(Files.cached(testUri('/plans/config.json'))).toEqual({ text: '{}' });
    expect(Files.cached(testUri('/lib/there.json'))).toEqual({ text: '[1]' });
    expect(Files.cached(testUri('/plans/gone.json'))).toMatchObject({ error: 'missing' });
  });

  test('more than 10 MB are not read', async () => {
    const services = createTestServices({
      files: { '/plans/config.json': ' '.repeat(10 * 1024 * 1024 + 1) },
    });
    await services.parse('model x from "config.json"', '/plans/test.shard');
    expect(services.shared.workspace.Files.cached(testUri('/plans/config.json'))).toEqual({
      error: 'too-large',
      message: 'The file /plans/config.json is larger than 10 MB and is not read.',
    });
  });

  test('an open, unsaved buffer wins over the file', async () => {
    const services = createTestServices({ files: { '/plans/config.json': 'disk' } });
    await services.parse('model x from "config.json"', '/plans/test.shard');
    const { Files, TextDocuments } = services.shared.workspace;
    TextDocuments.set(TextDocument.create('file:///plans/config.json', 'json', 1, 'buffer'));
    expect(Files.cached(testUri('/plans/config.json'))?.text).toBe('buffer');
    TextDocuments.delete('file:///plans/config.json');
    expect(Files.cached(testUri('/plans/config.json'))?.text).toBe('disk');
  });

  test('a change builds the documents that mention the file, and those that import these, again', async () => {
    const services = createTestServices({
      files: { '/plans/config.json': '1', '/plans/models.shard': 'model x from "config.json"' },
    });
    const importer = await services.parse('import "models"\nplan p of x {}', '/plans/a.shard');
    const other = await services.parse('chip c {}', '/plans/b.shard');
    let built = 0;
    const count = () => ++built;
    const before = [perBuild(importer, count, count), perBuild(other, count, count)];
    await services.update({ '/plans/config.json': '2' });
    expect(services.shared.workspace.Files.cached(testUri('/plans/config.json'))?.text).toBe('2');
    expect(perBuild(importer, count, count)).not.toBe(before[0]);
    expect(perBuild(other, count, count)).toBe(before[1]);
    expect(importer.state).toBe(DocumentState.Validated);
    expect(services.document('/plans/config.json')).toBeUndefined();
  });

  test('a folder that goes takes its files with it, and one that comes brings them', async () => {
    const services = createTestServices({ files: { '/plans/models/config.json': '1' } });
    await services.parse('model x from "models/config.json"', '/plans/test.shard');
    const config = () => services.shared.workspace.Files.cached(testUri('/plans/models/config.json'));
    services.memory.delete('/plans/models/config.json');
    await services.update({}, ['/plans/models']);
    expect(config()?.error).toBe('missing');
    services.memory.set('/plans/models/config.json', '2');
    await services.shared.workspace.DocumentBuilder.update([testUri('/plans/models')], []);
    expect(config()?.text).toBe('2');
  });

  test('a change of a foreign file that is open in the editor is no document of ours', async () => {
    const services = createTestServices();
    await services.parse('model x from "config.json"', '/plans/test.shard');
    services.shared.workspace.TextDocuments.set(
      TextDocument.create('file:///plans/config.json', 'json', 1, '{}'),
    );
    await services.update({ '/plans/config.json': '{}' });
    expect(services.document('/plans/config.json')).toBeUndefined();
  });
});

describe('imports', () => {
  test('what rests on a changed file through two others is linked again', async () => {
    const services = createTestServices({ files });
    const document = await services.parse(plan, '/plans/plan.shard');
    const mesh = () => planOf(document)?.mesh?.ref;
    expect(mesh()?.axes[0]?.places[0]?.level.ref?.name).toBe('node');
    await services.update({ '/plans/fabrics.shard': fabrics.replace('level node', 'level box') });
    expect(mesh()?.axes[0]?.places[0]?.level.ref).toBeUndefined();
    expect(services.document('/plans/meshes.shard')?.diagnostics?.[0]?.message).toMatch(
      /has no level 'node'/,
    );
    await services.update({ '/plans/fabrics.shard': fabrics });
    expect(mesh()?.axes[0]?.places[0]?.level.ref?.name).toBe('node');
    expect(services.document('/plans/meshes.shard')?.diagnostics).toEqual([]);
  });

  test('a file that appears mends its importers, and one that goes breaks them', async () => {
    const services = createTestServices({
      files: { '/plans/chips.shard': chips, '/plans/fabrics.shard': fabrics },
    });
    const document = await services.parse(plan, '/plans/plan.shard');
    expect(planOf(document)?.mesh?.ref).toBeUndefined();
    await services.update({ '/plans/meshes.shard': meshes });
    expect(planOf(document)?.mesh?.ref?.name).toBe('m');
    expect(document.diagnostics?.filter(found => found.severity === 1)).toEqual([]);
    await services.update({}, ['/plans/meshes.shard']);
    expect(planOf(document)?.mesh?.ref).toBeUndefined();
    expect(document.diagnostics?.map(found => found.code)).toContain('import-missing');
  });

  test('a changed file that is not there any more counts as gone', async () => {
    const services = createTestServices({ files });
    const document = await services.parse(plan, '/plans/plan.shard');
    services.memory.delete('/plans/meshes.shard');
    await services.shared.workspace.DocumentBuilder.update([testUri('/plans/meshes.shard')], []);
    expect(services.document('/plans/meshes.shard')).toBeUndefined();
    expect(document.diagnostics?.map(found => found.code)).toContain('import-missing');
  });

  test('typing does not build documents again that do not rest on the text', async () => {
    const services = createTestServices({ files });
    const base = await services.parse(chips, '/plans/chips.shard');
    const user = await services.parse(plan, '/plans/plan.shard');
    const once = () => ({});
    const before = perBuild(base, once, once);
    await services.update({ '/plans/plan.shard': plan.replace('< 1', '< 2') });
    expect(perBuild(base, once, once)).toBe(before);
    expect(user.textDocument.getText()).toContain('< 2');
  });

  test('the standard library is a document of its own scheme', async () => {
    const services = createTestServices();
    await services.parse('import "std/chips"', '/plans/test.shard');
    expect(services.document('meshwright-lib:/std/chips.shard')?.parseResult.value.$type).toBe('Document');
  });
});
