/** A new, unsaved plan from one of a few templates. */
import * as vscode from 'vscode';
import { LANGUAGE } from '../language-client/index.ts';
import { TEMPLATES } from './templates.ts';

export function activateNewPlan(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand('meshwright.newPlan', async () => {
      const template = await vscode.window.showQuickPick(TEMPLATES, {
        placeHolder: 'What the plan starts from',
        matchOnDescription: true,
      });
      if (!template) return;
      const document = await vscode.workspace.openTextDocument({
        language: LANGUAGE,
        content: template.text,
      });
      await vscode.window.showTextDocument(document);
    }),
  );
}
