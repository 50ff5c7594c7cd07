/** The Node extension host (desktop, remote): the server runs in a process of its own. */
import { type ForkOptions, LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { ClientFactory, Host } from './features/language-client/index.ts';

const createClient: ClientFactory = (context, options) => {
  const module = context.asAbsolutePath('dist/server.js');
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

export const host: Host = { createClient, ownsDisk: true };
