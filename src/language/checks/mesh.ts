/** Whether a mesh fits its fabric: `mesh-product`, `on-contradicts-order`. */
import type { FabricSpec } from '../../engine/fabric/spec.ts';
import { placeMesh } from '../../engine/plan/placement.ts';
import type { AxisSpec, MeshSpec } from '../../engine/plan/spec.ts';
import { formatCount } from '../../engine/units/format.ts';
import type { Fix, SourceRange } from '../analysis/report.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import type { Axis, Mesh } from '../generated/ast.ts';
import { chipsOf } from '../lower/fabric.ts';
import { defaultOrder } from '../lower/order.ts';
import type { Findings } from './findings.ts';

export interface MeshCheck {
  node: Mesh;
  spec: MeshSpec;
  fabric: FabricSpec;
  findings: Findings;
}

const axisNamed = (mesh: Mesh, name: string): Axis | undefined => mesh.axes.find(a => a.name === name);

/** The degrees multiply to no more chips than the fabric has, and fill its first level evenly. */
export function checkMeshProduct({ node, spec, fabric, findings }: MeshCheck): void {
  const capacity = chipsOf(fabric);
  const unit = fabric.levels[0]!.count - fabric.levels[0]!.spare;
  const own = spec.order.flatMap(name => spec.axes.find(a => a.name === name) ?? []);
  const ranks = own.reduce((product, axis) => product * axis.size, 1);
  const product = own.map(axis => `${axis.name} ${formatCount(axis.size)}`).join(' × ') || 'nothing';
  const outer = own.at(-1);
  // A part of one unit is fine; several units are used whole.
  const legal = (count: number) => count <= capacity && (count <= unit || count % unit === 0);
  if (ranks > capacity) {
    const { degree, fix } = nearestDegree(node, outer, ranks, capacity, legal);
    const offer = degree ? ` The largest ${outer!.name} that fits is ${formatCount(degree)}.` : '';
    findings.add(
      'mesh-product',
      sizeRange(node, outer),
      `${product} = ${formatCount(ranks)} chips, but '${fabric.name}' has ${formatCount(capacity)}.${offer}`,
      { fixes: [fix] },
    );
  } else if (!legal(ranks) && ranks > 1) {
    const level = fabric.levels[0]!;
    const { degree, fix } = nearestDegree(node, outer, ranks, ranks, legal);
    const offer = degree ? ` ${outer!.name} ${formatCount(degree)} would come out even.` : '';
    findings.add(
      'mesh-product',
      sizeRange(node, outer),
      `${product} = ${formatCount(ranks)} chips leave a ${level.name} of ${formatCount(unit)} partly used.${offer}`,
      { severity: 'warning', fixes: [fix] },
    );
  }
}

function sizeRange(mesh: Mesh, axis: AxisSpec | undefined): SourceRange {
  const node = axis && axisNamed(mesh, axis.name);
  return node?.size ? rangeOf(node.size) : rangeOfProperty(mesh, 'name');
}

/** The largest degree of the outermost axis that is legal while all others stay. */
function nearestDegree(
  mesh: Mesh,
  axis: AxisSpec | undefined,
  ranks: number,
  limit: number,
  legal: (count: number) => boolean,
): { degree?: number; fix?: Fix } {
  if (!axis) return {};
  const rest = ranks / axis.size;
  const most = Math.floor(limit / rest);
  for (let degree = most; degree >= 1 && degree > most - 4096; degree--) {
    if (!legal(rest * degree)) continue;
    const range = sizeRange(mesh, axis);
    return {
      degree,
      fix: {
        title: `Set ${axis.name}: ${degree}`,
        edits: [{ range, newText: String(degree) }],
        preferred: true,
      },
    };
  }
  return {};
}

/** `A on L`: one group of A inside one unit of L, in different children of it. */
export function checkPlaces({ node, spec, fabric, findings }: MeshCheck): void {
  const { digits } = placeMesh(spec, fabric).placement;
  const below = sizesBelow(fabric);
  for (const axis of spec.axes) {
    const [place, ...more] = axis.on;
    if (!place || more.length > 0 || place.dimension) continue;
    const index = fabric.levels.findIndex(level => level.name === place.level);
    const written = axisNamed(node, axis.name);
    if (index < 0 || !written || axis.size === 1) continue;
    const child = below[index]!;
    const unit = below[index + 1]!;
    const own = digits.get(axis.name) ?? [];
    const spread = own.some(d => d.stride % child !== 0);
    const beyond = own.some(d => unit % (d.stride * d.size) !== 0);
    if (!spread && !beyond) continue;
    const range = rangeOfProperty(written, 'places', 0);
    const stated = spec.order.join(' < ');
    const why = beyond
      ? `its groups span ${formatCount(Math.max(...own.map(d => d.stride * d.size)))} chips, a ${place.level} has ${formatCount(unit)}`
      : `several of its ranks share one ${index > 0 ? fabric.levels[index - 1]!.name : 'chip'}`;
    const parts = axis.from.length > 0 ? '' : ` (${stated})`;
    findings.add(
      'on-contradicts-order',
      range,
      `'${axis.name}' does not lie on '${place.level}' by the order${parts}: ${why}. The estimate follows the order.`,
      { fixes: [reorderFix(node, spec, fabric)] },
    );
  }
}

const sizesBelow = (fabric: FabricSpec): number[] => {
  const sizes = [1];
  for (const level of fabric.levels) sizes.push(sizes.at(-1)! * (level.count - level.spare));
  return sizes;
};

/** The order that the places ask for, where it differs from the one that is stated. */
function reorderFix(mesh: Mesh, spec: MeshSpec, fabric: FabricSpec): Fix | undefined {
  const order = mesh.order[0];
  if (!order) return undefined;
  const names = fabric.levels.map(l => l.name);
  const counts = fabric.levels.map(l => l.count - l.spare);
  const wanted = defaultOrder(spec.axes, names, counts);
  if (wanted.join() === spec.order.join()) return undefined;
  const text = `order: ${wanted.join(' < ')}`;
  return { title: `Change to '${text}'`, edits: [{ range: rangeOf(order), newText: text }], preferred: true };
}
