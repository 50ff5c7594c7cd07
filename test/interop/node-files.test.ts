import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { URI } from 'langium';
import { afterAll, expect, test } from 'vitest';
import { NodeFiles } from '../../src/interop/node-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'meshwright-files-'));
afterAll(() => rmSync(folder, { recursive: true }));

const at = (name: string) => URI.file(join(folder, name));
const files = new NodeFiles();

test('text, without a byte-order mark', async () => {
  writeFileSync(join(folder, 'größe.json'), '\uFEFF{"ü": 1}');
  expect(await files.read(at('größe.json'))).toEqual({ text: '{"ü": 1}' });
});

test('what cannot be read is an answer', async () => {
  mkdirSync(join(folder, 'inner'));
  writeFileSync(join(folder, 'huge.log'), '');
  truncateSync(join(folder, 'huge.log'), 10 * 1024 * 1024 + 1);
  expect((await files.read(at('none.json'))).error).toBe('missing');
  expect((await files.read(at('größe.json/below'))).error).toBe('missing');
  expect(await files.read(at('inner'))).toMatchObject({
    error: 'unreadable',
    message: expect.stringMatching(/it is not a file/),
  });
  expect(await files.read(at('huge.log'))).toMatchObject({ error: 'too-large' });
  expect((await files.read(URI.parse('untitled:Untitled-1'))).error).toBe('missing');
});

test('entries of a folder; links are not followed, and what is no folder has none', async () => {
  symlinkSync(folder, join(folder, 'inner', 'round'));
  writeFileSync(join(folder, 'inner', 'a.shard'), '');
  expect(await files.list(at('inner'))).toMatchObject([
    { kind: 'file', uri: { path: expect.stringMatching(/a\.shard$/) } },
  ]);
  expect(await files.list(at('none'))).toEqual([]);
});
