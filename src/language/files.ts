/**
 * Files that the language reads: documents it imports and foreign files that a document mentions (`config.json`, a
 * topology, a log). Where they come from is a {@link FileSource}: the disk, requests to the client, or a map in tests.
 */
import type { TextDocumentProvider, URI } from 'langium';

/** Larger files are not read: nothing that a plan mentions is that large, and a log by mistake would stall the editor. */
export const FILE_LIMIT_BYTES = 10 * 1024 * 1024;

export type FileErrorKind = 'missing' | 'too-large' | 'unreadable';

/** A file's text, or why there is none, in words for people. */
export type FileContent =
  | { text: string; error?: undefined; message?: undefined }
  | { text?: undefined; error: FileErrorKind; message: string };

export interface FolderEntry {
  uri: URI;
  kind: 'file' | 'folder';
}

/** Where files come from. Never throws: what cannot be read is an answer too. */
export interface FileSource {
  read(uri: URI): Promise<FileContent>;
  /** Direct entries; empty for what is no folder or cannot be listed. */
  list(folder: URI): Promise<FolderEntry[]>;
}

/** Reads with a cache, so that lowering is synchronous. Open, unsaved buffers win over what is on disk. */
export interface Files {
  /** The open buffer's text, else the source's; kept until {@link forget}. */
  read(uri: URI): Promise<FileContent>;
  /** What {@link read} last gave, or the open buffer; undefined when nobody has read the file yet. */
  cached(uri: URI): FileContent | undefined;
  /** Drops what is kept about a file, or about everything in a folder, because it changed. */
  forget(uri: URI): void;
  /** The source's entries of a folder. */
  list(folder: URI): Promise<FolderEntry[]>;
}

export const missingFile = (uri: URI): FileContent => ({
  error: 'missing',
  message: `The file ${displayPath(uri)} does not exist.`,
});

export const tooLargeFile = (uri: URI): FileContent => ({
  error: 'too-large',
  message: `The file ${displayPath(uri)} is larger than 10 MB and is not read.`,
});

export const unreadableFile = (uri: URI, why?: string): FileContent => ({
  error: 'unreadable',
  message: `The file ${displayPath(uri)} cannot be read${why ? `: ${why}` : ''}.`,
});

/** A path for people: without the scheme for files on disk. */
export function displayPath(uri: URI): string {
  return uri.scheme === 'file' ? uri.path : uri.toString(true);
}

export class CachedFiles implements Files {
  private readonly contents = new Map<string, FileContent>();

  /** `buffers` are the client's open documents of any language. */
  constructor(
    private readonly source: FileSource,
    private readonly buffers?: TextDocumentProvider,
  ) {}

  async read(uri: URI): Promise<FileContent> {
    const known = this.cached(uri);
    if (known) return known;
    const content = await this.fromSource(uri);
    this.contents.set(uri.toString(), content);
    return content;
  }

  cached(uri: URI): FileContent | undefined {
    const buffer = this.buffers?.get(uri);
    if (buffer) return limited(uri, buffer.getText());
    return this.contents.get(uri.toString());
  }

  forget(uri: URI): void {
    for (const known of this.contents.keys()) if (isAtOrIn(known, uri)) this.contents.delete(known);
  }

  list(folder: URI): Promise<FolderEntry[]> {
    return this.source.list(folder).catch(() => []);
  }

  private async fromSource(uri: URI): Promise<FileContent> {
    try {
      const content = await this.source.read(uri);
      return content.text === undefined ? content : limited(uri, content.text);
    } catch (error) {
      return unreadableFile(uri, error instanceof Error ? error.message : String(error));
    }
  }
}

/** Whether a file, by its URI as text, is `uri` or lies in the folder `uri`. */
export function isAtOrIn(file: string, uri: URI): boolean {
  const at = uri.toString().replace(/\/$/, '');
  return file === at || file.startsWith(`${at}/`);
}

function limited(uri: URI, text: string): FileContent {
  return text.length > FILE_LIMIT_BYTES ? tooLargeFile(uri) : { text };
}
