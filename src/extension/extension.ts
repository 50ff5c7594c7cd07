/**
 * The client: one `activate…` per feature, the same in every host. Features receive what they need; none reaches for
 * another one's inside. All of them are registered before the server answers, so that no command is ever "not found".
 */
import type { ExtensionContext } from 'vscode';
import { activateActivePlan } from './features/active-plan/index.ts';
import { activateDerivation } from './features/derivation/index.ts';
import { activateFiles } from './features/files/index.ts';
import { activateHints } from './features/hints/index.ts';
import { activateLanguageClient, type Host } from './features/language-client/index.ts';
import { activateLibrary } from './features/library/index.ts';
import { activateNewPlan } from './features/new-plan/index.ts';
import { activateStatusBar } from './features/status-bar/index.ts';
import { activateTopology } from './features/topology/index.ts';

export async function activateMeshwright(context: ExtensionContext, host: Host): Promise<void> {
  const server = activateLanguageClient(context, host);
  activateFiles(context, server);
  activateLibrary(context, server);
  activateActivePlan(context, server);
  activateStatusBar(context, server);
  activateDerivation(context, server);
  activateTopology(context, server);
  activateHints(context);
  activateNewPlan(context);
  // Not awaited: VS Code need not wait for the server before it shows the text.
  void server.start();
}
