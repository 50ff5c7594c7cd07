/** `textDocument/inlayHint`: what every line costs, at its end. */
import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver-protocol';
import { labelOf } from './hints/label.ts';
import { notesOf } from './hints/notes.ts';
import type { Steady } from './hints/steady.ts';
import { tooltipOf } from './hints/tooltip.ts';
import { unitHints } from './hints/units.ts';
import { endOfLine, type View } from './view.ts';

/** What is remembered of a line's hint, its place left out. */
export interface HintText {
  label: string;
  tooltip: string;
}

/** All hints of the range, in the sequence of the text. */
export function inlayHints(view: View, range: Range, steady: Steady<HintText>): InlayHint[] {
  const fresh = new Map<number, HintText>();
  for (const note of notesOf(view)) {
    const label = labelOf(note, view.settings.hints);
    if (label === '') continue;
    const there = fresh.get(note.line);
    const tooltip = tooltipOf(note, view);
    // `level` and axis of one line, or two claims: one hint a line, VS Code cuts the second anyway.
    fresh.set(
      note.line,
      there
        ? { label: `${there.label} · ${label}`, tooltip: `${there.tooltip}\n\n${tooltip}` }
        : { label, tooltip },
    );
  }
  const keep = view.damaged || view.report.plans.some(plan => plan.stale !== undefined);
  const lines =
    view.settings.hints.density === 'off' ? fresh : steady.update(view.uri, view.text.getText(), fresh, keep);
  const hints: InlayHint[] = [...lines]
    .filter(([line]) => line >= range.start.line && line <= range.end.line && line < view.text.lineCount)
    .map(([line, hint]) => ({
      position: endOfLine(view.text, line),
      label: hint.label,
      tooltip: { kind: 'markdown', value: hint.tooltip },
      kind: InlayHintKind.Type,
      paddingLeft: true,
    }));
  return [...hints, ...unitHints(view, range)].sort(
    (a, b) => a.position.line - b.position.line || a.position.character - b.position.character,
  );
}
