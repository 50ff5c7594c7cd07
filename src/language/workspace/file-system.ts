/** The language's file source as the file system that Langium asks. The synchronous half cannot exist and throws. */
import { type FileSystemNode, type FileSystemProvider, type URI, UriUtils } from 'langium';
import { type FileContent, type FileSource, type FolderEntry, missingFile, tooLargeFile } from '../files.ts';
import { isLibraryUri, libraryText } from '../library.ts';

export class SourceFileSystem implements FileSystemProvider {
  constructor(private readonly source: FileSource) {}

  async readFile(uri: URI): Promise<string> {
    const content = isLibraryUri(uri) ? { text: libraryText(uri) ?? '' } : await this.source.read(uri);
    if (content.text === undefined) throw new Error(content.message);
    return content.text;
  }

  async readBinary(uri: URI): Promise<Uint8Array> {
    return new TextEncoder().encode(await this.readFile(uri));
  }

  async readDirectory(uri: URI): Promise<FileSystemNode[]> {
    return (await this.source.list(uri)).map(entry => ({
      uri: entry.uri,
      isFile: entry.kind === 'file',
      isDirectory: entry.kind === 'folder',
    }));
  }

  async stat(uri: URI): Promise<FileSystemNode> {
    const isFile = UriUtils.basename(uri).includes('.');
    return { uri, isFile, isDirectory: !isFile };
  }

  async exists(uri: URI): Promise<boolean> {
    return (await this.source.read(uri)).error === undefined;
  }

  statSync(): FileSystemNode {
    throw synchronous();
  }
  existsSync(): boolean {
    throw synchronous();
  }
  readBinarySync(): Uint8Array {
    throw synchronous();
  }
  readFileSync(): string {
    throw synchronous();
  }
  readDirectorySync(): FileSystemNode[] {
    throw synchronous();
  }
}

const synchronous = () => new Error('Files are read asynchronously.');

/** The other way round, for a host that already has a Langium file system. */
export class FileSystemSource implements FileSource {
  constructor(private readonly system: FileSystemProvider) {}

  async read(uri: URI): Promise<FileContent> {
    try {
      return { text: await this.system.readFile(uri) };
    } catch (error) {
      return error instanceof Error && /larger than/i.test(error.message)
        ? tooLargeFile(uri)
        : missingFile(uri);
    }
  }

  async list(folder: URI): Promise<FolderEntry[]> {
    const entries = await this.system.readDirectory(folder).catch(() => []);
    return entries.map(({ uri, isDirectory }) => ({ uri, kind: isDirectory ? 'folder' : 'file' }));
  }
}
