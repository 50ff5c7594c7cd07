/** The timeline in words: what every stage computes and waits for, and the blocks of the chosen one. */
import { el } from '../dom.ts';
import { formatCount, formatShare } from '../words.ts';
import { endOf, opWords, type Step, waitOf, waitsOfStage } from './step.ts';
import { time } from './words.ts';

/** More rows than this help nobody; the rest is counted. */
const MOST = 512;

const row = (cells: (string | HTMLElement)[], name: 'th' | 'td' = 'td'): HTMLElement =>
  el(
    'tr',
    {},
    ...cells.map((cell, index) =>
      el(
        index > 0 ? name : 'th',
        {
          class: index > 0 ? 'number' : undefined,
          scope: index > 0 ? undefined : name === 'th' ? 'col' : 'row',
        },
        cell,
      ),
    ),
  );

const table = (caption: string, head: string[], rows: (string | HTMLElement)[][], all: number): HTMLElement =>
  el(
    'table',
    {},
    el('caption', {}, caption),
    el('thead', {}, row(head, 'th')),
    el(
      'tbody',
      {},
      ...rows.map(cells => row(cells)),
      all > rows.length && row([`and ${formatCount(all - rows.length)} more`]),
    ),
  );

/** @param choose called with a stage whose blocks are asked for */
export function stageTable(step: Step, choose?: (stage: number) => void): HTMLElement {
  const { stages } = step.data;
  const rows = Array.from({ length: Math.min(MOST, stages) }, (_, stage) => {
    const { axes, bubble } = waitsOfStage(step, stage);
    const name = `stage ${stage}`;
    return [
      choose
        ? el('button.link', { type: 'button', 'data-key': name, onclick: () => choose(stage) }, name)
        : name,
      `${time(step.busy[stage]!)}, ${formatShare(step.busy[stage]! / step.end)}`,
      ...axes.map(time),
      time(bubble),
    ];
  });
  const head = ['stage', 'busy', ...step.lanes.map(lane => `waits for ${lane}`), 'bubble'];
  return table('One step by stage', head, rows, stages);
}

export function blockTable(step: Step, stage: number): HTMLElement {
  const { first, op, length } = step.data;
  const from = first[stage]!;
  const all = first[stage + 1]! - from;
  const rows = Array.from({ length: Math.min(MOST, all) }, (_, index) => {
    const block = from + index;
    const { bubble, send, gather } = waitOf(step, block);
    const pair = step.pairs.get(block);
    return [
      opWords(step, op[block]!) + (pair === undefined ? '' : `, ${opWords(step, pair)}`),
      time(step.start[block]!),
      time(endOf(step, block)),
      time(length[block]!),
      time(bubble),
      time(send + gather),
      step.critical[block] ? 'yes' : '',
    ];
  });
  const head = ['pass', 'from', 'until', 'takes', 'bubble before', 'network before', 'critical'];
  return table(`Blocks of stage ${stage}`, head, rows, all);
}
