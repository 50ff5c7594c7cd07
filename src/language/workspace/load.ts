/** For hosts without an editor: the command line, tests, tools. */
import type { LangiumDocument, URI } from 'langium';
import type { Document } from '../generated/ast.ts';
import { missingFile } from '../files.ts';
import { isLibraryUri, libraryText } from '../library.ts';
import type { ShardplanServices } from '../module.ts';

/**
 * Reads, links and checks a document and everything it imports; `diagnostics` of the answer holds what there is to say.
 * @throws Error in words for people when the file itself cannot be read.
 */
export async function loadDocument(services: ShardplanServices, uri: URI): Promise<LangiumDocument<Document>> {
  const { LangiumDocuments, LangiumDocumentFactory, DocumentBuilder, Files } = services.shared.workspace;
  let document = LangiumDocuments.getDocument(uri) as LangiumDocument<Document> | undefined;
  if (!document) {
    const content = isLibraryUri(uri) ? { text: libraryText(uri), ...missingMessage(uri) } : await Files.read(uri);
    if (content.text === undefined) throw new Error(content.message);
    document = LangiumDocumentFactory.fromString<Document>(content.text, uri);
    LangiumDocuments.addDocument(document);
  }
  await DocumentBuilder.build([document], { validation: true });
  return document;
}

const missingMessage = (uri: URI) => ({ message: missingFile(uri).message });
