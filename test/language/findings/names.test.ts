/** Names, imports and the fixes that mend them. */
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding } from '../../../src/language/analysis/report.ts';
import { documentFindings } from '../../../src/language/findings/index.ts';
import { deepseek, llama, samples } from '../samples.ts';
import { createTestServices } from '../support.ts';

const files = {
  '/plans/chips.shard': 'chip mine { power: 1kW }\n',
  '/plans/sub/fabrics.shard': 'import "../chips"\nfabric far { level node of 8 mine {} }\n',
  '/plans/a.shard': 'import "b"\nchip in_a { power: 1kW }\nfabric fa { level node of 8 in_b {} }\n',
  '/plans/b.shard': 'import "a"\nchip in_b { power: 1kW }\nfabric fb { level node of 8 in_a {} }\n',
};

async function findingsOf(text: string, uri = '/plans/test.shard'): Promise<Finding[]> {
  const services = createTestServices({ files });
  return documentFindings(await services.parse(text, uri), services.shardplan);
}

const brief = (findings: Finding[]) => findings.map(({ code, message }) => `${code}: ${message}`);

/** The text after the first fix of the first finding. */
async function fixed(text: string, pick = 0): Promise<string> {
  const [finding] = await findingsOf(text);
  const edits = finding?.fixes?.[pick]?.edits ?? [];
  return TextDocument.applyEdits(TextDocument.create('', '', 0, text), edits);
}

test.each(Object.keys(samples))('the sample %s has nothing to say about its names', async name => {
  const findings = await findingsOf(samples[name] as string);
  expect(brief(findings.filter(finding => finding.severity === 'error'))).toEqual([]);
});

describe('unknown names', () => {
  test.each([
    ['fabric f { level node of 8 nothing {} }', "name-unknown: There is no chip or level 'nothing'."],
    ['mesh m on nothing {}', "name-unknown: There is no fabric 'nothing'."],
    ['model good\nplan p of god {}', "name-unknown: There is no model 'god'. Did you mean 'good'?"],
    [
      'chip c {} fabric f { level node of 8 c {} } mesh m on f { tp: 8 on nod order: tp }',
      "name-unknown: The fabric f has no level 'nod'. Did you mean 'node'?",
    ],
    [
      'chip c {} fabric f { level node of 8 c {} } mesh m on f { tp: 8 order: tp < qq }',
      "name-unknown: The mesh m has no axis 'qq'. Did you mean 'tp'?",
    ],
    [
      'chip c {} fabric f { level node of 8 c {} } mesh m on f { tp: 8 } plan p on m { shard W[D/xx] }',
      "name-unknown: The mesh m has no axis 'xx'.",
    ],
  ])('%s', async (text, message) => {
    const found = brief(await findingsOf(text));
    expect(found).toHaveLength(1);
    expect(found[0]?.startsWith(message.replace(/ Did.*/, ''))).toBe(true);
  });

  test('what rests on an unknown fabric is not reported again', async () => {
    expect(brief(await findingsOf('mesh m on nothing { tp: 8 on node order: tp }'))).toEqual([
      "name-unknown: There is no fabric 'nothing'.",
    ]);
  });

  test('plain words in keys and values are no names', async () => {
    expect(await findingsOf('plan p { phase: decode recompute: selective(norm) foo.bar: baz }')).toEqual([]);
  });

  test('a name of a file of the workspace: the fix imports it', async () => {
    const services = createTestServices({ files });
    await services.parse(files['/plans/chips.shard'], '/plans/chips.shard');
    const document = await services.parse(
      '// Mine.\n\nfabric f { level node of 8 mine {} }\n',
      '/plans/test.shard',
    );
    const [finding] = documentFindings(document, services.shardplan);
    expect(finding?.message).toBe(
      'There is no chip or level \'mine\'. It is declared in "./chips", which is not imported.',
    );
    expect(finding?.fixes?.map(fix => fix.title)).toEqual(['Import "./chips"']);
    const text = TextDocument.applyEdits(document.textDocument, finding?.fixes?.[0]?.edits ?? []);
    expect(text).toBe('// Mine.\nimport "./chips"\n\nfabric f { level node of 8 mine {} }\n');
    expect(documentFindings(await services.parse(text, '/plans/test.shard'), services.shardplan)).toEqual([]);
  });
});

