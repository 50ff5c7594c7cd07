/** Starts a real VS Code (as code-server serves it) with the packed extension, each in folders of its own, and ends it. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, root, workbenchEntry } from './install.mjs';

/** A quiet window: no welcome page, chat, tips or update notices over the editor. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.enableExperiments': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
};

/** A port that nothing listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * @param {object} options
 * @param {string} options.vsix      packed extension
 * @param {string} options.folder    folder to open; unless `inPlace`, a copy of it is opened
 * @param {boolean} [options.inPlace]
 * @param {number} [options.port]    any free one by default
 * @param {object} [options.settings] on top of the quiet ones
 * @param {boolean} [options.restricted] workspace trust on, the folder not trusted
 */
export async function startWorkbench(options) {
  await ensureInstalled();
  const base = mkdtempSync(join(tmpdir(), 'meshwright-workbench-'));
  const userData = join(base, 'user');
  const extensions = join(base, 'extensions');
  let folder = options.folder;
  if (!options.inPlace) {
    folder = join(base, 'workspace');
    cpSync(options.folder, folder, { recursive: true });
  }
  mkdirSync(join(userData, 'User'), { recursive: true });
  const trust = options.restricted
    ? { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' }
    : {};
  writeFileSync(
    join(userData, 'User', 'settings.json'),
    JSON.stringify({ ...quiet, ...trust, ...options.settings }, null, 2),
  );

  const common = [
    '--user-data-dir',
    userData,
    '--extensions-dir',
    extensions,
    '--config',
    join(base, 'config.yaml'),
  ];
  writeFileSync(join(base, 'config.yaml'), 'auth: none\n');
  await finished(run([...common, '--install-extension', options.vsix]), 'installing the extension');

  const port = options.port ?? (await freePort());
  const trusting = options.restricted ? [] : ['--disable-workspace-trust'];
  const server = run([
    ...[
      '--auth',
      'none',
      '--bind-addr',
      `127.0.0.1:${port}`,
      '--disable-telemetry',
      '--disable-update-check',
    ],
    ...trusting,
    ...common,
    folder,
  ]);
  const url = `http://127.0.0.1:${port}/?folder=${encodeURIComponent(folder)}`;
  const stop = async () => {
    await end(server);
    rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await answering(`http://127.0.0.1:${port}/healthz`, server);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, folder, userData, stop, exited: server.ended };
}

/** Runs the workbench's command line under this Node, in a process group of its own so that all of it can be ended. */
function run(args) {
  const env = { ...process.env, NODE_NO_WARNINGS: '1' };
  // Settings that would send the workbench elsewhere, and those of the npm script that started us.
  for (const name of Object.keys(env))
    if (/^(npm_|VSCODE_|CODE_SERVER_|PORT$|PASSWORD$|NODE_OPTIONS$)/.test(name)) delete env[name];
  const child = spawn(process.execPath, [workbenchEntry, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', data => {
      child.output = (child.output + data).slice(-20_000);
    });
  }
  child.ended = new Promise(resolve => child.on('exit', code => resolve(code ?? 1)));
  return child;
}

async function finished(child, what) {
  const code = await child.ended;
  if (code !== 0) throw new Error(`${what} failed with ${code}:\n${child.output}`);
}

/** Ends the group: first politely, then for good. */
async function end(child) {
  const signal = name => {
    try {
      process.kill(-child.pid, name);
      return true;
    } catch {
      return false;
    }
  };
  signal('SIGTERM');
  const late = setTimeout(() => signal('SIGKILL'), 5000);
  await child.ended;
  clearTimeout(late);
  // The group's other members end with their parent; whoever does not is ended now.
  signal('SIGKILL');
}

/** Waits until the server answers, or until it has ended. */
async function answering(url, child) {
  let ended = false;
  child.ended.then(() => {
    ended = true;
  });
  for (let tries = 0; tries < 600; tries++) {
    if (ended) throw new Error(`The workbench ended before it answered:\n${child.output}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`The workbench does not answer at ${url}:\n${child.output}`);
}
