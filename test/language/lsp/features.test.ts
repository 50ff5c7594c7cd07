/** What the editor shows of a text without knowing any number: colours, outline, folds, links. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { DocumentSymbol } from 'vscode-languageserver-types';
import { SymbolKind } from 'vscode-languageserver-types';
import { deepseek, llama, samples } from '../samples.ts';
import { createTestServices, type TestServices } from '../support.ts';

let services: TestServices;
beforeAll(() => {
  services = createTestServices({ files: { '/plans/base.shard': 'chip mine { power: 1kW }' } });
});

const asked = { textDocument: { uri: '' } };

describe('colours', () => {
  /** Words of the text with their colours: `ep:parameter`. */
  async function coloured(text: string): Promise<string[]> {
    const document = await services.parse(text);
    const provider = services.shardplan.lsp.SemanticTokenProvider;
    const { data } = (await provider?.semanticHighlight(document, asked)) ?? { data: [] };
    const legend = provider?.semanticTokensOptions.legend;
    const lines = text.split('\n');
    const words: string[] = [];
    let [line, character] = [0, 0];
    for (let at = 0; at < data.length; at += 5) {
      const [lineStep, step, length, type, modifiers] = data.slice(at, at + 5) as [
        number,
        number,
        number,
        number,
        number,
      ];
      line += lineStep;
      character = lineStep > 0 ? step : character + step;
      const marks =
        legend?.tokenModifiers.filter((_, bit) => modifiers & (1 << bit)).map(name => `+${name}`) ?? [];
      words.push(
        `${lines[line]?.slice(character, character + length)}:${legend?.tokenTypes[type]}${marks.join('')}`,
      );
    }
    return words;
  }

  const head = 'chip c {} fabric f { level node of 8 c {} } mesh m on f { model: 8 as tp }\n';

  test('names have the colour of what they refer to', async () => {
    expect(await coloured(head)).toEqual([
      'c:class+declaration',
      'f:class+declaration',
      'node:struct+declaration',
      'c:class',
      'm:class+declaration',
      'f:class',
      'model:parameter+declaration',
    ]);
    const words = await coloured(
      `${head}let k = 2\nplan p on m { model.overlap: k phase: full assert load(node) < step_time shard W[D/model] }`,
    );
    expect(words.slice(7)).toEqual([
      'k:variable+declaration+readonly',
      'p:class+declaration',
      'm:class',
      'model:parameter',
      'overlap:property',
      'k:variable+readonly',
      'phase:property',
      'full:enumMember',
      'load:function',
      'node:struct',
      'step_time:function',
      'W:variable',
      'D:typeParameter',
      'model:parameter',
    ]);
  });

  test('names of the standard library say so', async () => {
    const words = await coloured('import "std/chips"\nfabric f { level node of 8 h100_sxm {} }');
    expect(words).toContain('h100_sxm:class+defaultLibrary');
  });
});

describe('outline', () => {
  const flat = (symbols: readonly DocumentSymbol[], depth = 0): string[] =>
    symbols.flatMap(({ name, detail, children }) => [
      `${'  '.repeat(depth)}${name}: ${detail}`,
      ...flat(children ?? [], depth + 1),
    ]);

  test('declarations with their parts', async () => {
    const document = await services.parse(deepseek);
    const symbols = (await services.shardplan.lsp.DocumentSymbolProvider?.getSymbols(document, asked)) ?? [];
    expect(flat(symbols)).toEqual([
      'h800_cluster: fabric',
      '  node: of 8 h800',
      '  cluster: of 256 node',
      'deepseek_v3: model from "DeepSeek-V3/config.json"',
      'm2k: mesh on h800_cluster',
      '  dp: 128',
      '  ep: 64 from dp',
      '  pp: 16',
      'pretrain: plan of deepseek_v3 on m2k',
      '  dispatch: collective',
    ]);
    expect(symbols[0]?.kind).toBe(SymbolKind.Module);
    expect(document.textDocument.getText(symbols[3]?.selectionRange)).toBe('pretrain');
  });

  test('half-typed text has an outline too', async () => {
    const document = await services.parse(
      'chip {\n}\nfabric f {\n  level of {\n}\nmesh m on {\n tp:\n}\nplan',
    );
    const symbols = (await services.shardplan.lsp.DocumentSymbolProvider?.getSymbols(document, asked)) ?? [];
    expect(symbols.map(symbol => symbol.name)).toEqual(['f', 'm']);
  });
});

