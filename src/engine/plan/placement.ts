/**
 * Where the ranks of a mesh sit. Rank r is on chip r; its coordinates are the digits of r, the first axis of `order`
 * varying fastest. An axis is therefore a digit of the chip number, a derived axis (`ep: 64 from dp`) the innermost part of
 * its parents' digits. Axes on named dimensions take the digits of these, and the others what is left, from inside.
 */
import { type Digit, normaliseGroup, periodOf } from '../fabric/pattern.ts';
import type { FabricSpec } from '../fabric/spec.ts';
import { type Slot, slotsOf } from './slots.ts';
import type { AxisSpec, MeshSpec, Role } from './spec.ts';

export interface Placement {
  mesh: MeshSpec;
  /** Ranks, and so chips in use. */
  chips: number;
  /** By axis name; empty for an axis of size 1. */
  digits: Map<string, Digit[]>;
}

/** An axis that has no place, and why, in words that go on after its name. */
export interface Unfit {
  axis: AxisSpec;
  why: string;
}

/** @param fabric whose dimensions the axes may be placed on; not needed for a mesh that names none */
export function placeMesh(mesh: MeshSpec, fabric?: FabricSpec): Placed {
  let known = placed.get(mesh);
  if (known?.fabric !== fabric || !known) {
    known = { fabric, ...place(mesh, fabric) };
    placed.set(mesh, known);
  }
  return known;
}

interface Placed {
  placement: Placement;
  unfit: Unfit[];
}

/** The last place of a mesh: every part of an estimate asks for it. */
const placed = new WeakMap<MeshSpec, Placed & { fabric: FabricSpec | undefined }>();

function place(mesh: MeshSpec, fabric?: FabricSpec): Placed {
  const unfit: Unfit[] = [];
  const byName = new Map(mesh.axes.map(axis => [axis.name, axis]));
  const names = mesh.axes.filter(axis => axis.from.length === 0).map(axis => axis.name);
  // An order that leaves an axis out is a finding of the language; here it still gets a place, outermost.
  const own = [...new Set([...mesh.order, ...names])].flatMap(name => {
    const axis = byName.get(name);
    return axis && axis.from.length === 0 ? [axis] : [];
  });
  const placed = fabric && own.some(onDimension);
  const digits = placed ? placeOnSlots(own, slotsOf(fabric), unfit) : placeInOrder(own);
  const chips = own.reduce((product, axis) => product * axis.size, 1);
  for (const axis of mesh.axes) {
    if (axis.from.length === 0) continue;
    const parents = axis.from.flatMap(name => digits.get(name) ?? []).sort((a, b) => a.stride - b.stride);
    const taken = takeInnermost(parents, axis.size);
    if (!taken) unfit.push({ axis, why: `is no whole part of ${axis.from.join(' * ')}` });
    digits.set(axis.name, taken ?? []);
  }
  return { placement: { mesh, chips, digits }, unfit };
}

export const onDimension = ({ on }: AxisSpec): boolean => on.some(place => place.dimension !== undefined);

function placeInOrder(own: readonly AxisSpec[]): Map<string, Digit[]> {
  const digits = new Map<string, Digit[]>();
  let stride = 1;
  for (const { name, size } of own) {
    digits.set(name, size > 1 ? [{ stride, size }] : []);
    stride *= size;
  }
  return digits;
}

