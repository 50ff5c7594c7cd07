/** The verdict on the active plan, in the status bar: `pretrain 6.64 s · compute binds`. */
import * as vscode from 'vscode';
import { METHOD, type Status } from '../../../server/protocol.ts';
import { LANGUAGE, type Server } from '../language-client/index.ts';

export function activateStatusBar(context: vscode.ExtensionContext, server: Server): void {
  const item = vscode.window.createStatusBarItem('meshwright.verdict', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Meshwright Verdict';
  item.command = 'meshwright.openTopology';

  let asked: vscode.CancellationTokenSource | undefined;
  const refresh = async () => {
    const document = shownPlan();
    asked?.cancel();
    if (!document) {
      item.hide();
      return;
    }
    const source = new vscode.CancellationTokenSource();
    asked = source;
    const status = await server.request<Status>(
      METHOD.status,
      { uri: document.uri.toString() },
      source.token,
    );
    if (source.token.isCancellationRequested) return;
    if (status && status.state !== 'empty') show(item, status);
    else item.hide();
  };
  const isActive = (uri: string) => shownPlan()?.uri.toString() === uri;

  context.subscriptions.push(
    item,
    vscode.window.onDidChangeActiveTextEditor(refresh),
    server.onChanged(({ uri }) => {
      if (isActive(uri)) void refresh();
    }),
    server.onReady(refresh),
  );
}

/** The plan in the active editor; while a panel has the focus, the one that stands beside it. */
function shownPlan(): vscode.TextDocument | undefined {
  const active = vscode.window.activeTextEditor;
  const editors = active ? [active] : vscode.window.visibleTextEditors;
  return editors.find(editor => editor.document.languageId === LANGUAGE)?.document;
}

function show(item: vscode.StatusBarItem, status: Status): void {
  item.text = `${icon(status)} ${status.text}`;
  item.tooltip = new vscode.MarkdownString(status.tooltip);
  item.accessibilityInformation = { label: `Meshwright: ${status.text}` };
  item.backgroundColor =
    status.claims.failing > 0 ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  item.show();
}

function icon(status: Status): string {
  if (status.state === 'stale') return '$(history)';
  if (status.errors > 0 || status.state === 'refused') return '$(error)';
  return status.claims.failing > 0 ? '$(warning)' : '$(type-hierarchy)';
}
