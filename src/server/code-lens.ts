/** `textDocument/codeLens`: one verdict above every plan, and the ways on from there. */
import type { CodeLens } from 'vscode-languageserver-protocol';
import type { PlanReport } from '../language/analysis/report.ts';
import type { Steady } from './hints/steady.ts';
import { COMMAND } from './protocol.ts';
import { refusalWords, verdictOf } from './verdict.ts';
import { endOfLine, type View } from './view.ts';

/** What is remembered of the lenses above one line. */
export interface LensText {
  plan: string;
  title: string;
}

export function codeLenses(view: View, steady: Steady<LensText>): CodeLens[] {
  const fresh = new Map<number, LensText>();
  const refused = new Map<number, LensText>();
  for (const plan of view.report.plans) {
    if (plan.nameRange.uri !== view.uri) continue;
    // While the text is damaged an old verdict is better than none: a refusal waits until the text is whole again.
    const target = plan.estimate || !view.damaged ? fresh : refused;
    target.set(plan.nameRange.start.line, { plan: plan.plan, title: titleOf(plan) });
  }
  const lines = steady.update(view.uri, view.text.getText(), fresh, view.damaged);
  for (const [line, lens] of refused) if (!lines.has(line)) lines.set(line, lens);
  return [...lines]
    .filter(([line]) => line < view.text.lineCount)
    .sort(([a], [b]) => a - b)
    .flatMap(([line, lens]) => lensesAt(view, line, lens));
}

function titleOf(plan: PlanReport): string {
  if (!plan.estimate) return refusalWords(plan);
  const verdict = verdictOf(plan.estimate);
  return plan.stale ? `${verdict} · with the last good version: ${plan.stale.reason}` : verdict;
}

function lensesAt(view: View, line: number, lens: LensText): CodeLens[] {
  const range = { start: { line, character: 0 }, end: endOfLine(view.text, line) };
  const args = [view.uri, lens.plan];
  // A command without a name is plain text.
  const verdict: CodeLens = { range, command: { title: lens.title, command: '' } };
  if (!view.commands) return [verdict];
  return [
    verdict,
    { range, command: { title: 'Open topology', command: COMMAND.openTopology, arguments: args } },
    { range, command: { title: 'Why?', command: COMMAND.showDerivation, arguments: args } },
  ];
}
