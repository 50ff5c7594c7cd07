/**
 * Installs the real VS Code and the browser of the end-to-end tests into test/e2e/node_modules on first use: by npm only,
 * from the lock files, without install scripts (its native modules are for terminals and the like, and are not needed).
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(here));

const codeServer = join(here, 'node_modules', 'code-server');
const marker = join(here, 'node_modules', '.ready');

/** The command line of the real workbench. */
export const workbenchEntry = join(codeServer, 'out', 'node', 'entry.js');

/** Why the real workbench cannot run on this machine; undefined where it can. */
export function cannotRun() {
  return process.platform === 'linux'
    ? undefined
    : `the packaged workbench is for Linux, this is ${process.platform}`;
}

/** Installs what is missing; does nothing when the lock file has not changed since. */
export async function ensureInstalled(say = console.log) {
  const lock = createHash('sha256')
    .update(readFileSync(join(here, 'package-lock.json')))
    .digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return;
  say('Installing the workbench for the first time (about 580 MB, half a minute) …');
  await npm(['ci', '--ignore-scripts'], here);
  await npm(['install', '--omit=dev', '--ignore-scripts', '--no-save'], join(codeServer, 'lib', 'vscode'));
  writeFileSync(marker, lock);
}

function npm(args, cwd) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  // npm exports its own settings to what it starts: the inner install must not inherit them.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(registry|cache|userconfig))/.test(name)),
  );
  return new Promise((resolve, reject) => {
    const child = spawn('npm', [...args, ...quiet], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let problem = '';
    child.stderr.on('data', data => {
      problem += data;
    });
    child.on('error', reject);
    child.on('exit', code =>
      code === 0 ? resolve() : reject(new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${problem}`)),
    );
  });
}
