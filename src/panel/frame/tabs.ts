/** Names of the views, as tabs, and as a drop-down where the panel is narrow; export and help at the right. */
import type { Panel } from '../app.ts';
import { el } from '../dom.ts';
import { exportPicture } from '../export.ts';
import { icon } from '../icons.ts';
import { VIEWS, type ViewName } from '../protocol.ts';

const TITLES: Record<ViewName, string> = {
  placement: 'Placement',
  timeline: 'Timeline',
  memory: 'Memory',
  collectives: 'Collectives',
};

export function mountTabs(root: HTMLElement, panel: Panel): void {
  const buttons = VIEWS.map((view, index) =>
    el(
      'button.tab',
      {
        role: 'tab',
        type: 'button',
        title: `${TITLES[view]} (${index + 1})`,
        onclick: () => panel.update({ view }),
      },
      TITLES[view],
    ),
  );
  const list = el('div.tab-list', { role: 'tablist', 'aria-label': 'Views' }, ...buttons);
  const select = el('select.tab-select', {
    'aria-label': 'View',
    onchange: (event: Event) => panel.update({ view: (event.target as HTMLSelectElement).value as ViewName }),
  });
  for (const view of VIEWS) select.append(el('option', { value: view }, TITLES[view]));
  list.addEventListener('keydown', event => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const next = VIEWS[(VIEWS.indexOf(panel.state.view) + step + VIEWS.length) % VIEWS.length]!;
    panel.update({ view: next });
    buttons[VIEWS.indexOf(next)]!.focus();
    event.stopPropagation();
  });
  const save = el(
    'button.tool',
    {
      type: 'button',
      title: 'Export the picture as SVG; with Shift as PNG',
      'aria-label': 'Export the picture',
      onclick: (event: MouseEvent) => exportPicture(panel, event.shiftKey ? 'png' : 'svg'),
    },
    icon('export'),
  );
  root.append(list, el('label.tab-drop', {}, select, icon('chevron')), el('span.spring'), save);
  panel.onDraw(() => {
    const plan = panel.model !== undefined;
    select.value = panel.state.view;
    save.hidden = !plan || panel.state.view !== 'placement';
    buttons.forEach((button, index) => {
      const chosen = VIEWS[index] === panel.state.view;
      button.setAttribute('aria-selected', String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    });
  });
}
