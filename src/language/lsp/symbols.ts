/** The outline: declarations with their levels, axes and stated collectives. */
import type { AstNode, AstNodeDescription, LangiumDocument, NameProvider } from 'langium';
import { isAstNode } from 'langium';
import { DefaultNodeKindProvider, type DocumentSymbolProvider, type NodeKindProvider } from 'langium/lsp';
import { CompletionItemKind, type DocumentSymbol, SymbolKind } from 'vscode-languageserver-types';
import {
  type Axis,
  type Collective,
  type Declaration,
  type Document,
  isAxis,
  isFabric,
  isLet,
  isLevel,
  isMesh,
  isModel,
  isPlan,
  type Level,
} from '../generated/ast.ts';
import type { ShardplanServices } from '../module.ts';

type Symbolic = Declaration | Level | Axis | Collective;

const KINDS: Readonly<Record<Symbolic['$type'], [SymbolKind, CompletionItemKind]>> = {
  Chip: [SymbolKind.Struct, CompletionItemKind.Struct],
  Fabric: [SymbolKind.Module, CompletionItemKind.Module],
  Level: [SymbolKind.Package, CompletionItemKind.Folder],
  Model: [SymbolKind.Class, CompletionItemKind.Class],
  Mesh: [SymbolKind.Namespace, CompletionItemKind.Module],
  Axis: [SymbolKind.Variable, CompletionItemKind.Variable],
  Plan: [SymbolKind.Function, CompletionItemKind.Function],
  Collective: [SymbolKind.Event, CompletionItemKind.Event],
  Let: [SymbolKind.Constant, CompletionItemKind.Constant],
};

export class ShardplanNodeKinds extends DefaultNodeKindProvider implements NodeKindProvider {
  override getSymbolKind(node: AstNode | AstNodeDescription): SymbolKind {
    return KINDS[nodeType(node)]?.[0] ?? super.getSymbolKind(node);
  }

  override getCompletionItemKind(node: AstNode | AstNodeDescription): CompletionItemKind {
    return KINDS[nodeType(node)]?.[1] ?? super.getCompletionItemKind(node);
  }
}

const nodeType = (node: AstNode | AstNodeDescription) =>
  (isAstNode(node) ? node.$type : node.type) as Symbolic['$type'];

export class ShardplanSymbolProvider implements DocumentSymbolProvider {
  private readonly names: NameProvider;

  constructor(services: ShardplanServices) {
    this.names = services.references.NameProvider;
  }

  getSymbols(document: LangiumDocument): DocumentSymbol[] {
    return (document.parseResult.value as Document).decls.flatMap(
      declaration => this.symbol(declaration) ?? [],
    );
  }

  private symbol(node: Symbolic): DocumentSymbol | undefined {
    const name = this.names.getNameNode(node);
    if (!name || !node.$cstNode) return undefined;
    const children = childrenOf(node).flatMap(child => this.symbol(child) ?? []);
    return {
      name: node.name,
      detail: detailOf(node),
      kind: KINDS[node.$type][0],
      range: node.$cstNode.range,
      selectionRange: name.range,
      ...(children.length > 0 && { children }),
    };
  }
}

function childrenOf(node: Symbolic): readonly Symbolic[] {
  if (isFabric(node)) return node.levels;
  if (isMesh(node)) return node.axes;
  if (isPlan(node)) return node.items.filter(item => item.$type === 'Collective');
  return [];
}

/** The rest of the head, as written. */
function detailOf(node: Symbolic): string {
  if (isLevel(node))
    return `of ${node.parts.map(part => `${part.count ?? ''} ${part.child?.$refText ?? ''}`).join(' + ')}`;
  if (isAxis(node)) {
    const role = node.role ? ` as ${node.role}` : '';
    const from =
      node.parents.length > 0 ? ` from ${node.parents.map(parent => parent.$refText).join(' * ')}` : '';
    return `${node.size?.$cstNode?.text ?? ''}${role}${from}`;
  }
  if (isMesh(node)) return `mesh on ${node.fabric?.$refText ?? ''}`;
  if (isModel(node)) return node.source ? `model from "${node.source}"` : 'model';
  if (isLet(node)) return node.value?.$cstNode?.text ?? '';
  if (isPlan(node)) {
    const parts = [
      ['like', node.base],
      ['of', node.model],
      ['on', node.mesh],
    ] as const;
    return [
      'plan',
      ...parts.flatMap(([word, reference]) => (reference ? [word, reference.$refText] : [])),
    ].join(' ');
  }
  return node.$type.toLowerCase();
}
