/** What fills a chip, stage by stage, under the capacity and a claim. */
import type { MemoryStage, PanelMemory } from '../../layout/model/types.ts';
import type { Panel } from '../app.ts';
import { el, fill, svg } from '../dom.ts';
import type { Palette } from '../palette.ts';
import { formatBytesBinary } from '../words.ts';

const GiB = 2 ** 30;
const LEFT = 44;
const TOP = 26;
const FOOT = 40;

export function mountMemory(root: HTMLElement, panel: Panel): void {
  const caption = el('p.caption');
  const chart = el('div.chart');
  const table = el('div.unseen');
  root.append(caption, chart, table);
  new ResizeObserver(() => panel.redraw()).observe(chart);
  panel.onDraw(() => {
    const { model, palette, state } = panel;
    if (!model || state.view !== 'memory') return;
    const memory = model.memory;
    const size = { w: Math.max(260, chart.clientWidth), h: Math.max(180, chart.clientHeight) };
    const key = JSON.stringify([memory, size, palette.ground, palette.text, palette.memory('weights')]);
    fill(caption, key, () =>
      memory ? [captionOf(memory)] : ['Memory is shown once the plan can be priced.'],
    );
    fill(chart, key, () => (memory ? [drawing(memory, size, palette)] : []));
    fill(table, key, () => (memory ? [asTable(memory)] : []));
  });
}

function captionOf(memory: PanelMemory): string {
  const peak = memory.stages.find(({ stage }) => stage === memory.peakStage);
  const many = memory.stages.length > 1;
  return `${formatBytesBinary(peak?.total ?? 0)} of ${formatBytesBinary(memory.capacity)}${many ? ` on the fullest stage, ${memory.peakStage}` : ' per chip'}`;
}

function drawing(memory: PanelMemory, size: { w: number; h: number }, palette: Palette): SVGElement {
  const names = partNames(memory);
  const right = size.w < 420 ? 70 : 104;
  const most =
    Math.max(memory.capacity, ...memory.stages.map(({ total }) => total), memory.claim?.bytes ?? 0) * 1.06;
  const bottom = size.h - FOOT;
  const y = (bytes: number): number => bottom - (bytes / most) * (bottom - TOP);
  const slot = (size.w - LEFT - right) / memory.stages.length;
  const bar = Math.min(64, slot * 0.84);
  const root = svg('svg', {
    width: size.w,
    height: size.h,
    viewBox: `0 0 ${size.w} ${size.h}`,
    role: 'img',
    'aria-label': captionOf(memory),
  });
  root.append(text('GiB per chip', 0, 12, 'dim'));
  for (const tick of ticks(most / GiB)) {
    root.append(
      svg('line', { class: 'grid-line', x1: LEFT, x2: size.w - right, y1: y(tick * GiB), y2: y(tick * GiB) }),
    );
    root.append(text(String(tick), LEFT - 8, y(tick * GiB) + 4, 'dim', 'end'));
  }
  const every = Math.max(1, Math.ceil(22 / slot));
  memory.stages.forEach((stage, index) => {
    const x = LEFT + index * slot + (slot - bar) / 2;
    let from = 0;
    for (const name of names) {
      const bytes = stage.parts.find(part => part.name === name)?.bytes ?? 0;
      if (bytes <= 0) continue;
      root.append(
        svg(
          'rect',
          {
            x,
            width: bar,
            y: y(from + bytes),
            height: Math.max(0.6, y(from) - y(from + bytes) - 0.7),
            fill: palette.memory(name),
            class: 'part',
          },
          svg('title', {}, `${name} ${formatBytesBinary(bytes)}`),
        ),
      );
      from += bytes;
    }
    const fullest = stage.stage === memory.peakStage;
    const over = stage.total > memory.capacity;
    if (index % every === 0 || fullest) {
      root.append(
        text(
          (stage.total / GiB).toFixed(stage.total < 10 * GiB ? 1 : 0),
          x + bar / 2,
          y(stage.total) - 4,
          over ? 'error' : fullest ? 'bold' : 'dim',
          'middle',
        ),
      );
      root.append(text(String(stage.stage), x + bar / 2, bottom + 15, fullest ? 'bold' : 'dim', 'middle'));
    }
  });
  root.append(text('stage', 0, bottom + 15, 'dim'));
  lineAt(
    root,
    y(memory.capacity),
    `${formatBytesBinary(memory.capacity).replace(/\.0+ /, ' ')}`,
    'capacity',
    size.w - right,
  );
  const { claim } = memory;
  if (claim) {
    const word = claim.holds === undefined ? 'claim' : claim.holds ? 'claim holds' : 'claim fails';
    const near = Math.abs(y(claim.bytes) - y(memory.capacity)) < 13;
    lineAt(
      root,
      y(claim.bytes),
      `${(claim.bytes / GiB).toFixed(0)} ${word}`,
      claim.holds === false ? 'claim fails' : 'claim',
      size.w - right,
      near ? 13 : 0,
    );
  }
  root.append(...partLabels(memory, names, y, size.w - right + 8));
  return root;
}

function lineAt(root: SVGElement, y: number, said: string, kind: string, right: number, down = 0): void {
  root.append(svg('line', { class: `mark ${kind}`, x1: LEFT - 4, x2: right, y1: y, y2: y }));
  root.append(text(said, right + 8, y + 4 + down, `mark ${kind}`));
}

/** Beside the last bar, in its sequence, kept apart from one another. */
function partLabels(
  memory: PanelMemory,
  names: string[],
  y: (bytes: number) => number,
  x: number,
): SVGElement[] {
  const fullest = memory.stages.at(-1)!;
  let from = 0;
  let last = Number.POSITIVE_INFINITY;
  return names.flatMap(name => {
    const bytes = fullest.parts.find(part => part.name === name)?.bytes ?? 0;
    const middle = y(from + bytes / 2) + 4;
    from += bytes;
    if (bytes <= 0) return [];
    const at = Math.min(middle, last - 13);
    last = at;
    return [text(name, x, at, 'dim')];
  });
}

/** Parts in the sequence of the estimate, those that are never zero first. */
const partNames = (memory: PanelMemory): string[] => [
  ...new Set(
    memory.stages.flatMap(({ parts }) => parts.filter(({ bytes }) => bytes > 0).map(({ name }) => name)),
  ),
];

/** Round steps, four to six of them. */
function ticks(most: number): number[] {
  const raw = most / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(n => n * power).find(n => n >= raw) ?? raw;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) =>
    Number((index * step).toPrecision(6)),
  );
}

const text = (said: string, x: number, y: number, kind: string, anchor = 'start'): SVGElement =>
  svg('text', { x: x.toFixed(1), y: y.toFixed(1), class: kind, 'text-anchor': anchor }, said);

/** The same for screen readers. */
function asTable(memory: PanelMemory): HTMLElement {
  const names = partNames(memory);
  const row = (stage: MemoryStage): HTMLElement =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, `stage ${stage.stage}`),
      ...names.map(name =>
        el('td', {}, formatBytesBinary(stage.parts.find(part => part.name === name)?.bytes ?? 0)),
      ),
      el('td', {}, formatBytesBinary(stage.total)),
    );
  return el(
    'table',
    {},
    el('caption', {}, 'Memory per stage'),
    el(
      'thead',
      {},
      el('tr', {}, el('th', {}, 'stage'), ...names.map(name => el('th', {}, name)), el('th', {}, 'total')),
    ),
    el('tbody', {}, ...memory.stages.map(row)),
  );
}
