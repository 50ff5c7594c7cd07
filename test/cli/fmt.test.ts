/** `fmt`: in place, and never at the price of what was written. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folder, meshwright } from './support.ts';

const UGLY = 'import "std/fabrics"\nmesh m on dgx_h100 {\ndp:8\n}\n';

function file(content: string | Uint8Array) {
  const cwd = folder({ 'a.shard': content });
  const path = join(cwd, 'a.shard');
  return { cwd, read: () => readFileSync(path), write: (text: string) => writeFileSync(path, text) };
}

describe('fmt', () => {
  test('lays out in place, says which files, and then has nothing to do', async () => {
    const { cwd, read } = file(UGLY);
    expect(await meshwright(['fmt', 'a.shard'], { cwd })).toEqual({
      status: 0,
      stdout: 'a.shard\n',
      stderr: '',
    });
    expect(read().toString()).toContain('\n  dp: 8\n');
    expect(await meshwright(['fmt', 'a.shard'], { cwd })).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('--check changes nothing and fails', async () => {
    const { cwd, read } = file(UGLY);
    expect(await meshwright(['fmt', '--check', 'a.shard'], { cwd })).toEqual({
      status: 1,
      stdout: 'a.shard\n',
      stderr: '',
    });
    expect(read().toString()).toBe(UGLY);
  });

  test('keeps CRLF and the byte order mark', async () => {
    const { cwd, read } = file(`\uFEFF${UGLY.replaceAll('\n', '\r\n')}`);
    expect((await meshwright(['fmt', 'a.shard'], { cwd })).status).toBe(0);
    const text = read().toString();
    expect(text).toMatch(/^\uFEFFimport "std\/fabrics"\r\n/);
    expect(text).toContain('  dp: 8\r\n');
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('refuses a file with syntax errors, and goes on with the next', async () => {
    const broken = 'mesh m on dgx_h100 {\ndp:\n';
    const { cwd, read } = file(broken);
    writeFileSync(join(cwd, 'b.shard'), UGLY);
    const { status, stdout, stderr } = await meshwright(['fmt', 'a.shard', 'b.shard'], { cwd });
    expect(read().toString()).toBe(broken);
    expect(stderr).toMatch(/^a\.shard:\d+:\d+: error syntax-error/);
    expect(stdout).toBe('b.shard\n');
    expect(status).toBe(1);
  });

  test('a file that is not UTF-8 would lose characters and stays', async () => {
    const bytes = Buffer.concat([Buffer.from('// caf'), Buffer.from([0xe9]), Buffer.from(`\n${UGLY}`)]);
    const { cwd, read } = file(bytes);
    const { status, stderr } = await meshwright(['fmt', 'a.shard'], { cwd });
    expect(read().equals(bytes)).toBe(true);
    expect(stderr).toContain('not UTF-8');
    expect(status).toBe(1);
  });

  test('the examples are laid out', async () => {
    const cwd = folder();
    const { status, stdout } = await meshwright(
      ['fmt', '--check', 'llama3-405b-16k-h100.shard', 'deepseek-v3-2k-h800.shard', 'palm-540b-tpu-v4.shard'],
      { cwd },
    );
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
