/** A file without a plan: the shortest one that works, and a button that inserts it. */
import type { Panel } from '../app.ts';
import { el, fill, svg } from '../dom.ts';
import type { EmptyModel } from '../protocol.ts';
import { lineText } from '../words.ts';

export function mountEmpty(root: HTMLElement, panel: Panel): void {
  panel.onDraw(() => {
    const { empty } = panel;
    if (!empty) return;
    const { stale } = empty;
    fill(root, JSON.stringify(empty), () => [
      sketch(),
      ...(stale ? unreadable(stale, empty.uri, panel) : starter(empty.snippet, panel)),
    ]);
  });
}

/** Inserting lines into a text that does not parse would help nobody. */
const unreadable = (
  { reason, source }: NonNullable<EmptyModel['stale']>,
  uri: string,
  panel: Panel,
): HTMLElement[] => [
  el('h2', {}, 'No plan can be read yet'),
  el('p', {}, `${reason[0]?.toUpperCase() ?? ''}${reason.slice(1)}.`),
  el(
    'button.link',
    { type: 'button', 'data-key': 'go', onclick: () => panel.reveal(source) },
    `Go to ${lineText(source, uri)}`,
  ),
];

const starter = (snippet: string, panel: Panel): HTMLElement[] => [
  el('h2', {}, 'No plan in this file yet'),
  el('p', {}, 'A plan says which model runs on which mesh. These four lines are enough:'),
  el('pre', {}, snippet.trimEnd()),
  el(
    'button.primary',
    {
      type: 'button',
      'data-key': 'insert',
      onclick: () => panel.post({ type: 'insertExample', text: snippet }),
    },
    'Insert these lines',
  ),
];

/** A switch over four empty units. */
function sketch(): SVGElement {
  const units = [0, 1, 2, 3].flatMap(index => [
    svg('path', { d: `M${24 + index * 56} 14 V34` }),
    svg('rect', { x: 2 + index * 56, y: 34, width: 44, height: 38, rx: 3, 'stroke-dasharray': '4 3' }),
  ]);
  return svg(
    'svg',
    { class: 'sketch', viewBox: '0 0 218 74', width: 218, height: 74, 'aria-hidden': 'true' },
    svg('rect', { x: 1, y: 1, width: 216, height: 13, rx: 2, class: 'solid' }),
    ...units,
  );
}
