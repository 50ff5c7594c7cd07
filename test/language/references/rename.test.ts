/** Rename, references and go-to-definition reach every use of a name, in keys and values too. */
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { deepseek, llama, samples } from '../samples.ts';
import { createTestServices } from '../support.ts';

type Services = ReturnType<typeof createTestServices>;

/** Where `§` stands in a text, and the text without it. */
function marked(text: string): { text: string; offset: number } {
  const offset = text.indexOf('§');
  expect(offset).toBeGreaterThanOrEqual(0);
  return { text: text.replace('§', ''), offset };
}

async function renamed(
  textWithMark: string,
  newName: string,
  services: Services = createTestServices(),
  uri = '/plans/test.shard',
) {
  const { text, offset } = marked(textWithMark);
  const document = await services.parse(text, uri);
  const params = {
    textDocument: { uri: document.uri.toString() },
    position: document.textDocument.positionAt(offset),
    newName,
  };
  const edit = await services.shardplan.lsp.RenameProvider?.rename(document, params);
  const changes = edit?.changes ?? {};
  return (path: string) => {
    const changed = services.document(path)?.textDocument as TextDocument;
    return TextDocument.applyEdits(changed, changes[changed.uri] ?? []);
  };
}

const rename = async (text: string, newName: string) => (await renamed(text, newName))('/plans/test.shard');

/** A sample with a mark at the first place that matches. */
const at = (text: string, place: string) => {
  expect(text).toContain(place);
  return text.replace(place, place.replace(/(\w)/, '§$1'));
};

describe('renaming ep in the DeepSeek sample', () => {
  const expected = deepseek
    .replace('ep: 64 from dp', 'expert: 64 as ep from dp')
    .replaceAll(/\bep\.(dispatch|combine|max_nodes|imbalance|sms)/g, 'expert.$1')
    .replace('over: ep,', 'over: expert,')
    .replace('exposed(ep)', 'exposed(expert)');

  test.each(['ep: 64', 'ep.dispatch', 'ep, size', 'ep) < 5%', 'ep.max_nodes in'])('from %s', async place => {
    expect(await rename(at(deepseek, place), 'expert')).toBe(expected);
  });

  test('comments and longer names stay', () => {
    expect(expected).toContain('// reuses dp ranks: expert-dp');
  });
});

test('a level: in the fabric, in places, and in metrics', async () => {
  const result = await rename(at(llama, 'node {                // 3,072'), 'box');
  expect(result).toBe(
    llama
      .replace('level node of 8', 'level box of 8')
      .replace('384 node', '384 box')
      .replace('8 on node', '8 on box'),
  );
  const load = await rename(at(deepseek, 'cluster of 256'), 'spine');
  expect(load).toBe(
    deepseek.replace('level cluster of', 'level spine of').replace('max_load(cluster)', 'max_load(spine)'),
  );
});

test('axes in shard lines, whatever they are called', async () => {
  const palm = samples['palm-540b-tpu-v4.shard'] as string;
  expect(await rename(at(palm, 'model: 12'), 'tp')).toBe(
    palm
      .replace('model: 12', 'tp: 12')
      .replaceAll('F/model', 'F/tp')
      .replace('sum model', 'sum tp')
      .replace('D/model', 'D/tp'),
  );
});

test('a let: its uses in values, not keys of the same name', async () => {
  const text = 'let layers§ = 118\nmodel m { layers: layers hidden: layers * 2 }\n';
  expect(await rename(text, 'depth')).toBe('let depth = 118\nmodel m { layers: depth hidden: depth * 2 }\n');
});

test('plans that are like another one use its mesh', async () => {
  const text = `chip c {} fabric f { level node of 8 c {} }
mesh m on f { tp: 8 }
plan a on m { tp§.overlap: none }
plan b like a { tp.overlap: full assert exposed(tp) < 1s }`;
  expect(await rename(text, 'rows')).toBe(
    text
      .replace('§', '')
      .replace('tp: 8', 'rows: 8 as tp')
      .replaceAll('tp.overlap', 'rows.overlap')
      .replace('(tp)', '(rows)'),
  );
});

test('uses in files that import the declaration', async () => {
  const services = createTestServices();
  await services.parse(
    'chip c {}\nfabric f { level node of 8 c {} }\nmesh m on f { tp: 8 }\n',
    '/plans/base.shard',
  );
  await services.parse(
    'import "base"\nplan p on m { tp.overlap: none assert load(node) < 1 }\n',
    '/plans/user.shard',
  );
  const results = await renamed(
    'chip c {}\nfabric f { level §node of 8 c {} }\nmesh m on f { tp: 8 }\n',
    'box',
    services,
    '/plans/base.shard',
  );
  expect(results('/plans/base.shard')).toContain('level box of');
  expect(results('/plans/user.shard')).toContain('load(box)');
});

describe('refused', () => {
  const mesh =
    'chip c {} fabric f { level node of 8 c {} } mesh m on f { §tp: 8 dp: 2 } plan p on m { size.x: tokens tp.a: 1 }';

  test.each([
    ['2x', /is not a name/],
    ['plan', /is a word of the language/],
    ['dp', /There is an axis 'dp' already/],
    ['tokens', /used as a plain word on line 1/],
  ])('%s', async (name, message) => {
    await expect(rename(mesh, name)).rejects.toThrow(message);
  });

  test('an axis may be called model', async () => {
    expect(await rename(mesh, 'model')).toContain('model: 8 as tp dp: 2');
  });

  test('names of arguments and dimensions are no names', async () => {
    expect(await rename('plan p { a: f(§chunks: 8) }', 'x')).toBe('plan p { a: f(chunks: 8) }');
    expect(await rename('plan p { shard W[§D, F] }', 'x')).toBe('plan p { shard W[D, F] }');
  });
});

test('references and definition', async () => {
  const services = createTestServices();
  const document = await services.parse(deepseek, '/plans/test.shard');
  const offset = deepseek.indexOf('exposed(ep)') + 'exposed('.length;
  const params = {
    textDocument: { uri: document.uri.toString() },
    position: document.textDocument.positionAt(offset),
  };
  const definition = await services.shardplan.lsp.DefinitionProvider?.getDefinition(document, params);
  expect(definition?.map(link => document.textDocument.getText(link.targetSelectionRange))).toEqual(['ep']);
  expect(definition?.[0]?.targetSelectionRange.start).toEqual(
    document.textDocument.positionAt(deepseek.indexOf('ep: 64')),
  );
  const found = await services.shardplan.lsp.ReferencesProvider?.findReferences(document, {
    ...params,
    context: { includeDeclaration: true },
  });
  expect(found).toHaveLength(9);
});
