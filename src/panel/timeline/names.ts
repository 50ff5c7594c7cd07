/** Names of stages and lanes beside their rows; stages that are folded away are a button. */
import type { Panel } from '../app.ts';
import { el, swatch } from '../dom.ts';
import { formatShare } from '../words.ts';
import { FOLD, laneTop, type Rows } from './paint.ts';
import { rowsOf, type Step } from './step.ts';

export function namesOf(
  step: Step,
  rows: Rows,
  panel: Panel,
  colourOf: (axis: string) => string,
): HTMLElement[] {
  const fold = (y: number, h: number, all: boolean, text: string): HTMLElement =>
    at(
      y,
      h,
      el(
        'button.tl-row.link',
        { type: 'button', 'data-key': `fold ${y}`, onclick: () => panel.update({ allStages: all }) },
        text,
      ),
    );
  const named = rows.list.map(({ row, y, h }) =>
    'folded' in row
      ? fold(y, FOLD, true, `… ${row.folded} more`)
      : at(
          y,
          h,
          el(
            'div.tl-row',
            {},
            el('b', {}, el('span', {}, 'stage '), row.stage),
            el('span.dim', {}, `${formatShare(step.busy[row.stage]! / step.end)} busy`),
            ...step.lanes.map((lane, index) =>
              at(laneTop(index, rows) - 1, 12, el('span.tl-lane', {}, swatch(colourOf(lane)), lane)),
            ),
          ),
        ),
  );
  const opened = panel.state.allStages && rowsOf(step, false, undefined).length < rows.list.length;
  return opened ? [fold(0, FOLD, false, 'fewer stages'), ...named] : named;
}

function at(y: number, h: number, element: HTMLElement): HTMLElement {
  element.style.top = `${y}px`;
  element.style.height = `${h}px`;
  return element;
}
