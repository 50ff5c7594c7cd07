/** Keys that work wherever the focus is in the panel; the ones of a view are its own. */
import type { LoadMode } from '../../layout/heat.ts';
import type { Panel } from '../app.ts';
import { collectiveKey } from '../look.ts';
import type { Picture } from '../placement/view.ts';
import { VIEWS } from '../protocol.ts';
import { zoomEvent } from './controls.ts';
import type { Help } from './help.ts';

const LOADS: LoadMode[] = ['running', 'step', 'bytes'];

export function mountKeys(panel: Panel, picture: () => Picture | undefined, help: Help): void {
  // The page itself takes the focus where nothing else does, so that keys work after a click anywhere.
  document.body.tabIndex = -1;
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (target instanceof HTMLSelectElement && event.key !== 'F12' && event.key !== 'Escape') return;
    if (act(event.key, panel, picture, help)) event.preventDefault();
    else if (target === document.body) picture()?.key(event);
  });
}

/** @returns whether the key meant something. */
function act(key: string, panel: Panel, picture: () => Picture | undefined, help: Help): boolean {
  const { state } = panel;
  const view = VIEWS[Number(key) - 1];
  if (view) {
    panel.update({ view });
    return true;
  }
  switch (key) {
    case '?':
      help.toggle();
      return true;
    case 'Escape':
      return help.close() || picture()?.leave() || panel.back();
    case 'Backspace':
      return panel.back();
    case '[':
    case ']':
      return stepCollective(panel, key === ']' ? 1 : -1);
    case 'c':
    case 'C':
      if (state.view === 'timeline') {
        panel.update({ critical: !state.critical });
        return true;
      }
      return stepAxis(panel);
    case 'l':
    case 'L':
      panel.update({ load: LOADS[(LOADS.indexOf(state.load) + 1) % LOADS.length]! });
      return true;
    case 'a':
    case 'A':
      panel.update({ allGroups: !state.allGroups });
      return true;
    case 'b':
    case 'B':
      panel.toBottleneck();
      return true;
    case 't':
    case 'T':
      panel.update({ table: !state.table });
      return true;
    case '+':
    case '=':
      return document.dispatchEvent(zoomEvent('in'));
    case '-':
    case '−':
      return document.dispatchEvent(zoomEvent('out'));
    case '0':
      return document.dispatchEvent(zoomEvent('fit'));
    case 'F12':
      panel.reveal(panel.look().collective?.source ?? panel.model?.source);
      return true;
    default:
      return false;
  }
}

function stepCollective(panel: Panel, step: number): boolean {
  const all = panel.model?.collectives ?? [];
  const { collective } = panel.look();
  if (all.length === 0 || !collective) return false;
  const next = all[(all.indexOf(collective) + step + all.length) % all.length]!;
  panel.selectCollective(collectiveKey(next));
  return true;
}

function stepAxis(panel: Panel): boolean {
  const axes = panel.model?.axes.filter(({ size }) => size > 1) ?? [];
  const { axis } = panel.look();
  if (axes.length === 0) return false;
  panel.update({ axis: axes[(axis ? axes.indexOf(axis) + 1 : 0) % axes.length]!.name });
  return true;
}
