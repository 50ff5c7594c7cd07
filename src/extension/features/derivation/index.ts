/** "Why this number?": the whole step derived, as a read-only markdown document beside the plan. */
import * as vscode from 'vscode';
import { METHOD, type PlanParams, type TextAnswer } from '../../../server/protocol.ts';
import { LANGUAGE, type Server } from '../language-client/index.ts';

const SCHEME = 'meshwright-derivation';

export function activateDerivation(context: vscode.ExtensionContext, server: Server): void {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changed.event,
    async provideTextDocumentContent(uri, token) {
      const answer = await server.request<TextAnswer>(METHOD.derivation, paramsOf(uri), token);
      return answer?.text ?? 'There is no estimate yet: the plan has errors, or its file is closed.\n';
    },
  };

  context.subscriptions.push(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, provider),
    server.onChanged(({ uri }) => {
      for (const document of vscode.workspace.textDocuments) {
        if (document.uri.scheme === SCHEME && paramsOf(document.uri).uri === uri) changed.fire(document.uri);
      }
    }),
    vscode.commands.registerCommand('meshwright.showDerivation', async (uri?: unknown, plan?: unknown) => {
      const source = sourceOf(uri);
      if (!source) return;
      const virtual = derivationUri(source, typeof plan === 'string' ? plan : undefined);
      await vscode.workspace.openTextDocument(virtual);
      await vscode.commands.executeCommand('markdown.showPreviewToSide', virtual);
    }),
  );
}

/** Lenses and hovers give the document as text, the menu as a Uri, the palette nothing. */
function sourceOf(uri: unknown): string | undefined {
  if (typeof uri === 'string') return uri;
  if (uri instanceof vscode.Uri) return uri.toString();
  const document = vscode.window.activeTextEditor?.document;
  return document?.languageId === LANGUAGE ? document.uri.toString() : undefined;
}

function derivationUri(uri: string, plan: string | undefined): vscode.Uri {
  const name = plan ?? vscode.Uri.parse(uri).path.split('/').pop() ?? 'plan';
  return vscode.Uri.from({ scheme: SCHEME, path: `/Why ${name}.md`, query: JSON.stringify({ uri, plan }) });
}

function paramsOf(uri: vscode.Uri): PlanParams {
  const { uri: source, plan } = JSON.parse(uri.query) as PlanParams;
  return { uri: source, ...(plan ? { plan } : {}) };
}
