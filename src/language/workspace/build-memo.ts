/**
 * Results that are computed once for each build of a document, by whoever asks first, and dropped when the document or
 * anything it rests on (imports, imports of imports, mentioned files) changes.
 */
import { DocumentState, type LangiumDocument } from 'langium';

const memos = new WeakMap<LangiumDocument, Map<unknown, unknown>>();

/** `key` tells results of one document apart: pass the function that computes it. Not kept before linking. */
export function perBuild<T>(document: LangiumDocument, key: unknown, compute: () => T): T {
  if (document.state < DocumentState.Linked) return compute();
  const memo = memos.get(document) ?? new Map<unknown, unknown>();
  memos.set(document, memo);
  if (memo.has(key)) return memo.get(key) as T;
  const value = compute();
  memo.set(key, value);
  return value;
}

/** Called by the document builder. */
export function dropBuild(document: LangiumDocument): void {
  memos.delete(document);
}
