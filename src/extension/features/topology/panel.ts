/**
 * The host's side of the panel: says that something changed, hands over the model that the panel asks for, and does in the
 * text what the panel's user asks for. Every message is checked on arrival.
 */
import * as vscode from 'vscode';
import { panelHtml } from '../../../panel/html.ts';
import {
  type HostMessage,
  type PanelMessage,
  type PanelModel,
  type PanelTimeline,
  PROTOCOL_VERSION,
  panelMessage,
} from '../../../panel/protocol.ts';
import {
  type ChangedParams,
  METHOD,
  type PanelAnswer,
  type PlanParams,
  type TimelineAnswer,
} from '../../../server/protocol.ts';
import type { Server } from '../language-client/index.ts';
import { exportPicture, insertExample, revealSource, SourceMark } from './source.ts';

export const distFolder = (extension: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extension, 'dist');

export class TopologyPanel {
  private uri = '';
  private plan: string | undefined;
  private hash = '';
  /** The page has said that it listens. */
  private listening = false;
  /** Of the step that is being played for the panel. */
  private playing: vscode.CancellationTokenSource | undefined;
  private readonly mark = new SourceMark();
  private readonly listener: vscode.Disposable;

  constructor(
    extension: vscode.Uri,
    private readonly panel: vscode.WebviewPanel,
    private readonly server: Server,
    private readonly onShown: (uri: string) => void,
  ) {
    const { webview } = panel;
    const dist = distFolder(extension);
    const address = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.iconPath = vscode.Uri.joinPath(extension, 'media', 'file.png');
    this.listener = webview.onDidReceiveMessage(raw => {
      const message = panelMessage(raw);
      if (message) void this.receive(message);
    });
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      nonce: nonce(),
      scriptUri: address('panel.js'),
      styleUri: address('panel.css'),
    });
  }

  /** Shows a document, by its address as text; `plan`: another plan than the active one. */
  show(uri: string, plan?: string): void {
    if (uri === this.uri && plan === this.plan) return;
    this.uri = uri;
    this.plan = plan;
    this.hash = '';
    this.panel.title = `Topology: ${vscode.Uri.parse(uri).path.split('/').pop()}`;
    this.onShown(uri);
    this.announce();
  }

  reveal(): void {
    if (!this.panel.visible) this.panel.reveal(undefined, true);
  }

  /** The server has new numbers. */
  changed({ uri, hash }: ChangedParams): void {
    if (uri !== this.uri) return;
    this.hash = hash;
    this.announce();
  }

  /** The server is new: what the panel shows may be old. */
  refresh(): void {
    this.hash = '';
    this.announce();
  }

  /** Selects in the panel what the cursor stands on. */
  follow(editor: vscode.TextEditor): void {
    const follows = vscode.workspace.getConfiguration('meshwright').get('panel.followCursor', true);
    const uri = editor.document.uri.toString();
    if (!follows || uri !== this.uri) return;
    const { line, character } = editor.selection.active;
    this.post({ type: 'select', target: { kind: 'cursor', uri, line, character } });
  }

  close(): void {
    this.panel.dispose();
  }

  dispose(): void {
    this.playing?.cancel();
    this.listener.dispose();
    this.mark.dispose();
  }

  private async receive(message: PanelMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.listening = true;
        return this.announce();
      case 'pull':
        if (message.plan) this.plan = message.plan;
        return this.answer(this.plan);
      case 'play':
        return this.play(message.hash);
      case 'reveal':
        return revealSource(message.uri, message.range);
      case 'hover':
        return this.mark.show(message.source);
      case 'export':
        return exportPicture(this.uri, message);
      case 'insertExample':
        return insertExample(this.uri, message.text);
    }
  }

  private announce(): void {
    if (this.uri) this.post({ type: 'changed', hash: this.hash, version: PROTOCOL_VERSION });
  }

  private async answer(plan: string | undefined): Promise<void> {
    const { uri } = this;
    if (!uri) return;
    const params: PlanParams = { uri, ...(plan ? { plan } : {}) };
    const answer = await this.server.request<PanelAnswer>(METHOD.panel, params);
    // Another document was chosen meanwhile: its own answer is on the way.
    if (!answer || uri !== this.uri) return;
    this.hash = answer.hash;
    this.post({ type: 'model', hash: answer.hash, model: answer.model as PanelModel });
    const editor = vscode.window.activeTextEditor;
    if (editor?.document.uri.toString() === uri) this.follow(editor);
  }

  /** Plays the step of the plan on show; whoever asks again has no use for the answer before. */
  private async play(hash: string): Promise<void> {
    const { uri, plan } = this;
    if (!uri) return;
    this.playing?.cancel();
    const own = new vscode.CancellationTokenSource();
    this.playing = own;
    const params: PlanParams = { uri, ...(plan ? { plan } : {}) };
    const answer = await this.server.request<TimelineAnswer>(METHOD.timeline, params, own.token);
    own.dispose();
    if (answer && this.playing === own)
      this.post({ type: 'timeline', hash, timeline: answer.timeline as PanelTimeline | null });
  }

  private post(message: HostMessage): void {
    if (this.listening) void this.panel.webview.postMessage(message);
  }
}

/** 128 bits from a cryptographic generator, as text. */
function nonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
