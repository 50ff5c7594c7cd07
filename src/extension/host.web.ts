/** The web-worker extension host (vscode.dev, github.dev): the server runs in a worker of its own. */
import { Uri, workspace } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import type { ClientFactory, Host } from './features/language-client/index.ts';

const createClient: ClientFactory = (context, options) => {
  const script = Uri.joinPath(context.extensionUri, 'dist', 'server.js');
  let worker: Worker | undefined;
  // A restart asks again: the old worker must go, or both answer.
  const start = async () => {
    worker?.terminate();
    worker = new Worker(await workerAddress(script), { name: 'meshwright' });
    // Transports, not the worker: the host's `Worker` is a stand-in that `instanceof` does not know.
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  context.subscriptions.push({ dispose: () => worker?.terminate() });
  return new LanguageClient('meshwright', 'Meshwright', start, options);
};

/** VS Code refuses a worker from an extension that lies on a remote machine; its text as a Blob is accepted everywhere. */
async function workerAddress(script: Uri): Promise<string> {
  if (script.scheme !== 'vscode-remote') return script.toString(true);
  const text = await workspace.fs.readFile(script);
  return URL.createObjectURL(new Blob([text as BlobPart], { type: 'text/javascript' }));
}

export const host: Host = { createClient, ownsDisk: false };
