/** A strip while the text is half typed: what is wrong and where, and how old the picture is. */
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
    timer = window.setTimeout(() => panel.redraw(), passed < PATIENCE ? PATIENCE - passed : 5000);
    const seconds = Math.round(passed / 1000);
    const age =
      seconds < 5 ? 'just now' : seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
    const { source } = trouble;
    const where = source ? lineText(source, model.uri) : '';
    fill(root, `${trouble.message} ${where} ${age}`, () => [
      icon('error'),
      el(
        'div',
        {},
        el(
          'b',
          {},
          where ? `${where[0]!.toUpperCase()}${where.slice(1)}: ${trouble.message}` : trouble.message,
        ),
        el('p', {}, `Picture, times and table show the text of ${age}.`),
        source &&
          el(
            'button.link',
            { type: 'button', 'data-key': 'go', onclick: () => panel.reveal(source) },
            `Go to ${where}`,
          ),
      ),
    ]);
  });
}
