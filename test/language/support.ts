/** Documents from text, with imports and mentioned files from a map. */
import { DocumentState, type LangiumDocument, type URI } from 'langium';
import type { Diagnostic } from 'vscode-languageserver';
import type { Document } from '../../src/language/generated/ast.ts';
import { MemoryFiles, memoryUri } from '../../src/language/memory-files.ts';
import { createShardplanServices, type ShardplanContext } from '../../src/language/module.ts';

export interface TestOptions {
  /** Where the text is taken to stand. Default `/plans/test.shard`; a later one counts up. */
  uri?: string;
  /** Files beside it: `/plans/config.json`, `/plans/cluster.shard`. */
  files?: Record<string, string>;
}

let count = 0;

/** Services over files in memory; `parse` builds a document and links it, `check` validates it too. */
export function createTestServices({
  files = {},
  ...context
}: Pick<TestOptions, 'files'> & ShardplanContext = {}) {
  const memory = new MemoryFiles(files);
  const { shared, shardplan } = createShardplanServices({ source: memory, ...context });

  async function build(text: string, uri: string, validation: boolean): Promise<LangiumDocument<Document>> {
    const at = memoryUri(uri);
    memory.set(uri, text);
    const old = shared.workspace.LangiumDocuments.getDocument(at) as LangiumDocument<Document> | undefined;
    if (old) {
      await shared.workspace.DocumentBuilder.update([at], []);
      return old;
    }
    const document = shared.workspace.LangiumDocumentFactory.fromString<Document>(text, at);
    shared.workspace.LangiumDocuments.addDocument(document);
    await shared.workspace.DocumentBuilder.build([document], { validation });
    return document;
  }

  return {
    shared,
    shardplan,
    memory,
    parse: (text: string, uri = `/plans/test${count++}.shard`) => build(text, uri, false),
    async check(text: string, uri = `/plans/test${count++}.shard`): Promise<Diagnostic[]> {
      return (await build(text, uri, true)).diagnostics ?? [];
    },
    /** What the editor does after a change: `uris` are changed or new, `deleted` are gone. */
    async update(changed: Record<string, string>, deleted: string[] = []): Promise<void> {
      for (const [path, text] of Object.entries(changed)) memory.set(path, text);
      for (const path of deleted) memory.delete(path);
      await shared.workspace.DocumentBuilder.update(
        Object.keys(changed).map(memoryUri),
        deleted.map(memoryUri),
      );
    },
    document: (uri: string) =>
      shared.workspace.LangiumDocuments.getDocument(memoryUri(uri)) as LangiumDocument<Document> | undefined,
  };
}

export type TestServices = ReturnType<typeof createTestServices>;

/** One linked document over its own services. */
export async function parseDocument(
  text: string,
  { uri = '/plans/test.shard', files = {} }: TestOptions = {},
): Promise<LangiumDocument<Document>> {
  const document = await createTestServices({ files }).parse(text, uri);
  if (document.state < DocumentState.Linked) throw new Error('The document is not linked.');
  return document;
}

export const testUri = (path: string): URI => memoryUri(path);
