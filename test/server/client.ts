/** A client of the server in the same process, over two streams. */
import { PassThrough } from 'node:stream';
import { createConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { createProtocolConnection, type ProtocolConnection } from 'vscode-languageserver-protocol/node';
import type { FileSource } from '../../src/language/files.ts';
import { MemoryFiles } from '../../src/language/memory-files.ts';
import type { InitializationOptions } from '../../src/server/protocol.ts';
import type { Analyse } from '../../src/server/session.ts';
import { startServer } from '../../src/server/start.ts';

export interface Client {
  connection: ProtocolConnection;
  /** What the server sent, newest last. */
  received: { method: string; params: unknown }[];
  /** The next message of a method, also one that has arrived already and was not asked for yet. */
  next<T>(method: string): Promise<T>;
  initialized: { capabilities: Record<string, unknown> };
  open(uri: string, text: string): void;
  change(uri: string, text: string): void;
  files: MemoryFiles;
}

export async function connect(
  options: {
    files?: Record<string, string>;
    settings?: unknown;
    initializationOptions?: InitializationOptions;
    analyse?: Analyse;
    own?: FileSource | false;
  } = {},
): Promise<Client> {
  const up = new PassThrough();
  const down = new PassThrough();
  const files = new MemoryFiles(options.files);
  const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
  startServer({
    connection: server,
    ...(options.own === false ? {} : { files: options.own ?? files }),
    ...(options.analyse ? { analyse: options.analyse } : {}),
  });
  const connection = createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const received: Client['received'] = [];
  const waiting: { method: string; done: (params: unknown) => void }[] = [];
  let seen = 0;
  const arrive = (method: string, params: unknown) => {
    received.push({ method, params });
    const index = waiting.findIndex(w => w.method === method);
    if (index < 0) return;
    seen = received.length;
    waiting.splice(index, 1)[0]!.done(params);
  };
  const anyNotification = connection.onNotification as unknown as (
    handler: (method: string, params: unknown) => void,
  ) => void;
  const anyRequest = connection.onRequest as unknown as (
    handler: (method: string, params: unknown) => unknown,
  ) => void;
  anyNotification((method, params) => arrive(method, Array.isArray(params) ? params[0] : params));
  anyRequest((method, params) => {
    const first = Array.isArray(params) && params.length === 1 ? params[0] : params;
    arrive(method, first);
    if (method === 'workspace/configuration') return [options.settings ?? {}];
    if (method === 'meshwright/readFile')
      return options.files?.[(first as { uri: string }).uri] === undefined
        ? null
        : { text: options.files[(first as { uri: string }).uri] };
    if (method === 'meshwright/readDirectory') return [];
    return null;
  });
  connection.listen();
  const initialized = (await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: null,
    initializationOptions: { commands: true, ...options.initializationOptions },
    capabilities: {
      workspace: {
        configuration: true,
        inlayHint: { refreshSupport: true },
        codeLens: { refreshSupport: true },
        didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
      },
    },
  })) as Client['initialized'];
  await connection.sendNotification('initialized', {});
  const versions = new Map<string, number>();
  return {
    connection,
    received,
    initialized,
    files,
    next<T>(method: string) {
      const index = received.findIndex((message, i) => i >= seen && message.method === method);
      if (index >= 0) {
        seen = index + 1;
        return Promise.resolve(received[index]!.params as T);
      }
      return new Promise<T>(done => waiting.push({ method, done: params => done(params as T) }));
    },
    open(uri, text) {
      versions.set(uri, 1);
      void connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'shardplan', version: 1, text },
      });
    },
    change(uri, text) {
      const version = (versions.get(uri) ?? 1) + 1;
      versions.set(uri, version);
      void connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ text }],
      });
    },
  };
}
