/**
 * Colours that need to know what a name refers to. Keywords, numbers with their units, texts and comments are left to the
 * syntax highlighting, which tells a number from its unit.
 */
import { type AstNode, AstUtils, type Reference } from 'langium';
import { AbstractSemanticTokenProvider, type SemanticTokenAcceptor } from 'langium/lsp';
import { SemanticTokenModifiers, SemanticTokenTypes } from 'vscode-languageserver-types';
import {
  isArg,
  isAssertion,
  isAxis,
  isCollective,
  isDeclaration,
  isDim,
  isKey,
  isLet,
  isLevel,
  isMesh,
  isOrder,
  isPart,
  isPlace,
  isPlan,
  isRef,
  isTensor,
} from '../generated/ast.ts';
import { isLibraryUri } from '../library.ts';
import { enclosing } from '../references/visible.ts';

const { declaration, readonly, defaultLibrary } = SemanticTokenModifiers;

export class ShardplanSemanticTokenProvider extends AbstractSemanticTokenProvider {
  protected override highlightElement(node: AstNode, accept: SemanticTokenAcceptor): void {
    if (isDeclaration(node) || isLevel(node) || isAxis(node) || isCollective(node)) {
      accept({
        node,
        property: 'name',
        type: typeOf(node),
        modifier: [declaration, ...(isLet(node) ? [readonly] : [])],
      });
    }
    if (isMesh(node)) this.reference(node, 'fabric', node.fabric, accept);
    if (isPart(node)) this.reference(node, 'child', node.child, accept);
    if (isPlace(node)) this.reference(node, 'level', node.level, accept);
    if (isPlan(node)) {
      this.reference(node, 'base', node.base, accept);
      this.reference(node, 'model', node.model, accept);
      this.reference(node, 'mesh', node.mesh, accept);
    }
    if (isAxis(node)) this.references(node, 'parents', node.parents, accept);
    if (isOrder(node)) this.references(node, 'axes', node.axes, accept);
    if (isTensor(node)) {
      accept({ node, property: 'name', type: SemanticTokenTypes.variable });
      this.references(node, 'partial', node.partial, accept);
    }
    if (isDim(node)) {
      accept({ node, property: 'name', type: SemanticTokenTypes.typeParameter });
      this.references(node, 'axes', node.axes, accept);
    }
    if (isArg(node) && node.name) accept({ node, property: 'name', type: SemanticTokenTypes.property });
    if (isKey(node)) this.words(node, node.head, node.tail, SemanticTokenTypes.property, accept);
    if (isRef(node)) this.words(node, node.head, node.tail, plainType(node), accept);
  }

  /** The first word as what it refers to, or as `plain`; the words behind its dots as parts of it. */
  private words(
    node: AstNode & { head: Reference; tail: string[] },
    head: Reference | undefined,
    tail: string[],
    plain: string,
    accept: SemanticTokenAcceptor,
  ): void {
    const target = head?.ref;
    accept({ node, property: 'head', type: target ? typeOf(target) : plain, modifier: modifiersOf(target) });
    for (const index of tail.keys())
      accept({ node, property: 'tail', index, type: SemanticTokenTypes.property });
  }

  private reference(
    node: AstNode,
    property: string,
    reference: Reference | undefined,
    accept: SemanticTokenAcceptor,
  ): void {
    const target = reference?.ref;
    if (target)
      accept({ node, property: property as never, type: typeOf(target), modifier: modifiersOf(target) });
  }

  private references(
    node: AstNode,
    property: string,
    references: readonly Reference[],
    accept: SemanticTokenAcceptor,
  ): void {
    references.forEach((reference, index) => {
      const target = reference.ref;
      if (target)
        accept({
          node,
          property: property as never,
          index,
          type: typeOf(target),
          modifier: modifiersOf(target),
        });
    });
  }
}

function typeOf(target: AstNode): string {
  if (isAxis(target)) return SemanticTokenTypes.parameter;
  if (isLevel(target)) return SemanticTokenTypes.struct;
  if (isLet(target)) return SemanticTokenTypes.variable;
  if (isCollective(target)) return SemanticTokenTypes.function;
  return SemanticTokenTypes.class;
}

function modifiersOf(target: AstNode | undefined): string[] {
  if (!target) return [];
  const fromLibrary = isLibraryUri(AstUtils.getDocument(target).uri) ? [defaultLibrary] : [];
  return isLet(target) ? [readonly, ...fromLibrary] : fromLibrary;
}

/** A word that refers to nothing in the text: a metric or function, or one of a key's words. */
function plainType(ref: AstNode & { call: boolean }): string {
  return ref.call || enclosing(ref, isAssertion)
    ? SemanticTokenTypes.function
    : SemanticTokenTypes.enumMember;
}
