/** A strip while the text is half typed: what is wrong and where, and what the picture shows meanwhile. */
import type { Panel } from '../app.ts';
import { PATIENCE } from '../app.ts';
import { el, fill } from '../dom.ts';
import { icon } from '../icons.ts';
import { lineText } from '../words.ts';

export function mountTrouble(root: HTMLElement, panel: Panel): void {
  root.setAttribute('role', 'status');
  let timer = 0;
  panel.onDraw(() => {
    const { trouble, model } = panel;
    window.clearTimeout(timer);
    root.hidden = !panel.troubled();
    if (!trouble || !model) return;
    const passed = performance.now() - trouble.since;
    if (passed < PATIENCE) timer = window.setTimeout(() => panel.redraw(), PATIENCE - passed);
    const { message, source } = trouble;
    const where = source ? lineText(source, model.uri) : '';
    const named = where === '' || message.toLowerCase().includes(where.toLowerCase());
    const said = named ? message : `${where}: ${message}`;
    fill(root, `${message} ${where}`, () => [
      icon('error'),
      el(
        'div',
        {},
        el(
          'div.trouble-head',
          {},
          el('b', {}, `${said[0]?.toUpperCase() ?? ''}${said.slice(1)}`),
          source &&
            el(
              'button.link',
              { type: 'button', 'data-key': 'go', onclick: () => panel.reveal(source) },
              `Go to ${where}`,
            ),
        ),
        el('p', {}, 'Picture and times show the last complete text.'),
      ),
    ]);
  });
}
