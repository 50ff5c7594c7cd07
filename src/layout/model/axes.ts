/** Strides of a mesh's axes, so that any rank's coordinates follow by formula. */
import type { FabricSpec } from '../../engine/fabric/spec.ts';
import { onDimension, placeMesh } from '../../engine/plan/placement.ts';
import type { AxisSpec, MeshSpec } from '../../engine/plan/spec.ts';
import type { AxisDigit } from './types.ts';

/**
 * Digits of every axis, by name. Axes of an unfinished order are left out of the ranks and read as coordinate 0.
 *
 * @param fabric whose dimensions axes may be placed on; such a mesh is placed as the engine places it.
 */
export function axisDigits(mesh: MeshSpec, fabric?: FabricSpec): Map<string, AxisDigit[]> {
  if (fabric && mesh.axes.some(onDimension)) return placedDigits(mesh, fabric);
  const byName = new Map(mesh.axes.map(axis => [axis.name, axis]));
  const digits = new Map<string, AxisDigit[]>();
  let stride = 1;
  const inOrder = mesh.order.flatMap(name => byName.get(name) ?? []);
  for (const axis of inOrder) {
    digits.set(axis.name, [{ stride, size: axis.size, factor: 1 }]);
    stride *= axis.size;
  }
  for (const axis of mesh.axes) {
    if (axis.from.length > 0) digits.set(axis.name, derivedDigits(axis, inOrder, digits));
  }
  return digits;
}

function placedDigits(mesh: MeshSpec, fabric: FabricSpec): Map<string, AxisDigit[]> {
  const placed = new Map<string, AxisDigit[]>();
  for (const [name, digits] of placeMesh(mesh, fabric).placement.digits) {
    let factor = 1;
    const own = digits.map(({ stride, size }): AxisDigit => {
      const digit = { stride, size, factor };
      factor *= size;
      return digit;
    });
    placed.set(name, own);
  }
  return placed;
}

/** Ranks of the mesh: the product of the axes that stand on their own. */
export function rankCount(mesh: MeshSpec): number {
  return mesh.axes.reduce((product, axis) => (axis.from.length > 0 ? product : product * axis.size), 1);
}

/** A derived axis takes the innermost part of its parents: their combined index, innermost parent first, modulo its size. */
function derivedDigits(axis: AxisSpec, inOrder: AxisSpec[], digits: Map<string, AxisDigit[]>): AxisDigit[] {
  const parents = inOrder.filter(parent => axis.from.includes(parent.name));
  const own: AxisDigit[] = [];
  let factor = 1;
  for (const parent of parents) {
    if (factor >= axis.size) break;
    const stride = digits.get(parent.name)![0]!.stride;
    const size = Math.min(parent.size, Math.ceil(axis.size / factor));
    const before = own.at(-1);
    // Neighbours in the order read as one digit.
    if (before && before.stride * before.size === stride) before.size *= size;
    else own.push({ stride, size, factor });
    factor *= parent.size;
  }
  return own;
}
