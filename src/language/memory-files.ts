/** Files held in a map, for tests and for hosts that have no file system. */
import { URI, UriUtils } from 'langium';
import { type FileContent, type FileSource, type FolderEntry, missingFile } from './files.ts';

export class MemoryFiles implements FileSource {
  private readonly texts = new Map<string, string>();

  /** Keys are URIs, or paths from the root: `/plans/a.shard`. */
  constructor(files: Record<string, string> = {}) {
    for (const [path, text] of Object.entries(files)) this.set(path, text);
  }

  set(path: string, text: string): void {
    this.texts.set(memoryUri(path).toString(), text);
  }

  delete(path: string): void {
    this.texts.delete(memoryUri(path).toString());
  }

  async read(uri: URI): Promise<FileContent> {
    const text = this.texts.get(uri.toString());
    return text === undefined ? missingFile(uri) : { text };
  }

  async list(folder: URI): Promise<FolderEntry[]> {
    const entries = new Map<string, FolderEntry>();
    const prefix = `${folder.toString().replace(/\/$/, '')}/`;
    for (const key of this.texts.keys()) {
      if (!key.startsWith(prefix)) continue;
      const [name, ...rest] = key.slice(prefix.length).split('/');
      const uri = UriUtils.joinPath(folder, decodeURIComponent(name ?? ''));
      entries.set(uri.toString(), { uri, kind: rest.length > 0 ? 'folder' : 'file' });
    }
    return [...entries.values()];
  }
}

/** `/a.shard` and `a.shard` are `file:///a.shard`; anything with a scheme stays. */
export function memoryUri(path: string): URI {
  return /^[a-z][\w+.-]*:/i.test(path) ? URI.parse(path) : URI.file(path.startsWith('/') ? path : `/${path}`);
}
