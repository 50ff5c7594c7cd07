/** Langium's builder, which also loads what a document imports and mentions, and rebuilds what rests on a changed file. */
import {
  type AstNode,
  type BuildOptions,
  type Cancellation,
  DefaultDocumentBuilder,
  DocumentState,
  type LangiumDocument,
  type URI,
  UriUtils,
} from 'langium';
import { type Files, isAtOrIn } from '../files.ts';
import { dependencies, importsOf } from '../imports.ts';
import { isLibraryUri, libraryText } from '../library.ts';
import { mentionedFiles } from '../mentions.ts';
import type { ShardplanSharedServices } from '../module.ts';
import { dropBuild } from './build-memo.ts';

type CancellationToken = Cancellation.CancellationToken;

export class ShardplanDocumentBuilder extends DefaultDocumentBuilder {
  private readonly files: Files;

  constructor(services: ShardplanSharedServices) {
    super(services);
    this.files = services.workspace.Files;
  }

  /** Changed foreign files (`config.json`) count too: the documents that mention them are built again. */
  override async update(changed: URI[], deleted: URI[], cancelToken?: CancellationToken): Promise<void> {
    for (const uri of [...changed, ...deleted]) this.files.forget(uri);
    const gone = [...deleted];
    const there: URI[] = [];
    for (const uri of changed) {
      if (isLibraryUri(uri)) continue;
      if (!this.isShardFile(uri)) {
        this.rebuildDependents(uri);
        if (!this.textDocuments?.get(uri)) there.push(uri);
      } else if (this.textDocuments?.get(uri) || (await this.files.read(uri)).error === undefined) {
        there.push(uri);
      } else {
        gone.push(uri);
      }
    }
    for (const uri of deleted) if (!this.isShardFile(uri)) this.rebuildDependents(uri);
    await super.update(there, gone, cancelToken);
  }

  private rebuildDependents(uri: URI): void {
    for (const document of this.langiumDocuments.all) {
      if (document.state < DocumentState.Parsed) continue;
      const affected = [...dependencies(document, this.langiumDocuments)].some(file => isAtOrIn(file, uri));
      if (affected) this.resetToState(document, DocumentState.ComputedScopes);
    }
  }

  /** By the files a document rests on, not by its unresolved names: a plain word in a plan is an unresolved name too. */
  protected override shouldRelink(document: LangiumDocument, changedUris: Set<string>): boolean {
    if (document.state < DocumentState.Parsed) return false;
    for (const uri of dependencies(document, this.langiumDocuments)) if (changedUris.has(uri)) return true;
    return false;
  }

  /** A path without an ending may be a folder; any other foreign file never becomes a document. */
  protected override async findChangedUris(changed: URI): Promise<URI[]> {
    if (this.isShardFile(changed)) return [changed];
    return UriUtils.basename(changed).includes('.') ? [] : this.workspaceManager().searchFolder(changed);
  }

  override resetToState<T extends AstNode>(document: LangiumDocument<T>, state: DocumentState): void {
    dropBuild(document);
    super.resetToState(document, state);
  }

  protected override async buildDocuments(
    documents: LangiumDocument[],
    options: BuildOptions,
    cancelToken: CancellationToken,
  ): Promise<void> {
    const all = [...documents];
    let round = all;
    while (round.length > 0) {
      this.prepareBuild(round, options);
      await this.runCancelable(round, DocumentState.Parsed, cancelToken, document =>
        this.langiumDocumentFactory.update(document, cancelToken),
      );
      const loaded: LangiumDocument[] = [];
      for (const document of round) {
        for (const imported of await this.loadImports(document)) {
          if (!all.includes(imported) && !loaded.includes(imported)) loaded.push(imported);
        }
        await Promise.all(mentionedFiles(document).map(({ uri }) => this.files.read(uri)));
      }
      all.push(...loaded);
      round = loaded;
    }
    await super.buildDocuments(all, options, cancelToken);
  }

  /** The imported documents that are not built yet. What cannot be read is left out; a check reports it. */
  private async loadImports(document: LangiumDocument): Promise<LangiumDocument[]> {
    const unbuilt: LangiumDocument[] = [];
    for (const { uri } of importsOf(document)) {
      const imported = this.langiumDocuments.getDocument(uri) ?? (await this.load(uri));
      if (imported && imported.state < DocumentState.Linked) unbuilt.push(imported);
    }
    return unbuilt;
  }

  private async load(uri: URI): Promise<LangiumDocument | undefined> {
    const text = isLibraryUri(uri) ? libraryText(uri) : (await this.files.read(uri)).text;
    // While the file was read, another request may have brought the document.
    const present = this.langiumDocuments.getDocument(uri);
    if (present || text === undefined) return present;
    const open = this.textDocuments?.get(uri);
    const document = open
      ? this.langiumDocumentFactory.fromTextDocument(open, uri)
      : this.langiumDocumentFactory.fromString(text, uri);
    this.langiumDocuments.addDocument(document);
    return document;
  }

  /** By its name, or because the client says so: a text that was never saved has no ending. */
  private isShardFile(uri: URI): boolean {
    return uri.path.endsWith('.shard') || this.textDocuments?.get(uri)?.languageId === LANGUAGE;
  }
}

const LANGUAGE = 'shardplan';
