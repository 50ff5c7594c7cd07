/** What is bundled from what, and how: read by the build, by the notices of third parties, and by nobody else. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** For the command line and stdio clients. */
const node = { platform: 'node', format: 'cjs', target: 'node20' };
/**
 * One classic script for Node (the 22 that VS Code 1.101 brings) and for web workers. Modules imported dynamically and
 * CommonJS modules run when they are first asked for, so that the part of one host lies idle in the other. Both hosts'
 * conditions: protocol packages name a part for a host only under the host's own. CommonJS, because it keeps
 * `require("…")` as it is, for the check of what the bundles can reach.
 */
const bothHosts = {
  platform: 'node',
  format: 'cjs',
  target: ['node22', 'es2022'],
  conditions: ['browser', 'module'],
  mainFields: ['module', 'main'],
};

const bundles = [
  { source: 'src/extension/main.ts', out: 'extension.js', ...bothHosts, external: ['vscode'] },
  {
    source: 'src/server/main.ts',
    out: 'server.js',
    ...bothHosts,
    // A worker has no scope of modules: without one of its own the script would make all its names global.
    banner: { js: '(()=>{' },
    footer: { js: '})();' },
  },
  { source: 'src/cli/main.ts', out: 'cli.cjs', ...node, banner: { js: '#!/usr/bin/env node' } },
  { source: 'src/panel/main.ts', out: 'panel.js', platform: 'browser', format: 'iife', target: 'es2022' },
];

/**
 * `import text from './file.ext?text'` gives the file's own text: for the layout worker, whose source a webview must
 * start from a Blob.
 */
const textImports = {
  name: 'text-imports',
  setup(setup) {
    setup.onResolve({ filter: /\?text$/ }, args => {
      const wanted = args.path.replace(/\?text$/, '');
      const path = wanted.startsWith('.')
        ? resolve(dirname(args.importer), wanted)
        : createRequire(pathToFileURL(args.importer)).resolve(wanted);
      return { path, namespace: 'text' };
    });
    setup.onLoad({ filter: /.*/, namespace: 'text' }, async args => ({
      contents: await readFile(args.path, 'utf8'),
      loader: 'text',
    }));
  },
};

/** esbuild's options for one bundle. */
export function optionsOf({ source, out, ...options }, production) {
  return {
    entryPoints: [{ in: source, out: out.replace(/\.c?js$/, '') }],
    outdir: 'dist',
    outExtension: { '.js': out.endsWith('.cjs') ? '.cjs' : '.js' },
    bundle: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    // Names reach error messages and Langium's type checks.
    keepNames: false,
    legalComments: 'none',
    logLevel: 'warning',
    loader: { '.shard': 'text', '.ttf': 'file' },
    assetNames: '[name]',
    define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
    plugins: [textImports],
    ...options,
  };
}

/** Bundles whose source exists. */
export const present = bundles.filter(bundle => existsSync(bundle.source));
