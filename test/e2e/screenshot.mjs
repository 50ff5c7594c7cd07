/**
 * Pictures of the product in a real VS Code, for the README and for looking at it.
 *
 *   node test/e2e/screenshot.mjs [flags]      (Node 24: `npm exec -- node …`, or node_modules/.bin/node …)
 *
 *   --out FILE.png        where to; default: screenshot.png
 *   --theme NAME          dark (default), light, hc, hc-light; a comma list makes one picture each (FILE-light.png)
 *   --width N --height N  window in CSS pixels; default 1440 x 900. --scale 2 for twice the pixels
 *   --folder DIR          folder to open (a copy of it); default: examples
 *   --file NAME           file to open; default: llama3-405b-16k-h100.shard
 *   --line N | --at TEXT  put the cursor on a line, by number or by a text in it
 *   --panel [PX]          open the topology panel beside; PX: its width
 *   --keys "1 B Escape"   keys pressed in the panel, one after the other
 *   --command TITLE       run a command of the palette
 *   --hover TEXT          rest the pointer on a text of the editor
 *   --type TEXT           type at the cursor
 *   --quick-fix           open the list of quick fixes at the cursor
 *   --settings JSON       user settings on top
 *   --clip panel          only the panel, not the window
 *   --vsix FILE           packed extension; default: builds and packs the current sources
 *   --no-hints            do not wait for hints (a file that has none)
 *   --settle MS           extra patience before the picture, for looking only (default 500)
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import * as editor from './editor.mjs';
import { ensureInstalled, root } from './install.mjs';
import { startWorkbench } from './workbench.mjs';

const themes = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  hc: 'Default High Contrast',
  'hc-light': 'Default High Contrast Light',
};

const { values: flags } = parseArgs({
  args: withOptionalPanelWidth(process.argv.slice(2)),
  options: {
    out: { type: 'string', default: 'screenshot.png' },
    theme: { type: 'string', default: 'dark' },
    width: { type: 'string', default: '1440' },
    height: { type: 'string', default: '900' },
    scale: { type: 'string', default: '1' },
    folder: { type: 'string', default: join(root, 'examples') },
    file: { type: 'string', default: 'llama3-405b-16k-h100.shard' },
    line: { type: 'string' },
    at: { type: 'string' },
    panel: { type: 'string' },
    keys: { type: 'string' },
    command: { type: 'string' },
    hover: { type: 'string' },
    type: { type: 'string' },
    'quick-fix': { type: 'boolean' },
    settings: { type: 'string', default: '{}' },
    clip: { type: 'string' },
    vsix: { type: 'string' },
    'no-hints': { type: 'boolean' },
    settle: { type: 'string', default: '500' },
  },
});

/** `--panel` may stand without a width. */
function withOptionalPanelWidth(args) {
  return args.map((arg, i) => (arg === '--panel' && !/^\d+$/.test(args[i + 1] ?? '') ? '--panel=0' : arg));
}

function packed() {
  if (flags.vsix) return resolve(flags.vsix);
  execFileSync(process.execPath, [join(root, 'scripts', 'package.mjs'), '--only', 'vsix'], {
    stdio: 'inherit',
  });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, `meshwright-${version}.vsix`);
}

async function picture(page) {
  await editor.openFile(page, flags.file);
  if (!flags['no-hints']) await editor.waitForHints(page);
  if (flags.line) await editor.goToLine(page, Number(flags.line));
  if (flags.at) await editor.goToText(page, flags.at);
  if (flags.type) await page.keyboard.type(flags.type);
  if (flags.command) await editor.runCommand(page, flags.command);
  let panel;
  if (flags.panel !== undefined) {
    panel = await editor.openTopology(page);
    if (Number(flags.panel) > 0) await editor.resizePanel(page, Number(flags.panel));
    for (const key of (flags.keys ?? '').split(' ').filter(Boolean)) await panel.locator('body').press(key);
  }
  if (flags.hover) await editor.hoverText(page, flags.hover);
  if (flags['quick-fix']) await page.keyboard.press('Control+.');
  await page.waitForTimeout(Number(flags.settle));
  return panel;
}

await ensureInstalled();
const vsix = packed();
const browser = await launchBrowser();
try {
  const wanted = flags.theme.split(',');
  for (const theme of wanted) {
    const workbench = await startWorkbench({
      vsix,
      folder: resolve(flags.folder),
      settings: { 'workbench.colorTheme': themes[theme] ?? theme, ...JSON.parse(flags.settings) },
    });
    try {
      const page = await browser.newPage({
        viewport: { width: Number(flags.width), height: Number(flags.height) },
        deviceScaleFactor: Number(flags.scale),
      });
      await editor.openWorkbench(page, workbench.url);
      const path = resolve(wanted.length > 1 ? flags.out.replace(/\.png$/, `-${theme}.png`) : flags.out);
      try {
        const panel = await picture(page);
        const clip =
          flags.clip === 'panel' && panel ? await (await panel.frameElement()).boundingBox() : undefined;
        await page.screenshot({ path, ...(clip ? { clip } : {}) });
      } catch (error) {
        await page.screenshot({ path });
        throw error;
      }
      console.log(path);
      await page.close();
    } finally {
      await workbench.stop();
    }
  }
} finally {
  await browser.close();
}
