/** Formatting of a document or a range of it. */
import type { LangiumDocument, Lexer } from 'langium';
import type { Formatter } from 'langium/lsp';
import type {
  DocumentFormattingParams,
  DocumentOnTypeFormattingParams,
  DocumentRangeFormattingParams,
  TextEdit,
} from 'vscode-languageserver-protocol';
import { hasSyntaxErrors } from '../findings/syntax.ts';
import { type FormatEdit, formatEdits } from '../format.ts';
import type { ShardplanServices } from '../module.ts';

export class ShardplanFormatter implements Formatter {
  readonly formatOnTypeOptions = undefined;
  private readonly lexer: Lexer;

  constructor(services: ShardplanServices) {
    this.lexer = services.parser.Lexer;
  }

  /** Nothing for a text with syntax errors: what belongs where is not known then. */
  formatDocument(document: LangiumDocument, _params?: DocumentFormattingParams): TextEdit[] {
    return this.edits(document).map(edit => asTextEdit(document, edit));
  }

  /** The edits of the white space before what stands in the lines of the range. */
  formatDocumentRange(document: LangiumDocument, { range }: DocumentRangeFormattingParams): TextEdit[] {
    const start = document.textDocument.offsetAt({ line: range.start.line, character: 0 });
    const end = document.textDocument.offsetAt(range.end);
    return this.edits(document)
      .filter(edit => edit.offset + edit.length >= start && edit.offset + edit.length <= end)
      .map(edit => asTextEdit(document, edit));
  }

  formatDocumentOnType(_document: LangiumDocument, _params: DocumentOnTypeFormattingParams): TextEdit[] {
    return [];
  }

  private edits(document: LangiumDocument): FormatEdit[] {
    return hasSyntaxErrors(document) ? [] : formatEdits(document.textDocument.getText(), this.lexer);
  }
}

function asTextEdit(document: LangiumDocument, { offset, length, newText }: FormatEdit): TextEdit {
  const text = document.textDocument;
  return { range: { start: text.positionAt(offset), end: text.positionAt(offset + length) }, newText };
}
