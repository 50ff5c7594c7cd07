/** In a narrow panel the drawers are a line of names: cluster › pod 2 › node 341. */
import type { Panel } from '../app.ts';
import { el, fill } from '../dom.ts';

export function drawBreadcrumb(root: HTMLElement, panel: Panel, shown: boolean): void {
  root.hidden = !shown;
  const { model, state } = panel;
  if (!shown || !model) return;
  const names = crumbs(
    model.levels.map(({ name }) => name),
    state.path,
  );
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

/** @param levels names, innermost first. */
export function crumbs(levels: readonly string[], path: readonly number[]): string[] {
  const top = levels.at(-1);
  if (top === undefined) return [];
  const below = path.flatMap((child, depth) => {
    const name = levels[levels.length - 2 - depth];
    return name === undefined ? [] : [`${name} ${child}`];
  });
  return [top, ...below];
}
