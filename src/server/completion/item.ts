/** One proposal: what it is called, what it inserts, over which characters. */
import {
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  type Range,
  type TextEdit,
} from 'vscode-languageserver-protocol';

export interface Proposal {
  label: string;
  kind: CompletionItemKind;
  /** Grey, beside the label: one short line. */
  detail?: string;
  /** Markdown. */
  doc?: string;
  /** Text with `$1` where the cursor goes; the label where it is left out. */
  snippet?: string;
  /** Rank among the proposals of one list; equal ones stay in the sequence given. */
  rank?: number;
  /** Offer the next list at once: behind `key: `. */
  again?: boolean;
  filter?: string;
  edits?: TextEdit[];
  preselect?: boolean;
}

/** @param retrigger whether the client knows VS Code's command that opens the next list. */
export function completionItems(
  proposals: readonly Proposal[],
  range: Range,
  retrigger: boolean,
): CompletionItem[] {
  return proposals.map((p, index) => ({
    label: p.label,
    kind: p.kind,
    ...(p.detail ? { detail: p.detail } : {}),
    ...(p.doc ? { documentation: { kind: 'markdown' as const, value: p.doc } } : {}),
    insertTextFormat: p.snippet === undefined ? InsertTextFormat.PlainText : InsertTextFormat.Snippet,
    textEdit: { range, newText: p.snippet ?? p.label },
    ...(p.filter ? { filterText: p.filter } : {}),
    sortText: `${String(p.rank ?? 50).padStart(3, '0')}${String(index).padStart(4, '0')}`,
    ...(p.edits ? { additionalTextEdits: p.edits } : {}),
    ...(p.preselect ? { preselect: true } : {}),
    ...(p.again && retrigger ? { command: { title: '', command: 'editor.action.triggerSuggest' } } : {}),
  }));
}

export { CompletionItemKind as Kind };
