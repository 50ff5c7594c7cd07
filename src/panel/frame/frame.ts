/** The frame of the panel, top to bottom: tabs, trouble, verdict, controls, view, facts. */
import type { Panel } from '../app.ts';
import { el } from '../dom.ts';
import { mountPlacement, type Picture } from '../placement/view.ts';
import type { ViewName } from '../protocol.ts';
import { mountTimeline } from '../timeline/view.ts';
import { mountCollectives } from '../views/collectives.ts';
import { mountMemory } from '../views/memory.ts';
import { mountAnnouncer } from './announce.ts';
import { mountControls } from './controls.ts';
import { mountEmpty } from './empty.ts';
import { mountFacts } from './facts.ts';
import { mountHelp } from './help.ts';
import { mountKeys } from './keys.ts';
import { mountTabs } from './tabs.ts';
import { mountTrouble } from './trouble.ts';
import { mountVerdict } from './verdict.ts';

/** Builds everything once; each part redraws itself when what it shows has changed. */
export function mountFrame(root: HTMLElement, panel: Panel): void {
  const tabs = el('header.tabs');
  const trouble = el('div.trouble');
  const verdict = el('section.verdict', { 'aria-label': 'Verdict' });
  const controls = el('div.controls', { role: 'toolbar', 'aria-label': 'What the picture shows' });
  const placement = el('section.view.placement', { 'aria-label': 'Placement' });
  const timeline = el('section.view.timeline', { 'aria-label': 'Timeline' });
  const memory = el('section.view.memory', { 'aria-label': 'Memory', tabindex: 0 });
  const collectives = el('section.view.collectives', { 'aria-label': 'Collectives' });
  const facts = el('aside.facts', { 'aria-label': 'Facts', tabindex: 0 });
  const empty = el('section.empty');
  const body = el('div.body', {}, el('div.stage', {}, placement, timeline, memory, collectives), facts);
  const plan = el('div.plan', {}, trouble, verdict, controls, body);
  root.append(tabs, plan, empty);

  mountTabs(tabs, panel);
  mountTrouble(trouble, panel);
  mountVerdict(verdict, panel);
  mountControls(controls, panel);
  const pictures: Partial<Record<ViewName, Picture>> = {
    placement: mountPlacement(placement, panel),
    timeline: mountTimeline(timeline, panel),
  };
  mountMemory(memory, panel);
  mountCollectives(collectives, panel);
  mountFacts(facts, panel);
  mountEmpty(empty, panel);
  mountAnnouncer(root, panel);
  const help = mountHelp(root);
  mountKeys(panel, () => pictures[panel.state.view], help);

  panel.onDraw(() => {
    const { view } = panel.state;
    const shown = panel.model !== undefined;
    root.classList.toggle('loading', !shown && panel.empty === undefined);
    root.classList.toggle('drained', panel.troubled());
    plan.hidden = !shown;
    empty.hidden = panel.empty === undefined;
    placement.hidden = view !== 'placement';
    timeline.hidden = view !== 'timeline';
    memory.hidden = view !== 'memory';
    collectives.hidden = view !== 'collectives';
    controls.hidden = pictures[view] === undefined;
    facts.hidden = view !== 'placement' || (panel.model?.levels.length ?? 0) === 0;
  });
}
