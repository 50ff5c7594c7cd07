/** `textDocument/completion`: what may stand at the cursor, from the schema and the names in sight. */
import type { CompletionList, Position, Range } from 'vscode-languageserver-protocol';
import type { ShardplanSharedServices } from '../language/module.ts';
import { blockProposals } from './completion/dispatch.ts';
import { completionItems } from './completion/item.ts';
import { surroundings } from './place/context.ts';
import { scan } from './place/scan.ts';
import type { View } from './view.ts';

export const COMPLETION_TRIGGERS = [':', '.', '<', '"', '(', ' ', '/', ','] as const;

/** Where a blank asks for the next word; anywhere else a list would only be in the way of `Enter`. */
const WANTS_WORD = /(\b(on|of|like|from|as|sum|assert|expect|collective|sweep|in)|[<:*,(])\s$/;

/**
 * Complete lists: the client filters while the word grows.
 * @param trigger the character that the client asked because of, if any.
 */
export async function completions(
  view: View,
  position: Position,
  shared: ShardplanSharedServices,
  trigger?: string,
): Promise<CompletionList | null> {
  const text = view.text.getText();
  const offset = view.text.offsetAt(position);
  const at = scan(text, offset);
  if (at.inside === 'comment' || (trigger === ' ' && !WANTS_WORD.test(at.statement))) return null;
  const fragment =
    at.inside === 'string'
      ? (/"([^"]*)$/.exec(at.statement)?.[1] ?? '')
      : (/[\w.µ%]*$/.exec(at.statement)?.[0] ?? '');
  const around = surroundings(view, at, shared.workspace.LangiumDocuments);
  const proposals = await blockProposals({ view, at, around, fragment, shared });
  const range: Range = {
    start: view.text.positionAt(offset - fragment.length),
    end: { ...position, character: position.character + restOfWord(text, offset, at.inside === 'string') },
  };
  // `key:▮` gets its blank; a number grows with every digit, so its units are asked for again.
  const glued = text[offset - fragment.length - 1] === ':' && at.inside === 'code';
  return {
    isIncomplete: /^\d/.test(fragment),
    items: completionItems(
      glued
        ? proposals.map(p => ({ ...p, snippet: ` ${p.snippet ?? p.label}`, filter: p.filter ?? p.label }))
        : proposals,
      range,
      view.commands,
    ),
  };
}

/** Letters behind the cursor that belong to the word being replaced. */
const restOfWord = (text: string, offset: number, quoted: boolean): number =>
  (quoted ? /^[^"\n]*/ : /^[\w.]*/).exec(text.slice(offset, offset + 200))?.[0].length ?? 0;
