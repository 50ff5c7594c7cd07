/** What one running server knows: the language's services, settings, active plans, and what was shown last. */
import { DocumentState, type LangiumDocument, URI } from 'langium';
import { createServerRequestHandler } from 'langium/lsp';
import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { Report } from '../language/analysis/report.ts';
import type { ShardplanSharedServices } from '../language/module.ts';
import { ActivePlans } from './active-plan.ts';
import type { LensText } from './code-lens.ts';
import { guarded, type Log } from './guard.ts';
import { Steady } from './hints/steady.ts';
import type { HintText } from './inlay-hints.ts';
import type { InitializationOptions } from './protocol.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings.ts';
import { type View, viewOf } from './view.ts';

/** The one result that every surface reads; kept per build of the document by whoever computes it. */
export type Analyse = (document: LangiumDocument) => Report;

export class Session {
  settings: Settings = DEFAULT_SETTINGS;
  client: InitializationOptions = {};
  readonly activePlans = new ActivePlans();
  readonly hints = new Steady<HintText>();
  readonly lenses = new Steady<LensText>();

  constructor(
    readonly connection: Connection,
    readonly shared: ShardplanSharedServices,
    readonly analyse: Analyse,
    readonly log: Log,
  ) {}

  /** Call for documents that are linked. */
  view(document: LangiumDocument): View {
    const report = this.analyse(document);
    const active = this.activePlans.pick(document.uri.toString(), report, this.settings.activePlan);
    return viewOf(document, report, active, this.settings, this.client.commands === true);
  }

  /** Documents that the client has open and that are linked. */
  openDocuments(): LangiumDocument[] {
    const { TextDocuments, LangiumDocuments } = this.shared.workspace;
    return TextDocuments.keys().flatMap(key => {
      const document = LangiumDocuments.getDocument(URI.parse(key));
      return document && document.state >= DocumentState.Linked ? [document] : [];
    });
  }

  /** A request about a place in a document: waits until the document is linked, and survives what goes wrong in it. */
  onDocument<P extends { textDocument: { uri: string } }, T extends object>(
    name: string,
    run: (view: View, params: P, token: CancellationToken) => T | null | Promise<T | null>,
    state: DocumentState = DocumentState.IndexedReferences,
  ) {
    return createServerRequestHandler<P, T, void>(
      (_services, document, params, token) =>
        guarded(name, this.log, () => run(this.view(document), params, token)),
      this.shared,
      state,
    );
  }

  /** The same for our own requests, whose parameters are flat. */
  onUri<P extends { uri: string }, T extends object>(
    name: string,
    run: (view: View, params: P) => T | null | Promise<T | null>,
  ) {
    const handle = this.onDocument<P & { textDocument: { uri: string } }, T>(name, run);
    return (params: P, token: CancellationToken) =>
      handle({ ...params, textDocument: { uri: params.uri } }, token);
  }
}
