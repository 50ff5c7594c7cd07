/** The server in a Node process; the client chooses the transport by an argument (`--node-ipc`, `--stdio`). */
import { NodeFileSystem } from 'langium/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import type { ServerOptions } from './start.ts';

export function connect(): ServerOptions {
  return {
    connection: createConnection(ProposedFeatures.all),
    fileSystemProvider: NodeFileSystem.fileSystemProvider(),
  };
}
