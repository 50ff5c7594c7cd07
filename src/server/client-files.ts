/**
 * Where the server's files come from: the disk of its own process, or requests to the client where it has none (browser
 * worker) or where the workspace is virtual. Which of the two is known only at `initialize`.
 */
import { type URI, UriUtils } from 'langium';
import type { Connection } from 'vscode-languageserver';
import {
  type FileContent,
  type FileSource,
  type FolderEntry,
  missingFile,
  unreadableFile,
} from '../language/files.ts';
import { type DirectoryEntry, METHOD, type TextAnswer, type UriParams } from './protocol.ts';

export class SwitchableSource implements FileSource {
  private current: FileSource;

  constructor(
    own: FileSource | undefined,
    private readonly client: FileSource,
  ) {
    this.current = own ?? client;
  }

  /** Call once, at `initialize`, before anything is read. */
  readThroughClient(): void {
    this.current = this.client;
  }

  read(uri: URI): Promise<FileContent> {
    return this.current.read(uri);
  }

  list(folder: URI): Promise<FolderEntry[]> {
    return this.current.list(folder);
  }
}

/** Reads with `meshwright/readFile` and `meshwright/readDirectory`. */
export class ClientSource implements FileSource {
  constructor(private readonly connection: Pick<Connection, 'sendRequest'>) {}

  async read(uri: URI): Promise<FileContent> {
    const params: UriParams = { uri: uri.toString() };
    try {
      const answer = await this.connection.sendRequest<TextAnswer | null>(METHOD.readFile, params);
      return typeof answer?.text === 'string' ? { text: answer.text } : missingFile(uri);
    } catch (error) {
      return unreadableFile(uri, error instanceof Error ? error.message : String(error));
    }
  }

  async list(folder: URI): Promise<FolderEntry[]> {
    const params: UriParams = { uri: folder.toString() };
    try {
      const entries = await this.connection.sendRequest<DirectoryEntry[] | null>(
        METHOD.readDirectory,
        params,
      );
      return (entries ?? []).map(entry => ({
        uri: UriUtils.joinPath(folder, entry.name),
        kind: entry.type === 'directory' ? 'folder' : 'file',
      }));
    } catch {
      return [];
    }
  }
}
