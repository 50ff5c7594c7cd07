/** The value in bytes behind a number that is written in bits, where the setting asks for it. */
import { AstUtils } from 'langium';
import { type InlayHint, InlayHintKind, type Range } from 'vscode-languageserver-protocol';
import { isQuantity } from '../../language/generated/ast.ts';
import { otherWords } from '../quantity.ts';
import type { View } from '../view.ts';

/** A hint behind every quantity in the range that reads differently in bytes per second. */
export function unitHints(view: View, range: Range): InlayHint[] {
  if (!view.settings.hints.units || view.settings.hints.density === 'off') return [];
  const hints: InlayHint[] = [];
  for (const node of AstUtils.streamAllContents(view.root)) {
    const place = node.$cstNode?.range;
    if (!isQuantity(node) || !place || place.end.line < range.start.line || place.end.line > range.end.line)
      continue;
    const words = otherWords(node.value);
    if (words && /b(ps|\/s)?$|bit/.test(node.value)) {
      hints.push({ position: place.end, label: `= ${words}`, kind: InlayHintKind.Type, paddingLeft: true });
    }
  }
  return hints;
}