test('a name of the standard library: the fix imports it', async () => {
  const text = 'fabric f { level node of 8 h100_sxm {} }\n';
  expect(brief(await findingsOf(text))).toEqual([
    'name-unknown: There is no chip or level \'h100_sxm\'. It is declared in "std/chips", which is not imported.',
  ]);
  const mended = await fixed(text);
  expect(mended).toBe(`import "std/chips"\n\n${text}`);
  expect(await findingsOf(mended)).toEqual([]);
});

test('names that lead in a circle end somewhere', async () => {
  expect(
    await findingsOf(
      'plan a like b { tp.x: tp assert exposed(tp) < 1 shard W[D/tp] }\nplan b like a {}\nlet x = y\nlet y = x\n',
    ),
  ).toEqual([]);
});

describe('imports', () => {
  test('an import of nothing', async () => {
    expect(brief(await findingsOf('import ""'))).toEqual(['import-missing: This import names no file.']);
  });

  test('a file that is not there', async () => {
    expect(brief(await findingsOf('import "nowhere"'))).toEqual([
      'import-missing: The file /plans/nowhere.shard does not exist.',
    ]);
  });

  test('a file that the library does not have', async () => {
    const text = 'import "std/chip"\n';
    expect(brief(await findingsOf(text))).toEqual([
      'import-missing: The standard library has no file "std/chip". Did you mean "std/chips"?',
    ]);
    expect(await fixed(text)).toBe('import "std/chips"\n');
  });

  test('with and without the ending, relative to the file', async () => {
    const text =
      'import "../chips.shard"\nimport "fabrics"\nfabric f { level node of 8 mine {} }\nmesh m on far {}';
    expect(await findingsOf(text, '/plans/sub/test.shard')).toEqual([]);
  });

  test('a file that imports itself, and one imported twice', async () => {
    const text = 'import "test"\nimport "chips"\nimport "chips"\nfabric f { level node of 8 mine {} }\n';
    expect(brief(await findingsOf(text))).toEqual([
      'import-unused: This file imports itself, which changes nothing.',
      'import-unused: This file is imported already.',
    ]);
    expect(await fixed(text)).toBe('import "chips"\nimport "chips"\nfabric f { level node of 8 mine {} }\n');
  });

  test('files that import each other are fine', async () => {
    expect(await findingsOf('import "a"\nimport "b"\nmesh m on fa {}\nmesh n on fb {}\n')).toEqual([]);
  });

  test('an import that nothing uses is faded, and the fix removes its line', async () => {
    const text = 'import "chips"\nchip own { power: 1kW }\n';
    const [finding] = await findingsOf(text);
    expect(finding).toMatchObject({ code: 'import-unused', severity: 'hint', tag: 'unnecessary' });
    expect(await fixed(text)).toBe('chip own { power: 1kW }\n');
  });

  test('a file larger than 10 MB is not read, and says so', async () => {
    const services = createTestServices({ files: { '/plans/huge.shard': 'x'.repeat(11 * 1024 * 1024) } });
    const document = await services.parse('import "huge"', '/plans/test.shard');
    expect(brief(documentFindings(document, services.shardplan))).toEqual([
      'import-missing: The file /plans/huge.shard is larger than 10 MB and is not read.',
    ]);
  });
});

describe('names given twice', () => {
  test.each([
    ['chip c {}\nchip c {}', "There is a chip 'c' already; the first one counts."],
    [
      'chip c {}\nfabric f { level node of 8 c {} level node of 4 c {} }',
      "There is a level 'node' already; the first one counts.",
    ],
    [
      'chip c {}\nfabric f { level node of 8 c {} }\nmesh m on f { tp: 8 tp: 4 }',
      "There is an axis 'tp' already; the first one counts.",
    ],
  ])('%s', async (text, message) => {
    expect((await findingsOf(text)).map(finding => finding.message)).toEqual([message]);
  });

  test('a model and a plan may have one name', async () => {
    expect(await findingsOf('model x\nplan x of x {}')).toEqual([]);
  });
});

describe('syntax', () => {
  test('a missing bracket: the fix inserts it', async () => {
    const text = llama.replace('switch(reduce: true)', 'switch(reduce: true');
    const [finding] = await findingsOf(text);
    expect(finding?.code).toBe('syntax-error');
    expect(finding?.related?.[0]?.range.start).toEqual({ line: 5, character: 21 });
    expect(await fixed(text)).toBe(llama);
  });

  test("a stray ';': the fix removes it", async () => {
    expect(await fixed(deepseek.replace('ep.sms:         20', 'ep.sms:         20;'))).toBe(deepseek);
  });
});
