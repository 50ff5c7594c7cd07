/** `mesh` to engine input: sizes, roles, parents, places, order. */
import type { FabricSpec } from '../../engine/fabric/spec.ts';
import type { AxisSpec, MeshSpec, Role } from '../../engine/plan/spec.ts';
import { formatCount } from '../../engine/units/format.ts';
import { nearest } from '../../engine/units/suggest.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import { appendFix, didYouMean, replaceFix } from '../checks/findings.ts';
import type { Axis, Mesh } from '../generated/ast.ts';
import { ROLE_NAMES, roleOf } from '../schema/mesh.ts';
import { readNumber } from '../values/read-number.ts';
import type { Env } from '../values/value.ts';
import { count } from '../values/value.ts';
import { chipsOf } from './fabric.ts';
import { defaultOrder } from './order.ts';

/** More ranks than any machine has; larger products are slips. */
const MAX_RANKS = 1e9;

export function lowerMesh(mesh: Mesh, fabric: FabricSpec | undefined, env: Env): MeshSpec | undefined {
  const first = firstOfName(mesh);
  const sizes = axisSizes(first, fabric, env);
  const axes: AxisSpec[] = [];
  for (const axis of first.values()) {
    const size = sizes(axis);
    if (size === undefined) continue;
    axes.push({
      name: axis.name,
      size,
      role: axisRole(axis, env),
      from: axis.parents.map(parent => parent.$refText).filter(Boolean),
      on: axis.places
        .filter(place => place.level?.$refText)
        .map(place => ({ level: place.level.$refText, ...(place.dim && { dimension: place.dim }) })),
    });
  }
  if (axes.length < first.size) return undefined;
  const ranks = axes.filter(a => a.from.length === 0).reduce((product, a) => product * a.size, 1);
  if (ranks > MAX_RANKS) {
    env.findings.add(
      'value-range',
      rangeOfProperty(mesh, 'name'),
      `The axes multiply to ${formatCount(ranks)} ranks.`,
    );
    return undefined;
  }
  if (!parentsFit(first, axes, env)) return undefined;
  return { name: mesh.name, axes, order: orderOf(mesh, axes, fabric, env) };
}

/** The first axis of each name; the second one is reported with the other names. */
function firstOfName(mesh: Mesh): Map<string, Axis> {
  const first = new Map<string, Axis>();
  for (const axis of mesh.axes) if (axis.name && !first.has(axis.name)) first.set(axis.name, axis);
  return first;
}

/** Sizes may rest on `chips` and on each other: computed on demand, circles found. */
function axisSizes(
  axes: Map<string, Axis>,
  fabric: FabricSpec | undefined,
  env: Env,
): (axis: Axis) => number | undefined {
  const done = new Map<Axis, number | undefined>();
  const open = new Set<Axis>();
  const sizeOf = (axis: Axis): number | undefined => {
    if (done.has(axis)) return done.get(axis);
    if (open.has(axis)) {
      env.findings.add('value-cycle', rangeOf(axis.size), `The size of '${axis.name}' rests on itself.`);
      return undefined;
    }
    open.add(axis);
    const size = axis.size && readNumber(axis.size, { kind: 'integer', min: 1, max: 1e9 }, own);
    open.delete(axis);
    done.set(axis, size);
    return size;
  };
  const own: Env = {
    ...env,
    known: () => ['chips', ...axes.keys()],
    number: name => {
      if (name === 'chips') return fabric ? count(chipsOf(fabric)) : null;
      const axis = axes.get(name);
      const size = axis && sizeOf(axis);
      return size === undefined ? (axis ? null : undefined) : count(size);
    },
  };
  return sizeOf;
}

function axisRole(axis: Axis, env: Env): Role {
  if (axis.role === undefined) {
    const role = roleOf(axis.name);
    if (role === 'other') {
      const range = rangeOfProperty(axis, 'name');
      env.findings.add(
        'axis-role',
        range,
        `The axis '${axis.name}' has no role, so it carries no traffic: say 'as tp', 'as dp', …`,
        {
          fixes: ['dp', 'tp'].map(as => appendFix(`Add 'as ${as}'`, rangeOf(axis.size), ` as ${as}`)),
        },
      );
    }
    return role;
  }
  if (ROLE_NAMES.has(axis.role)) return axis.role as Role;
  const range = rangeOfProperty(axis, 'role');
  const suggestion = nearest(axis.role, ROLE_NAMES);
  const known = suggestion ? didYouMean(suggestion) : ` Roles are ${[...ROLE_NAMES].join(', ')}.`;
  env.findings.add('value-unknown', range, `There is no role '${axis.role}'.${known}`, {
    fixes: [replaceFix(range, axis.role, suggestion)],
  });
  return 'other';
}

