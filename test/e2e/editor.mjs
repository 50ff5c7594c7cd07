/** What a person does in the workbench, and what they see there. Every wait is for a condition, none for a time. */

/** Long enough for two busy cores; a condition that is never met is the failure. */
export const patience = 90_000;
/** For steps that are repeated until they take. */
const short = patience / 10;

/** Opens the workbench and waits until it is drawn. */
export async function openWorkbench(page, url) {
  page.setDefaultTimeout(patience);
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.locator('.monaco-workbench .part.statusbar').waitFor();
}

/** Opens a file of the folder by its name or its path in the folder. */
export async function openFile(page, path) {
  // The list and the tab show the name alone; the list has the folder beside it.
  const name = path.slice(path.lastIndexOf('/') + 1);
  const tab = page.locator('.tabs-container .tab.active', { hasText: name });
  // Until the workbench knows the folder, the list of files can be empty: ask again.
  await until(`${name} is open`, async () => {
    await quickInput(page, path);
    const entry = page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first();
    try {
      await entry.click({ timeout: short });
      await tab.waitFor({ timeout: short });
      return true;
    } catch {
      await page.keyboard.press('Escape');
      return false;
    }
  });
  await page.locator('.editor-instance .view-line').first().waitFor();
}

/** Runs a command of the palette by its title. */
export async function runCommand(page, title) {
  await quickInput(page, `>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
}

/** Closes the window and opens it again, as VS Code does it: what is open is kept. */
export async function reloadWindow(page) {
  const loaded = page.waitForEvent('load');
  await runCommand(page, 'Developer: Reload Window');
  await loaded;
  await page.locator('.monaco-workbench .part.statusbar').waitFor();
}

/** Puts the cursor at the start of a line, counted from 1. */
export async function goToLine(page, line) {
  await quickInput(page, `:${line}`);
  await page.keyboard.press('Enter');
}

/** Selects the first place where the text stands in the active editor. */
export async function goToText(page, text) {
  const widget = page.locator('.find-widget.visible');
  await until('the find widget is open', async () => {
    await page
      .locator('.editor-group-container.active .editor-instance .view-lines')
      .first()
      .focus()
      .catch(() => {});
    await page.keyboard.press('Control+f');
    return widget.waitFor({ timeout: short }).then(
      () => true,
      () => false,
    );
  });
  await widget
    .locator('textarea, [contenteditable], .native-edit-context')
    .first()
    .focus()
    .catch(() => {});
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
  await widget.locator('.matchesCount', { hasText: /^\d+ of \d+$/ }).waitFor();
  await page.keyboard.press('Escape');
  await widget.waitFor({ state: 'hidden' });
}

/** Replaces the first occurrence of a text, as if pasted. */
export async function replaceText(page, before, after) {
  await goToText(page, before);
  await page.keyboard.insertText(after);
}

async function quickInput(page, text) {
  const input = page.locator('.quick-input-widget input:visible').first();
  // A key that comes before the workbench listens is lost: press again.
  await until('the quick input is open', async () => {
    await page.keyboard.press('F1');
    return input.waitFor({ timeout: short }).then(
      () => true,
      () => false,
    );
  });
  await input.fill(text);
}

/** Lines of the active editor that carry hints, from top to bottom: `{ line, hint }`. */
export function hints(page) {
  return page.evaluate(() => {
    const plain = text => text.replaceAll('\u00a0', ' ').replaceAll('\u2007', ' ');
    const lines = [...document.querySelectorAll('.editor-instance .view-line')];
    const top = line => Number.parseFloat(line.style.top);
    return lines
      .sort((a, b) => top(a) - top(b))
      .map(line => {
        // What is drawn into a line without being its text has a style made for it.
        const drawn = [...line.querySelectorAll('[class*="dyn-rule-"]')]
          .map(part => part.textContent)
          .join('');
        const all = line.textContent ?? '';
        return { line: plain(all.replace(drawn, '')).trimEnd(), hint: plain(drawn).trim() };
      })
      .filter(entry => entry.hint !== '');
  });
}

/** The hint on the line that begins with a text; undefined where there is none on screen. */
export async function hintOn(page, start) {
  return (await hints(page)).find(entry => entry.line.trim().startsWith(start))?.hint;
}

/** Waits until there are hints, and gives them. */
export async function waitForHints(page) {
  let found = [];
  await until('there are hints', async () => {
    found = await hints(page);
    return found.length > 0;
  });
  return found;
}

/** Opens the panel with the button in the title bar and gives the frame that it is drawn in. */
export async function openTopology(page) {
  await page.locator('.editor-actions [aria-label*="Open Topology"]').first().click();
  return panelFrame(page);
}

/** The frame of the panel: nested in frames of VS Code's own. */
export async function panelFrame(page) {
  let frame;
  await until('the panel is there', async () => {
    for (const candidate of page.frames()) {
      const found = await candidate
        .evaluate(() => document.querySelector('#panel') !== null)
        .catch(() => false);
      if (found) frame = candidate;
    }
    return frame !== undefined;
  });
  return frame;
}

/** Drags the border between text and panel until the panel has this width. */
export async function resizePanel(page, width) {
  const group = await page.locator('.editor-group-container').nth(1).boundingBox();
  if (!group) throw new Error('There is no panel to resize.');
  const right = group.x + group.width;
  const middle = group.y + group.height / 2;
  await page.mouse.move(group.x, middle);
  await page.mouse.down();
  await page.mouse.move(right - width, middle, { steps: 8 });
  await page.mouse.up();
}

/** Rests the pointer on a text of the active editor until something is shown there, VS Code's "Loading..." aside. */
export async function hoverText(page, text) {
  const contents = page.locator('.monaco-hover:not(.hidden) .hover-contents');
  const hover = contents.filter({ hasNotText: /^\s*Loading/ }).first();
  await until('there is a hover', async () => {
    const place = await placeOf(page, text);
    await page.mouse.move(place.x - 3, place.y);
    await page.mouse.move(place.x, place.y, { steps: 3 });
    const shown = await hover.waitFor({ timeout: short }).then(
      () => true,
      () => false,
    );
    // A lens that came meanwhile has moved the lines: what is shown belongs to another one.
    const { y } = await placeOf(page, text);
    if (y !== place.y) await page.mouse.move(0, 0);
    return shown && y === place.y;
  });
  return hover.textContent();
}

/** The middle of a text on the screen. */
async function placeOf(page, text) {
  const place = await page.evaluate(wanted => {
    for (const line of document.querySelectorAll('.editor-instance .view-line')) {
      // A text may be split into several spans: find both of its ends by counting.
      const at = (line.textContent ?? '').replaceAll('\u00a0', ' ').indexOf(wanted);
      if (at < 0) continue;
      const range = document.createRange();
      const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      let before = 0;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const after = before + (node.textContent ?? '').length;
        if (before <= at && at < after) range.setStart(node, at - before);
        const end = at + wanted.length;
        if (before < end && end <= after) range.setEnd(node, end - before);
        before = after;
      }
      const box = range.getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }
    return undefined;
  }, text);
  if (!place) throw new Error(`"${text}" is not on the screen.`);
  return place;
}

/** Errors that are underlined on screen. */
export const errors = page => page.locator('.editor-instance .squiggly-error');

/** Opens the quick fixes at the cursor and applies the one with this text. */
export async function applyQuickFix(page, text) {
  const entry = page.locator('.action-widget .monaco-list-row', { hasText: text }).first();
  await until(`"${text}" is offered`, async () => {
    await page.keyboard.press('Control+.');
    try {
      await entry.click({ timeout: short });
      return true;
    } catch {
      await page.keyboard.press('Escape');
      return false;
    }
  });
}

/** Asks again and again until the answer is true. */
export async function until(what, holds) {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
