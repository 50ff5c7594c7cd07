/** The packed extension, as the build left it, and the variant that forces the web-worker extension host. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './install.mjs';

const { unzipSync, zipSync } = createRequire(join(root, 'package.json'))('fflate');

/** Path of a packed file; `npm run package` makes both. */
export function packed(ending) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const path = join(root, `meshwright-${version}.${ending}`);
  if (!existsSync(path)) throw new Error(`${path} is missing: run npm run package first.`);
  return path;
}

/**
 * The same .vsix without `main`: a host that finds only `browser` runs it in the web-worker extension host, as vscode.dev
 * does.
 */
export function withoutMain(vsix, target) {
  const files = unzipSync(readFileSync(vsix));
  const name = 'extension/package.json';
  const { main: _, ...manifest } = JSON.parse(new TextDecoder().decode(files[name]));
  files[name] = new TextEncoder().encode(JSON.stringify(manifest));
  writeFileSync(target, zipSync(files));
  return target;
}
