/** In a narrow panel the drawers are a line of names: cluster › pod 2 › node 341. */
import type { PanelLevel } from '../../layout/model/types.ts';
import { laneSteps } from '../../layout/structure.ts';
import type { Panel } from '../app.ts';
import { el, fill } from '../dom.ts';

export function drawBreadcrumb(root: HTMLElement, panel: Panel, shown: boolean): void {
  root.hidden = !shown;
  const { model, state } = panel;
  if (!shown || !model) return;
  const names = crumbs(model.levels, state.path);
  fill(root, JSON.stringify(names), () =>
    names.flatMap((name, depth) => {
      const last = depth === names.length - 1;
      const part = el(
        'button',
        {
          type: 'button',
          'data-key': String(depth),
          'aria-current': last ? 'true' : undefined,
          onclick: () => panel.update({ path: state.path.slice(0, depth) }),
        },
        name,
      );
      return depth === 0 ? [part] : [el('span.dim', { 'aria-hidden': 'true' }, '›'), part];
    }),
  );
}

/** Names of the fabric's top and of everything open below it. */
export function crumbs(levels: readonly PanelLevel[], path: readonly number[]): string[] {
  const top = levels.at(-1);
  if (!top) return [];
  const steps = laneSteps(levels);
  const below = path.slice(0, steps.length - 1).map((slot, depth) => {
    const { sections, child } = steps[depth]!;
    if (sections) return `${sections.word} ${sections.title(slot)}`;
    return `${levels[child]?.name ?? 'chip'} ${slot}`;
  });
  return [top.name, ...below];
}
