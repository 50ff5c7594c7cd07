/** The server's one script, bundled as it is shipped. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { optionsOf, present } from '../../scripts/bundles.mjs';

/** Bundles it into a folder and returns its path. */
export async function bundleServer(folder: string): Promise<string> {
  const bundle = present.find(({ out }) => out === 'server.js');
  if (!bundle) throw new Error('scripts/bundles.mjs names no server.js');
  await build({ ...optionsOf(bundle, true), outdir: folder });
  return join(folder, bundle.out);
}
