/**
 * Packs meshwright-VERSION.vsix (the extension) and meshwright-VERSION.tgz (the command line) into the project's root and
 * holds both to their limits.
 *
 *   node scripts/package.mjs [--only vsix|npm]
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const vsix = join(root, `meshwright-${manifest.version}.vsix`);
const tarball = join(root, `meshwright-${manifest.version}.tgz`);

const limit = { bytes: 1_500_000, files: 60 };

/** The command's output; a failure has been explained on standard error. */
function run(command, args) {
  const { status, stdout, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status !== 0) {
    console.error(stdout);
    process.exit(status ?? 1);
  }
  return stdout;
}

function packExtension() {
  const vsce = join(dirname(createRequire(import.meta.url).resolve('@vscode/vsce/package.json')), 'vsce');
  // Links of the README stay as they are: there is no address yet that they could be made absolute with.
  run(process.execPath, [vsce, 'package', '--no-rewrite-relative-links', '--out', vsix]);
  const names = Object.keys(unzipSync(readFileSync(vsix)));
  const { size } = statSync(vsix);
  console.log(
    `${manifest.name}-${manifest.version}.vsix: ${(size / 1000).toFixed(0)} kB, ${names.length} files`,
  );
  if (size > limit.bytes) throw new Error(`The .vsix is larger than ${limit.bytes / 1000} kB.`);
  if (names.length > limit.files) throw new Error(`The .vsix holds more than ${limit.files} files.`);
  const stray = names.filter(name => /node_modules|\.map$|\.tsx?$|^extension\/(src|test)\//.test(name));
  if (stray.length > 0) throw new Error(`The .vsix holds what is not shipped: ${stray.join(', ')}`);
}

function packCommandLine() {
  const [report] = JSON.parse(run('npm', ['pack', '--json', '--loglevel=error']));
  renameSync(join(root, report.filename), tarball);
  console.log(
    `${manifest.name}-${manifest.version}.tgz: ${(report.size / 1000).toFixed(0)} kB, ${report.files.length} files`,
  );
}

const only = process.argv[process.argv.indexOf('--only') + 1];
if (!process.argv.includes('--only') || only === 'vsix') packExtension();
if (!process.argv.includes('--only') || only === 'npm') packCommandLine();
