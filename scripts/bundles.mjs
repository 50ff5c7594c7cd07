/** What is bundled from what, and how: read by the build, by the notices of third parties, and by nobody else. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Hosts: the Node that VS Code 1.101 brings (22) and, for the command line and stdio clients, Node 20. */
const node = { platform: 'node', format: 'cjs', target: 'node20' };
/** A web-worker host and a worker: one self-contained classic script each, nothing imported at run time. */
const worker = {
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  mainFields: ['browser', 'module', 'main'],
};

const bundles = [
  {
    source: 'src/extension/main.node.ts',
    out: 'extension.cjs',
    ...node,
    target: 'node22',
    external: ['vscode'],
  },
  {
    source: 'src/extension/main.web.ts',
    out: 'extension.web.js',
    ...worker,
    format: 'cjs',
    external: ['vscode'],
  },
  { source: 'src/server/main.node.ts', out: 'server.cjs', ...node, target: 'node22' },
  { source: 'src/server/main.browser.ts', out: 'server.web.js', ...worker },
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
