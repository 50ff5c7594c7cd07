/** From the names on the command line to a network and a group of ranks on it. */
import { AstUtils, type LangiumDocument } from 'langium';
import type { Network } from '../../engine/fabric/network.ts';
import { networkOf } from '../../engine/fabric/network.ts';
import type { Group } from '../../engine/fabric/pattern.ts';
import type { FabricSpec } from '../../engine/fabric/spec.ts';
import { nearest } from '../../engine/units/suggest.ts';
import { rangeOfProperty } from '../../language/analysis/source.ts';
import type { Declaration, Document, Fabric, Level, Mesh, Plan } from '../../language/generated/ast.ts';
import { libraryUri } from '../../language/library.ts';
import type { Lowering } from '../../language/lower/lowering.ts';
import { meshOfPlan, visibleDocuments } from '../../language/references/visible.ts';
import { UsageError } from '../command.ts';
import { type Diagnostic, isError, toDiagnostic } from '../files/diagnostic.ts';
import { newLowering } from '../files/lowering.ts';
import { VERDICTS } from '../files/verdicts.ts';
import type { Workspace } from '../files/workspace.ts';
import { groupOfMesh } from './group.ts';

export interface Request {
  fabric: FabricSpec;
  network: Network;
  /** Whose axes the group is of. */
  mesh?: string;
  /** `dp`, `dp*cp`, `all`. */
  axis: string;
  group: Group;
  /** Ranks of the mesh, or chips of the fabric. */
  chips: number;
}

export interface Names {
  fabric?: string;
  mesh?: string;
  plan?: string;
  group?: string;
}

/** @throws UsageError for names that lead nowhere, or to several things. */
export async function resolveRequest(
  workspace: Workspace,
  path: string | undefined,
  names: Names,
): Promise<{ request?: Request; diagnostics: Diagnostic[] }> {
  const { document, diagnostics } = await open(workspace, path, names);
  if (!document) return { diagnostics };
  const chosen = chooseAmong(visible(workspace, document), document, names, diagnostics);
  if (!chosen) return { diagnostics };
  const { fabric, mesh } = chosen;
  const shown = workspace.paths.shown(document.uri.toString());
  const errors = diagnostics.filter(each => each.file !== shown || concerns(each, document, chosen));
  if (errors.length > 0) return { diagnostics: errors };
  const lowering = newLowering(workspace.services);
  const problems = refusals(lowering, fabric, mesh, workspace);
  const spec = lowering.fabric(fabric).spec;
  if (problems.length > 0 || !spec) return { diagnostics: problems };
  const network = networkOf(spec);
  const meshSpec = mesh && lowering.mesh(mesh).spec;
  const { axis, group, chips } = groupOfMesh(meshSpec, names.group ?? 'all', network, spec);
  if (chips > network.chips) {
    const has = network.chips.toLocaleString('en-US');
    throw new UsageError(
      `The mesh '${mesh?.name}' has ${chips.toLocaleString('en-US')} ranks, the fabric '${fabric.name}' ${has} chips.`,
    );
  }
  return { request: { fabric: spec, network, mesh: mesh?.name, axis, group, chips }, diagnostics: [] };
}

/** The file with what is wrong in it; without one the standard library's fabrics. */
async function open(
  workspace: Workspace,
  path: string | undefined,
  names: Names,
): Promise<{ document?: LangiumDocument<Document>; diagnostics: Diagnostic[] }> {
  if (path === undefined) {
    if (names.fabric === undefined) {
      throw new UsageError('collective needs a FILE, or --fabric with a fabric of the standard library.');
    }
    return { document: await workspace.library(libraryUri('std/fabrics')), diagnostics: [] };
  }
  const { document, diagnostics } = await workspace.load(path);
  const errors = diagnostics.filter(each => isError(each) && !VERDICTS.has(each.code));
  return { ...(document && { document }), diagnostics: errors };
}

interface Chosen {
  fabric: Fabric;
  mesh?: Mesh;
}

