/** The command line: in this process, where most of it is tested, and packed into one file on the oldest Node at hand. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect } from 'vitest';
import { optionsOf, present } from '../../scripts/bundles.mjs';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export const EXAMPLES = {
  llama: 'examples/llama3-405b-16k-h100.shard',
  deepseek: 'examples/deepseek-v3-2k-h800.shard',
  decode: 'examples/deepseek-v3-decode.shard',
  palm: 'examples/palm-540b-tpu-v4.shard',
  quickstart: 'examples/quickstart.shard',
} as const;

export interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface Spawned {
  (args: readonly string[], cwd?: string, env?: object): Outcome;
  /** Without waiting for its end. */
  start(args: readonly string[]): ChildProcessWithoutNullStreams;
}

/** Runs a command in this process; `cwd` is the repository unless said otherwise. */
export async function meshwright(args: readonly string[], io: Partial<Io> = {}): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const status = await run(args, {
    out: text => {
      stdout += text;
    },
    err: text => {
      stderr += text;
    },
    cwd: root,
    width: 120,
    colour: false,
    ...io,
  });
  return { status, stdout, stderr };
}

/** A folder of its own with the examples and `files` in it; gone when the tests of the file are done. */
export function folder(files: Record<string, string | Uint8Array> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'meshwright-cli-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  cpSync(join(root, 'examples'), path, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

/** The command as it is shipped, freshly bundled: a `dist/` of yesterday would test yesterday's code. */
export async function bundle(): Promise<Spawned> {
  const out = mkdtempSync(join(tmpdir(), 'meshwright-bundle-'));
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  const cli = present.find(each => each.out === 'cli.cjs')!;
  await build({ ...optionsOf(cli, true), absWorkingDir: root, outdir: out });
  const node = oldestNode();
  const entry = join(out, 'cli.cjs');
  const finish = (args: readonly string[], cwd = root, env = {}): Outcome => {
    const { status, stdout, stderr } = spawnSync(node, [entry, ...args], {
      cwd,
      encoding: 'utf8',
      timeout: 15_000,
      env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env } as NodeJS.ProcessEnv,
    });
    return { status, stdout, stderr };
  };
  return Object.assign(finish, { start: (args: readonly string[]) => spawn(node, [entry, ...args]) });
}

/** The machine's own Node where it is 20 or newer: the path without the project's own tools. */
export function oldestNode(): string {
  if (process.env.MESHWRIGHT_NODE) return process.env.MESHWRIGHT_NODE;
  const parts = (process.env.PATH ?? '').split(delimiter).filter(part => !part.includes('node_modules'));
  for (const part of parts) {
    const { stdout } = spawnSync(join(part, 'node'), ['--version'], { encoding: 'utf8' });
    if (Number(/^v(\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= 20) return join(part, 'node');
  }
  return process.execPath;
}

/** What every output must be, however bad the input. */
export function expectCalm({ stdout, stderr }: Outcome): void {
  for (const text of [stdout, stderr]) expect(text).not.toMatch(/^\s+at .*[:(]|\bundefined\b|\bNaN\b/m);
  expect(stderr).not.toContain('should not have happened');
}

/** The first example with one piece of its text replaced; the piece must be there. */
export function llamaWith(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`The example has no '${from}'.`);
  return text.replace(from, () => to);
}
