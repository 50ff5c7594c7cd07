/** What an `import` names, and which other files a document rests on. */
import { type LangiumDocument, type LangiumDocuments, URI, UriUtils } from 'langium';
import type { Document, Import } from './generated/ast.ts';
import { isLibraryUri, libraryPath, libraryUri } from './library.ts';
import { mentionedFiles } from './mentions.ts';

/** `std/…` is the standard library; everything else is relative to the file, with or without `.shard`. */
export function resolveImport(from: URI, path: string): URI {
  if (path === 'std' || path.startsWith('std/')) return libraryUri(path);
  return resolvePath(from, path.endsWith('.shard') ? path : `${path}.shard`);
}

/** A path in a document, relative to the document's folder. */
export function resolvePath(from: URI, path: string): URI {
  if (/^[A-Za-z]:[\\/]/.test(path)) return URI.file(path).with({ scheme: from.scheme });
  return UriUtils.resolvePath(UriUtils.dirname(from), path.replaceAll('\\', '/'));
}

/** The imports of a document that name something, with where they lead. */
export function importsOf(document: LangiumDocument): { node: Import; uri: URI }[] {
  const root = document.parseResult.value as Document;
  // The tree of a document that has not been parsed yet has no such list.
  return (root.imports ?? [])
    .filter(node => node.uri)
    .map(node => ({ node, uri: resolveImport(document.uri, node.uri) }));
}

/** URIs (as text) of every file that what a document says may depend on: imports of imports and mentioned files too. */
export function dependencies(document: LangiumDocument, documents: LangiumDocuments): Set<string> {
  const found = new Set<string>();
  const queue = [document];
  for (let next = queue.pop(); next; next = queue.pop()) {
    for (const { uri } of mentionedFiles(next)) found.add(uri.toString());
    for (const { uri } of importsOf(next)) {
      const key = uri.toString();
      if (found.has(key)) continue;
      found.add(key);
      const imported = documents.getDocument(uri);
      if (imported) queue.push(imported);
    }
  }
  return found;
}

/** What an import of `uri` written in the document `from` says. */
export function importPath(from: URI, uri: URI): string {
  if (isLibraryUri(uri)) return libraryPath(uri);
  const relative = UriUtils.relative(UriUtils.dirname(from), uri).replace(/\.shard$/, '');
  return relative.startsWith('.') ? relative : `./${relative}`;
}
