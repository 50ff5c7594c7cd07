/** Paths in a document as links, and go-to-definition from them. */
import { type AstNode, GrammarUtils, type LangiumDocument, type URI } from 'langium';
import { DefaultDefinitionProvider, type DocumentLinkProvider } from 'langium/lsp';
import type { DefinitionParams, DocumentLink, LocationLink, Range } from 'vscode-languageserver-protocol';
import { isStr } from '../generated/ast.ts';
import { importsOf } from '../imports.ts';
import { isLibraryUri, LIBRARY_SCHEME, libraryPath, libraryText } from '../library.ts';
import { mentionedFiles } from '../mentions.ts';

interface PathInText {
  /** Without the quotes. */
  range: Range;
  uri: URI;
}

/** Imports and mentioned files, in the sequence of their kinds. */
function pathsIn(document: LangiumDocument): PathInText[] {
  const found: { node: AstNode; property: string; uri: URI }[] = [
    ...importsOf(document).map(({ node, uri }) => ({ node, property: 'uri', uri })),
    ...mentionedFiles(document).map(({ node, uri }) => ({
      node,
      property: isStr(node) ? 'value' : 'source',
      uri,
    })),
  ];
  return found.flatMap(({ node, property, uri }) => {
    const cst = GrammarUtils.findNodeForProperty(node.$cstNode, property);
    if (!cst || cst.length < 3 || (isLibraryUri(uri) && libraryText(uri) === undefined)) return [];
    const { start, end } = cst.range;
    return {
      range: {
        start: { ...start, character: start.character + 1 },
        end: { ...end, character: end.character - 1 },
      },
      uri,
    };
  });
}

export class ShardplanLinkProvider implements DocumentLinkProvider {
  /** Clients that cannot open the library's scheme get no links into it. */
  constructor(private readonly opensLibrary: () => boolean = () => true) {}

  getDocumentLinks(document: LangiumDocument): DocumentLink[] {
    return pathsIn(document)
      .filter(({ uri }) => uri.scheme !== LIBRARY_SCHEME || this.opensLibrary())
      .map(({ range, uri }) => ({
        range,
        target: uri.toString(),
        tooltip: isLibraryUri(uri) ? `Standard library: ${libraryPath(uri)}` : undefined,
      }));
  }
}

export class ShardplanDefinitionProvider extends DefaultDefinitionProvider {
  /** Of a name: its declaration. Of a path: the file, at its start. */
  override async getDefinition(
    document: LangiumDocument,
    params: DefinitionParams,
  ): Promise<LocationLink[] | undefined> {
    const { position } = params;
    const path = pathsIn(document).find(
      ({ range }) =>
        range.start.line === position.line &&
        range.start.character <= position.character &&
        position.character <= range.end.character,
    );
    if (!path) return super.getDefinition(document, params);
    const start = { line: 0, character: 0 };
    const target = { start, end: start };
    return [
      {
        targetUri: path.uri.toString(),
        targetRange: target,
        targetSelectionRange: target,
        originSelectionRange: path.range,
      },
    ];
  }
}
