/** Entry of the web-worker extension host (vscode.dev, github.dev): the server runs in a worker of its own. */
import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { activateMeshwright } from './extension.ts';
import type { ClientFactory } from './features/language-client/index.ts';

const createClient: ClientFactory = (context, options) => {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'server.web.js').toString(true);
  let worker: Worker | undefined;
  // A restart asks again: the old worker must go, or both answer.
  const start = async () => {
    worker?.terminate();
    worker = new Worker(script, { name: 'meshwright' });
    return worker;
  };
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  return new LanguageClient('meshwright', 'Meshwright', start, options);
};

export function activate(context: ExtensionContext): Promise<void> {
  return activateMeshwright(context, { createClient, ownsDisk: false });
}
