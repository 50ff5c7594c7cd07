/**
 * Where the ranks of a mesh sit. Rank r is on chip r; its coordinates are the digits of r, the first axis of `order`
 * varying fastest. An axis is therefore a digit of the chip number, a derived axis (`ep: 64 from dp`) the innermost part of
 * its parents' digits.
 */
import { type Digit, normaliseGroup } from '../fabric/pattern.ts';
import type { AxisSpec, MeshSpec, Role } from './spec.ts';

export interface Placement {
  mesh: MeshSpec;
  /** Ranks, and so chips in use. */
  chips: number;
  /** By axis name; empty for an axis of size 1. */
  digits: Map<string, Digit[]>;
}

/** @returns the digits of every axis; `unfit` names derived axes that are no whole part of their parents. */
export function placeMesh(mesh: MeshSpec): { placement: Placement; unfit: AxisSpec[] } {
  const digits = new Map<string, Digit[]>();
  const unfit: AxisSpec[] = [];
  const byName = new Map(mesh.axes.map(axis => [axis.name, axis]));
  let stride = 1;
  const own = mesh.axes.filter(axis => axis.from.length === 0).map(axis => axis.name);
  // An order that leaves an axis out is a finding of the language; here it still gets a place, outermost.
  for (const name of new Set([...mesh.order, ...own])) {
    const axis = byName.get(name);
    if (!axis || axis.from.length > 0) continue;
    digits.set(name, axis.size > 1 ? [{ stride, size: axis.size }] : []);
    stride *= axis.size;
  }
  for (const axis of mesh.axes) {
    if (axis.from.length === 0) continue;
    const parents = axis.from.flatMap(name => digits.get(name) ?? []).sort((a, b) => a.stride - b.stride);
    const taken = takeInnermost(parents, axis.size);
    if (taken) digits.set(axis.name, taken);
    else {
      unfit.push(axis);
      digits.set(axis.name, []);
    }
  }
  return { placement: { mesh, chips: stride, digits }, unfit };
}

/** The innermost `size` positions of the digits; undefined when they do not come out even. */
export function takeInnermost(digits: readonly Digit[], size: number): Digit[] | undefined {
  const taken: Digit[] = [];
  let left = size;
  for (const digit of digits) {
    if (left === 1) break;
    const here = Math.min(left, digit.size);
    if (digit.size % here !== 0 || left % here !== 0) return undefined;
    taken.push({ stride: digit.stride, size: here });
    left /= here;
  }
  return left === 1 ? taken : undefined;
}

/** What is left of `digits` when `part` (made by `takeInnermost`) is taken out: the replicas of the part. */
export function remainder(digits: readonly Digit[], part: readonly Digit[]): Digit[] {
  return digits
    .map(digit => {
      const taken = part.find(each => each.stride === digit.stride);
      return taken ? { stride: digit.stride * taken.size, size: digit.size / taken.size } : { ...digit };
    })
    .filter(digit => digit.size > 1);
}

/** One group over several axes, with the axes that have more than one rank, joined by `*`. */
export function groupOf(placement: Placement, names: readonly string[]): { group: Digit[]; axis: string } {
  const group = normaliseGroup(names.flatMap(name => placement.digits.get(name) ?? []));
  const used = names.filter(name => (placement.digits.get(name) ?? []).length > 0);
  return { group, axis: used.join('*') };
}

export function axesOfRole(mesh: MeshSpec, ...roles: Role[]): AxisSpec[] {
  return mesh.axes.filter(axis => roles.includes(axis.role));
}

/** Product of the sizes of all axes with these roles. */
export function degree(mesh: MeshSpec, ...roles: Role[]): number {
  return axesOfRole(mesh, ...roles).reduce((product, axis) => product * axis.size, 1);
}

/** Name under which the axis of a role is spoken of: its own name, or the role where the mesh has none. */
export function axisName(mesh: MeshSpec, role: Role): string {
  return axesOfRole(mesh, role)[0]?.name ?? role;
}
