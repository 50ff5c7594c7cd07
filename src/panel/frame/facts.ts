/** The selected thing in three lines, the levels with what they carry, and the legends of what is on screen. */
import { linkHeat } from '../../layout/heat.ts';
import type { PlanModel } from '../../layout/model/types.ts';
import type { Panel } from '../app.ts';
import { el, fill, swatch } from '../dom.ts';
import type { Look } from '../look.ts';
import type { Palette } from '../palette.ts';
import { carriedOf, formatBytesDecimal, formatShare, linkName } from '../words.ts';
import { selectedFacts } from './selected.ts';

export function mountFacts(root: HTMLElement, panel: Panel): void {
  const about = el('div.about-selected');
  const legends = el('div.legends');
  const levels = el('div.level-rows', { role: 'table', 'aria-label': 'Load by level' });
  root.append(el('div.facts-left', {}, about, legends), levels);
  panel.onDraw(() => {
    const { model, palette } = panel;
    if (!model || model.levels.length === 0) return;
    const look = panel.look();
    const theme = [palette.ground, palette.text, palette.load(1), palette.coordinate(0)].join();
    const key = JSON.stringify([model, look, theme]);
    fill(about, key, () => selectedFacts(model, look, panel));
    fill(levels, key, () => levelRows(model, look, palette));
    fill(legends, key, () => legend(model, look, palette));
  });
}

/** Outermost level first, like the ladder; none while nothing is priced: a share of 0 would be a claim. */
function levelRows(model: PlanModel, look: Look, palette: Palette): HTMLElement[] {
  if (!model.verdict) return [];
  const order = model.links
    .map((_, index) => index)
    .sort(
      (a, b) => model.links[b]!.span - model.links[a]!.span || model.links[b]!.level - model.links[a]!.level,
    );
  return order.map(index => {
    const link = model.links[index]!;
    const { share, carried } = linkHeat(model, index, look.collective, look.load);
    const binds = look.load === 'running' && look.collective?.bottleneck === index;
    const over = share > 1.005 && look.load !== 'bytes';
    const bar = el('span.load-bar', { 'aria-hidden': 'true' });
    const filled = el('span');
    filled.style.width = `${Math.min(100, share * 100)}%`;
    filled.style.background = palette.load(share);
    bar.append(filled);
    bar.classList.toggle('over', over);
    const amount = look.load === 'bytes' ? formatBytesDecimal(carried) : carriedOf(carried, link.capacity);
    return el(
      'div',
      { class: binds ? 'level-row binds' : 'level-row', role: 'row' },
      el('span.name', { role: 'rowheader' }, linkName(model, index), binds && ' · binds'),
      el('span.amount', { role: 'cell' }, amount),
      bar,
      el(
        `span.share${over ? '.over' : ''}`,
        { role: 'cell' },
        look.load === 'bytes' ? '' : formatShare(share),
      ),
    );
  });
}

/** Only what is on screen and not written beside the thing itself. */
function legend(model: PlanModel, look: Look, palette: Palette): HTMLElement[] {
  const ramp = (
    colour: (along: number) => string,
    from: string,
    to: string,
    middle?: string,
  ): HTMLElement => {
    const steps = el('span.ramp', { 'aria-hidden': 'true' });
    for (let step = 0; step < 12; step++) steps.append(swatch(colour(step / 11), 'step'));
    return el(
      'span.legend',
      {},
      steps,
      el('span.ends', {}, el('span', {}, from), middle && el('span', {}, middle), el('span', {}, to)),
    );
  };
  const shown: HTMLElement[] = [];
  const priced = model.collectives.length > 0;
  if (priced)
    shown.push(
      look.load === 'bytes' ? ramp(palette.load, '0', 'most') : ramp(palette.load, '0', '100 %', '50'),
    );
  const most = Math.max(
    0,
    ...model.links.map((_, index) => linkHeat(model, index, look.collective, look.load).share),
  );
  if (most > 1.005 && look.load !== 'bytes') {
    const over = swatch(palette.load(1), 'over-mark');
    over.style.outlineColor = palette.error;
    shown.push(el('span.legend.line', {}, over, 'over'));
  }
  if (look.axis && look.axis.size > 1) {
    shown.push(ramp(palette.coordinate, `${look.axis.name} 0`, String(look.axis.size - 1)));
  }
  const media = [...new Set(model.levels.flatMap(({ media }) => (media ? [media] : [])))];
  if (media.length > 1) {
    const lines = media.map(medium =>
      el('span.medium', {}, el('span', { class: `stroke ${medium}`, 'aria-hidden': 'true' }), medium),
    );
    shown.push(el('span.legend.media', {}, ...lines));
  }
  return shown;
}
