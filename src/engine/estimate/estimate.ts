/** From a plan to everything that is said about it. Pure: the same plan gives the same numbers, always. */

import { modelFlopsPerStep } from '../model/flops.ts';
import { countParameters } from '../model/parameters.ts';
import type { PlanSpec } from '../plan/spec.ts';
import { playStep, type Step, type StepWork } from '../schedule/step.ts';
import { type Timeline, timelineOf } from '../schedule/timeline.ts';
import { assumptionsOf } from './assumptions.ts';
import { networkBound } from './bound.ts';
import { type SlotWaits, slotWaits } from './chunks.ts';
import { type Core, estimateCore } from './core.ts';
import { levelEnergies, totalEnergy } from './energy.ts';
import { peakOf } from './kernels.ts';
import { refusalsOf } from './legal.ts';
import { levelEstimates } from './levels.ts';
import { stageMemories } from './memory.ts';
import { levelPrices } from './prices.ts';
import { reservedMemory } from './reserved.ts';
import type { CollectiveEstimate, Estimate, EstimateResult } from './result.ts';
import { stepWorkOf, timed } from './timed.ts';

/**
 * Prices one training step.
 * @returns the estimate, or why there is none; never throws on a plan that the specs' types admit.
 */
export function estimatePlan(plan: PlanSpec): EstimateResult {
  const refusals = refusalsOf(plan);
  if (refusals.length > 0) return { ok: false, refusals };
  const closed = estimateCore(plan);
  const { core, optimizer, ...waits } = timed(closed);
  const { slowest, degrees, time, shape } = core;
  const collectives = waits.collectives.map(collectiveEstimate);
  const exposed: Record<string, number> = {};
  for (const axis of plan.mesh.axes) exposed[axis.name] = 0;
  for (const [owner, seconds] of Object.entries(waits.exposed))
    exposed[owner] = (exposed[owner] ?? 0) + seconds;
  const stages = stageMemories(plan, degrees, shape, core.stages);
  const fullest = stages.reduce((worst, stage) => (stage.total > worst.total ? stage : worst));
  const kinds = plan.fabric.variants ?? [plan.fabric];
  const capacity = Math.min(...kinds.map(({ chip }) => chip.hbm.capacity));
  const chips = core.placement.chips;
  const energies = levelEnergies(core);
  const prices = levelPrices(core.plan.fabric);
  const estimate: Estimate = {
    plan: plan.name,
    fabric: plan.fabric.name,
    mesh: plan.mesh.name,
    model: plan.model.name,
    chips,
    microbatches: degrees.microbatches,
    step: {
      time,
      compute: slowest.compute,
      exposed,
      bubble: core.bubble,
      optimizer,
      overhead: core.overhead,
      ...(core.late > 0 && { noise: core.late }),
    },
    bubbleShare: core.bubbleShare,
    throughput: throughputOf(core),
    parameters: parametersOf(plan),
    memory: {
      peak: fullest.total,
      peakStage: fullest.stage,
      ...reservedMemory(plan, fullest.total),
      capacity,
      parts: fullest.parts,
      stages,
    },
    stages: core.costs.map((cost, stage) => ({
      stage,
      layers: cost.stage.kinds.length,
      forward: cost.times.forward,
      backward: cost.times.backward,
      exposed: Object.fromEntries(
        Object.entries(cost.inner).map(([axis, seconds]) => [axis, seconds / degrees.microbatches]),
      ),
    })),
    busiestStage: slowest.stage.index,
    collectives,
    levels: levelEstimates(core).map((level, index) => ({
      ...level,
      energy: energies[index],
      price: prices[index],
    })),
    energy: totalEnergy(energies),
    bound: boundOf(core, collectives, fullest.total > capacity),
    networkBound: networkBound(closed),
    assumptions: assumptionsOf(core, energies),
  };
  cores.set(estimate, closed);
  return { ok: true, estimate };
}

/** What estimates were made from, for whoever asks to see every operation: nobody else pays for them. */
const cores = new WeakMap<Estimate, Core>();

