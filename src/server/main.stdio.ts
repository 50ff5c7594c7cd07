/** The server over standard input and output, for editors other than VS Code: `meshwright lsp --stdio`. */
import { NodeFileSystem } from 'langium/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './start.ts';

/** Serves until the client says `exit` or closes the stream; both end the process. */
export function serveStdio(): void {
  // Whatever prints by mistake would break the protocol: standard output belongs to it alone.
  console.log = console.error;
  startServer({
    connection: createConnection(ProposedFeatures.all, process.stdin, process.stdout),
    fileSystemProvider: NodeFileSystem.fileSystemProvider(),
  });
}
