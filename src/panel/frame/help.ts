/** The list of keys. */
import { el } from '../dom.ts';

const KEYS: [string, string][] = [
  ['1 – 4', 'views'],
  ['arrows', 'the chip, unit or block next to it'],
  ['Enter', 'open a unit; go to the line of a row'],
  ['Esc, Backspace', 'clear, close a drawer'],
  ['[  ]', 'previous, next collective'],
  ['C', 'next axis that colours; timeline: critical path'],
  ['L', 'load: running, step, bytes'],
  ['A', 'one group, all groups'],
  ['B', 'to the bottleneck'],
  ['T', 'as a table'],
  ['+  −  0', 'zoom in, out, fit'],
  ['F12', 'to the source line'],
  ['Tab', 'next region'],
];

export interface Help {
  toggle(): void;
  close(): boolean;
}

export function mountHelp(root: HTMLElement): Help {
  const close = el('button.close', { type: 'button', onclick: () => hide() }, 'Close');
  const list = el('dl');
  for (const [keys, does] of KEYS) list.append(el('dt', {}, el('kbd', {}, keys)), el('dd', {}, does));
  const box = el(
    'div.help',
    { role: 'dialog', 'aria-label': 'Keys', hidden: true },
    el('h2', {}, 'Keys'),
    list,
    close,
  );
  root.append(box);
  let before: Element | null = null;
  const hide = (): boolean => {
    if (box.hidden) return false;
    box.hidden = true;
    (before as HTMLElement | null)?.focus();
    return true;
  };
  return {
    toggle: () => {
      if (hide()) return;
      before = document.activeElement;
      box.hidden = false;
      close.focus();
    },
    close: hide,
  };
}
