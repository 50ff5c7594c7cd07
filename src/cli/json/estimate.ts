/** An estimate as scripts read it: schema/estimate.schema.json says what every field means. Nothing is rounded. */
import type {
  AlgorithmPrice,
  CollectiveEstimate,
  CollectivePrice,
  Estimate,
  LevelEstimate,
  MemoryPart,
  PriceStage,
  Scaling,
} from '../../engine/estimate/result.ts';
import { groupSize } from '../../engine/fabric/pattern.ts';
import type { ClaimResult, PlanReport } from '../../language/analysis/report.ts';
import { type Place, placeOf } from '../files/diagnostic.ts';
import type { Paths } from '../files/paths.ts';

export function estimateJson(plan: PlanReport, estimate: Estimate, paths: Paths) {
  const { step, throughput, memory, bound, networkBound } = estimate;
  return {
    plan: estimate.plan,
    fabric: estimate.fabric,
    mesh: estimate.mesh,
    model: estimate.model,
    chips: estimate.chips,
    microbatches: estimate.microbatches,
    step: {
      time_s: step.time,
      compute_s: step.compute,
      exposed_s: step.exposed,
      bubble_s: step.bubble,
      bubble: estimate.bubbleShare,
      optimizer_s: step.optimizer,
      overhead_s: step.overhead,
      critical_s: Object.fromEntries(estimate.levels.map(level => [level.name, level.critical])),
    },
    throughput: {
      tokens_per_s: throughput.tokensPerSecond,
      tokens_per_s_per_chip: throughput.tokensPerSecondPerChip,
      model_flops_per_s_per_chip: throughput.modelFlopsPerSecondPerChip,
      mfu: throughput.mfu,
      mfu_convention: 'causal',
      mfu_full: throughput.mfuFull,
      hfu: throughput.hfu,
    },
    memory: {
      peak_bytes: memory.peak,
      peak_stage: memory.peakStage,
      reserved_bytes: memory.reserved,
      outside_bytes: memory.outside,
      capacity_bytes: memory.capacity,
      parts: partsJson(memory.parts),
      stages: memory.stages.map(stage => ({
        stage: stage.stage,
        layers: stage.layers,
        in_flight: stage.inFlight,
        total_bytes: stage.total,
        parts: partsJson(stage.parts),
      })),
    },
    busiest_stage: estimate.busiestStage,
    collectives: estimate.collectives.map(each => collectiveJson(each, sourceOf(plan, each, paths))),
    levels: estimate.levels.map(levelJson),
    energy_j: estimate.energy ?? null,
    bound: {
      by: bound.by,
      axis: bound.axis ?? null,
      level: bound.level ?? null,
      network_bound: networkBound.bound,
      binds_at_chips: networkBound.bindsAtChips,
      binds_at_axis: networkBound.axis ?? null,
      reason: networkBound.reason,
      scaling: (networkBound.scaling ?? []).map(scalingJson),
    },
    parameters: estimate.parameters,
    assumptions: estimate.assumptions.map(({ key, text, confidence }) => ({ key, text, confidence })),
    claims: plan.claims.map(claim => claimJson(claim, paths)),
  };
}

function scalingJson({ batch, bindsAtChips, axis, reason, points }: Scaling) {
  return {
    batch,
    binds_at_chips: bindsAtChips,
    binds_at_axis: axis ?? null,
    reason,
    points: points.map(({ chips, time, exposed, tokensPerSecond }) => ({
      chips,
      step_s: time,
      exposed_share: exposed,
      tokens_per_s: tokensPerSecond,
    })),
  };
}

function partsJson(parts: readonly MemoryPart[]) {
  return parts.map(({ name, bytes }) => ({ name, bytes }));
}

function collectiveJson(each: CollectiveEstimate, source: Place | null) {
  return {
    name: each.name,
    what: each.what,
    op: each.op,
    axis: each.axis,
    ranks: each.ranks,
    bytes: each.bytes,
    count: each.count,
    phase: each.phase,
    ...routeJson(each.price),
    runner_up: runnerUpJson(each.price),
    time_s: each.price.time,
    total_s: each.total,
    exposed_s: each.exposed,
    ...limitJson(each.price),
    hidden_under: each.hiddenUnder ?? null,
    source,
  };
}

/** The algorithm and where its bytes go; of an idle collective (one rank) no level and no bottleneck. */
export function routeJson({
  algorithm,
  protocol,
  stages,
  chunks,
  levels,
  bottleneck,
  sampled,
}: AlgorithmPrice) {
  return {
    algorithm,
    protocol: protocol ?? null,
    stages: stages ? stages.map(stageJson) : null,
    chunks: chunks ?? null,
    levels,
    bottleneck: bottleneck.level === '' ? null : bottleneck,
    sampled: sampled ?? false,
  };
}

function stageJson({ op, group, bytes, algorithm, levels, time }: PriceStage) {
  return { op, levels, ranks: groupSize(group), bytes, algorithm, time_s: time };
}

/** The least possible time, where it comes from, and (all-reduce) what is known to be reachable where that is more. */
export function limitJson(price: Pick<CollectivePrice, 'limit' | 'limitBy' | 'limitExact' | 'reachable'>) {
  return {
    limit_s: price.limit,
    limit_by: price.limitBy,
    limit_exact: price.limitExact,
    reachable_s: price.reachable ?? null,
  };
}

export function runnerUpJson({ runnerUp }: { runnerUp?: { algorithm: string; time: number } }) {
  return runnerUp ? { algorithm: runnerUp.algorithm, time_s: runnerUp.time } : null;
}

/** The line that causes it; null where no line of any file does. */
export function sourceOf(plan: PlanReport, { causes }: CollectiveEstimate, paths: Paths): Place | null {
  const range = plan.locate(causes);
  return range ? placeOf(range, paths) : null;
}

function levelJson(level: LevelEstimate) {
  return {
    name: level.name,
    tier: level.tier,
    bytes_per_step: level.bytes,
    load: level.load,
    max_load: level.maxLoad,
    hottest: level.hottest ?? null,
    energy_j: level.energy ?? null,
    price_usd: level.price ?? null,
    chips_used: level.used,
    chips: level.capacity,
  };
}

export function claimJson({ severity, text, holds, actual, range }: ClaimResult, paths: Paths) {
  return { severity, text, holds: holds ?? null, actual, source: placeOf(range, paths) };
}
