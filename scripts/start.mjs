/**
 * Opens the extension on examples/ in a real VS Code: the desktop's where there is one, else the workbench in the browser.
 *
 *   npm start                      stays until Ctrl-C
 *   npm start -- --folder DIR      another folder; your own files, not a copy
 *   npm start -- --browser         the browser even where the desktop could
 *   npm start -- --port N          instead of a free port
 *   npm start -- --check           leaves as soon as the address answers (for tests)
 */
import { spawn, spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cannotRun } from '../test/e2e/install.mjs';
import { packed } from '../test/e2e/variants.mjs';
import { startWorkbench } from '../test/e2e/workbench.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values: flags } = parseArgs({
  options: {
    folder: { type: 'string', default: join(root, 'examples') },
    browser: { type: 'boolean' },
    port: { type: 'string' },
    check: { type: 'boolean' },
  },
});
const folder = resolve(flags.folder);

/** The `code` command and a screen to show it on. */
function hasDesktop() {
  const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  return Boolean(screen) && spawnSync('code --version', { shell: true, stdio: 'ignore' }).status === 0;
}

function node(...args) {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (!flags.browser && !flags.check && hasDesktop()) {
  node('esbuild.mjs');
  spawn(`code --new-window --extensionDevelopmentPath="${root}" "${folder}"`, {
    shell: true,
    stdio: 'inherit',
  });
} else {
  const reason = cannotRun();
  if (reason) {
    console.error(
      `No \`code\` command was found, and ${reason}. Install VS Code and put \`code\` on the path.`,
    );
    process.exit(1);
  }
  node('scripts/package.mjs', '--only', 'vsix');
  const port = flags.port ? Number(flags.port) : undefined;
  const workbench = await startWorkbench({ vsix: packed('vsix'), folder, inPlace: true, port });
  console.log(`\n  Meshwright is open at  ${workbench.url}\n`);
  if (!flags.check) {
    console.log('  Press Ctrl-C to end it.\n');
    const asked = new Promise(done => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => done(0));
    });
    process.exitCode = await Promise.race([asked, workbench.exited]);
  }
  await workbench.stop();
}
