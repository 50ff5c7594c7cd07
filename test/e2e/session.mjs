/** One real VS Code and one browser for a file of tests; a failing test leaves a picture behind. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launchBrowser } from './browser.mjs';
import { openWorkbench } from './editor.mjs';
import { here, root } from './install.mjs';
import { packed } from './variants.mjs';
import { startWorkbench } from './workbench.mjs';

const plan = 'llama3-405b-16k-h100.shard';

/**
 * @param {object} options
 * @param {string[]} options.files   names for copies of the 405B example, one per test, so that tests do not meet
 * @param {(folder: string) => string} [options.vsix] makes another package; gets a folder for it
 * @param {object} [options.workbench] further options of the workbench
 */
export function session({ files, vsix, workbench: more }) {
  const folder = mkdtempSync(join(tmpdir(), 'meshwright-e2e-'));
  const state = {};

  beforeAll(async () => {
    const examples = join(folder, 'examples');
    cpSync(join(root, 'examples'), examples, { recursive: true });
    for (const name of files) cpSync(join(examples, plan), join(examples, name));
    state.workbench = await startWorkbench({
      vsix: vsix?.(folder) ?? packed('vsix'),
      folder: examples,
      ...more,
    });
    state.browser = await launchBrowser();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail' && state.page) {
      mkdirSync(join(here, '.cache'), { recursive: true });
      await state.page.screenshot({ path: join(here, '.cache', `${state.name}.png`) }).catch(() => {});
    }
    await state.page?.close();
    state.page = undefined;
  });

  afterAll(async () => {
    await state.browser?.close();
    await state.workbench?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A new window on the folder. */
  return async name => {
    const page = await state.browser.newPage({ viewport: { width: 1500, height: 1100 } });
    Object.assign(state, { page, name });
    page.on('dialog', dialog => dialog.accept());
    await openWorkbench(page, state.workbench.url);
    return page;
  };
}
