/** The same package where a host gives it less: a web worker without a disk, and a folder that nobody trusts. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as editor from './editor.mjs';
import { session } from './session.mjs';
import { packed, withoutMain } from './variants.mjs';

describe('in the web-worker extension host', () => {
  const open = session({
    files: ['web.shard'],
    vsix: folder => withoutMain(packed('vsix'), join(folder, 'web.vsix')),
  });

  test('a plan carries its times, its model read through the client', async () => {
    const page = await open('web');
    await editor.openFile(page, 'web.shard');
    await editor.until('tp has its time', async () =>
      /\d m?s · exposed/.test((await editor.hintOn(page, 'tp:')) ?? ''),
    );
    const panel = await editor.openTopology(page);
    await editor.until('the panel shows the verdict', async () =>
      /MFU/.test(await panel.locator('#panel').innerText()),
    );
  });
});

describe('in Restricted Mode', () => {
  const open = session({ files: ['restricted.shard'], workbench: { restricted: true } });

  test('a plan carries its times all the same', async () => {
    const page = await open('restricted');
    await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    await editor.openFile(page, 'restricted.shard');
    await editor.until('tp has its time', async () =>
      /\d m?s · exposed/.test((await editor.hintOn(page, 'tp:')) ?? ''),
    );
    expect(await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).count()).toBe(1);
  });
});
