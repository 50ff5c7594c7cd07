/** Which declarations a syntax error has damaged. Everything else keeps its numbers while someone types. */
import type { LangiumDocument } from 'langium';
import type { Declaration, Document } from '../generated/ast.ts';
import type { Stale } from './lowered.ts';

export interface Damage {
  /** Whether the text has any syntax error: a name that leads nowhere may have been swallowed by it. */
  any: Stale | undefined;
  of(declaration: Declaration): Stale | undefined;
}

const kept = new WeakMap<object, Damage>();

/** Computed once for each parse. */
export function damageOf(document: LangiumDocument): Damage {
  const { parseResult } = document;
  let damage = kept.get(parseResult);
  if (!damage) {
    damage = find(document);
    kept.set(parseResult, damage);
  }
  return damage;
}

function find(document: LangiumDocument): Damage {
  const { parserErrors, lexerErrors, value } = document.parseResult;
  const decls = ((value as Document).decls ?? []).filter(d => d.$cstNode);
  const length = document.textDocument.getText().length;
  const found = new Map<Declaration, Stale>();
  let any: Stale | undefined;
  const note = (offset: number) => {
    const position = document.textDocument.positionAt(offset);
    const stale: Stale = {
      reason: `line ${position.line + 1} is not complete`,
      range: { uri: document.uri.toString(), start: position, end: position },
    };
    any ??= stale;
    const declaration = hit(decls, offset);
    if (declaration && !found.has(declaration)) found.set(declaration, stale);
  };
  for (const { offset } of lexerErrors) note(offset);
  for (const error of parserErrors) {
    // At the end of the text there is no token; then the one before tells the place.
    const previous = (error as { previousToken?: { endOffset?: number } }).previousToken?.endOffset;
    const at = error.token.startOffset;
    // What is missing is missing behind the token before.
    note(previous !== undefined && Number.isFinite(previous) ? previous : Number.isFinite(at) ? at : length);
  }
  return { any, of: declaration => found.get(declaration) };
}

/** The declaration around an offset, or the open one before it. */
function hit(decls: readonly Declaration[], offset: number): Declaration | undefined {
  let before: Declaration | undefined;
  for (const declaration of decls) {
    const { offset: start, end } = declaration.$cstNode!;
    if (start > offset) break;
    if (offset <= end) return declaration;
    before = declaration;
  }
  return before;
}
