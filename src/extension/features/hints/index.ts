/** Switches how much the hints say: totals, all, off, and round again. */
import * as vscode from 'vscode';

const DENSITIES = ['totals', 'all', 'off'] as const;

export function activateHints(context: vscode.ExtensionContext): void {
  context.subscriptions.push(
    vscode.commands.registerCommand('meshwright.cycleHints', async () => {
      const settings = vscode.workspace.getConfiguration('meshwright');
      const now = DENSITIES.indexOf(settings.get('hints.density', 'totals') as (typeof DENSITIES)[number]);
      const next = DENSITIES[(now + 1) % DENSITIES.length];
      await settings.update('hints.density', next, target(settings.inspect('hints.density')));
      vscode.window.setStatusBarMessage(`Meshwright hints: ${next}`, 2000);
    }),
  );
}

/** The place that already decides; else the user's own settings. */
function target(found: { workspaceValue?: unknown } | undefined): vscode.ConfigurationTarget {
  return found?.workspaceValue === undefined
    ? vscode.ConfigurationTarget.Global
    : vscode.ConfigurationTarget.Workspace;
}
