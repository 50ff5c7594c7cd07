/** A tooltip: a title, at most four rows, the source line; beside the thing and never under the pointer. */
import { bundleHeat, linkHeat } from '../../layout/heat.ts';
import type { PlanModel, Source } from '../../layout/model/types.ts';
import { placeText, ranksOfRef, rankTotal, slotName, slotRef } from '../../layout/slot.ts';
import { el, fill } from '../dom.ts';
import type { Look } from '../look.ts';
import {
  carriedOf,
  coordinates,
  formatBytesDecimal,
  formatCount,
  formatRate,
  formatShare,
  lineText,
  linkName,
  opName,
  rankText,
} from '../words.ts';
import type { Hit } from './hit.ts';

const DELAY = 150;

type Row = [label: string, value: string, reason: string];

export interface Tip {
  title: string;
  rows: Row[];
  source?: Source;
}

/** What there is to say about a hit. */
export function tipOf(model: PlanModel, look: Look, hit: Hit): Tip | undefined {
  if (hit.child !== undefined) return unitTip(model, hit);
  if (hit.link === undefined) return undefined;
  return model.links[hit.link] ? linkTip(model, look, hit, hit.link) : wiredTip(model, hit);
}

function unitTip(model: PlanModel, hit: Hit): Tip {
  const { lane } = hit;
  const child = hit.child!;
  const ref = slotRef(lane, child)!;
  const ranks = ranksOfRef(model.levels, ref, model.ranks);
  const parent = model.levels[lane.level]!;
  const title = slotName(model.levels, lane, child);
  const [first] = ranks;
  const failed: Row[] = lane.failed?.slots.includes(child)
    ? [['', 'failed', 'neither computes nor forwards']]
    : [];
  if (!first) return { title, rows: failed.length > 0 ? failed : [['', 'idle', 'no rank of the mesh']] };
  const size = ref.section === undefined ? model.levels[ref.level]?.span : undefined;
  const rows: Row[] =
    ref.level >= 0
      ? [
          [
            'chips',
            `${formatCount(rankTotal(ranks))}${size === undefined ? '' : ` of ${formatCount(size)}`}`,
            'in use',
          ],
          ['holds', coordinates(model.axes, ranks) || 'every axis whole', ''],
        ]
      : [['rank', formatCount(first.from), rankText(model.axes, first.from)]];
  const place = placeText(model.levels, lane, child);
  if (place) rows.push(['at', place, '']);
  rows.push(...failed);
  return { title, rows, ...(parent.source ? { source: parent.source } : {}) };
}

/** Links that the engine has no class for: what they are, and no number. */
function wiredTip(model: PlanModel, { lane, bundle }: Hit): Tip {
  const level = model.levels[lane.level]!;
  const rows: Row[] = [['', model.verdict ? 'idle' : 'not priced yet', '']];
  if (bundle && bundle.count > 1) rows.push(['links', formatCount(bundle.count), 'alike']);
  if (level.media) rows.push(['medium', level.media, level.tier.replace('_', '-')]);
  return { title: bundle?.name ?? 'links', rows, ...(level.source ? { source: level.source } : {}) };
}

function linkTip(model: PlanModel, look: Look, hit: Hit, index: number): Tip {
  const link = model.links[index]!;
  const level = model.levels[link.level]!;
  const now = hit.bundle
    ? bundleHeat(model, hit.bundle, look.collective, 'running')
    : linkHeat(model, index, look.collective, 'running');
  const rows: Row[] = [];
  if (look.collective) {
    rows.push([
      `${look.collective.axes.join('·')} ${opName(look.collective.op)}`,
      formatShare(now.share),
      carriedOf(now.carried, link.capacity),
    ]);
  }
  rows.push(
    model.verdict
      ? ['step', formatShare(link.step.load), formatBytesDecimal(link.step.bytes)]
      : ['rate', formatRate(link.capacity), 'not priced yet'],
  );
  if (hit.bundle && hit.bundle.count > 1) rows.push(['links', formatCount(hit.bundle.count), 'alike']);
  if (level.media) rows.push(['medium', level.media, level.tier.replace('_', '-')]);
  return { title: linkName(model, index), rows, ...(level.source ? { source: level.source } : {}) };
}

export class Tooltip {
  readonly root = el('div.tooltip', { role: 'tooltip', hidden: true });
  private timer = 0;
  private shown = '';

  /** Shows it after a moment beside the point (pixels in the view); `undefined` hides it at once. */
  show(tip: Tip | undefined, x: number, y: number, uri: string, how = 'Alt-click'): void {
    window.clearTimeout(this.timer);
    if (!tip) {
      this.root.hidden = true;
      this.shown = '';
      return;
    }
    const key = JSON.stringify(tip);
    const place = (): void => {
      this.shown = key;
      fill(this.root, key, () => [
        el('b', {}, tip.title),
        ...tip.rows.map(([label, value, reason]) =>
          el(
            'div.tip-row',
            {},
            label && el('span.dim', {}, label),
            el('b', {}, value),
            reason && el('span.dim', {}, reason),
          ),
        ),
        tip.source && el('div.tip-source', {}, `${lineText(tip.source, uri)} · ${how} goes there`),
      ]);
      this.root.hidden = false;
      const parent = this.root.parentElement;
      if (!parent) return;
      const { width, height } = this.root.getBoundingClientRect();
      const left = x + 14 + width > parent.clientWidth ? x - 14 - width : x + 14;
      const top = y + 14 + height > parent.clientHeight ? y - 10 - height : y + 14;
      this.root.style.left = `${Math.max(4, left)}px`;
      this.root.style.top = `${Math.max(4, top)}px`;
    };
    if (this.shown === key) place();
    else this.timer = window.setTimeout(place, DELAY);
  }
}
