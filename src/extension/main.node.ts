/** Entry of the Node extension host (desktop, remote): the server runs in a process of its own. */
import type { ExtensionContext } from 'vscode';
import { type ForkOptions, LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { activateMeshwright } from './extension.ts';
import type { ClientFactory } from './features/language-client/index.ts';

const createClient: ClientFactory = (context, options) => {
  const module = context.asAbsolutePath('dist/server.cjs');
  const debug: ForkOptions = { execArgv: ['--nolazy', '--inspect=6019'] };
  return new LanguageClient(
    'meshwright',
    'Meshwright',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: debug },
    },
    options,
  );
};

export function activate(context: ExtensionContext): Promise<void> {
  return activateMeshwright(context, { createClient, ownsDisk: true });
}
