/**
 * Scores the engine against measured rows.
 *
 *   npm run fidelity -- FILE.csv             a table by family
 *   npm run fidelity -- FILE.csv --rows      every row as well
 *   npm run fidelity -- FILE.csv --json      { families[], rows[], skipped[] }
 *
 * Columns are those of test/fidelity/measured.csv. Nothing of what was measured reaches a prediction.
 */
import { readFileSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { loadFidelity, root } from './fidelity/load.mts';
import { tableOf } from './fidelity/table.mts';

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: { json: { type: 'boolean' }, rows: { type: 'boolean' } },
});
const [file, more] = positionals;
if (file === undefined || more !== undefined) {
  stderr.write('usage: npm run fidelity -- FILE.csv [--rows] [--json]\n');
  exit(2);
}
let text: string;
try {
  text = readFileSync(file, 'utf8');
} catch {
  stderr.write(`${file} cannot be read.\n`);
  exit(2);
}
const { CsvError, libraryChips, missingColumns, score } = await loadFidelity();
try {
  const missing = missingColumns(text);
  if (missing.length > 0) {
    stderr.write(`${file} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}.\n`);
    exit(2);
  }
} catch (error) {
  if (!(error instanceof CsvError)) throw error;
  stderr.write(`${file}, ${error.message}\n`);
  exit(2);
}
const scores = score(text, await libraryChips(root));
stdout.write(values.json ? `${JSON.stringify(scores, null, 2)}\n` : tableOf(scores, values.rows ?? false));
