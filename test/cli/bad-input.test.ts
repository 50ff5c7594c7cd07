/** Whatever the file is, there is an answer: exit status 1, a diagnostic at its place, no stack, no hang. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { platform } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { EXAMPLES, expectCalm, folder, llamaWith, meshwright, root } from './support.ts';

const schema = JSON.parse(readFileSync(join(root, 'schema', 'estimate.schema.json'), 'utf8'));
const validate = new Ajv2020({ strict: true }).compile(schema);
const llama = readFileSync(join(root, EXAMPLES.llama), 'utf8');
const change = (from: string, to: string) => llamaWith(llama, from, to);
const config = (name: string) => change('Llama-3.1-405B/config.json', name);
const MiB = 2 ** 20;

/** Bytes that are no text, always the same ones. */
const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31 + i * 7) % 256);

const files: Record<string, string | Uint8Array> = {
  'empty.shard': '',
  'blanks.shard': '  \n\t\n// nothing\n',
  'ten-megabytes.shard': 'a'.repeat(10 * MiB + 1),
  'three-megabytes.shard': 'plan '.repeat(600_000),
  'garbage.shard': noise,
  'garbage-text.shard': Buffer.from(noise).toString('base64').repeat(40),
  'null.shard': `${llama}\0`,
  'no-plan.shard': llama.slice(0, llama.indexOf('plan pretrain')),
  'config-missing.shard': config('nowhere/config.json'),
  'config-folder.shard': config('Llama-3.1-405B'),
  'malformed.json': '{ "hidden_size": 16384, ',
  'config-malformed.shard': config('malformed.json'),
  'list.json': '[]',
  'config-list.shard': config('list.json'),
  'huge.json': `{"a":"${'x'.repeat(11 * MiB)}"}`,
  'config-huge.shard': config('huge.json'),
  'strange.json':
    '{"model_type":"zoo","architectures":["ZooForCausalLM"],"hidden_size":64,"num_hidden_layers":2}',
  'config-unknown.shard': config('strange.json'),
  'fabric-cycle.shard': change('level node of 8 h100_sxm', 'level node of 8 cluster'),
  'mesh-too-large.shard': change('dp:  128', 'dp:  512'),
  'batch-does-not-divide.shard': change('batch.global:   2048', 'batch.global:   2047'),
  'layers-do-not-divide.shard': change('balanced(first: 7, last: 7)', '[1, 2, 3]'),
  'like-itself.shard': `${llama}\nplan a like b {}\nplan b like a {}\n`,
  'let-circle.shard': `let a = b\nlet b = a\n${change('dp:  128', 'dp: a')}`,
  'deep.shard': change('8s', `${'('.repeat(20_000)}8s${')'.repeat(20_000)}`),
  'brace.shard': change('mesh m16k on clos24k {', 'mesh m16k on clos24k'),
  'import-missing.shard': `import "./nowhere"\n${llama}`,
  'import-broken.shard': `import "./brace"\n${llama}`,
};
const ODD = {
  zero: '0',
  negative: '-8',
  fractional: '1.5',
  absurd: '999999999999999999999999',
  endless: '1e999',
};
for (const [name, value] of Object.entries(ODD)) {
  files[`axis-${name}.shard`] = change('tp:  8 on node', `tp:  ${value} on node`);
  files[`batch-${name}.shard`] = change('batch.global:   2048', `batch.global:   ${value}`);
  files[`sequence-${name}.shard`] = change('8192', value);
  files[`level-${name}.shard`] = change('level node of 8', `level node of ${value}`);
  files[`chunks-${name}.shard`] = change('chunks: 8', `chunks: ${value}`);
  files[`bandwidth-${name}.shard`] = change('450GB/s', `${value}GB/s`);
}

const cwd = folder(files);
mkdirSync(join(cwd, 'folder.shard'));
symlinkSync('loop.shard', join(cwd, 'loop.shard'));
const others = [
  'folder.shard',
  'loop.shard',
  'missing.shard',
  'missing/plan.shard',
  'empty.shard/plan.shard',
];
if (platform() !== 'win32') {
  execFileSync('mkfifo', [join(cwd, 'pipe.shard')]);
  others.push('pipe.shard');
}
const names = [...Object.keys(files).filter(name => name.endsWith('.shard')), ...others];

describe('estimate', () => {
  test.each(names)('%s: valid JSON with an error at a place', async name => {
    const outcome = await meshwright(['estimate', name, '--json'], { cwd });
    expectCalm(outcome);
    const document = JSON.parse(outcome.stdout);
    validate(document);
    expect(validate.errors).toBeNull();
    const error = document.diagnostics.find((each: { severity: string }) => each.severity === 'error');
    expect(error.line).toBeGreaterThan(0);
    expect(error.column).toBeGreaterThan(0);
    expect(outcome.status).toBe(1);
  });

  // The same diagnostics; of each kind of trouble one.
  const kinds = [
    'empty',
    'ten-megabytes',
    'garbage',
    'config-malformed',
    'fabric-cycle',
    'axis-zero',
    'folder',
    'missing',
  ];
  test.each(kinds.map(kind => `${kind}.shard`))('%s: a line for people', async name => {
    const outcome = await meshwright(['estimate', name], { cwd });
    expectCalm(outcome);
    expect(outcome.stderr).toMatch(/^[\w./-]+:\d+:\d+: error [a-z-]+: \S/m);
    expect(outcome.status).toBe(1);
  });
});

describe.each([
  { name: 'check', args: ['check', '--format', 'sarif'] },
  { name: 'fmt', args: ['fmt', '--check'] },
  { name: 'collective', args: ['collective', 'all_reduce', '--size', '1MiB'] },
])('$name', ({ args }) => {
  const few = names.filter(name => !/^(batch|sequence|chunks|bandwidth)-/.test(name));
  test('answers whatever the file is', async () => {
    for (const name of few) {
      const outcome = await meshwright([...args, name], { cwd });
      expectCalm(outcome);
      expect([0, 1, 2]).toContain(outcome.status);
    }
  }, 60_000);
});

test('the place is the cause', async () => {
  const places: [string, string, string][] = [
    ['config-missing.shard', 'nowhere/config.json', 'model-import'],
    ['mesh-too-large.shard', 'dp:  512', 'mesh-product'],
    ['batch-zero.shard', 'batch.global:   0', 'value-range'],
  ];
  for (const [name, piece, code] of places) {
    const { stdout } = await meshwright(['estimate', name, '--json'], { cwd });
    const line = (files[name] as string).split('\n').findIndex(each => each.includes(piece)) + 1;
    expect(JSON.parse(stdout).diagnostics).toContainEqual(
      expect.objectContaining({ file: name, line, code }),
    );
  }
});

test('a message names files as the folder of the command sees them', async () => {
  const { stderr } = await meshwright(['estimate', 'config-missing.shard'], { cwd });
  expect(stderr).toContain('nowhere/config.json does not exist');
  expect(stderr).not.toContain(cwd);
});

test('an error of an imported file is said at its place there', async () => {
  const { stdout } = await meshwright(['check', 'import-broken.shard'], { cwd });
  expect(stdout).toMatch(/^brace\.shard:\d+:\d+: error syntax-error/m);
});
