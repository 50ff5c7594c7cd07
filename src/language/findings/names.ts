/** Names that lead nowhere, and names given twice. */
import { type AstNode, GrammarUtils, type LangiumDocument, type LinkingError } from 'langium';
import { nearest } from '../../engine/units/suggest.ts';
import type { Finding, Fix } from '../analysis/report.ts';
import { type Declaration, type Document, isFabric, isMesh, isPlan } from '../generated/ast.ts';
import { importPath } from '../imports.ts';
import type { ShardplanServices } from '../module.ts';
import { enclosing, meshOfPlan } from '../references/visible.ts';
import { declaringFiles } from './declaring-files.ts';
import { importFix } from './imports.ts';
import { rangeOfCst } from './place.ts';

/** What each kind of reference asks for: the words for people, and the declarations it may name. */
const KINDS: Record<string, { wanted: string; types: Declaration['$type'][] }> = {
  'Mesh.fabric': { wanted: 'fabric', types: ['Fabric'] },
  'Plan.base': { wanted: 'plan', types: ['Plan'] },
  'Plan.model': { wanted: 'model', types: ['Model'] },
  'Plan.mesh': { wanted: 'mesh', types: ['Mesh'] },
  'Part.child': { wanted: 'chip or level', types: ['Chip'] },
  'Place.level': { wanted: 'level', types: [] },
  'Axis.parents': { wanted: 'axis', types: [] },
  'Order.axes': { wanted: 'axis', types: [] },
  'Dim.axes': { wanted: 'axis', types: [] },
  'Tensor.partial': { wanted: 'axis', types: [] },
};

/** References that must lead somewhere and do not. The first word of a key or value may be a plain word and is left out. */
export function unknownNames(document: LangiumDocument, services: ShardplanServices): Finding[] {
  return document.references.flatMap(reference => {
    const error = reference.error;
    return error && reference.$refText ? (unknownName(document, services, error) ?? []) : [];
  });
}

function unknownName(
  document: LangiumDocument,
  services: ShardplanServices,
  error: LinkingError,
): Finding | undefined {
  const { container, property, reference } = error.info;
  const kind = KINDS[`${container.$type}.${property}`];
  const owner = ownerOf(container);
  if (!kind || owner === 'unknown') return undefined;
  const name = reference.$refText;
  const known = services.references.ScopeProvider.getScope(error.info)
    .getAllElements()
    .map(element => element.name);
  const suggestion = nearest(name, known);
  const range = rangeOfCst(document, reference.$refNode);
  const files = kind.types.length > 0 ? declaringFiles(services, document, name, kind.types) : [];
  const fixes: Fix[] = files.map(file => importFix(document, importPath(document.uri, file)));
  if (suggestion) {
    fixes.push({
      title: `Replace '${name}' by '${suggestion}'`,
      edits: [{ range, newText: suggestion }],
      preferred: fixes.length === 0,
    });
  }
  const place = owner ? `The ${owner} has no ${kind.wanted}` : `There is no ${kind.wanted}`;
  const hint = files[0]
    ? ` It is declared in "${importPath(document.uri, files[0])}", which is not imported.`
    : suggestion
      ? ` Did you mean '${suggestion}'?`
      : '';
  return { code: 'name-unknown', severity: 'error', message: `${place} '${name}'.${hint}`, range, fixes };
}

/** The block whose parts are meant, in words; `unknown` where it could not be found itself, which is said elsewhere. */
function ownerOf(container: AstNode): string | undefined {
  switch (container.$type) {
    case 'Place': {
      const fabric = enclosing(container, isMesh)?.fabric?.ref;
      return fabric ? `fabric ${fabric.name}` : 'unknown';
    }
    case 'Axis':
    case 'Order':
      return `mesh ${enclosing(container, isMesh)?.name ?? ''}`.trim();
    case 'Dim':
    case 'Tensor': {
      const plan = enclosing(container, isPlan);
      const mesh = plan && meshOfPlan(plan);
      return mesh ? `mesh ${mesh.name}` : 'unknown';
    }
    default:
      return undefined;
  }
}

/** A second declaration of one kind and name, a second level of a fabric, a second axis of a mesh. */
export function duplicateNames(document: LangiumDocument): Finding[] {
  const root = document.parseResult.value as Document;
  const findings = twice(document, root.decls, declaration => `${declaration.$type} ${declaration.name}`);
  for (const declaration of root.decls) {
    if (isFabric(declaration)) findings.push(...twice(document, declaration.levels));
    if (isMesh(declaration)) findings.push(...twice(document, declaration.axes));
  }
  return findings;
}

type Named = AstNode & { name: string };

function twice<T extends Named>(
  document: LangiumDocument,
  nodes: readonly T[],
  keyOf: (node: T) => string = node => node.name,
): Finding[] {
  const first = new Map<string, T>();
  const findings: Finding[] = [];
  for (const node of nodes) {
    if (!node.name) continue;
    const earlier = first.get(keyOf(node));
    if (!earlier) {
      first.set(keyOf(node), node);
      continue;
    }
    findings.push({
      code: 'name-duplicate',
      severity: 'error',
      message: `There is ${node.$type === 'Axis' ? 'an' : 'a'} ${node.$type.toLowerCase()} '${node.name}' already; the first one counts.`,
      range: nameRange(document, node),
      related: [{ message: 'Named here first.', range: nameRange(document, earlier) }],
    });
  }
  return findings;
}

const nameRange = (document: LangiumDocument, node: Named) =>
  rangeOfCst(document, GrammarUtils.findNodeForProperty(node.$cstNode, 'name') ?? node.$cstNode);
