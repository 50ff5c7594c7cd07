/** What a person does in the workbench, and what they see there. Every wait is for a condition, none for a time. */

/** Long enough for two busy cores; a condition that is never met is the failure. */
export const patience = 90_000;

/** Opens the workbench and waits until it is drawn. */
export async function openWorkbench(page, url) {
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: patience });
}

/** Opens a file of the folder by its name. */
export async function openFile(page, name) {
  const tab = page.locator('.tabs-container .tab.active', { hasText: name });
  // Until the explorer knows the folder, the list of files can be empty: ask again.
  for (let tries = 0; tries < 10; tries++) {
    await quickInput(page, name);
    const entry = page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
    try {
      await entry.waitFor({ timeout: patience / 10 });
      await entry.click();
      await tab.waitFor({ timeout: patience / 10 });
      return;
    } catch {
      await page.keyboard.press('Escape');
    }
  }
  throw new Error(`${name} could not be opened.`);
}

/** Runs a command of the palette by its title. */
export async function runCommand(page, title) {
  await quickInput(page, `>${title}`);
  const entry = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  await entry.waitFor({ timeout: patience });
  await entry.click();
}

async function quickInput(page, text) {
  const input = page.locator(
    '.quick-input-widget:visible input[type=text], .quick-input-widget:visible .input',
  );
  for (let tries = 0; tries < 10; tries++) {
    await page.keyboard.press('F1');
    try {
      await input.first().waitFor({ timeout: patience / 10 });
      break;
    } catch {
      // The key came before the workbench listened.
    }
  }
  await input.first().fill(text);
}

/** The texts of the hints that are drawn, one per line that has any, in the sequence of the lines. */
export function hints(page) {
  return page.evaluate(() => {
    const lines = [...document.querySelectorAll('.editor-instance .view-line')];
    const top = line => Number.parseFloat(line.style.top);
    return lines
      .sort((a, b) => top(a) - top(b))
      .map(line => {
        const injected = [
          ...line.querySelectorAll('[class*="inlay"], [class*="dyn-rule-"], [class*="ced-"]'),
        ];
        return { line: line.textContent ?? '', hint: injected.map(part => part.textContent).join('') };
      })
      .filter(entry => entry.hint.trim() !== '');
  });
}
