/** Sizes that fit an axis: what divides heads, layers or experts, and what is left of the chips. */
import type { ModelSpec } from '../../engine/model/spec.ts';
import type { Role } from '../../engine/plan/spec.ts';
import { formatCount } from '../../engine/units/index.ts';
import type { Fabric, Mesh } from '../../language/generated/ast.ts';
import { isQuantity } from '../../language/generated/ast.ts';
import type { View } from '../view.ts';
import { Kind, type Proposal } from './item.ts';

/** More than this is a list nobody reads. */
const MOST = 16;

export interface AxisAt {
  name: string;
  role: Role;
  mesh: Mesh | undefined;
  fabric: Fabric | undefined;
}

/** Numbers worth offering behind `tp: `, each with what it means. */
export function axisSizes(view: View, axis: AxisAt): Proposal[] {
  const spec = view.report.plans.find(p => p.spec && p.spec.mesh.name === axis.mesh?.name)?.spec;
  const chips = spec ? spec.fabric.levels.reduce((n, l) => n * (l.count - l.spare), 1) : chipsOf(axis.fabric);
  const others = (axis.mesh?.axes ?? [])
    .filter(a => a.name !== axis.name && a.parents.length === 0)
    .map(a => (isQuantity(a.size) ? Number(a.size.value) : Number.NaN))
    .filter(n => n > 0)
    .reduce((product, n) => product * n, 1);
  const room = chips === undefined ? undefined : Math.floor(chips / others);
  return candidates(axis.role, spec?.model, room)
    .filter(n => room === undefined || n <= room)
    .slice(0, MOST)
    .map((n, index) => ({
      label: String(n),
      kind: Kind.Value,
      detail: [
        meaning(axis.role, n, spec?.model),
        chips === undefined ? '' : `${formatCount(n * others)} of ${formatCount(chips)} chips`,
      ]
        .filter(Boolean)
        .join(' · '),
      rank: index,
    }));
}

function candidates(role: Role, model: ModelSpec | undefined, room: number | undefined): number[] {
  switch (role) {
    case 'tp':
    case 'sp':
      return model ? divisors(model.heads) : powers(room);
    case 'pp':
      return model ? unique([...divisors(model.layers), ...powers(model.layers)]) : powers(room);
    case 'ep':
      return model?.moe ? divisors(model.moe.experts) : powers(room);
    case 'dp':
    case 'fsdp':
      // What is left first: it is what people mean most of the time.
      return room === undefined ? powers(undefined) : divisors(room).reverse();
    default:
      return powers(room);
  }
}

function meaning(role: Role, n: number, model: ModelSpec | undefined): string {
  if (!model) return '';
  if (role === 'tp' || role === 'sp') {
    const kv = model.kvHeads % n === 0 ? `${model.kvHeads / n} KV` : 'KV heads copied';
    return `${formatCount(model.heads / n)} heads, ${kv} per rank`;
  }
  if (role === 'pp') {
    return model.layers % n === 0
      ? `${model.layers / n} layers per stage`
      : `${Math.floor(model.layers / n)} to ${Math.ceil(model.layers / n)} layers per stage`;
  }
  if (role === 'ep' && model.moe) return `${formatCount(model.moe.experts / n)} experts per rank`;
  return '';
}

/** In rising sequence. */
export function divisors(n: number): number[] {
  const low: number[] = [];
  const high: number[] = [];
  for (let i = 1; i * i <= n; i++) {
    if (n % i !== 0) continue;
    low.push(i);
    if (i * i !== n) high.unshift(n / i);
  }
  return [...low, ...high];
}

const powers = (most: number | undefined): number[] =>
  Array.from({ length: 12 }, (_, i) => 2 ** i).filter(n => n <= (most ?? 64));

const unique = (numbers: number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** Product of the counts of a fabric's levels; undefined where one is not a plain number. */
export function chipsOf(fabric: Fabric | undefined): number | undefined {
  if (!fabric || fabric.levels.length === 0) return undefined;
  let product = 1;
  for (const level of fabric.levels) {
    const count = level.parts.reduce((sum, part) => sum + Number(part.count), 0);
    if (!(count > 0)) return undefined;
    product *= count;
  }
  return product;
}
