/** The edit that gives a mesh another order. */
import type { PlanReport, TextEditSpec } from '../../language/analysis/report.ts';
import { isMesh, type Mesh } from '../../language/generated/ast.ts';
import { lineText, type View } from '../view.ts';

/** Undefined where the plan's mesh stands in another file. */
export function orderEdit(view: View, plan: PlanReport, order: readonly string[]): TextEditSpec | undefined {
  const mesh = view.root.decls.filter(isMesh).find(m => m.name === plan.spec?.mesh.name);
  const text = order.join(' < ');
  const stated = mesh?.order[0]?.$cstNode?.range;
  if (stated)
    return { range: { uri: view.uri, start: stated.start, end: stated.end }, newText: `order: ${text}` };
  return mesh && insertOrder(view, mesh, text);
}

/** A line behind the last axis. */
function insertOrder(view: View, mesh: Mesh, text: string): TextEditSpec | undefined {
  const last = mesh.axes.at(-1)?.$cstNode?.range;
  if (!last) return undefined;
  const first = mesh.$cstNode?.range.start.line === last.end.line;
  if (first) return { range: { uri: view.uri, start: last.end, end: last.end }, newText: `  order: ${text}` };
  const indent = /^\s*/.exec(lineText(view.text, last.start.line))![0];
  const place = { line: last.end.line + 1, character: 0 };
  return { range: { uri: view.uri, start: place, end: place }, newText: `${indent}order: ${text}\n` };
}
