/** Starts, restarts and talks to the language server; the transport comes from the host's entry. */
import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import type { ChangedParams, InitializationOptions } from '../../../server/protocol.ts';
import { METHOD } from '../../../server/protocol.ts';

export type ClientFactory = (
  context: vscode.ExtensionContext,
  options: LanguageClientOptions,
) => BaseLanguageClient;

/** What differs between the hosts. */
export interface Host {
  createClient: ClientFactory;
  /** The server sees the same disk as the workspace. */
  ownsDisk: boolean;
}

/** The server as the other features see it. */
export interface Server {
  start(): Promise<void>;
  /** undefined where the server is down or failed; the reason is in the log. */
  request<Answer>(
    method: string,
    params: unknown,
    token?: vscode.CancellationToken,
  ): Promise<Answer | undefined>;
  notify(method: string, params: unknown): void;
  /** Answers a request of the server. */
  answer<Params, Answer>(method: string, handler: (params: Params) => Promise<Answer>): void;
  /** A document has new numbers. */
  onChanged: vscode.Event<ChangedParams>;
  /** The server is up: the first time, and after each restart. */
  onReady: vscode.Event<void>;
}

export const LANGUAGE = 'shardplan';

export function activateLanguageClient(context: vscode.ExtensionContext, host: Host): Server {
  const log = vscode.window.createOutputChannel('Meshwright', { log: true });
  const changed = new vscode.EventEmitter<ChangedParams>();
  const ready = new vscode.EventEmitter<void>();
  context.subscriptions.push(log, changed, ready);

  const client = host.createClient(context, {
    documentSelector: [{ language: LANGUAGE }],
    outputChannel: log,
    initializationOptions: initializationOptions(host),
    synchronize: { configurationSection: 'meshwright' },
    markdown: { isTrusted: { enabledCommands: ['meshwright.openTopology', 'meshwright.showDerivation'] } },
  });
  client.onNotification(METHOD.changed, (params: ChangedParams) => changed.fire(params));

  const restart = async () => {
    // Stopping fails when the server has died already; starting is what counts.
    await client.stop().catch(() => {});
    await client.start();
  };
  let starting: Promise<void> = Promise.resolve();
  const begin = (action: () => Promise<void>) => {
    starting = action().then(
      () => ready.fire(),
      error => {
        log.error(error instanceof Error ? error : String(error));
        void vscode.window
          .showErrorMessage('The Meshwright language server did not start.', 'Show Log', 'Restart')
          .then(choice => {
            if (choice === 'Show Log') log.show();
            if (choice === 'Restart') return begin(restart);
          });
      },
    );
    return starting;
  };

  context.subscriptions.push(
    { dispose: () => void client.dispose().catch(() => {}) },
    vscode.commands.registerCommand('meshwright.restartServer', () => begin(restart)),
    vscode.commands.registerCommand('meshwright.showLog', () => log.show()),
  );

  return {
    start: () => begin(() => client.start()),
    async request<Answer>(method: string, params: unknown, token?: vscode.CancellationToken) {
      await starting;
      if (!client.isRunning()) return undefined;
      try {
        return ((await client.sendRequest(method, params, token)) as Answer | null) ?? undefined;
      } catch (error) {
        if (!token?.isCancellationRequested) log.warn(`${method}: ${error}`);
        return undefined;
      }
    },
    notify(method, params) {
      if (client.isRunning()) void client.sendNotification(method, params).catch(() => {});
    },
    answer(method, handler) {
      client.onRequest(method, (params: unknown): Promise<unknown> => handler(params as never));
    },
    onChanged: changed.event,
    onReady: ready.event,
  };
}

function initializationOptions(host: Host): InitializationOptions {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const virtual = folders.some(folder => folder.uri.scheme !== 'file');
  return { readThroughClient: !host.ownsDisk || virtual, commands: true, libraryScheme: true };
}
