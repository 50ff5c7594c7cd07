/** The picture as a tree for screen readers: every open lane, of each the children around the focus. */
import { bundleHeat } from '../../layout/heat.ts';
import type { PlanModel } from '../../layout/model/types.ts';
import type { Lane, Scene } from '../../layout/scene.ts';
import { opens, ranksOfRef, rankTotal, slotName, slotRef } from '../../layout/slot.ts';
import { el, fill } from '../dom.ts';
import type { Look } from '../look.ts';
import { laneTitle } from '../paint/labels.ts';
import { coordinates, formatCount, formatShare, levelSize, rankText } from '../words.ts';

/** Children that are spelled out on either side of the focus; the rest is told by position and size of the set. */
const AROUND = 12;

export interface Focus {
  depth: number;
  child: number;
}

export function drawTwin(
  root: HTMLElement,
  scene: Scene,
  model: PlanModel,
  look: Look,
  focus: Focus | undefined,
): void {
  const key = JSON.stringify([
    scene.lanes.map(lane => [lane.level, lane.unit, lane.section, lane.open]),
    focus,
    look.collective?.name,
    look.load,
    model.plan,
    model.ranks,
  ]);
  fill(root, key, () => scene.lanes.map(lane => branch(lane, scene, model, look, focus)));
  const active = focus ? itemId(focus) : '';
  if (active && root.querySelector(`#${active}`))
    root.parentElement?.setAttribute('aria-activedescendant', active);
  else root.parentElement?.removeAttribute('aria-activedescendant');
}

const itemId = ({ depth, child }: Focus): string => `unit-${depth}-${child}`;

function branch(
  lane: Lane,
  scene: Scene,
  model: PlanModel,
  look: Look,
  focus: Focus | undefined,
): HTMLElement {
  const level = model.levels[lane.level]!;
  const near = focus?.depth === lane.depth ? focus.child : (lane.open ?? 0);
  const from = Math.max(0, near - AROUND);
  const to = Math.min(lane.slots.count, near + AROUND + 1);
  const items: HTMLElement[] = [];
  for (let child = from; child < to; child++) {
    if (!slotRef(lane, child)) continue;
    items.push(
      el(
        'div',
        {
          role: 'treeitem',
          id: itemId({ depth: lane.depth, child }),
          'aria-level': lane.depth + 2,
          'aria-setsize': lane.slots.count,
          'aria-posinset': child + 1,
          'aria-expanded': opens(lane) ? String(lane.open === child) : undefined,
          'aria-selected': String(focus?.depth === lane.depth && focus.child === child),
        },
        childSentence(lane, child, model, look),
      ),
    );
  }
  const title = `${laneTitle(model, scene, lane)}, ${levelSize(level)}`;
  return el(
    'div',
    { role: 'treeitem', 'aria-level': lane.depth + 1, 'aria-expanded': 'true' },
    title,
    el('div', { role: 'group' }, ...items),
  );
}

/** "pod 2, 3,072 chips, dp 48–71, uplink 29 %". */
export function childSentence(lane: Lane, child: number, model: PlanModel, look: Look): string {
  const ref = slotRef(lane, child);
  const name = slotName(model.levels, lane, child);
  if (lane.failed?.slots.includes(child)) return `${name}, failed`;
  const ranks = ref ? ranksOfRef(model.levels, ref, model.ranks) : [];
  const [first] = ranks;
  if (!first) return `${name}, idle`;
  const chip = ref?.level === -1;
  const where = chip ? rankText(model.axes, first.from) : coordinates(model.axes, ranks);
  const inside = chip ? '' : `, ${formatCount(rankTotal(ranks))} chips`;
  const load = uplinkLoad(lane, child, model, look);
  return `${name}${inside}${where ? `, ${where.replaceAll(' · ', ', ')}` : ''}${load === undefined ? '' : `, uplink ${formatShare(load)}`}`;
}

/** Load of the links that leave a child upwards; undefined while nothing is priced. */
export function uplinkLoad(lane: Lane, child: number, model: PlanModel, look: Look): number | undefined {
  const unit = lane.units.numberAt(child);
  if (lane.uplink < 0 || !model.verdict || lane.sections || unit < 0) return undefined;
  const childSpan = lane.units.level < 0 ? 1 : model.levels[lane.units.level]!.span;
  const from = unit * childSpan;
  return bundleHeat(
    model,
    { link: lane.uplink, chips: { from, to: from + childSpan } },
    look.collective,
    look.load,
  ).share;
}
