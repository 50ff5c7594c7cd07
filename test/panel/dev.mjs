/**
 * Builds the panel with a host of its own for a plain browser, from the repository's root:
 *
 *   node test/panel/dev.mjs FOLDER
 *
 * then open FOLDER/dev.html?sample=405b&theme=dark (samples.ts, themes.ts) through any static file server.
 */
import { cpSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { optionsOf } from '../../scripts/bundles.mjs';

const outdir = process.argv[2] ?? 'dist/panel-dev';
const browser = { platform: 'browser', format: 'iife', target: 'es2022' };

mkdirSync(outdir, { recursive: true });
for (const [source, out] of [
  ['src/panel/main.ts', 'panel.js'],
  ['test/panel/dev-host.ts', 'dev-host.js'],
]) {
  await build({ ...optionsOf({ source, out, ...browser }, process.argv.includes('--minify')), outdir });
}
cpSync(fileURLToPath(new URL('dev.html', import.meta.url)), `${outdir}/dev.html`);
