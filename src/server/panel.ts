/** `meshwright/panel`: what the side panel shows of one plan, with a name for it so that nobody pulls it twice. */

import { damageOf } from '../language/lower/damage.ts';
import { buildPanelModel, emptyModel } from '../layout/model/build.ts';
import { panelTimeline } from '../layout/model/timeline.ts';
import { hashOf } from './hash.ts';
import type { PanelAnswer, TimelineAnswer } from './protocol.ts';
import type { View } from './view.ts';

const planOf = (view: View, name: string | undefined) =>
  view.report.plans.find(({ plan }) => plan === name) ?? view.active;

/** @param name of the plan; the active one where it is left out or not in the document. */
export function panelAnswer(view: View, name: string | undefined): PanelAnswer {
  const plans = view.report.plans.map(plan => plan.plan);
  const plan = planOf(view, name);
  const model = plan ? buildPanelModel(plan, { uri: view.uri, plans }) : empty(view);
  return { hash: hashOf(JSON.stringify(model)), plan: plan?.plan ?? '', plans, model };
}

/** `meshwright/timeline`: the step of the same plan, played; null where there is none to play. */
export function timelineAnswer(view: View, name: string | undefined): TimelineAnswer {
  const estimate = planOf(view, name)?.estimate;
  return { timeline: (estimate && panelTimeline(estimate)) ?? null };
}

/** A text with syntax errors may have a plan that nobody can read at the moment. */
const empty = ({ uri, root, damaged }: View) =>
  emptyModel(uri, damaged && root.$document ? damageOf(root.$document).any : undefined);
