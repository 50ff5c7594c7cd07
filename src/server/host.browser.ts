/** The server in a web worker (vscode.dev): it has no disk, and reads files through its client. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import type { ServerOptions } from './start.ts';

export function connect(): ServerOptions {
  const scope = self as unknown as DedicatedWorkerGlobalScope;
  return { connection: createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)) };
}