export interface PlayedEstimate {
  timeline: Timeline;
  /** Seconds that a pass waits for collectives inside its layers, by axis, on every slot (stage * chunks + chunk). */
  waits: SlotWaits[];
}

/** @returns undefined for a copy of an estimate, and where the pipeline has more stages than can be played */
export function playedEstimate(estimate: Estimate): PlayedEstimate | undefined {
  const core = cores.get(estimate);
  const timeline = core && timelineOf(stepWorkOf(core));
  return timeline && { timeline, waits: waitsOfSlots(core) };
}

/** The same as columns, for whoever draws it. */
export interface PlayedStep {
  step: Step;
  work: StepWork;
  waits: SlotWaits[];
}

/** @returns undefined where {@link playedEstimate} does */
export function playedStep(estimate: Estimate): PlayedStep | undefined {
  const core = cores.get(estimate);
  const work = core && stepWorkOf(core);
  const step = work && playStep(work);
  return step && { step, work, waits: waitsOfSlots(core) };
}

const waitsOfSlots = ({ costs, degrees, plan }: Core): SlotWaits[] =>
  costs.flatMap(cost => slotWaits(cost, degrees, plan.pp.schedule));

function collectiveEstimate({
  demand,
  price,
  total,
  exposed,
  hiddenUnder,
}: Core['slowest']['collectives'][number]): CollectiveEstimate {
  const { name, what, op, axis, owner, bytes, count, phase, causes } = demand;
  return {
    name,
    what,
    op,
    axis,
    owner,
    ranks: price.ranks,
    bytes,
    count,
    phase,
    price,
    total,
    exposed,
    causes,
    ...(hiddenUnder ? { hiddenUnder } : {}),
  };
}

function parametersOf(plan: PlanSpec): Estimate['parameters'] {
  const { total, active } = countParameters(plan.model);
  return { total, active };
}

/** MFU counts the model's own FLOPs over the dense peak of the precision that the plan computes in. */
function throughputOf(core: Core): Estimate['throughput'] {
  const { plan, time, placement, degrees } = core;
  const chips = placement.chips;
  const tokens = plan.batch.global * plan.batch.sequence;
  const peak = peakOf(plan.fabric.chip, plan.precision.compute)! * chips * time;
  const causal = modelFlopsPerStep(plan.model, tokens, plan.batch.sequence, { attention: 'causal' });
  const full = modelFlopsPerStep(plan.model, tokens, plan.batch.sequence, { attention: 'full' });
  // Executed on all chips: every stage's own FLOPs, on each of the ranks that share its work.
  const executed =
    core.costs.reduce((sum, cost) => sum + cost.times.flops, 0) * degrees.microbatches * (chips / degrees.pp);
  return {
    tokensPerSecond: tokens / time,
    tokensPerSecondPerChip: tokens / time / chips,
    modelFlopsPerSecondPerChip: causal / time / chips,
    mfu: causal / peak,
    mfuFull: full / peak,
    hfu: executed / peak,
  };
}

/** The busiest resource: the chip's kernels, the links of one axis (hidden traffic included), the pipeline's waiting, or memory. */
function boundOf(
  core: Core,
  collectives: readonly CollectiveEstimate[],
  overflow: boolean,
): Estimate['bound'] {
  if (overflow) return { by: 'memory' };
  const byAxis = new Map<string, { total: number; level: string; longest: number }>();
  for (const { owner, total, price } of collectives) {
    const axis = byAxis.get(owner) ?? { total: 0, level: '', longest: 0 };
    axis.total += total;
    if (total > axis.longest) {
      axis.longest = total;
      axis.level = price.bottleneck.level;
    }
    byAxis.set(owner, axis);
  }
  const [busiest] = [...byAxis].sort((a, b) => b[1].total - a[1].total);
  const compute = core.slowest.compute;
  if (busiest && busiest[1].total > Math.max(compute, core.bubble)) {
    return { by: 'network', axis: busiest[0], level: busiest[1].level };
  }
  return { by: core.bubble > compute ? 'bubble' : 'compute' };
}
