/** Which files the client watches for us: documents of the language, and every file that a document mentions. */
import { DocumentState, type LangiumDocument, URI, UriUtils } from 'langium';
import { DefaultDocumentUpdateHandler, type DocumentUpdateHandler } from 'langium/lsp';
import type { Disposable, FileSystemWatcher } from 'vscode-languageserver';
import { DidChangeWatchedFilesNotification } from 'vscode-languageserver';
import { mentionedFiles } from '../language/mentions.ts';
import type { ShardplanSharedServices } from '../language/module.ts';

/** Langium watches every file of the workspace by default, which costs seconds in large ones. */
class ShardUpdateHandler extends DefaultDocumentUpdateHandler {
  protected override getWatchers(): FileSystemWatcher[] {
    return [{ globPattern: '**/*.shard' }];
  }
}

export const updateHandler = (shared: ShardplanSharedServices): DocumentUpdateHandler =>
  new ShardUpdateHandler(shared);

/** Registers the mentioned files of open documents one by one, whatever their ending, and drops those no longer named. */
export class MentionWatcher {
  private watched = new Set<string>();
  private registration: Promise<Disposable | undefined> = Promise.resolve(undefined);

  constructor(private readonly shared: ShardplanSharedServices) {}

  /** Call after `initialized`, when the client registers watchers dynamically. */
  start(relativePatterns: boolean): void {
    this.shared.workspace.DocumentBuilder.onBuildPhase(DocumentState.IndexedReferences, () => {
      const wanted = new Set(this.mentions());
      if (wanted.size === this.watched.size && [...wanted].every(uri => this.watched.has(uri))) return;
      this.watched = wanted;
      const watchers = [...wanted].map(uri => watcherFor(URI.parse(uri), relativePatterns));
      this.registration = this.registration.then(async old => {
        old?.dispose();
        const connection = this.shared.lsp.Connection;
        if (watchers.length === 0 || !connection) return undefined;
        return connection.client
          .register(DidChangeWatchedFilesNotification.type, { watchers })
          .catch(() => undefined);
      });
    });
  }

  private mentions(): string[] {
    const { LangiumDocuments, TextDocuments } = this.shared.workspace;
    return LangiumDocuments.all
      .filter((document: LangiumDocument) => TextDocuments.get(document.uri) !== undefined)
      .flatMap(document => mentionedFiles(document).map(mention => mention.uri.toString()))
      .toArray();
  }
}

function watcherFor(uri: URI, relativePatterns: boolean): FileSystemWatcher {
  const name = escapeGlob(UriUtils.basename(uri));
  if (relativePatterns) {
    return { globPattern: { baseUri: UriUtils.dirname(uri).toString(), pattern: name } };
  }
  return { globPattern: `**/${name}` };
}

/** File names may hold characters that mean something in a pattern. */
const escapeGlob = (name: string): string =>
  name.replace(/[*?[\]{}]/g, '[$&]').replace(/\[\[\]|\[\]\]/g, '?');
