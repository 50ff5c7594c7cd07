/** The scoring code, bundled as everything is that reads the standard library. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { optionsOf, present } from '../bundles.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export async function loadFidelity(): Promise<typeof import('../../test/fidelity/main.ts')> {
  const out = mkdtempSync(join(tmpdir(), 'meshwright-fidelity-'));
  try {
    const cli = present.find(each => each.out === 'cli.cjs')!;
    const entry = { ...cli, source: 'test/fidelity/main.ts', out: 'fidelity.cjs', banner: {} };
    await build({ ...optionsOf(entry, false), absWorkingDir: root, outdir: out, logLevel: 'error' });
    const module = await import(pathToFileURL(join(out, 'fidelity.cjs')).href);
    return module.default ?? module;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
