/** Entry of the server in a web worker (vscode.dev): it has no disk, and reads files through its client. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { startServer } from './start.ts';

const scope = self as unknown as DedicatedWorkerGlobalScope;
startServer({
  connection: createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)),
});
