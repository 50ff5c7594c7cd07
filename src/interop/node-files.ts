/** Files of the machine that this process runs on. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { type URI, UriUtils } from 'langium';
import {
  FILE_LIMIT_BYTES,
  type FileContent,
  type FileSource,
  type FolderEntry,
  missingFile,
  tooLargeFile,
  unreadableFile,
} from '../language/files.ts';

export class NodeFiles implements FileSource {
  async read(uri: URI): Promise<FileContent> {
    if (uri.scheme !== 'file') return missingFile(uri);
    try {
      const status = await stat(uri.fsPath);
      if (!status.isFile()) return unreadableFile(uri, 'it is not a file');
      if (status.size > FILE_LIMIT_BYTES) return tooLargeFile(uri);
      return { text: (await readFile(uri.fsPath, 'utf8')).replace(/^\uFEFF/, '') };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return missingFile(uri);
      if (code === 'EACCES' || code === 'EPERM') return unreadableFile(uri, 'permission denied');
      return unreadableFile(uri, code);
    }
  }

  async list(folder: URI): Promise<FolderEntry[]> {
    if (folder.scheme !== 'file') return [];
    const entries = await readdir(folder.fsPath, { withFileTypes: true }).catch(() => []);
    // Links are not followed: they may lead in a circle.
    return entries
      .filter(entry => entry.isFile() || entry.isDirectory())
      .map(entry => ({
        uri: UriUtils.joinPath(folder, entry.name),
        kind: entry.isDirectory() ? ('folder' as const) : ('file' as const),
      }));
  }
}
