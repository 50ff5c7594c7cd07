/**
 * Where the network binds. A plan is scaled the way people do it, data parallelism first, with the global batch kept or the batch
 * of every chip; it is bound once doubling its chips raises the tokens of a second by less than half of what the same doubling does
 * on a network that costs nothing. Compared in seconds saved, a reduction of fixed length would never bind, however much of the step
 * it is: a doubling saves as many of them with it as without. Steps are those of the closed forms, which a played one may beat a little.
 */
import { doubled } from '../fabric/grown.ts';
import { networkOf } from '../fabric/network.ts';
import { type FabricSpec, ranksOf, type Topology } from '../fabric/spec.ts';
import { axesOfRole, degree } from '../plan/placement.ts';
import type { AxisSpec, PlanSpec } from '../plan/spec.ts';
import { violationOf } from '../schedule/legal.ts';
import { type Core, estimateCore, sum, waitsByOwner } from './core.ts';
import type { Estimate, Scaling, ScalingPoint } from './result.ts';

/** Doublings that are looked at: from 8 chips to over a million. */
const MOST_DOUBLINGS = 17;
const LEAST_GAIN = 0.5;
/** Gain below which a doubling on a free network is not worth judging the network by: the ideal is 1, twice the tokens a second. */
const LEAST_PROMISE = 0.1;

/** Chips up to which a plan that keeps the batch of a chip is followed: its steps hardly change, so nothing else ends the search. */
const MOST_CHIPS = 2 ** 20;

/** Gain in tokens a second that pays whatever a free network would bring: that doubles them, and a little more by sharding states. */
const PAYS = 0.75;

type Rule = Scaling['batch'];

export function networkBound(core: Core): Estimate['networkBound'] {
  const free = estimateCore(core.plan, 'free').time;
  const kept = follow(core, free, 'global');
  const { bindsAtChips, axis, reason } = kept;
  let scaling: Scaling[] | undefined;
  return {
    // At the plan's own size.
    bound: bindsAtChips === chipsOf(core),
    bindsAtChips,
    ...(axis !== undefined && { axis }),
    reason,
    // The second is a handful of steps more, which whoever types does not wait for.
    get scaling() {
      scaling ??= [kept, follow(core, free, 'per_chip')];
      return scaling;
    },
  };
}

/** Doubles the chips until that no longer pays. @param free seconds of the plan's own step on a network that costs nothing */
function follow(core: Core, free: number, batch: Rule): Scaling {
  let now = { plan: core.plan, time: core.time, free: free as number | undefined, core };
  const points = [pointOf(core)];
  const end = (reason: string, found: Partial<Scaling> = {}): Scaling => ({
    batch,
    bindsAtChips: null,
    ...found,
    reason,
    points,
  });
  for (let doubling = 0; doubling < MOST_DOUBLINGS; doubling++) {
    const grown = batch === 'global' ? grow(now.plan) : growWithBatch(now.plan);
    if (!grown.ok) {
      return end(
        doubling === 0
          ? `the chips cannot be doubled: ${grown.reason}`
          : `doubling the chips pays up to ${count(now.core)}; beyond, ${grown.reason}`,
      );
    }
    const next = estimateCore(grown.plan, 'timed');
    points.push(pointOf(next));
    const gain = gained(batch, now.time, next.time);
    if (batch === 'per_chip' && gain > PAYS) {
      if (chipsOf(next) >= MOST_CHIPS) break;
      now = { plan: grown.plan, time: next.time, free: undefined, core: next };
      continue;
    }
    const freeNow = now.free ?? estimateCore(now.plan, 'free').time;
    const freeNext = estimateCore(grown.plan, 'free').time;
    const ideal = gained(batch, freeNow, freeNext);
    if (ideal < LEAST_PROMISE) {
      return end(
        `doubling the chips pays up to ${count(now.core)}; beyond, the pipeline's waiting and fixed costs leave little to gain on any network`,
      );
    }
    const share = gain / ideal;
    if (share < LEAST_GAIN) {
      const percent = Math.round(Math.max(0, share) * 100);
      const reason = `doubling ${count(now.core)} chips brings ${percent} % of what it would bring on a network that costs nothing`;
      return end(reason, { bindsAtChips: chipsOf(now.core), ...axisOf(next) });
    }
    now = { plan: grown.plan, time: next.time, free: freeNext, core: next };
  }
  return end(`doubling the chips pays up to ${count(now.core)}, and no further was looked`);
}

/** By which share a doubling raises the tokens of a second. */
function gained(batch: Rule, before: number, after: number): number {
  return ((batch === 'global' ? 1 : 2) * before) / after - 1;
}

function pointOf(core: Core): ScalingPoint {
  const { slowest, time } = core;
  return {
    chips: chipsOf(core),
    time,
    exposed: (sum(slowest.inner) + sum(slowest.outer)) / time,
    tokensPerSecond: (core.plan.batch.global * core.plan.batch.sequence) / time,
  };
}

function chipsOf(core: Core): number {
  return core.placement.chips;
}

function count(core: Core): string {
  return chipsOf(core).toLocaleString('en-US');
}

function axisOf(core: Core): { axis?: string } {
  const waits = waitsByOwner(core.slowest);
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

/** The same with twice the batch: every chip keeps its work. */
function growWithBatch(plan: PlanSpec): Grown {
  return grow({ ...plan, batch: { ...plan.batch, global: 2 * plan.batch.global } });
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
