/**
 * Where the network binds. A plan is scaled the way people do it, data parallelism first and the global batch kept; it is
 * bound once doubling its chips brings less than half of what the same doubling brings on a network that costs nothing.
 */
import { doubled } from '../fabric/grown.ts';
import { networkOf } from '../fabric/network.ts';
import { type FabricSpec, ranksOf, type Topology } from '../fabric/spec.ts';
import { axesOfRole, degree } from '../plan/placement.ts';
import type { AxisSpec, PlanSpec } from '../plan/spec.ts';
import { violationOf } from '../schedule/legal.ts';
import { type Core, estimateCore, sum } from './core.ts';
import type { Estimate } from './result.ts';

/** Doublings that are looked at: from 8 chips to over a million. */
const MOST_DOUBLINGS = 17;
const LEAST_GAIN = 0.5;
/** Share of the step below which a doubling on a free network is not worth judging the network by: the ideal is half. */
const LEAST_PROMISE = 0.1;

export function networkBound(core: Core): Estimate['networkBound'] {
  let now = { plan: core.plan, time: core.time, free: estimateCore(core.plan, true).time, core };
  for (let doubling = 0; doubling < MOST_DOUBLINGS; doubling++) {
    const grown = grow(now.plan);
    if (!grown.ok) {
      const reason =
        doubling === 0
          ? `the chips cannot be doubled: ${grown.reason}`
          : `doubling the chips pays up to ${count(now.core)}; beyond, ${grown.reason}`;
      return { bound: false, bindsAtChips: null, reason };
    }
    const next = estimateCore(grown.plan);
    const free = estimateCore(grown.plan, true).time;
    const gain = now.time - next.time;
    const ideal = now.free - free;
    if (ideal < LEAST_PROMISE * now.free) {
      const reason = `doubling the chips pays up to ${count(now.core)}; beyond, the pipeline's waiting and fixed costs leave little to gain on any network`;
      return { bound: false, bindsAtChips: null, reason };
    }
    if (gain < LEAST_GAIN * ideal) {
      const share = Math.max(0, gain / ideal);
      const reason = `doubling ${count(now.core)} chips brings ${Math.round(share * 100)} % of what it would bring on a network that costs nothing`;
      return { bound: doubling === 0, bindsAtChips: chipsOf(now.core), ...axisOf(next), reason };
    }
    now = { plan: grown.plan, time: next.time, free, core: next };
  }
  return {
    bound: false,
    bindsAtChips: null,
    reason: `doubling the chips pays up to ${count(now.core)}, and no further was looked`,
  };
}

function chipsOf(core: Core): number {
  return core.placement.chips;
}

function count(core: Core): string {
  return chipsOf(core).toLocaleString('en-US');
}

function axisOf(core: Core): { axis?: string } {
  const waits = { ...core.slowest.inner };
  for (const [axis, time] of Object.entries(core.slowest.outer)) waits[axis] = (waits[axis] ?? 0) + time;
  const [worst] = Object.entries(waits).sort((a, b) => b[1] - a[1]);
  return worst && sum(waits) > 0 ? { axis: worst[0] } : {};
}

/**
 * Chips up to which a fabric without a tree is grown: its flows are followed one by one where ranks lie unevenly on it, on grids
 * for the sends between stages only. Looking farther would hold up whoever types for seconds.
 */
const MOST_FOLLOWED = { grid: 65_536, other: 8192 };

/** @returns undefined where trees alone carry the traffic, whatever their size */
function mostFollowed(fabric: FabricSpec): number | undefined {
  const wired = networkOf(fabric).levels.filter(level => level.wired);
  if (wired.length === 0) return undefined;
  const grids = wired.every(({ spec }) => spec.topology.kind === 'torus' || spec.topology.kind === 'ocs');
  return grids ? MOST_FOLLOWED.grid : MOST_FOLLOWED.other;
}

const LINKS: { [kind in Topology['kind']]?: string } = {
  graph: 'written one by one',
  fully_connected: 'one to every other child',
};

type Grown = { ok: true; plan: PlanSpec } | { ok: false; reason: string };

/** Twice the data-parallel ranks, on twice the outermost units where the fabric has no room. */
export function grow(plan: PlanSpec): Grown {
  const axis = axesOfRole(plan.mesh, 'dp')[0] ?? axesOfRole(plan.mesh, 'fsdp')[0];
  if (!axis) return { ok: false, reason: 'the mesh has no data-parallel axis to grow' };
  const ranks = axesOfRole(plan.mesh, 'dp', 'fsdp').reduce((product, each) => product * each.size, 1);
  if (plan.batch.global % (2 * ranks * plan.batch.micro) !== 0) {
    return {
      ok: false,
      reason: `batch.global ${plan.batch.global} has not enough sequences for ${2 * ranks} data-parallel ranks`,
    };
  }
  const pp = degree(plan.mesh, 'pp');
  const microbatches = plan.batch.global / (2 * ranks * plan.batch.micro);
  const violation = violationOf(plan.pp.schedule, pp, microbatches, plan.model.layers);
  if (violation) return { ok: false, reason: violation.message };
  const axes = plan.mesh.axes.map(
    (each): AxisSpec => (each === axis ? { ...each, size: 2 * each.size } : each),
  );
  const chips = axes.filter(each => each.from.length === 0).reduce((product, each) => product * each.size, 1);
  const most = Math.min(
    ...(plan.fabric.variants ?? [plan.fabric]).map(each => mostFollowed(each) ?? Number.POSITIVE_INFINITY),
  );
  if (chips > most) {
    const reason = `flows are followed link by link, which is done for up to ${most.toLocaleString('en-US')} chips`;
    return { ok: false, reason };
  }
  const fabric = roomFor(plan.fabric, chips);
  if (!fabric) {
    const { name, topology } = plan.fabric.levels.at(-1)!;
    return {
      ok: false,
      reason: `a ${name} has no larger one: its links are ${LINKS[topology.kind] ?? 'its own'}`,
    };
  }
  // A network that cannot be laid carries nothing, and would look free.
  const [fault] = (fabric.variants ?? [fabric]).flatMap(each => networkOf(each).faults);
  if (fault) return { ok: false, reason: fault.message };
  return { ok: true, plan: { ...plan, mesh: { ...plan.mesh, axes }, fabric } };
}

/** Grown fabrics by the one they grew from: the same object finds the same prices again. */
const grownFabrics = new WeakMap<FabricSpec, FabricSpec>();

/** @returns undefined where the outermost level has no larger one */
function roomFor(fabric: FabricSpec, chips: number): FabricSpec | undefined {
  const capacity = fabric.levels.reduce((product, level) => product * ranksOf(level), 1);
  if (capacity >= chips) return fabric;
  let grown = grownFabrics.get(fabric);
  if (!grown) {
    grown = twice(fabric);
    if (!grown) return undefined;
    grownFabrics.set(fabric, grown);
  }
  return roomFor(grown, chips);
}

function twice(fabric: FabricSpec): FabricSpec | undefined {
  const outer = fabric.levels.at(-1);
  const larger = outer && doubled(outer);
  if (!larger) return undefined;
  const { variants } = fabric;
  const grown = { ...fabric, levels: [...fabric.levels.slice(0, -1), larger] };
  if (!variants) return grown;
  const kinds = variants.map(twice);
  return kinds.every(each => each !== undefined) ? { ...grown, variants: kinds } : undefined;
}
