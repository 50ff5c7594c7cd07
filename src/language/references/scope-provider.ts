/**
 * What a name may refer to at a place. Decided by the kind of reference first: the axes of a plan's mesh are only asked
 * for where an axis is meant, never while that very mesh is being looked up.
 */
import {
  type AstNode,
  type AstNodeDescription,
  type AstNodeDescriptionProvider,
  AstUtils,
  EMPTY_SCOPE,
  type LangiumDocuments,
  type ReferenceInfo,
  type Scope,
  type ScopeProvider,
  type Stream,
  stream,
} from 'langium';
import {
  type Declaration,
  type Fabric,
  isFabric,
  isKey,
  isLet,
  isMesh,
  isPlan,
  isRef,
  isSweep,
  type Mesh,
} from '../generated/ast.ts';
import type { ShardplanServices } from '../module.ts';
import { axesOf, enclosing, levelsOf, meshOfPlan, ownDeclarations, visibleDocuments } from './visible.ts';

export class ShardplanScopeProvider implements ScopeProvider {
  private readonly documents: LangiumDocuments;
  private readonly descriptions: AstNodeDescriptionProvider;

  constructor(services: ShardplanServices) {
    this.documents = services.shared.workspace.LangiumDocuments;
    this.descriptions = services.workspace.AstNodeDescriptionProvider;
  }

  getScope({ container, property }: ReferenceInfo): Scope {
    switch (`${container.$type}.${property}`) {
      case 'Mesh.fabric':
        return this.declarations(container, 'Fabric');
      case 'Plan.base':
        return this.declarations(container, 'Plan');
      case 'Plan.model':
        return this.declarations(container, 'Model');
      case 'Plan.mesh':
        return this.declarations(container, 'Mesh');
      case 'Part.child':
        return this.nested([
          this.members(levelsOf(enclosing(container, isFabric))),
          this.declarations(container, 'Chip'),
        ]);
      case 'Place.level':
        return this.members(levelsOf(this.fabricAt(container)));
      case 'Axis.parents':
      case 'Order.axes':
      case 'Dim.axes':
      case 'Tensor.partial':
        return this.members(axesOf(this.meshAt(container)));
      case 'Key.head':
        return this.keyHead(container);
      case 'Ref.head':
        return this.refHead(container);
      default:
        return EMPTY_SCOPE;
    }
  }

  /** Only a plan's keys link, and only where a name leads them: `dp.zero` does, `phase` is a word even if an axis is called so. */
  private keyHead(key: AstNode): Scope {
    if (!isKey(key) || !enclosing(key, isPlan)) return EMPTY_SCOPE;
    if (isSweep(key.$container)) return this.named(key);
    if (key.tail.length === 0) return EMPTY_SCOPE;
    return this.nested([this.members(axesOf(this.meshAt(key))), this.members(levelsOf(this.fabricAt(key)))]);
  }

  /** What is called is a function's name, never an axis. */
  private refHead(ref: AstNode): Scope {
    return isRef(ref) && ref.call ? EMPTY_SCOPE : this.named(ref);
  }

  private named(node: AstNode): Scope {
    return this.nested([
      this.members(axesOf(this.meshAt(node))),
      this.members(levelsOf(this.fabricAt(node))),
      this.declarations(node, 'Let'),
    ]);
  }

  private meshAt(node: AstNode): Mesh | undefined {
    const mesh = enclosing(node, isMesh);
    if (mesh) return mesh;
    const plan = enclosing(node, isPlan);
    return plan && meshOfPlan(plan);
  }

  private fabricAt(node: AstNode): Fabric | undefined {
    return enclosing(node, isFabric) ?? this.meshAt(node)?.fabric?.ref;
  }

  /** Parts of a declaration, which may stand in another file. The first of a name counts. */
  private members(nodes: readonly (AstNode & { name: string })[]): Scope {
    return new LazyScope(
      name => nodes.filter(node => node.name === name).map(node => this.describe(node)),
      () => nodes.filter(node => node.name).map(node => this.describe(node)),
    );
  }

  /** Declarations of one kind, of the own file before those of its imports. */
  private declarations(at: AstNode, type: Declaration['$type']): Scope {
    const documents = () => visibleDocuments(AstUtils.getDocument(at), this.documents).map(ownDeclarations);
    // A value does not see itself: `let a = a` is an unknown name.
    const inside = type === 'Let' ? enclosing(at, isLet) : undefined;
    const wanted = (node: Declaration) => node.$type === type && node !== inside;
    return new LazyScope(
      name =>
        documents()
          .flatMap(names => names.get(name) ?? [])
          .filter(wanted)
          .map(node => this.describe(node)),
      () =>
        documents()
          .flatMap(names => [...names.values()].flat())
          .filter(wanted)
          .map(node => this.describe(node)),
    );
  }

  private nested(scopes: Scope[]): Scope {
    return new LazyScope(
      name => scopes.flatMap(scope => scope.getElements(name).toArray()),
      () => scopes.flatMap(scope => scope.getAllElements().toArray()),
    );
  }

  private describe(node: AstNode & { name: string }): AstNodeDescription {
    return this.descriptions.createDescription(node, node.name);
  }
}

/** A scope that looks names up instead of listing everything first. */
class LazyScope implements Scope {
  constructor(
    private readonly find: (name: string) => AstNodeDescription[],
    private readonly list: () => AstNodeDescription[],
  ) {}

  getElement(name: string): AstNodeDescription | undefined {
    return this.find(name)[0];
  }

  getElements(name: string): Stream<AstNodeDescription> {
    return stream(this.find(name));
  }

  getAllElements(): Stream<AstNodeDescription> {
    return stream(this.list());
  }
}
