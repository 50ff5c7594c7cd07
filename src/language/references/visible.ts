/** Which declarations a document sees: its own and those of the files it imports, no further. */
import { type AstNode, AstUtils, type LangiumDocument, type LangiumDocuments } from 'langium';
import type { Axis, Declaration, Document, Fabric, Level, Mesh, Plan } from '../generated/ast.ts';
import { importsOf } from '../imports.ts';

type ByName = Map<string, Declaration[]>;

const own = new WeakMap<AstNode, ByName>();

/** A document's own declarations by name. Kept with the syntax tree, which never changes. */
export function ownDeclarations(document: LangiumDocument): ByName {
  const root = document.parseResult.value as Document;
  let names = own.get(root);
  if (!names) {
    names = new Map();
    for (const declaration of root.decls ?? []) {
      if (!declaration.name) continue;
      const same = names.get(declaration.name);
      if (same) same.push(declaration);
      else names.set(declaration.name, [declaration]);
    }
    own.set(root, names);
  }
  return names;
}

/** The document itself and what it imports, in that sequence; files that cannot be read are left out. */
export function visibleDocuments(document: LangiumDocument, documents: LangiumDocuments): LangiumDocument[] {
  const imported = importsOf(document).flatMap(({ uri }) => documents.getDocument(uri) ?? []);
  return [...new Set([document, ...imported])];
}

/** Every axis of the mesh; a half-typed one may lack its name. */
export const axesOf = (mesh: Mesh | undefined): Axis[] => mesh?.axes ?? [];

export const levelsOf = (fabric: Fabric | undefined): Level[] => fabric?.levels ?? [];

/** The mesh of a plan, its own or that of the plan it is `like`. Plans that are like each other have none. */
export function meshOfPlan(plan: Plan): Mesh | undefined {
  return inherited(plan, step => step.mesh)?.ref;
}

/** A plan's own `of` or `on`, else the one of the nearest plan it is `like`. */
export function inherited<T>(plan: Plan, pick: (plan: Plan) => T | undefined): T | undefined {
  const seen = new Set<Plan>();
  for (let step: Plan | undefined = plan; step && !seen.has(step); step = step.base?.ref) {
    seen.add(step);
    const value = pick(step);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The nearest container of a type, the node itself included. */
export const enclosing = AstUtils.getContainerOfType;
