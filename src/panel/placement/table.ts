/** The deepest open lane as a table: what the picture says, in words. */
import type { PlanModel } from '../../layout/model/types.ts';
import type { Scene } from '../../layout/scene.ts';
import { opens, ranksOfRef, rankTotal, slotName, slotRef } from '../../layout/slot.ts';
import { el, fill } from '../dom.ts';
import type { Look } from '../look.ts';
import { laneTitle } from '../paint/labels.ts';
import { coordinates, formatCount, formatShare, linkName, rankText } from '../words.ts';
import { uplinkLoad } from './twin.ts';

/** More rows than this help nobody; the rest is counted. */
const MOST = 512;

export function drawTable(
  root: HTMLElement,
  scene: Scene,
  model: PlanModel,
  look: Look,
  open: (depth: number, child: number) => void,
): void {
  const lanes = scene.lanes;
  const key = JSON.stringify([
    lanes.map(lane => [lane.level, lane.unit, lane.section, lane.open]),
    look.collective?.name,
    look.load,
    model.plan,
    model.ranks,
    model.links,
  ]);
  fill(root, key, () =>
    lanes.map(lane => {
      const level = model.levels[lane.level]!;
      const uplink = linkName(model, lane.uplink);
      const count = lane.slots.count;
      const broken = new Set(lane.failed?.slots);
      const rows = Array.from({ length: Math.min(MOST, count) }, (_, child) => {
        const ref = slotRef(lane, child);
        if (!ref) return undefined;
        const ranks = ranksOfRef(model.levels, ref, model.ranks);
        const used = rankTotal(ranks);
        const load = used > 0 ? uplinkLoad(lane, child, model, look) : undefined;
        const name = slotName(model.levels, lane, child);
        const cell = opens(lane)
          ? el(
              'button.link',
              {
                type: 'button',
                'data-key': `${lane.depth} ${child}`,
                onclick: () => open(lane.depth, child),
              },
              name,
            )
          : name;
        return el(
          'tr',
          { class: lane.open === child ? 'chosen' : undefined },
          el('th', { scope: 'row' }, cell),
          el('td', {}, broken.has(child) ? 'failed' : used === 0 ? 'idle' : formatCount(used)),
          el(
            'td',
            {},
            used === 0
              ? ''
              : ref.level < 0
                ? rankText(model.axes, ranks[0]!.from)
                : coordinates(model.axes, ranks),
          ),
          el('td.number', {}, load === undefined ? '' : formatShare(load)),
        );
      });
      const more =
        count > MOST ? [el('tr', {}, el('td', { colspan: 4 }, `and ${formatCount(count - MOST)} more`))] : [];
      return el(
        'table',
        {},
        el('caption', {}, laneTitle(model, scene, lane)),
        el(
          'thead',
          {},
          el(
            'tr',
            {},
            el('th', {}, lane.sections?.word ?? (lane.units.level < 0 ? 'chip' : level.child)),
            el('th', {}, 'chips'),
            el('th', {}, 'coordinates'),
            el('th.number', {}, uplink),
          ),
        ),
        el('tbody', {}, ...rows, ...more),
      );
    }),
  );
}
