/** Paths in quotes: files of the standard library, files beside the document. */
import { type URI, UriUtils } from 'langium';
import type { Files } from '../../language/files.ts';
import { resolvePath } from '../../language/imports.ts';
import { LIBRARY } from '../../language/library.ts';
import { Kind, type Proposal } from './item.ts';

/** Completes the string that the statement ends in. */
export async function pathProposals(statement: string, document: URI, files: Files): Promise<Proposal[]> {
  const typed = /"([^"]*)$/.exec(statement)?.[1] ?? '';
  if (/^\s*import\b/.test(statement)) {
    const library = Object.keys(LIBRARY).map(
      (label): Proposal => ({ label, kind: Kind.Module, detail: 'standard library', rank: 10 }),
    );
    return [...library, ...(await entries(typed, document, files, '.shard'))];
  }
  if (/\bfrom\s*"/.test(statement)) return entries(typed, document, files, '.json');
  return /\b(calibrate|graph|table)\b/.test(statement) ? entries(typed, document, files, '') : [];
}

async function entries(typed: string, document: URI, files: Files, ending: string): Promise<Proposal[]> {
  const folder = typed.includes('/') ? typed.slice(0, typed.lastIndexOf('/') + 1) : '';
  const list = await files.list(folder === '' ? UriUtils.dirname(document) : resolvePath(document, folder));
  return list
    .map(entry => ({ ...entry, name: UriUtils.basename(entry.uri) }))
    .filter(({ kind, name }) => !name.startsWith('.') && (kind === 'folder' || name.endsWith(ending)))
    .filter(({ uri }) => uri.toString() !== document.toString())
    .map(({ kind, name }) => ({
      label: `${folder}${ending === '.shard' ? name.replace(/\.shard$/, '') : name}${kind === 'folder' ? '/' : ''}`,
      kind: kind === 'folder' ? Kind.Folder : Kind.File,
      rank: kind === 'folder' ? 30 : 20,
    }));
}
