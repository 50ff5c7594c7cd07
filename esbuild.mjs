/**
 * Builds dist/ from the entries whose source exists.
 *
 *   node esbuild.mjs                 development build with source maps
 *   node esbuild.mjs --production    minified, without source maps: what is packed
 *   node esbuild.mjs --watch         rebuild on change
 *   node esbuild.mjs --check-bundles report sizes and refuse any way onto the network
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { build, context } from 'esbuild';
import { optionsOf, present } from './scripts/bundles.mjs';
import { checkBundles } from './scripts/check-bundles.mjs';

const flags = new Set(process.argv.slice(2));

if (flags.has('--check-bundles')) {
  process.exitCode = checkBundles('dist') ? 0 : 1;
} else if (flags.has('--watch')) {
  for (const bundle of present) await (await context(optionsOf(bundle, false))).watch();
} else {
  mkdirSync('dist', { recursive: true });
  for (const name of readdirSync('dist')) rmSync(`dist/${name}`, { recursive: true });
  const made = await Promise.allSettled(
    present.map(bundle => build(optionsOf(bundle, flags.has('--production')))),
  );
  // esbuild has said what is wrong, with the line.
  if (made.some(result => result.status === 'rejected')) process.exitCode = 1;
}
