/** The side panel: opened beside the text, restored with the window, one for all plans of a window. */
import * as vscode from 'vscode';
import { LANGUAGE, type Server } from '../language-client/index.ts';
import { distFolder, TopologyPanel } from './panel.ts';

const VIEW_TYPE = 'meshwright.topology';
/** The document that the panel showed when the window was closed. */
const SHOWN = 'meshwright.topology.shown';

export function activateTopology(context: vscode.ExtensionContext, server: Server): void {
  let current: TopologyPanel | undefined;

  const adopt = (webview: vscode.WebviewPanel, uri: string | undefined) => {
    const panel = new TopologyPanel(context.extensionUri, webview, server, shown => {
      void context.workspaceState.update(SHOWN, shown);
    });
    current = panel;
    webview.onDidDispose(() => {
      panel.dispose();
      if (current === panel) current = undefined;
    });
    if (uri) panel.show(uri);
  };

  const open = (uri?: unknown, plan?: unknown) => {
    const source = sourceOf(uri);
    const name = typeof plan === 'string' ? plan : undefined;
    if (!current) {
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      const options = { enableScripts: true, localResourceRoots: [distFolder(context.extensionUri)] };
      adopt(vscode.window.createWebviewPanel(VIEW_TYPE, 'Topology', place, options), undefined);
    }
    current?.reveal();
    if (source) current?.show(source, name);
  };

  context.subscriptions.push(
    vscode.commands.registerCommand('meshwright.openTopology', open),
    vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
      async deserializeWebviewPanel(webview) {
        adopt(webview, sourceOf(undefined) ?? context.workspaceState.get<string>(SHOWN));
      },
    }),
    vscode.window.onDidChangeActiveTextEditor(editor => {
      if (editor && isPlan(editor)) current?.show(editor.document.uri.toString());
    }),
    vscode.window.onDidChangeTextEditorSelection(event => {
      if (event.textEditor.document.languageId === LANGUAGE) current?.follow(event.textEditor);
    }),
    server.onChanged(params => current?.changed(params)),
    server.onReady(() => current?.refresh()),
    { dispose: () => current?.close() },
  );
}

/** Lenses give the document as text, the title bar as a Uri, the palette nothing. */
function sourceOf(uri: unknown): string | undefined {
  if (typeof uri === 'string') return uri;
  if (uri instanceof vscode.Uri) return uri.toString();
  const editors = [vscode.window.activeTextEditor, ...vscode.window.visibleTextEditors];
  return editors.find(editor => editor && isPlan(editor))?.document.uri.toString();
}

/** The standard library holds no plans: looking something up there must not empty the panel. */
function isPlan({ document }: vscode.TextEditor): boolean {
  return document.languageId === LANGUAGE && document.uri.scheme !== 'meshwright-lib';
}
