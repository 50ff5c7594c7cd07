/**
 * Every test: the unit and property tests, then the build, the packages, and the packed extension in a real VS Code.
 *
 *   npm test                    all of it
 *   npm test -- --unit          without the real VS Code
 *   npm test -- --e2e           only the packages and the real VS Code
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannotRun } from '../test/e2e/install.mjs';
import { root, Steps } from './steps.mjs';

const steps = new Steps();
const only = process.argv.includes('--unit') ? 'unit' : process.argv.includes('--e2e') ? 'e2e' : 'all';
const reports = mkdtempSync(join(tmpdir(), 'meshwright-tests-'));

/** Runs vitest and takes its counts; a run that leaves no report has failed as a whole. */
function vitest(name, args) {
  console.log(`\n== ${name}`);
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`);
  const vitestEntry = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(
    process.execPath,
    [vitestEntry, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (!existsSync(report)) return steps.add(0, [name]);
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const failed = [];
  for (const file of result.testResults) {
    const broken = file.assertionResults.filter(test => test.status === 'failed').map(test => test.fullName);
    // A file that does not load has no tests to fail.
    if (broken.length === 0 && file.status === 'failed') broken.push(file.name.slice(root.length + 1));
    failed.push(...broken);
  }
  if (status !== 0 && failed.length === 0) failed.push(`${name} (errors outside of tests)`);
  steps.add(result.numPassedTests, failed);
}

try {
  if (only !== 'e2e') vitest('unit tests', []);
  if (only !== 'unit') {
    const built = await steps.command('build and packages', process.execPath, ['scripts/package.mjs']);
    await steps.command('bundles reach no network', process.execPath, ['esbuild.mjs', '--check-bundles']);
    const reason = cannotRun();
    if (reason) steps.skip('end-to-end tests', reason);
    else if (built) vitest('end-to-end tests', ['--config', 'test/e2e/vitest.config.mjs']);
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}
steps.finish();
