/** Places of nodes in their text, as plain ranges. */
import { type AstNode, AstUtils, GrammarUtils } from 'langium';
import type { SourceRange } from './report.ts';

const EMPTY = { line: 0, character: 0 };
const uris = new WeakMap<AstNode, string>();

/** The URI of the document that holds a node. */
export function uriOf(node: AstNode): string {
  const root = AstUtils.findRootNode(node);
  let uri = uris.get(root);
  if (uri === undefined) {
    uri = root.$document?.uri.toString() ?? '';
    uris.set(root, uri);
  }
  return uri;
}

/** The whole node; an empty range at the start of the text for a node without one (made by error recovery). */
export function rangeOf(node: AstNode): SourceRange {
  const range = node.$cstNode?.range;
  return { uri: uriOf(node), start: range?.start ?? EMPTY, end: range?.end ?? EMPTY };
}

/** Where a property stands (`name`, `order`, `axes` number `index`); the whole node where it has none in the text. */
export function rangeOfProperty(node: AstNode, property: string, index?: number): SourceRange {
  const cst = GrammarUtils.findNodeForProperty(node.$cstNode, property, index);
  return cst ? { uri: uriOf(node), start: cst.range.start, end: cst.range.end } : rangeOf(node);
}

/** The text of a node as written. */
export const textOf = (node: AstNode): string => node.$cstNode?.text ?? '';

/** An empty range at the end of another. */
export const endOf = (range: SourceRange): SourceRange => ({
  uri: range.uri,
  start: range.end,
  end: range.end,
});
