/** One sentence for screen readers when a selection changes; edits are announced at most every two seconds. */
import type { Panel } from '../app.ts';
import { el } from '../dom.ts';
import { formatShare, formatTime, opName } from '../words.ts';

const PAUSE = 2000;

export function mountAnnouncer(root: HTMLElement, panel: Panel): void {
  const live = el('div.unseen', { 'aria-live': 'polite', role: 'status' });
  root.append(live);
  let said = '';
  let last = 0;
  let timer = 0;
  panel.onDraw(() => {
    const sentence = sentenceOf(panel);
    if (sentence === said) return;
    window.clearTimeout(timer);
    const wait = Math.max(0, last + PAUSE - performance.now());
    timer = window.setTimeout(() => {
      said = sentence;
      last = performance.now();
      live.textContent = sentence;
    }, wait);
  });
}

function sentenceOf(panel: Panel): string {
  const { model, trouble } = panel;
  if (!model?.verdict) return '';
  if (trouble) return `The text is incomplete: ${trouble.message}. The numbers are older.`;
  const { collective } = panel.look();
  const step = `Step ${formatTime(model.verdict.time)}.`;
  if (!collective) return step;
  const link = model.links[collective.bottleneck];
  const load = collective.loads.find(use => use.link === collective.bottleneck)?.load;
  const binds = link && load !== undefined ? `, busiest link ${link.name} at ${formatShare(load)}` : '';
  return `${step} ${opName(collective.op)} over ${collective.axes.join(' and ')}: ${formatTime(collective.total)}${binds}.`;
}
