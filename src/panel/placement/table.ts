/** The deepest open lane as a table: what the picture says, in words. */
import type { PlanModel } from '../../layout/model/types.ts';
import { ranksOf } from '../../layout/ranks.ts';
import type { Scene } from '../../layout/scene.ts';
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
    lanes.map(lane => [lane.level, lane.unit, lane.open]),
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
      const rows = Array.from({ length: Math.min(MOST, level.count) }, (_, child) => {
        const unit = lane.unit * level.count + child;
        const ranks = ranksOf(model.levels, lane.level - 1, unit, model.ranks);
        const used = ranks.to - ranks.from;
        const load = used > 0 ? uplinkLoad(lane, child, model, look) : undefined;
        const name = lane.level === 0 ? `chip ${unit}` : `${level.child} ${child}`;
        const cell =
          lane.level > 0
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
          el('td', {}, used === 0 ? 'idle' : formatCount(used)),
          el(
            'td',
            {},
            used === 0
              ? ''
              : lane.level === 0
                ? rankText(model.axes, ranks.from)
                : coordinates(model.axes, ranks),
          ),
          el('td.number', {}, load === undefined ? '' : formatShare(load)),
        );
      });
      const more =
        level.count > MOST
          ? [el('tr', {}, el('td', { colspan: 4 }, `and ${formatCount(level.count - MOST)} more`))]
          : [];
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
            el('th', {}, level.child),
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
