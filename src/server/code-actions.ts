/** `textDocument/codeAction`: fixes that findings carry, all safe ones at once, and changes that make a plan faster. */
import { AstUtils, type LangiumDocument } from 'langium';
import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Finding, PlanReport, TextEditSpec } from '../language/analysis/report.ts';
import { isMesh } from '../language/generated/ast.ts';
import { notesOf } from './hints/notes.ts';
import type { Session } from './session.ts';
import { suggestions } from './suggest/search.ts';
import { coversLine, type View } from './view.ts';

/** Fix everything that needs no look; editors run it on save where the user asks for that. */
export const FIX_ALL = 'source.fixAll.meshwright';

export async function codeActions(
  session: Session,
  view: View,
  params: CodeActionParams,
  token: CancellationToken,
): Promise<CodeAction[]> {
  const wanted = (kind: string) =>
    params.context.only?.some(only => kind === only || kind.startsWith(`${only}.`)) ??
    !kind.startsWith('source');
  const actions: CodeAction[] = [];
  if (wanted(FIX_ALL)) actions.push(...fixAll(view));
  if (wanted(CodeActionKind.QuickFix)) actions.push(...fixes(view, params));
  if (wanted(CodeActionKind.QuickFix) || wanted(CodeActionKind.RefactorRewrite)) {
    actions.push(...(await faster(session, view, params, token)));
  }
  return actions;
}

/** The fixes of findings that touch the range. */
function fixes(view: View, params: CodeActionParams): CodeAction[] {
  return touching(view, params.range).flatMap(finding =>
    (finding.fixes ?? []).map(fix => ({
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      edit: workspaceEdit(fix.edits),
      diagnostics: diagnosticsFor(finding, params),
      ...(fix.preferred ? { isPreferred: true } : {}),
    })),
  );
}

/** One action with every safe fix; of fixes that overlap, the first. */
function fixAll(view: View): CodeAction[] {
  const edits: TextEditSpec[] = [];
  for (const finding of view.report.findings) {
    const fix = finding.fixes?.find(f => f.safe);
    if (fix && !fix.edits.some(edit => edits.some(other => overlap(edit, other)))) edits.push(...fix.edits);
  }
  if (edits.length === 0) return [];
  return [{ title: 'Fix all that is safe to fix', kind: FIX_ALL, edit: workspaceEdit(edits) }];
}

/** Changes with their gain, where the cursor stands on what they are about. */
async function faster(
  session: Session,
  view: View,
  params: CodeActionParams,
  token: CancellationToken,
): Promise<CodeAction[]> {
  const line = params.range.start.line;
  const plan = planAt(view, line);
  const related = touching(view, params.range).filter(f =>
    /^(network|order|level|assert|expect|memory)/.test(f.code),
  );
  if (!plan || !(related.length > 0 || isAbout(view, plan, line))) return [];
  const document = AstUtils.getDocument(view.root) as LangiumDocument;
  const found = await suggestions(session, view, document, plan, token);
  return found.map(suggestion => ({
    title: suggestion.title,
    kind: related.length > 0 ? CodeActionKind.QuickFix : CodeActionKind.RefactorRewrite,
    edit: workspaceEdit(suggestion.edits),
    ...(related.length > 0 ? { diagnostics: related.flatMap(f => diagnosticsFor(f, params)) } : {}),
  }));
}

/** The plan around a line, or the active one for lines of its mesh. */
const planAt = (view: View, line: number): PlanReport | undefined =>
  view.report.plans.find(plan => coversLine(plan.range, view.uri, line)) ?? view.active;

/** The plan's first line, the lines of its mesh, and every line that causes collectives. */
function isAbout(view: View, plan: PlanReport, line: number): boolean {
  if (plan.nameRange.uri === view.uri && plan.nameRange.start.line === line) return true;
  const mesh = view.root.decls.filter(isMesh).find(m => m.name === plan.spec?.mesh.name)?.$cstNode?.range;
  if (mesh && mesh.start.line <= line && line <= mesh.end.line) return true;
  return notesOf(view).some(note => note.kind === 'traffic' && note.line === line);
}

function touching(view: View, range: Range): Finding[] {
  return view.report.findings.filter(
    ({ range: r }) => r.uri === view.uri && !(after(r.start, range.end) || after(range.start, r.end)),
  );
}

const after = (a: Range['start'], b: Range['start']): boolean =>
  a.line > b.line || (a.line === b.line && a.character > b.character);

const diagnosticsFor = (finding: Finding, params: CodeActionParams) =>
  params.context.diagnostics.filter(
    d =>
      d.code === finding.code &&
      d.range.start.line === finding.range.start.line &&
      d.range.start.character === finding.range.start.character,
  );

function overlap(a: TextEditSpec, b: TextEditSpec): boolean {
  return (
    a.range.uri === b.range.uri && !(after(a.range.start, b.range.end) || after(b.range.start, a.range.end))
  );
}

function workspaceEdit(edits: readonly TextEditSpec[]): WorkspaceEdit {
  const changes: Record<string, TextEdit[]> = {};
  for (const edit of edits) {
    const list = changes[edit.range.uri] ?? [];
    list.push({ range: { start: edit.range.start, end: edit.range.end }, newText: edit.newText });
    changes[edit.range.uri] = list;
  }
  return { changes };
}
