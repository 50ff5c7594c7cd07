/** Why a plan cannot be priced. The language finds most of these earlier and says more; the engine must refuse on its own. */

import { networkOf } from '../fabric/network.ts';
import { type Digit, normaliseGroup, periodOf } from '../fabric/pattern.ts';
import { ranksOf } from '../fabric/spec.ts';
import { degreesOf } from '../plan/degrees.ts';
import { axesOfRole, type Placement, placeMesh, takeInnermost } from '../plan/placement.ts';
import type { AxisSpec, MeshSpec, PlanSpec } from '../plan/spec.ts';
import { violationOf } from '../schedule/legal.ts';
import { peakOf } from './kernels.ts';
import { numbersOutOfRange } from './ranges.ts';
import type { Refusal } from './result.ts';

/** Of a fabric with parts of several kinds, what any of them refuses. */
export function refusalsOf(plan: PlanSpec): Refusal[] {
  const { variants } = plan.fabric;
  if (!variants) return refusalsOn(plan);
  const said = new Set<string>();
  return variants
    .flatMap(fabric => refusalsOn({ ...plan, fabric }))
    .filter(({ message }) => !said.has(message) && said.add(message));
}

function refusalsOn(plan: PlanSpec): Refusal[] {
  const refusals: Refusal[] = [];
  const refuse = (code: string, message: string, kind: Refusal['cause']['kind'], key: string): void => {
    refusals.push({ code, message, cause: { kind, key } });
  };
  const { mesh, fabric, model, batch } = plan;
  const odd = numbersOutOfRange(plan);
  // Nothing below means anything with such numbers.
  if (odd.length > 0) return [...refusals, ...odd];
  for (const { level, message } of networkOf(fabric).faults) refuse('not-priced', message, 'level', level);
  const { placement, unfit } = placeMesh(mesh, fabric);
  for (const { axis, why } of unfit)
    refuse('mesh-derived', `Axis ${axis.name} (${axis.size}) ${why}.`, 'axis', axis.name);
  for (const axis of mesh.axes) {
    if ((axis.role !== 'ep' && axis.role !== 'etp') || axis.from.length > 0 || axis.size === 1) continue;
    // Ranks of their own would see no data: experts are spread over ranks that the batch is split over.
    const parent = axis.role === 'ep' ? 'dp' : 'tp';
    const message = `Experts are spread over ranks that other axes use: write '${axis.name}: ${axis.size} from ${parent}'.`;
    refuse('mesh-derived', message, 'axis', axis.name);
  }
  for (const [one, other] of sharedRanks(mesh, placement)) {
    const message = `Axes ${one} and ${other} would split experts over the same ranks: derive them from different axes, or from an axis large enough for both.`;
    refuse('mesh-derived', message, 'axis', other);
  }
  const capacity = fabric.levels.reduce((chips, level) => chips * Math.max(0, ranksOf(level)), 1);
  if (placement.chips > capacity) {
    const message = `Mesh ${mesh.name} has ${placement.chips.toLocaleString('en')} ranks, fabric ${fabric.name} has ${capacity.toLocaleString('en')} chips.`;
    refuse('mesh-product', message, 'axis', mesh.order.at(-1) ?? mesh.axes[0]?.name ?? mesh.name);
  }
  const degrees = degreesOf(plan);
  const odds = unevenContext(plan, placement);
  if (odds) refuse('degree-divides', odds, 'plan', 'cp.method');
  if (!Number.isInteger(degrees.microbatches)) {
    const per = degrees.dp * batch.micro;
    const message = `batch.global ${batch.global} is no multiple of ${per} (data-parallel ranks ${degrees.dp} x batch.micro ${batch.micro}).`;
    refuse('batch-divides', message, 'plan', 'batch.global');
  }
  const stated = plan.pp.layers;
  if (stated && (stated.length !== degrees.pp || stated.reduce((a, b) => a + b, 0) !== model.layers)) {
    const message = `pp.layers gives ${stated.reduce((a, b) => a + b, 0)} layers in ${stated.length} stages; the model has ${model.layers}, the mesh ${degrees.pp} stages.`;
    refuse('stage-layers', message, 'plan', 'pp.layers');
  } else if (degrees.pp > model.layers) {
    refuse(
      'stage-layers',
      `${degrees.pp} pipeline stages are more than ${model.layers} layers.`,
      'axis',
      'pp',
    );
  }
  if (degrees.pp > 1 || plan.pp.schedule.kind === 'dualpipe') {
    const violation = violationOf(plan.pp.schedule, degrees.pp, degrees.microbatches, model.layers);
    if (violation) {
      const { of, message, nearest } = violation;
      const code = of === 'microbatches' ? 'schedule-microbatches' : 'stage-layers';
      const legal = nearest.length > 0 ? `: ${nearest.join(' or ')} would do` : '';
      refuse(code, `${message}${legal}.`, 'plan', 'pp.schedule');
    }
  }
  if (model.moe && degrees.ep > 1 && model.moe.experts % degrees.ep !== 0) {
    refuse('degree-divides', `${model.moe.experts} experts do not divide by ep ${degrees.ep}.`, 'axis', 'ep');
  }
  if (!peakOf(fabric.chip, plan.precision.compute)) {
    const has = Object.keys(fabric.chip.peak).join(', ') || 'none';
    refuse(
      'precision-missing',
      `Chip ${fabric.chip.name} has no peak.${plan.precision.compute} (it has ${has}).`,
      'plan',
      'precision.compute',
    );
  }
  return refusals;
}

/** Axes of expert parallelism and of split experts that claim the same positions. */
function sharedRanks(mesh: MeshSpec, { digits }: Placement): [string, string][] {
  const of = (role: 'ep' | 'etp') => axesOfRole(mesh, role).filter(axis => axis.from.length > 0);
  const meet = (a: AxisSpec, b: AxisSpec): boolean =>
    (digits.get(a.name) ?? []).some(one => (digits.get(b.name) ?? []).some(two => overlap(one, two)));
  return of('etp').flatMap(etp =>
    of('ep').flatMap((ep): [string, string][] => (meet(ep, etp) ? [[ep.name, etp.name]] : [])),
  );
}

/** Digits of one mesh nest, so two of them meet where neither ends before the other begins. */
function overlap(one: Digit, two: Digit): boolean {
  return one.stride < periodOf(two) && two.stride < periodOf(one);
}

/** Why `hierarchical(ulysses:, ring:)` does not fill the axis. */
function unevenContext({ cp, mesh }: PlanSpec, { digits }: Placement): string | undefined {
  if (cp.method !== 'hierarchical') return undefined;
  const axes = axesOfRole(mesh, 'cp');
  const ranks = axes.reduce((product, { size }) => product * size, 1);
  const { ulysses = ranks / (cp.ring ?? ranks), ring = ranks / ulysses } = cp;
  if (!Number.isInteger(ulysses) || !Number.isInteger(ring) || ulysses * ring !== ranks) {
    return `hierarchical(ulysses: ${cp.ulysses ?? '?'}, ring: ${cp.ring ?? '?'}) does not make the ${ranks} ranks of cp.`;
  }
  // Placed on several dimensions of a torus, the innermost part may end inside one.
  const own = normaliseGroup(axes.flatMap(({ name }) => digits.get(name) ?? []));
  if (cp.ulysses !== undefined || cp.ring !== undefined) {
    if (!takeInnermost(own, ulysses))
      return `${ulysses} is no innermost part of the cp axis as it is placed.`;
  }
  return undefined;
}