describe('folding', () => {
  /** First and last line of every fold. */
  async function folds(text: string): Promise<string[]> {
    const document = await services.parse(text);
    const ranges =
      (await services.shardplan.lsp.FoldingRangeProvider?.getFoldingRanges(document, asked)) ?? [];
    const lines = text.split('\n').map(line => line.trim());
    return ranges.map(
      ({ startLine, endLine, kind }) => `${kind ? `${kind} ` : ''}${lines[startLine]} … ${lines[endLine]}`,
    );
  }

  test('blocks keep their closing bracket in sight', async () => {
    expect(
      await folds(
        'chip c {\n  a: 1\n  b: 2\n}\nplan p {\n  collective d: f(\n    x: 1,\n    y: 2)\n  z: [\n    1\n  ]\n}\nchip e {}\n',
      ),
    ).toEqual(['chip c { … b: 2', 'plan p { … ]', 'collective d: f( … y: 2)', 'z: [ … 1']);
  });

  test('comments and imports', async () => {
    expect(
      await folds(
        '// one\n// two\nimport "std/chips"\nimport "std/models"\n\n/* three\n four */\n// five\nchip c { a: 1 } // six\n// seven\n',
      ),
    ).toEqual([
      'imports import "std/chips" … import "std/models"',
      'comment // one … // two',
      'comment /* three … // five',
    ]);
  });
});

describe('links', () => {
  const text =
    'import "std/chips"\nimport "base"\nimport "std/nothing"\nmodel m from "a/config.json"\nchip c { efficiency.gemm: table("gemm.csv") }\n';

  test('imports and mentioned files', async () => {
    const document = await services.parse(text, '/plans/links.shard');
    const links =
      (await services.shardplan.lsp.DocumentLinkProvider?.getDocumentLinks(document, asked)) ?? [];
    expect(links.map(({ range, target }) => [document.textDocument.getText(range), target])).toEqual([
      ['std/chips', 'meshwright-lib:/std/chips.shard'],
      ['base', 'file:///plans/base.shard'],
      ['a/config.json', 'file:///plans/a/config.json'],
      ['gemm.csv', 'file:///plans/gemm.csv'],
    ]);
  });

  test('go to definition from a path opens the file', async () => {
    const document = await services.parse(text, '/plans/links.shard');
    const links = await services.shardplan.lsp.DefinitionProvider?.getDefinition(document, {
      ...asked,
      position: { line: 1, character: 9 },
    });
    expect(links?.map(link => link.targetUri)).toEqual(['file:///plans/base.shard']);
  });

  test('go to definition from a chip of the library selects its name there', async () => {
    const document = await services.parse(llama);
    const position = document.textDocument.positionAt(llama.indexOf('h100_sxm {'));
    const [link] =
      (await services.shardplan.lsp.DefinitionProvider?.getDefinition(document, { ...asked, position })) ??
      [];
    expect(link?.targetUri).toBe('meshwright-lib:/std/chips.shard');
    const library = services.document('meshwright-lib:/std/chips.shard');
    expect(library?.textDocument.getText(link?.targetSelectionRange)).toBe('h100_sxm');
  });
});

test.each(Object.keys(samples))('every feature answers for %s', async name => {
  const document = await services.parse(samples[name] as string);
  const { lsp } = services.shardplan;
  expect((await lsp.DocumentSymbolProvider?.getSymbols(document, asked))?.length).toBeGreaterThan(0);
  expect((await lsp.SemanticTokenProvider?.semanticHighlight(document, asked))?.data.length).toBeGreaterThan(
    0,
  );
  expect(await lsp.FoldingRangeProvider?.getFoldingRanges(document, asked)).toBeDefined();
});
