/** Tells the server where the cursor stands, so that lines which several plans share carry that plan's numbers. */
import * as vscode from 'vscode';
import { type ActivePlanParams, METHOD } from '../../../server/protocol.ts';
import { LANGUAGE, type Server } from '../language-client/index.ts';

export function activateActivePlan(context: vscode.ExtensionContext, server: Server): void {
  let told = '';
  const tell = (editor: vscode.TextEditor | undefined) => {
    if (editor?.document.languageId !== LANGUAGE) return;
    const params: ActivePlanParams = {
      uri: editor.document.uri.toString(),
      line: editor.selection.active.line,
    };
    const now = `${params.uri}:${params.line}`;
    if (now === told) return;
    told = now;
    server.notify(METHOD.activePlan, params);
  };
  context.subscriptions.push(
    vscode.window.onDidChangeActiveTextEditor(tell),
    vscode.window.onDidChangeTextEditorSelection(event => tell(event.textEditor)),
    server.onReady(() => {
      told = '';
      tell(vscode.window.activeTextEditor);
    }),
    vscode.commands.registerCommand('meshwright.selectPlan', selectPlan),
  );
}

/** Offers the plans of the document; the choice is kept in the workspace's settings. */
async function selectPlan(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== LANGUAGE) return;
  const names = [...document.getText().matchAll(/^\s*plan\s+([A-Za-z_]\w*)/gm)].map(
    match => match[1] as string,
  );
  const follow = { label: 'Follow the cursor', name: '' };
  const picked = await vscode.window.showQuickPick([follow, ...names.map(name => ({ label: name, name }))], {
    placeHolder: 'Plan whose numbers stand on lines that several plans share',
  });
  if (!picked) return;
  const target = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await vscode.workspace
    .getConfiguration('meshwright')
    .update('plan.active', picked.name || undefined, target);
}