/** What the names mean; nothing where they lead nowhere because the text is damaged. */
function chooseAmong(
  declarations: readonly Declaration[],
  document: LangiumDocument,
  names: Names,
  errors: readonly Diagnostic[],
): Chosen | undefined {
  try {
    return choose(declarations, document, names);
  } catch (error) {
    if (errors.length > 0 && error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Whether an error stands in the way of a collective: plans, models, other meshes and other fabrics do not. */
function concerns(
  { code, line }: Diagnostic,
  document: LangiumDocument<Document>,
  { fabric, mesh }: Chosen,
): boolean {
  // What a plan splits is no matter of its mesh, though it is said there.
  if (code === 'degree-divides') return false;
  const place = document.parseResult.value.decls.find(({ $cstNode }) => {
    const range = $cstNode?.range;
    return range && range.start.line < line && line <= range.end.line + 1;
  });
  if (!place || code === 'syntax-error') return true;
  if (place.$type === 'Plan' || place.$type === 'Model') return false;
  return (place.$type !== 'Mesh' || place === mesh) && (place.$type !== 'Fabric' || place === fabric);
}

function visible(workspace: Workspace, document: LangiumDocument): Declaration[] {
  const { LangiumDocuments } = workspace.services.shared.workspace;
  return visibleDocuments(document, LangiumDocuments).flatMap(
    each => (each.parseResult.value as Document).decls,
  );
}

/** The fabric by its name, by the mesh or plan named, or the only one; the mesh likewise. */
function choose(declarations: readonly Declaration[], document: LangiumDocument, names: Names): Chosen {
  const all = <T extends Declaration>(type: T['$type']) =>
    declarations.filter((each): each is T => each.$type === type);
  let mesh = names.mesh === undefined ? undefined : named(all<Mesh>('Mesh'), names.mesh, 'mesh');
  if (names.plan !== undefined) {
    const plan = named(all<Plan>('Plan'), names.plan, 'plan');
    const own = meshOfPlan(plan);
    if (mesh && own !== mesh)
      throw new UsageError(`The plan '${plan.name}' is not on the mesh '${mesh.name}'.`);
    mesh = own;
  }
  const fabrics = all<Fabric>('Fabric');
  const fabric =
    names.fabric !== undefined
      ? named(fabrics, names.fabric, 'fabric')
      : (mesh?.fabric?.ref ?? onlyFabric(fabrics, all<Mesh>('Mesh'), document));
  if (mesh && mesh.fabric?.ref !== fabric) {
    throw new UsageError(`The mesh '${mesh.name}' is not on the fabric '${fabric.name}'.`);
  }
  mesh ??= onlyMesh(
    all<Mesh>('Mesh').filter(each => each.fabric?.ref === fabric),
    fabric,
    names.group ?? 'all',
  );
  return { fabric, ...(mesh && { mesh }) };
}

function named<T extends Declaration>(all: readonly T[], name: string, kind: string): T {
  const found = all.find(each => each.name === name);
  if (found) return found;
  const names = all.map(each => each.name);
  const meant = nearest(name, names);
  const known = names.length === 0 ? 'There is none.' : `Known: ${names.join(', ')}.`;
  throw new UsageError(`There is no ${kind} '${name}'. ${meant ? `Did you mean ${meant}? ` : ''}${known}`);
}

function onlyFabric(fabrics: readonly Fabric[], meshes: readonly Mesh[], document: LangiumDocument): Fabric {
  const own = fabrics.filter(each => AstUtils.getDocument(each) === document);
  const used = meshes.flatMap(each => each.fabric?.ref ?? []);
  const candidates = [...new Set([...own, ...used])];
  if (candidates.length === 1) return candidates[0]!;
  const list = (candidates.length > 0 ? candidates : fabrics).map(each => each.name);
  throw new UsageError(
    list.length > 0
      ? `Say which fabric with --fabric: ${list.join(', ')}.`
      : 'The file has no fabric and imports none.',
  );
}

function onlyMesh(meshes: readonly Mesh[], fabric: Fabric, group: string): Mesh | undefined {
  const words = group.split('*');
  const fitting =
    group === 'all'
      ? meshes
      : meshes.filter(mesh => words.every(word => mesh.axes.some(a => a.name === word)));
  if (fitting.length > 1) {
    const list = fitting.map(each => each.name).join(', ');
    throw new UsageError(`The fabric '${fabric.name}' has several meshes; say which with --mesh: ${list}.`);
  }
  return fitting[0] ?? (group === 'all' ? undefined : meshes[0]);
}

/** Why the fabric or the mesh cannot be priced, at its place. */
function refusals(
  lowering: Lowering,
  fabric: Fabric,
  mesh: Mesh | undefined,
  { paths }: Workspace,
): Diagnostic[] {
  const refuse = (node: Fabric | Level | Mesh, code: string, message: string): Diagnostic =>
    toDiagnostic({ code, severity: 'error', message, range: rangeOfProperty(node, 'name') }, paths);
  const lowered = lowering.fabric(fabric);
  const reasons = lowered.refusals.map(each => refuse(fabric, 'estimate-refused', each.message));
  for (const { level, message } of lowered.spec ? networkOf(lowered.spec).faults : []) {
    const node = fabric.levels.find(each => each.name === level);
    reasons.push(refuse(node ?? fabric, 'estimate-refused', message));
  }
  if (!lowered.spec && reasons.length === 0) {
    reasons.push(refuse(fabric, 'estimate-refused', `The fabric '${fabric.name}' cannot be used.`));
  }
  if (mesh && !lowering.mesh(mesh).spec) {
    reasons.push(refuse(mesh, 'estimate-refused', `The mesh '${mesh.name}' cannot be used.`));
  }
  return reasons;
}
