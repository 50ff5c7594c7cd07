/** What can be folded: blocks, bracketed values of several lines, comments, the imports. */
import { AstUtils, type CstNode, type LangiumDocument, type Lexer } from 'langium';
import type { FoldingRangeProvider } from 'langium/lsp';
import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver-types';
import {
  type Document,
  isCollective,
  isDeclaration,
  isLevel,
  isListLit,
  isProperty,
  isShard,
} from '../generated/ast.ts';
import type { ShardplanServices } from '../module.ts';

export class ShardplanFoldingProvider implements FoldingRangeProvider {
  private readonly lexer: Lexer;

  constructor(services: ShardplanServices) {
    this.lexer = services.parser.Lexer;
  }

  getFoldingRanges(document: LangiumDocument): FoldingRange[] {
    const root = document.parseResult.value as Document;
    const blocks = AstUtils.streamAllContents(root)
      .filter(
        node =>
          isDeclaration(node) ||
          isLevel(node) ||
          isShard(node) ||
          isCollective(node) ||
          isProperty(node) ||
          isListLit(node),
      )
      .map(node => block(node.$cstNode))
      .nonNullable()
      .distinct(range => range.startLine)
      .toArray();
    return [...blocks, ...imports(root), ...this.comments(document)];
  }

  /** Comments of several lines, and lines of `//` that follow each other. */
  private comments(document: LangiumDocument): FoldingRange[] {
    const text = document.textDocument;
    const ranges: FoldingRange[] = [];
    for (const comment of this.lexer.tokenize(text.getText()).hidden) {
      const startLine = (comment.startLine ?? 1) - 1;
      const endLine = (comment.endLine ?? 1) - 1;
      const last = ranges.at(-1);
      const before = text.getText({
        start: { line: startLine, character: 0 },
        end: text.positionAt(comment.startOffset),
      });
      if (before.trim() !== '') continue;
      if (last && last.endLine === startLine - 1) last.endLine = endLine;
      else ranges.push({ startLine, endLine, kind: FoldingRangeKind.Comment });
    }
    return ranges.filter(range => range.endLine > range.startLine);
  }
}

/** From the first line to the one before the closing bracket, which stays in sight. */
function block(cst: CstNode | undefined): FoldingRange | undefined {
  if (!cst) return undefined;
  const closes = /[)\]}]$/.test(cst.text.at(-1) ?? '');
  const alone =
    closes &&
    cst.root.fullText
      .slice(0, cst.end - 1)
      .split('\n')
      .at(-1)
      ?.trim() === '';
  const endLine = cst.range.end.line - (alone ? 1 : 0);
  return endLine > cst.range.start.line ? { startLine: cst.range.start.line, endLine } : undefined;
}

function imports(root: Document): FoldingRange[] {
  const lines = root.imports.flatMap(node => node.$cstNode?.range.start.line ?? []);
  const [startLine, endLine] = [lines[0], lines.at(-1)];
  if (startLine === undefined || endLine === undefined || endLine <= startLine) return [];
  // Declarations may stand between imports; then there is no block of them.
  return lines.length === endLine - startLine + 1
    ? [{ startLine, endLine, kind: FoldingRangeKind.Imports }]
    : [];
}
