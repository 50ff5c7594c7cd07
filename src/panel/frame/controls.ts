/** What the picture shows: collective, colour, load; zoom at the right. */

import type { LoadMode } from '../../layout/heat.ts';
import { isTight, planeWidth } from '../../layout/widths.ts';
import type { Panel } from '../app.ts';
import { el, fill, swatch } from '../dom.ts';
import { icon } from '../icons.ts';
import { collectiveKey } from '../look.ts';
import { collectiveTitle } from '../words.ts';

/** Written out, and where there is little room. */
const LOADS: [LoadMode, string, string][] = [
  ['running', 'while it runs', 'running'],
  ['step', 'over the step', 'step'],
  ['bytes', 'bytes of a step', 'bytes'],
];

/** Wired by the placement view. */
export const zoomEvent = (by: 'in' | 'out' | 'fit'): CustomEvent<string> =>
  new CustomEvent('meshwright-zoom', { detail: by });

export function mountControls(root: HTMLElement, panel: Panel): void {
  const mark = swatch('transparent');
  const collective = choice('', 'Collective', value => panel.selectCollective(value), mark);
  const colour = choice('colour', 'Colour by axis', value => panel.update({ axis: value }));
  const load = choice('load', 'Load', value => panel.update({ load: value as LoadMode }));
  const tool = (name: 'zoomOut' | 'zoomIn' | 'full' | 'table', title: string, act: () => void): HTMLElement =>
    el('button.tool', { type: 'button', title, 'aria-label': title, onclick: act }, icon(name));
  const zoom = (by: 'in' | 'out' | 'fit') => () => document.dispatchEvent(zoomEvent(by));
  const table = tool('table', 'As a table (T)', () => panel.update({ table: !panel.state.table }));
  root.append(
    collective.root,
    colour.root,
    load.root,
    el('span.spring'),
    table,
    tool('zoomOut', 'Zoom out (−)', zoom('out')),
    el('button.fit', { type: 'button', title: 'Fit (0)', onclick: zoom('fit') }, 'fit'),
    tool('zoomIn', 'Zoom in (+)', zoom('in')),
  );
  panel.onDraw(() => {
    const { model } = panel;
    if (!model) return;
    const look = panel.look();
    const entries = model.collectives.map((entry): [string, string] => [
      collectiveKey(entry),
      collectiveTitle(entry),
    ]);
    options(collective.select, entries, look.collective ? collectiveKey(look.collective) : '');
    options(
      colour.select,
      model.axes
        .filter(({ size }) => size > 1)
        .map(({ name, role }): [string, string] => [name, role === 'pp' ? `${name} stage` : name]),
      look.axis?.name ?? '',
    );
    const tight = isTight(planeWidth(root.clientWidth));
    options(
      load.select,
      LOADS.map(([value, long, short]): [string, string] => [value, tight ? short : long]),
      look.load,
    );
    const placed = panel.state.view === 'placement';
    collective.root.hidden = load.root.hidden = !placed || model.collectives.length === 0;
    colour.root.hidden = !placed || colour.select.options.length === 0;
    table.setAttribute('aria-pressed', String(panel.state.table));
    const role = model.axes.find(({ name }) => name === look.collective?.axes[0])?.role;
    mark.style.background = look.collective ? panel.palette.axis(role) : 'transparent';
  });
}

interface Choice {
  root: HTMLElement;
  select: HTMLSelectElement;
}

/** A drop-down with a word before it; the browser's own list serves keyboard and screen readers. */
function choice(word: string, label: string, choose: (value: string) => void, mark?: HTMLElement): Choice {
  const select = el('select', { 'aria-label': label, onchange: () => choose(select.value) });
  return {
    root: el('label.choice', {}, mark, word && el('span.word', {}, word), select, icon('chevron')),
    select,
  };
}

function options(select: HTMLSelectElement, entries: [string, string][], chosen: string): void {
  fill(select, JSON.stringify(entries), () => entries.map(([value, text]) => el('option', { value }, text)));
  select.value = chosen;
}
