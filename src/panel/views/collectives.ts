/** The table behind all the hints: sortable, hidden ones said to be hidden, a sum that equals the verdict. */
import type { PanelCollective, PlanModel } from '../../layout/model/types.ts';
import type { Panel } from '../app.ts';
import { el, fill, swatch } from '../dom.ts';
import { icon } from '../icons.ts';
import { collectiveKey } from '../look.ts';
import {
  byName,
  formatBytesBinary,
  formatCount,
  formatShare,
  formatTime,
  limitKind,
  opName,
} from '../words.ts';

type Value = string | number;

interface Column {
  id: string;
  title: string;
  /** Class that hides it where the panel is narrow: the higher, the earlier. */
  rank: number;
  number: boolean;
  value(collective: PanelCollective, model: PlanModel): Value;
  text(collective: PanelCollective, model: PlanModel): string;
  /** Shown over the cell. */
  tip?(collective: PanelCollective): string;
}

const limitShare = ({ time, limit }: PanelCollective): number => (time > 0 ? limit / time : 0);
/** Where the time goes, as facts and command line say it; not the highest level crossed. */
const bindingLevel = ({ bottleneck }: PanelCollective, { levels, links }: PlanModel): string =>
  levels[links[bottleneck]?.level ?? -1]?.name ?? '';

const COLUMNS: Column[] = [
  {
    id: 'axis',
    title: '',
    rank: 0,
    number: false,
    value: c => c.axes.join('·'),
    text: c => c.axes.join('·'),
  },
  { id: 'op', title: 'op', rank: 0, number: false, value: c => c.op, text: c => opName(c.op) },
  { id: 'of', title: 'of', rank: 2, number: false, value: c => c.what, text: c => c.what },
  {
    id: 'size',
    title: 'size',
    rank: 3,
    number: true,
    value: c => c.bytes,
    text: c => formatBytesBinary(c.bytes),
  },
  {
    id: 'count',
    title: 'count',
    rank: 3,
    number: true,
    value: c => c.count,
    text: c => `×${formatCount(c.count)}`,
  },
  { id: 'level', title: 'binds on', rank: 1, number: false, value: bindingLevel, text: bindingLevel },
  {
    id: 'by',
    title: 'by',
    rank: 4,
    number: false,
    value: byName,
    text: byName,
  },
  { id: 'each', title: 'each', rank: 4, number: true, value: c => c.time, text: c => formatTime(c.time) },
  { id: 'total', title: 'total', rank: 1, number: true, value: c => c.total, text: c => formatTime(c.total) },
  {
    id: 'exposed',
    title: 'exposed',
    rank: 0,
    number: true,
    value: c => c.exposed,
    text: c => (c.exposed > 0 ? formatTime(c.exposed) : 'hidden'),
  },
  {
    id: 'limit',
    title: 'of limit',
    rank: 4,
    number: true,
    value: limitShare,
    text: c => (limitShare(c) > 0 ? formatShare(limitShare(c)) : '—'),
    tip: c => `${formatTime(c.limit)} at line rate, set by ${limitKind(c)}`,
  },
];

export function mountCollectives(root: HTMLElement, panel: Panel): void {
  const table = el('table.grid', { role: 'grid', 'aria-label': 'Collectives of one step' });
  root.append(table);
  panel.onDraw(() => {
    const { model, state, palette } = panel;
    if (!model || state.view !== 'collectives') return;
    const chosen = panel.look().collective;
    const key = JSON.stringify([
      model.collectives,
      model.verdict,
      state.sort,
      chosen && collectiveKey(chosen),
      palette.ground,
      palette.axis('tp'),
    ]);
    fill(table, key, () => [head(panel), body(model, panel, chosen), foot(model)]);
  });
  table.addEventListener('keydown', event => step(table, event, panel));
}

function head(panel: Panel): HTMLElement {
  const { sort } = panel.state;
  const cells = COLUMNS.map(({ id, title, rank, number }) => {
    const own = sort.column === id;
    const button = el(
      'button',
      {
        type: 'button',
        'data-key': `sort ${id}`,
        title: `Sort by ${title || 'axis'}`,
        onclick: () => panel.update({ sort: { column: id, descending: own ? !sort.descending : number } }),
      },
      title || 'axis',
      own && icon(sort.descending ? 'down' : 'up'),
    );
    const order = own ? (sort.descending ? 'descending' : 'ascending') : 'none';
    return el(
      'th',
      { class: `r${rank}${number ? ' number' : ''}`, scope: 'col', 'aria-sort': order },
      button,
    );
  });
  return el('thead', {}, el('tr', {}, ...cells, el('th.bar-cell.r3', { 'aria-hidden': 'true' })));
}

