/** Other rank orders of a mesh, and whether they keep the axes where the text says that they lie. */
import type { FabricSpec } from '../../engine/fabric/spec.ts';
import type { MeshSpec } from '../../engine/plan/spec.ts';

/** More axes than this have too many orders to try; only those that move one axis are tried then. */
const MOST_AXES = 5;

/**
 * Every other order that respects `on`, promising ones first: axes with much traffic inside. Axes of size 1 keep their
 * places, since they change nothing.
 * @param traffic bytes of a step by axis, of one rank.
 */
export function otherOrders(
  mesh: MeshSpec,
  fabric: FabricSpec,
  traffic: ReadonlyMap<string, number> = new Map(),
): string[][] {
  const sizes = new Map(mesh.axes.map(axis => [axis.name, axis.size]));
  const moving = mesh.order.filter(name => (sizes.get(name) ?? 1) > 1);
  const heaviest = [...moving].sort((a, b) => (traffic.get(b) ?? 0) - (traffic.get(a) ?? 0));
  const tried = moving.length <= MOST_AXES ? permutations(heaviest) : [heaviest, ...moves(moving)];
  return tried
    .map(order => refill(mesh.order, moving, order))
    .filter(order => order.join() !== mesh.order.join() && placesHold({ ...mesh, order }, fabric));
}

export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map(rest => [item, ...rest]),
  );
}

/** Orders in which one item stands elsewhere. */
function moves<T>(items: readonly T[]): T[][] {
  return items.flatMap((item, from) => {
    const rest = items.filter((_, i) => i !== from);
    return rest
      .flatMap((_, to) => [[...rest.slice(0, to), item, ...rest.slice(to)]])
      .concat([[...rest, item]]);
  });
}

/** Puts the new order into the places of the moving axes, so that axes of size 1 stay where they stand. */
function refill(order: readonly string[], moving: readonly string[], next: readonly string[]): string[] {
  let i = 0;
  return order.map(name => (moving.includes(name) ? next[i++]! : name));
}

/**
 * Whether every `on LEVEL` holds: one group of the axis lies in one unit of the level, in different children of it.
 * Places on dimensions of a torus are left as they are by an order, so they hold.
 */
export function placesHold(mesh: MeshSpec, fabric: FabricSpec): boolean {
  let stride = 1;
  for (const name of mesh.order) {
    const axis = mesh.axes.find(a => a.name === name);
    if (!axis) return false;
    const places = axis.on.filter(place => place.dimension === undefined);
    if (axis.size > 1 && !places.every(place => lies(place.level, stride, axis.size, fabric))) return false;
    stride *= axis.size;
  }
  return true;
}

function lies(level: string, stride: number, size: number, fabric: FabricSpec): boolean {
  let child = 1;
  for (const { name, count, spare } of fabric.levels) {
    const unit = child * (count - spare);
    if (name === level) return stride >= child && stride * size <= unit;
    child = unit;
  }
  return true;
}
