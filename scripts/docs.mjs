/**
 * Writes docs/reference.md and docs/diagnostics.md from the schema and the list of codes, docs/fabrics.md from the prices of
 * plans, and docs/accuracy.md from the scores of measured rows: `npm run docs`.
 * With `--check` it writes nothing and fails where a page is not what it would write.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// Node notes that it reads the sources as modules although package.json does not say so; it is right.
process.removeAllListeners('warning');
const { diagnosticsPage } = await import('./docs/diagnostics.ts');
const { referencePage } = await import('./docs/reference.ts');

const folder = fileURLToPath(new URL('../docs/', import.meta.url));
const pages = {
  'reference.md': referencePage(),
  'diagnostics.md': diagnosticsPage(),
  'accuracy.md': await accuracy(),
  'fabrics.md': await (await bundled('docs/fabrics.ts')).fabricsPage(),
};
const check = process.argv.includes('--check');

let stale = 0;
for (const [name, text] of Object.entries(pages)) {
  if (!check) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(folder + name, text);
    continue;
  }
  let found = '';
  try {
    found = readFileSync(folder + name, 'utf8');
  } catch {
    // Missing is as stale as different.
  }
  if (found === text) continue;
  stale++;
  console.error(`docs/${name} is not fresh: run 'npm run docs'.`);
}
process.exitCode = stale > 0 ? 1 : 0;

async function accuracy() {
  const { accuracyPage } = await import('./docs/accuracy.ts');
  const { loadFidelity, root } = await import('./fidelity/load.mts');
  const { libraryChips, quantile, readCsv, score } = await loadFidelity();
  const csv = readFileSync(new URL('../test/fidelity/measured.csv', import.meta.url), 'utf8');
  const records = new Map(readCsv(csv).map(record => [record.id, record]));
  return accuracyPage({ ...score(csv, await libraryChips(root)), records, quantile });
}

/** Pricing a plan takes the whole language, whose text and generated parser Node cannot read unbundled. */
async function bundled(path) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(path, import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    loader: { '.shard': 'text' },
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
