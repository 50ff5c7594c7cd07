/** What the schema and the other declarations say about a place: the axes of the plan's mesh, the levels of its fabric. */
import type { LangiumDocument, LangiumDocuments } from 'langium';
import { AstUtils } from 'langium';
import type { Role } from '../../engine/plan/spec.ts';
import {
  type Declaration,
  type Fabric,
  isFabric,
  isMesh,
  isModel,
  isPlan,
  type Mesh,
  type Model,
  type Plan,
} from '../../language/generated/ast.ts';
import { visibleDocuments } from '../../language/references/visible.ts';
import { type KeyContext, roleOf } from '../../language/schema/index.ts';
import type { View } from '../view.ts';
import type { Scan } from './scan.ts';

export interface Surroundings {
  /** Everything that the document sees, own declarations first. */
  declarations: Declaration[];
  plan?: Plan;
  mesh?: Mesh;
  fabric?: Fabric;
  model?: Model;
  keys: KeyContext;
}

/** Found by the names in the headers: the block at the cursor itself may not parse. */
export function surroundings(view: View, at: Scan, documents: LangiumDocuments): Surroundings {
  const declarations = declarationsOf(view, documents);
  const named = <T extends Declaration>(
    is: (node: unknown) => node is T,
    name: string | undefined,
  ): T | undefined => (name === undefined ? undefined : declarations.filter(is).find(d => d.name === name));
  const header = at.block === 'level' ? at.outerHeader : at.header;
  const plan = at.block === 'plan' ? named(isPlan, word(header, 'plan')) : undefined;
  const base = (pick: 'on' | 'of'): string | undefined =>
    inheritedName(header, pick, declarations.filter(isPlan));
  const mesh = named(isMesh, at.block === 'mesh' ? word(header, 'mesh') : base('on'));
  const fabricName =
    at.block === 'fabric' || at.block === 'level'
      ? word(header, 'fabric')
      : at.block === 'mesh'
        ? word(header, 'on')
        : mesh?.fabric?.$refText;
  const fabric = named(isFabric, fabricName);
  const model = named(isModel, at.block === 'plan' ? base('of') : modelOfMesh(mesh, declarations));
  return { declarations, plan, mesh, fabric, model, keys: mesh ? { axes: axesWithRoles(mesh) } : {} };
}

/** Own declarations before those of the imports. */
export function declarationsOf(view: View, documents: LangiumDocuments): Declaration[] {
  const document = AstUtils.getDocument(view.root) as LangiumDocument;
  return visibleDocuments(document, documents).flatMap(d => {
    const root = d.parseResult.value as { decls?: Declaration[] };
    return (root.decls ?? []).filter(declaration => declaration.name);
  });
}

export const axesWithRoles = (mesh: Mesh): { name: string; role: Role }[] =>
  mesh.axes
    .filter(axis => axis.name)
    .map(axis => ({ name: axis.name, role: roleOf(axis.role ?? axis.name) }));

/** The word behind a keyword of a header: `on` of `plan p of m on x` is `x`. */
export const word = (header: string, keyword: string): string | undefined =>
  new RegExp(`\\b${keyword}\\s+([A-Za-z_]\\w*)`).exec(header)?.[1];

/** `on` or `of` of a plan's header, else that of the plan it is like. */
function inheritedName(header: string, keyword: 'on' | 'of', plans: Plan[]): string | undefined {
  const own = word(header, keyword);
  if (own) return own;
  const seen = new Set<string>();
  for (let name = word(header, 'like'); name !== undefined && !seen.has(name); ) {
    seen.add(name);
    const plan = plans.find(p => p.name === name);
    const stated = keyword === 'on' ? plan?.mesh?.$refText : plan?.model?.$refText;
    if (stated) return stated;
    name = plan?.base?.$refText;
  }
  return undefined;
}

/** The model of the first plan on a mesh: whose heads and layers its sizes must divide. */
function modelOfMesh(mesh: Mesh | undefined, declarations: Declaration[]): string | undefined {
  if (!mesh) return undefined;
  return declarations.filter(isPlan).find(p => p.mesh?.$refText === mesh.name)?.model?.$refText;
}