/** Sorted rows; equal ones keep the sequence of the estimate. */
export function sorted(model: PlanModel, sort: { column: string; descending: boolean }): PanelCollective[] {
  const column = COLUMNS.find(({ id }) => id === sort.column) ?? COLUMNS.find(({ id }) => id === 'exposed')!;
  const sign = sort.descending ? -1 : 1;
  return [...model.collectives].sort((a, b) => {
    const x = column.value(a, model);
    const y = column.value(b, model);
    if (typeof x === 'number' && typeof y === 'number') return sign * (x - y);
    return sign * String(x).localeCompare(String(y), 'en');
  });
}

function body(model: PlanModel, panel: Panel, chosen: PanelCollective | undefined): HTMLElement {
  const most = Math.max(...model.collectives.map(({ exposed }) => exposed), 0);
  const rows = sorted(model, panel.state.sort).map(collective => {
    const role = model.axes.find(({ name }) => name === collective.axes[0])?.role;
    const key = collectiveKey(collective);
    const cells = COLUMNS.map(({ id, rank, number, text, tip }) => {
      const hidden = id === 'exposed' && collective.exposed <= 0;
      const classes = `r${rank}${number ? ' number' : ''} ${id}${hidden ? ' dim' : ''}`;
      return el(
        'td',
        { class: classes, role: 'gridcell', title: tip?.(collective) },
        id === 'axis' && swatch(panel.palette.axis(role)),
        text(collective, model),
        id === 'op' && el('span.of-line', {}, collective.what),
      );
    });
    const bar = el('span.exposed-bar');
    const filled = el('span');
    filled.style.width = `${most > 0 ? (collective.exposed / most) * 100 : 0}%`;
    bar.append(filled);
    return el(
      'tr',
      {
        tabindex: collective === chosen ? 0 : -1,
        'data-key': key,
        'aria-selected': String(collective === chosen),
        class: collective === chosen ? 'chosen' : undefined,
        onclick: (event: MouseEvent) =>
          event.altKey ? panel.reveal(collective.source) : panel.selectCollective(key),
        ondblclick: () => panel.reveal(collective.source),
      },
      ...cells,
      el('td.bar-cell.r3', { 'aria-hidden': 'true' }, bar),
    );
  });
  return el('tbody', {}, ...rows);
}

function foot(model: PlanModel): HTMLElement {
  const total = model.collectives.reduce((sum, collective) => sum + collective.total, 0);
  const parts = model.verdict?.parts.filter(({ kind }) => kind === 'axis') ?? [];
  const exposed = parts.reduce((sum, { seconds }) => sum + seconds, 0);
  const count = model.collectives.length;
  const cells = COLUMNS.slice(2).map(({ id, rank, number }) => {
    const text = id === 'total' ? formatTime(total) : id === 'exposed' ? formatTime(exposed) : '';
    return el('td', { class: `r${rank}${number ? ' number' : ''} ${id}` }, text);
  });
  const share = model.verdict ? `${formatShare(model.verdict.exposedShare, true)} of the step` : '';
  return el(
    'tfoot',
    {},
    el(
      'tr',
      {},
      el('td.dim', { colspan: 2 }, `${formatCount(count)} ${count === 1 ? 'collective' : 'collectives'}`),
      ...cells,
      el('td.dim.bar-cell.r3', {}, share),
    ),
  );
}

/** Up and down between rows; Enter and F12 go to the line. */
function step(table: HTMLElement, event: KeyboardEvent, panel: Panel): void {
  const row = (event.target as HTMLElement).closest('tbody tr') as HTMLElement | null;
  if (!row) return;
  const next = (
    event.key === 'ArrowDown'
      ? row.nextElementSibling
      : event.key === 'ArrowUp'
        ? row.previousElementSibling
        : null
  ) as HTMLElement | null;
  if (next) {
    next.focus();
    panel.selectCollective(next.getAttribute('data-key') ?? '');
  } else if (event.key === 'Enter' || event.key === 'F12') {
    const key = row.getAttribute('data-key');
    panel.reveal(panel.model?.collectives.find(collective => collectiveKey(collective) === key)?.source);
  } else return;
  event.preventDefault();
  event.stopPropagation();
  void table;
}
