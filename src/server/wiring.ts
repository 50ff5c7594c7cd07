/** Which function answers which message: the one place where features meet the connection. */
import { DocumentState, URI } from 'langium';
import {
  CodeActionKind,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import { firstChangedLine } from './active-plan.ts';
import type { SwitchableSource } from './client-files.ts';
import { codeActions, FIX_ALL } from './code-actions.ts';
import { codeLenses } from './code-lens.ts';
import { COMPLETION_TRIGGERS, completions } from './completion.ts';
import { derivationDocument } from './derivation.ts';
import { publishOpen } from './diagnostics.ts';
import { guarded } from './guard.ts';
import { hoverAt } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { libraryAnswer } from './library-text.ts';
import { panelAnswer, timelineAnswer } from './panel.ts';
import {
  type ActivePlanParams,
  type InitializationOptions,
  METHOD,
  type PlanParams,
  type TextAnswer,
  type UriParams,
} from './protocol.ts';
import { Refresher } from './refresh.ts';
import type { Session } from './session.ts';
import { readSettings } from './settings.ts';
import { signatureHelp } from './signature-help.ts';
import { statusOf } from './status.ts';
import { MentionWatcher } from './watch.ts';

/** Call after `startLanguageServer`: for a method that both register, the last one counts. */
export function wire(session: Session, source: SwitchableSource): void {
  const refresher = new Refresher(session);
  wireLifecycle(session, source, refresher);
  wireFeatures(session);
  wireRequests(session, refresher);
  wireEdits(session, refresher);
}

function wireLifecycle(session: Session, source: SwitchableSource, refresher: Refresher): void {
  const { connection, shared } = session;
  const mentions = new MentionWatcher(shared);
  let parameters: InitializeParams | undefined;
  const readConfiguration = async () => {
    if (!parameters?.capabilities.workspace?.configuration) return;
    const section = await guarded('settings', session.log, () =>
      connection.workspace.getConfiguration('meshwright'),
    );
    session.settings = readSettings(section);
    refresher.everything();
    publishOpen(session);
  };
  connection.onInitialize(async params => {
    parameters = params;
    session.client = (params.initializationOptions ?? {}) as InitializationOptions;
    if (session.client.readThroughClient) source.readThroughClient();
    refresher.initialize(params.capabilities);
    const result = await shared.lsp.LanguageServer.initialize(params);
    return withOurs(result);
  });
  connection.onInitialized(params => {
    shared.lsp.LanguageServer.initialized(params);
    const { workspace } = parameters?.capabilities ?? {};
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      mentions.start(workspace.didChangeWatchedFiles.relativePatternSupport === true);
    }
    if (workspace?.didChangeConfiguration?.dynamicRegistration) {
      void connection.client
        .register(DidChangeConfigurationNotification.type, { section: 'meshwright' })
        .catch(() => undefined);
    }
    void readConfiguration();
  });
  connection.onDidChangeConfiguration(change => {
    shared.workspace.ConfigurationProvider.updateConfiguration(change);
    void readConfiguration();
  });
  connection.onShutdown(() => refresher.dispose());
}

/** What Langium announces, and what it does not know that we can do. */
function withOurs(result: InitializeResult): InitializeResult {
  return {
    ...result,
    serverInfo: { name: 'meshwright' },
    capabilities: {
      ...result.capabilities,
      inlayHintProvider: { resolveProvider: false },
      codeLensProvider: { resolveProvider: false },
      hoverProvider: true,
      completionProvider: { triggerCharacters: [...COMPLETION_TRIGGERS], resolveProvider: false },
      signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [':'] },
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL],
      },
    },
  };
}

function wireFeatures(session: Session): void {
  const { connection } = session;
  connection.languages.inlayHint.on(
    session.onDocument('inlay hints', (view, params) => inlayHints(view, params.range, session.hints)),
  );
  connection.onCodeLens(session.onDocument('code lens', view => codeLenses(view, session.lenses)));
  connection.onHover(
    session.onDocument('hover', (view, params) => hoverAt(view, params.position, session.shared)),
  );
  connection.onCompletion(
    session.onDocument('completion', (view, params) =>
      completions(view, params.position, session.shared, params.context?.triggerCharacter),
    ),
  );
  connection.onSignatureHelp(
    session.onDocument('signature help', (view, params) =>
      signatureHelp(view, params.position, session.shared),
    ),
  );
  connection.onCodeAction(
    session.onDocument(
      'code actions',
      (view, params, token) => codeActions(session, view, params, token),
      DocumentState.Validated,
    ),
  );
}

function wireRequests(session: Session, refresher: Refresher): void {
  const { connection } = session;
  connection.onRequest(
    METHOD.panel,
    session.onUri('panel', (view, params: PlanParams) => panelAnswer(view, params.plan)),
  );
  connection.onRequest(
    METHOD.timeline,
    session.onUri('timeline', (view, params: PlanParams) => timelineAnswer(view, params.plan)),
  );
  connection.onRequest(
    METHOD.status,
    session.onUri('status', (view, _params: UriParams) => statusOf(view)),
  );
  connection.onRequest(
    METHOD.derivation,
    session.onUri('derivation', (view, params: PlanParams): TextAnswer | null => {
      const plan = view.report.plans.find(p => p.plan === params.plan) ?? view.active;
      return plan ? { text: derivationDocument(view.report, plan) } : null;
    }),
  );
  connection.onRequest(METHOD.libraryText, (params: UriParams) => libraryAnswer(params.uri));
  connection.onNotification(METHOD.activePlan, (params: ActivePlanParams) => {
    void guarded('active plan', session.log, () => cursorMoved(session, refresher, params));
  });
}

function cursorMoved(session: Session, refresher: Refresher, params: ActivePlanParams): void {
  const document = session.openDocuments().find(d => d.uri.toString() === params.uri);
  const before = document && session.view(document).active?.plan;
  session.activePlans.touch(params.uri, params.line);
  if (document && session.view(document).active?.plan !== before) refresher.everything();
}

/** Notices in which plan somebody types, and forgets what belongs to closed documents. */
function wireEdits(session: Session, refresher: Refresher): void {
  const texts = new Map<string, string>();
  const documents = session.shared.workspace.TextDocuments;
  documents.onDidChangeContent(({ document }) => {
    refresher.clientEdited(document.uri);
    const before = texts.get(document.uri);
    const after = document.getText();
    texts.set(document.uri, after);
    const line = before === undefined ? undefined : firstChangedLine(before, after);
    if (line !== undefined) session.activePlans.touch(document.uri, line);
  });
  documents.onDidClose(({ document }) => {
    texts.delete(document.uri);
    refresher.closed(document.uri);
    session.activePlans.forget(document.uri);
    session.hints.forget(document.uri);
    session.lenses.forget(document.uri);
    // What was typed and not saved is gone: files that import this one read the saved text again.
    void session.shared.workspace.WorkspaceLock.write(token =>
      session.shared.workspace.DocumentBuilder.update([URI.parse(document.uri)], [], token),
    ).catch(() => undefined);
  });
}
