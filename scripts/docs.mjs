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

const readme = new URL('../README.md', import.meta.url);
const scored = await scores();
const folder = fileURLToPath(new URL('../docs/', import.meta.url));
const pages = {
  'reference.md': referencePage(),
  'diagnostics.md': diagnosticsPage(),
  'accuracy.md': (await import('./docs/accuracy.ts')).accuracyPage(scored),
  'steps.md': (await import('./docs/steps.ts')).stepsPage(scored),
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
const text = await readmeText();
if (!check) writeFileSync(readme, text);
else if (text !== readFileSync(readme, 'utf8')) {
  stale++;
  console.error(`The README's table of accuracy is not fresh: run 'npm run docs'.`);
}
process.exitCode = stale > 0 ? 1 : 0;

/** The measured rows as both pages of accuracy take them. */
async function scores() {
  const { loadFidelity, root } = await import('./fidelity/load.mts');
  const { baselinesOf, DEFAULTS, libraryChips, pairsOf, quantile, readCsv, score, scorePairs } =
    await loadFidelity();
  const read = name => readFileSync(new URL(`../test/fidelity/${name}`, import.meta.url), 'utf8');
  const csv = read('measured.csv');
  const records = new Map(readCsv(csv).map(record => [record.id, record]));
  const { rows, families } = score(csv, await libraryChips(root));
  const dense = rows.filter(
    ({ step, trust, family }) => step && !step.experts && trust === 'A' && !family.startsWith('vtrain'),
  );
  const leftOut = JSON.parse(read('left-out.json'));
  for (const { id, predicted } of rows) {
    const fitted = leftOut.fitted[id];
    if (fitted === undefined || Math.abs(predicted / fitted - 1) < 1e-3) continue;
    throw new Error(
      `${id} is no longer predicted as it was fitted: run 'npm run fit:steps -- test/fidelity/measured.csv --write'.`,
    );
  }
  return {
    rows,
    families,
    records,
    quantile,
    baselines: baselinesOf(rows),
    pairs: scorePairs(pairsOf(dense)),
    leftOut: leftOut.leftOut,
    defaults: DEFAULTS,
  };
}

/** The README's table of accuracy stands between two marks. */
async function readmeText() {
  const { stepsTable } = await import('./docs/steps.ts');
  return readFileSync(readme, 'utf8').replace(
    /(<!-- steps -->\n)[\s\S]*?(\n<!-- \/steps -->)/,
    (_, before, after) => `${before}${stepsTable(scored)}${after}`,
  );
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
