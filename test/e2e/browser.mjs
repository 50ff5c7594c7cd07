/** A browser for the tests: the one that travels inside an npm package on Linux, else an installed Chrome or Edge. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { here } from './install.mjs';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {Promise<import('playwright-core').Browser>} */
export async function launchBrowser() {
  const require = createRequire(join(here, 'package.json'));
  const { chromium } = require('playwright-core');
  if (process.platform === 'linux') {
    const { default: packed } = await import('@sparticuz/chromium');
    const executablePath = await packed.executablePath();
    if (existsSync(executablePath))
      return chromium.launch({ executablePath, args: ['--headless=new', ...args] });
  }
  for (const channel of ['chrome', 'msedge']) {
    try {
      return await chromium.launch({ channel, args });
    } catch {
      // Not installed; try the next one.
    }
  }
  throw new Error('No browser found: install Chrome or Edge.');
}
