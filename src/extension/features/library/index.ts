/** Opens files of the standard library, which lie inside the server, as read-only documents. */
import * as vscode from 'vscode';
import { METHOD, type TextAnswer } from '../../../server/protocol.ts';
import type { Server } from '../language-client/index.ts';

export function activateLibrary(context: vscode.ExtensionContext, server: Server): void {
  const provider: vscode.TextDocumentContentProvider = {
    async provideTextDocumentContent(uri, token) {
      const answer = await server.request<TextAnswer>(METHOD.libraryText, { uri: uri.toString() }, token);
      return answer?.text ?? `// ${uri.path} is not a file of the standard library.\n`;
    },
  };
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider('meshwright-lib', provider),
  );
}
