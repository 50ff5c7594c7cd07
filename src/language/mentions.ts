/** Foreign files that a document names: a model's `config.json`, a measured table, a topology, a log to calibrate with. */
import { type AstNode, AstUtils, type LangiumDocument, type URI } from 'langium';
import { isModel, isProperty, isRef, isStr, type Model, type Str } from './generated/ast.ts';
import { resolvePath } from './imports.ts';

export interface Mention {
  /** The model or the string value that holds the path. */
  node: Model | Str;
  /** As written, without quotes. */
  path: string;
  uri: URI;
}

const kept = new WeakMap<AstNode, Mention[]>();

/** In the sequence of the text. The same file may be mentioned twice. */
export function mentionedFiles(document: LangiumDocument): Mention[] {
  const root = document.parseResult.value;
  let mentions = kept.get(root);
  if (!mentions) {
    mentions = [...AstUtils.streamAst(root)].flatMap(node => {
      const path = mentionedPath(node);
      return path ? [{ node: node as Model | Str, path, uri: resolvePath(document.uri, path) }] : [];
    });
    kept.set(root, mentions);
  }
  return mentions;
}

function mentionedPath(node: AstNode): string | undefined {
  if (isModel(node)) return node.source;
  if (!isStr(node)) return undefined;
  const holder = node.$container;
  if (holder?.$type === 'Arg' && isRef(holder.$container)) {
    return ['graph', 'table'].includes(holder.$container.head?.$refText) ? node.value : undefined;
  }
  return isProperty(holder) && keyWords(holder.key).at(-1) === 'calibrate' ? node.value : undefined;
}

function keyWords(key: { head?: { $refText: string }; tail: string[] } | undefined): string[] {
  return key ? [key.head?.$refText ?? '', ...key.tail] : [];
}
