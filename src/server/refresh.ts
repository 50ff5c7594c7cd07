/**
 * Tells the client what it cannot see: that other documents' numbers changed. A client asks again about a document that it
 * edits, but not when an imported file, a mentioned `config.json`, the settings or the active plan change.
 */
import { DocumentState, type LangiumDocument } from 'langium';
import type { ClientCapabilities } from 'vscode-languageserver';
import { guarded } from './guard.ts';
import { reportHash } from './hash.ts';
import { type ChangedParams, METHOD } from './protocol.ts';
import type { Session } from './session.ts';
import { Throttle } from './throttle.ts';

/** Milliseconds between two messages: a frame or two. */
const GAP = 30;

export class Refresher {
  private readonly throttle: Throttle;
  private readonly changed = new Throttle(() => this.announce(), GAP);
  private capabilities: ClientCapabilities = {};
  /** Documents that the client itself edited since the last build. */
  private readonly edited = new Set<string>();
  private readonly announced = new Map<string, string>();

  constructor(private readonly session: Session) {
    this.throttle = new Throttle(() => this.send(), GAP);
    session.shared.workspace.DocumentBuilder.onBuildPhase(DocumentState.IndexedReferences, documents =>
      this.built(documents),
    );
  }

  initialize(capabilities: ClientCapabilities): void {
    this.capabilities = capabilities;
  }

  /** The client edited this document: it will ask by itself. */
  clientEdited(uri: string): void {
    this.edited.add(uri);
  }

  closed(uri: string): void {
    this.announced.delete(uri);
    this.edited.delete(uri);
  }

  /** Settings or active plan changed: every surface of every open document is asked for again. */
  everything(): void {
    this.throttle.request();
    this.changed.request();
  }

  dispose(): void {
    this.throttle.dispose();
    this.changed.dispose();
  }

  private built(documents: LangiumDocument[]): void {
    const { TextDocuments } = this.session.shared.workspace;
    const behind = documents.some(
      document => TextDocuments.get(document.uri) !== undefined && !this.edited.has(document.uri.toString()),
    );
    this.edited.clear();
    if (behind) this.throttle.request();
    this.changed.request();
  }

  private send(): void {
    const { workspace } = this.capabilities;
    const { connection } = this.session;
    const ignore = () => undefined;
    if (workspace?.inlayHint?.refreshSupport) connection.languages.inlayHint.refresh().catch(ignore);
    if (workspace?.codeLens?.refreshSupport)
      connection.sendRequest('workspace/codeLens/refresh').catch(ignore);
    if (workspace?.semanticTokens?.refreshSupport)
      connection.languages.semanticTokens.refresh().catch(ignore);
  }

  private announce(): void {
    for (const document of this.session.openDocuments()) {
      void guarded('changed', this.session.log, () => this.announceOne(document));
    }
  }

  private announceOne(document: LangiumDocument): void {
    const { report, active } = this.session.view(document);
    const uri = document.uri.toString();
    const hash = reportHash(report, active?.plan);
    if (this.announced.get(uri) === hash) return;
    this.announced.set(uri, hash);
    const params: ChangedParams = { uri, hash, version: document.textDocument.version };
    void this.session.connection.sendNotification(METHOD.changed, params);
  }
}
