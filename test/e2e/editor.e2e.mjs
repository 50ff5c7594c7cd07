/** The packed extension in the Node extension host of a real VS Code: what a newcomer does in the first minutes. */
import { describe, expect, test } from 'vitest';
import * as editor from './editor.mjs';
import { session } from './session.mjs';

const files = [
  'first.shard',
  'edited.shard',
  'broken.shard',
  'placed.shard',
  'followed.shard',
  'defined.shard',
];

describe('a plan in the editor', () => {
  const open = session({ files });

  test('carries its times beside the lines that cause them', async () => {
    const page = await open('hints');
    await editor.openFile(page, 'first.shard');
    await editor.waitForHints(page);
    await editor.until('tp has its time', async () =>
      /\d m?s · exposed/.test((await editor.hintOn(page, 'tp:')) ?? ''),
    );
    expect(await editor.hintOn(page, 'dp.zero:')).toMatch(/\d m?s · exposed +[\d.]+ %/);
    expect(await editor.hintOn(page, 'batch.micro:')).toBeUndefined();
    expect(await editor.hoverText(page, 'dp.zero')).toMatch(/ZeRO/i);
  });

  test('says in the status bar what binds it', async () => {
    const page = await open('status');
    await editor.openFile(page, 'first.shard');
    await page.locator('.statusbar-item', { hasText: /pretrain [\d.]+ s~? · .+ binds/ }).waitFor();
  });

  test('is priced anew by an edit', async () => {
    const page = await open('edit');
    await editor.openFile(page, 'edited.shard');
    await editor.waitForHints(page);
    let before;
    await editor.until('dp.zero has a hint', async () => {
      before = await editor.hintOn(page, 'dp.zero:');
      return before !== undefined;
    });
    await editor.replaceText(page, 'dp.zero:     2', 'dp.zero:     3');
    await editor.until('the hint says something else', async () => {
      const after = await editor.hintOn(page, 'dp.zero:');
      return after !== undefined && after !== before;
    });
  });

  test('underlines a unit that is missing, and the quick fix mends it', async () => {
    const page = await open('unit');
    await editor.openFile(page, 'broken.shard');
    await editor.waitForHints(page);
    const before = await editor.errors(page).count();
    await editor.replaceText(page, 'bandwidth: 450GB/s', 'bandwidth: 450');
    await editor.until(
      'one more error is underlined',
      async () => (await editor.errors(page).count()) > before,
    );
    await editor.goToText(page, 'bandwidth: 450');
    await editor.applyQuickFix(page, /GB\/s/);
    await editor.until('the error is gone', async () => (await editor.errors(page).count()) <= before);
  });

  test('leads from a name to its definition in the standard library', async () => {
    const page = await open('definition');
    await editor.openFile(page, 'defined.shard');
    await editor.waitForHints(page);
    await editor.goToText(page, 'of 8 h100_sxm');
    await editor.until('the library is open', async () => {
      await page.keyboard.press('F12');
      return page
        .locator('.tabs-container .tab.active', { hasText: 'chips.shard' })
        .waitFor({ timeout: 5000 })
        .then(
          () => true,
          () => false,
        );
    });
  });

  test('is drawn in the panel, which follows the cursor and comes back with the window', async () => {
    const page = await open('panel');
    await editor.openFile(page, 'placed.shard');
    await editor.waitForHints(page);
    const panel = await editor.openTopology(page);
    const text = () => panel.locator('#panel').innerText();
    await editor.until('the panel shows the verdict', async () => /MFU/.test(await text()));
    expect(await text()).toMatch(/\d of \d claims hold|claims? fails?/);

    await editor.goToText(page, 'dp.zero');
    await editor.until('the panel selects what dp.zero causes', async () => /over dp 128/.test(await text()));
    await editor.goToText(page, 'tp:  8');
    await editor.until('the panel selects what tp causes', async () => /over tp 8/.test(await text()));

    // And back: the panel leads to the line that causes what it shows.
    await editor.goToLine(page, 1);
    await editor.until('tp is still selected', async () => /over tp 8/.test(await text()));
    await panel
      .getByText(/^line \d+$/)
      .first()
      .click();
    await page.locator('.statusbar-item', { hasText: /^Ln 28,/ }).waitFor();

    // The step as a timeline: a block that is reached by key says what it is, and Enter leads to the plan.
    await panel.locator('body').press('2');
    const said = panel.locator('.timeline .caption');
    await said.filter({ hasText: 'Click a block' }).waitFor();
    await panel.locator('.tl-area').press('ArrowRight');
    await said.filter({ hasText: /stage 0 · forward of microbatch 0/ }).waitFor();
    await panel.locator('.tl-area').press('Enter');
    await page.locator('.statusbar-item', { hasText: /^Ln 3[5-9],/ }).waitFor();
    await panel.locator('body').press('1');

    // The window is closed and opened again.
    await editor.reloadWindow(page);
    const again = await editor.panelFrame(page);
    await editor.until('the panel is back', async () =>
      /MFU/.test(await again.locator('#panel').innerText()),
    );
  });
});