function parentsFit(nodes: Map<string, Axis>, axes: readonly AxisSpec[], env: Env): boolean {
  const byName = new Map(axes.map(a => [a.name, a]));
  let sound = true;
  for (const axis of axes) {
    if (axis.from.length === 0) continue;
    const node = nodes.get(axis.name)!;
    const fail = (message: string, index?: number) => {
      const range = index === undefined ? rangeOf(node.size) : rangeOfProperty(node, 'parents', index);
      env.findings.add('axis-derived', range, message);
      sound = false;
    };
    const derived = axis.from.findIndex(
      name => name === axis.name || (byName.get(name)?.from.length ?? 0) > 0,
    );
    if (derived >= 0) {
      fail(`'${axis.name}' can only reuse axes that are not derived themselves.`, derived);
      continue;
    }
    if (axis.from.some(name => !byName.has(name))) {
      sound = false; // an unknown name, which the linker reports
      continue;
    }
    const ranks = axis.from.reduce((product, name) => product * byName.get(name)!.size, 1);
    if (ranks % axis.size !== 0) {
      const near =
        divisors(ranks)
          .filter(d => d <= axis.size)
          .at(-1) ?? 1;
      fail(
        `${axis.size} is no divisor of the ${ranks} ranks of ${axis.from.join(' * ')}; the next below is ${near}.`,
      );
    }
  }
  return sound;
}

/** Divisors of a whole number, smallest first; those of numbers above 1e9 are not asked for. */
export function divisors(n: number): number[] {
  const low: number[] = [];
  const high: number[] = [];
  for (let d = 1; d * d <= n; d++) {
    if (n % d !== 0) continue;
    low.push(d);
    if (d * d !== n) high.unshift(n / d);
  }
  return [...low, ...high];
}

function orderOf(mesh: Mesh, axes: readonly AxisSpec[], fabric: FabricSpec | undefined, env: Env): string[] {
  const own = axes.filter(axis => axis.from.length === 0);
  const byPlace = defaultOrder(
    axes,
    fabric?.levels.map(l => l.name) ?? [],
    fabric?.levels.map(l => l.count - l.spare) ?? [],
  );
  const order = mesh.order[0];
  if (!order) return byPlace;
  for (const again of mesh.order.slice(1)) {
    env.findings.add('mesh-order', rangeOf(again), 'The order is stated twice; the first counts.');
  }
  const stated: string[] = [];
  order.axes.forEach((reference, index) => {
    const name = reference.$refText;
    const axis = axes.find(a => a.name === name);
    const range = rangeOfProperty(order, 'axes', index);
    if (stated.includes(name)) env.findings.add('mesh-order', range, `The order names '${name}' twice.`);
    else if (axis && axis.from.length > 0) {
      env.findings.add(
        'mesh-order',
        range,
        `'${name}' reuses ranks of ${axis.from.join(' * ')} and has no place of its own in the order.`,
      );
    } else if (axis) stated.push(name);
  });
  const placed = (axis: AxisSpec) => axis.on.some(place => place.dimension);
  const missing = own.filter(axis => !stated.includes(axis.name) && !placed(axis)).map(axis => axis.name);
  if (missing.length > 0 && order.axes.every(reference => reference.$refText)) {
    const whole = ` < ${missing.join(' < ')}`;
    env.findings.add(
      'mesh-order',
      rangeOf(order),
      `The order misses ${missing.map(m => `'${m}'`).join(', ')}.`,
      {
        fixes: [appendFix(`Add '${whole.trim()}' to the order`, rangeOf(order), whole, true)],
      },
    );
  }
  return [...stated, ...byPlace.filter(name => !stated.includes(name))];
}
