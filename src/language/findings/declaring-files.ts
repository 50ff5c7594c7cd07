/** Which files that a document does not import declare a name: first the standard library, then files of the workspace. */
import type { LangiumDocument, URI } from 'langium';
import type { Declaration, Document } from '../generated/ast.ts';
import { importsOf } from '../imports.ts';
import { LIBRARY, libraryUri } from '../library.ts';
import type { ShardplanServices } from '../module.ts';

/** Declarations of the library, by kind and name, to their files. The library never changes while we run. */
let library: Map<string, URI> | undefined;

export function declaringFiles(
  services: ShardplanServices,
  document: LangiumDocument,
  name: string,
  types: readonly Declaration['$type'][],
): URI[] {
  const seen = new Set([document.uri.toString(), ...importsOf(document).map(({ uri }) => uri.toString())]);
  const index = services.shared.workspace.IndexManager;
  const inLibrary = types.map(type => libraryIndex(services).get(`${type} ${name}`));
  const inWorkspace = types.flatMap(type =>
    index
      .allElements(type)
      .filter(element => element.name === name)
      .map(element => element.documentUri)
      .toArray(),
  );
  return [...inLibrary, ...inWorkspace].filter((uri): uri is URI => {
    if (!uri || seen.has(uri.toString())) return false;
    seen.add(uri.toString());
    return true;
  });
}

function libraryIndex(services: ShardplanServices): Map<string, URI> {
  if (!library) {
    library = new Map();
    for (const [path, text] of Object.entries(LIBRARY)) {
      for (const { $type, name } of services.parser.LangiumParser.parse<Document>(text).value.decls) {
        if (!library.has(`${$type} ${name}`)) library.set(`${$type} ${name}`, libraryUri(path));
      }
    }
  }
  return library;
}
