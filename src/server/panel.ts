/** `meshwright/panel`: what the side panel shows of one plan, with a name for it so that nobody pulls it twice. */

import { damageOf } from '../language/lower/damage.ts';
import { buildPanelModel, emptyModel } from '../layout/model/build.ts';
import { hashOf } from './hash.ts';
import type { PanelAnswer } from './protocol.ts';
import type { View } from './view.ts';

/** @param name of the plan; the active one where it is left out or not in the document. */
export function panelAnswer(view: View, name: string | undefined): PanelAnswer {
  const plans = view.report.plans.map(plan => plan.plan);
  const plan = view.report.plans.find(p => p.plan === name) ?? view.active;
  const model = plan ? buildPanelModel(plan, { uri: view.uri, plans }) : empty(view);
  return { hash: hashOf(JSON.stringify(model)), plan: plan?.plan ?? '', plans, model };
}

/** A text with syntax errors may have a plan that nobody can read at the moment. */
const empty = ({ uri, root, damaged }: View) =>
  emptyModel(uri, damaged && root.$document ? damageOf(root.$document).any : undefined);
