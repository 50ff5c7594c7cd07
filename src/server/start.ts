/** The language server: one function that both entries call, the extension's (`main.ts`) and that of other editors (`stdio.ts`). */
import type { FileSystemProvider } from 'langium';
import { startLanguageServer } from 'langium/lsp';
import type { Connection } from 'vscode-languageserver';
import type { FileSource } from '../language/files.ts';
import { createShardplanServices, type ShardplanSharedServices } from '../language/module.ts';
import { FileSystemSource } from '../language/workspace/file-system.ts';
import { analyseWith } from './analyse.ts';
import { ClientSource, SwitchableSource } from './client-files.ts';
import { ReportValidator } from './diagnostics.ts';
import { connectionLog } from './guard.ts';
import { type Analyse, Session } from './session.ts';
import { updateHandler } from './watch.ts';
import { wire } from './wiring.ts';

export interface ServerOptions {
  connection: Connection;
  /** Langium's file system of the process (`NodeFileSystem.fileSystemProvider()`); left out in a browser worker. */
  fileSystemProvider?: FileSystemProvider;
  /** The same as a source of files; wins over `fileSystemProvider`. */
  files?: FileSource;
  /** Another analysis, in tests. */
  analyse?: Analyse;
}

export interface RunningServer {
  shared: ShardplanSharedServices;
  session: Session;
}

/** Wires everything and starts to listen. Without files of its own the server reads through the client. */
export function startServer(options: ServerOptions): RunningServer {
  const { connection, fileSystemProvider } = options;
  const own = options.files ?? (fileSystemProvider && new FileSystemSource(fileSystemProvider));
  const source = new SwitchableSource(own, new ClientSource(connection));
  let session: Session | undefined;
  const services = createShardplanServices({
    connection,
    source,
    module: { validation: { DocumentValidator: () => new ReportValidator(() => session!) } },
    sharedModule: {
      lsp: { DocumentUpdateHandler: shared => updateHandler(shared as ShardplanSharedServices) },
    },
  });
  const analyse = options.analyse ?? analyseWith(services.shardplan);
  session = new Session(connection, services.shared, analyse, connectionLog(connection));
  startLanguageServer(services.shared);
  wire(session, source);
  return { shared: services.shared, session };
}
