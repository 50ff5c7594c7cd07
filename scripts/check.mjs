/** Types, generated files and import rules. Generated files are made again in memory or in place and must not differ. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, Steps } from './steps.mjs';

const steps = new Steps();
const bin = name => join(root, 'node_modules', '.bin', name);

await steps.command('types', bin('tsc'), ['-p', '.', '--noEmit']);

await steps.step('generated parser is fresh', () => {
  const out = mkdtempSync(join(tmpdir(), 'meshwright-langium-'));
  const config = join(root, `.langium-check-${process.pid}.json`);
  try {
    const settings = JSON.parse(readFileSync(join(root, 'langium-config.json'), 'utf8'));
    writeFileSync(config, JSON.stringify({ ...settings, out }));
    const made = spawnSync(bin('langium'), ['generate', '--mode=production', '--file', config], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (made.status !== 0) throw new Error(`langium generate ended with ${made.status}:\n${made.stdout}`);
    for (const name of readdirSync(out)) {
      const committed = join(root, settings.out, name);
      const same =
        existsSync(committed) && readFileSync(committed, 'utf8') === readFileSync(join(out, name), 'utf8');
      if (!same) throw new Error(`${settings.out}/${name} is stale: run npm run generate and commit it.`);
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
    rmSync(config, { force: true });
  }
});

if (existsSync(join(root, 'scripts', 'docs.mjs'))) {
  await steps.command('generated documentation is fresh', process.execPath, ['scripts/docs.mjs', '--check']);
}

await steps.command('notices of third parties are fresh', process.execPath, [
  'scripts/notices.mjs',
  '--check',
]);

await steps.command('import rules', bin('biome'), [
  'lint',
  '--only=style/noRestrictedImports',
  '--only=style/useImportType',
  'src',
]);

steps.finish();
