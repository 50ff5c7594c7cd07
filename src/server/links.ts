/** Links in markdown to what the client can open. Empty where the client has not said that it knows our commands. */
import type { PlanReport } from '../language/analysis/report.ts';
import { COMMAND } from './protocol.ts';
import type { View } from './view.ts';

/** `Open topology · Why?` for a plan of the document. */
export function links(view: View, plan: PlanReport): string {
  if (!view.commands) return '';
  return `${commandLink('Open topology', COMMAND.openTopology, [view.uri, plan.plan])} · ${commandLink('Why?', COMMAND.showDerivation, [view.uri, plan.plan])}`;
}

export const commandLink = (text: string, command: string, args: unknown[]): string =>
  `[${text}](command:${command}?${encodeURIComponent(JSON.stringify(args))})`;