/** Placed axes first; axes that share a dimension split it in the sequence of the order. */
function placeOnSlots(
  own: readonly AxisSpec[],
  slots: readonly Slot[],
  unfit: Unfit[],
): Map<string, Digit[]> {
  const digits = new Map<string, Digit[]>();
  const free = slots.map(slot => ({ ...slot }));
  const ordered = [...own.filter(({ on }) => on.length > 0), ...own.filter(({ on }) => on.length === 0)];
  for (const axis of ordered) {
    const absent = axis.on.find(place => place.dimension && !slots.some(onPlace(place)));
    if (absent) {
      digits.set(axis.name, []);
      unfit.push({ axis, why: noDimension(absent, slots) });
      continue;
    }
    const wanted = axis.on.map(({ level, dimension }) => (dimension ? `${level}.${dimension}` : level));
    const among =
      wanted.length === 0 ? free : free.filter(slot => slot.names.some(name => wanted.includes(name)));
    const before = among.reduce((product, { size }) => product * size, 1);
    const taken = takeFrom(among, axis.size);
    digits.set(axis.name, taken ?? []);
    if (taken) continue;
    const where = wanted.length === 0 ? 'what the placed axes leave' : wanted.join(' * ');
    const parts = among.map(({ size }) => size).filter(size => size > 1);
    const split = parts.length > 1 ? ` (${parts.join(' x ')})` : '';
    unfit.push({
      axis,
      why: `does not fill ${where} evenly: ${before} place${before === 1 ? ' is' : `s${split} are`} free there`,
    });
  }
  const gap = unfit.length === 0 ? firstGap([...digits.values()].flat(), slots) : undefined;
  if (gap) {
    const { names, size } = gap;
    const axis = own.find(({ on }) => on.some(onSlot(gap))) ?? own[0]!;
    const why = `leaves places of ${names[0]} (${size}) empty while places beyond are used: fill every dimension but the outermost`;
    unfit.push({ axis, why });
  }
  return digits;
}

type Place = { level: string; dimension?: string };

const onPlace =
  (place: Place) =>
  (slot: Slot): boolean =>
    onSlot(slot)(place);

/** "is placed on pod.z, but pod has the dimensions x and y". */
function noDimension({ level, dimension }: Place, slots: readonly Slot[]): string {
  const there = slots
    .flatMap(({ names }) => names)
    .filter(name => name.startsWith(`${level}.`))
    .map(name => name.slice(level.length + 1));
  const own = [...new Set(there)];
  const last = own.pop();
  const has =
    last === undefined
      ? 'no dimensions'
      : own.length === 0
        ? `the dimension ${last} only`
        : `the dimensions ${own.join(', ')} and ${last}`;
  return `is placed on ${level}.${dimension}, but ${level} has ${has}`;
}

const onSlot =
  ({ names }: Slot) =>
  ({ level, dimension }: Place): boolean =>
    names.includes(dimension ? `${level}.${dimension}` : level);

/** Takes `size` positions, innermost first; undefined (and nothing taken) where they do not come out even. */
function takeFrom(slots: readonly Slot[], size: number): Digit[] | undefined {
  const taken: Digit[] = [];
  const cuts: { slot: Slot; here: number }[] = [];
  let left = size;
  for (const slot of slots) {
    if (left === 1) break;
    if (slot.size === 1) continue;
    const here = Math.min(left, slot.size);
    if (slot.size % here !== 0 || left % here !== 0) return undefined;
    taken.push({ stride: slot.stride, size: here });
    cuts.push({ slot, here });
    left /= here;
  }
  if (left > 1) return undefined;
  for (const { slot, here } of cuts) {
    slot.stride *= here;
    slot.size /= here;
  }
  return taken;
}

/** Chips are used from the first one on without a gap. @returns the slot in which the first gap lies */
function firstGap(digits: readonly Digit[], slots: readonly Slot[]): Slot | undefined {
  let end = 1;
  for (const digit of [...digits].sort((a, b) => a.stride - b.stride)) {
    if (digit.stride !== end) return slots.find(({ stride, size }) => end >= stride && end < stride * size);
    end = periodOf(digit);
  }
  return undefined;
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
  let known = grouped.get(placement);
  if (!known) {
    known = new Map();
    grouped.set(placement, known);
  }
  const key = names.length === 1 ? names[0]! : names.join(' ');
  let found = known.get(key);
  if (!found) {
    found = makeGroup(placement, names);
    known.set(key, found);
  }
  return found;
}

const grouped = new WeakMap<Placement, Map<string, { group: Digit[]; axis: string }>>();

function makeGroup(placement: Placement, names: readonly string[]): { group: Digit[]; axis: string } {
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
