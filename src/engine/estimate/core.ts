/**
 * The step of one plan without its second thoughts (levels, network bound): what a search calls many times. Distinct kinds of
 * stages are priced once each; the slowest one sets the pace.
 */

import { type Network, networkOf } from '../fabric/network.ts';
import { priceCollective } from '../fabric/price.ts';
import { type Degrees, degreesOf, layersOf, type Stage, stagesOf, weightCopies } from '../plan/degrees.ts';
import { type Demand, demandsOf } from '../plan/demands/index.ts';
import { type Placement, placeMesh } from '../plan/placement.ts';
import { stateSplit } from '../plan/replicas.ts';
import { shardParameters } from '../plan/shards.ts';
import type { PlanSpec } from '../plan/spec.ts';
import { pipelineSeconds } from '../schedule/closed.ts';
import { type ChunkTimes, chunkTimes, durationsOf, isInner, wholeStage } from './chunks.ts';
import { KERNEL } from './constants.ts';
import { type Exposed, exposeAll, type Priced } from './exposure.ts';
import { layerTime, type WorkContext, workContext } from './layer.ts';
import type { CollectivePrice } from './result.ts';
import type { PipelineShape } from './schedule.ts';
import { defaultSoftware, type Software, softwareNamed } from './software.ts';
import { headTime, type StageTimes } from './stage.ts';
import { expectedMaximum } from './stragglers.ts';

export type CollectiveWork = Exposed;

export interface StageCost {
  stage: Stage;
  /** Of a microbatch on the whole stage, and on each of its chunks with the waits inside its layers. */
  times: StageTimes;
  chunks: ChunkTimes[];
  collectives: CollectiveWork[];
  /** Seconds of kernels for all microbatches. */
  compute: number;
  /** Waits inside microbatches, which the pipeline's fill repeats, and waits once a step, by axis. */
  inner: Record<string, number>;
  outer: Record<string, number>;
  optimizer: number;
  /** Everything this stage does in a step, bubble left out. */
  busy: number;
}

export interface Core {
  plan: PlanSpec;
  degrees: Degrees;
  placement: Placement;
  network: Network;
  software: Software;
  shape: PipelineShape;
  stages: Stage[];
  /** One per stage; stages that are alike share the object, with the first of them in it. */
  costs: StageCost[];
  slowest: StageCost;
  /** Seconds that the slowest stage waits for the pipeline, and over those that it works. */
  bubble: number;
  bubbleShare: number;
  overhead: number;
  /** Of the overhead, what stated noise of ranks adds. */
  late: number;
  time: number;
  /** Of kernels on one chip. */
  work: WorkContext;
  /** Seconds lost beside a step of so many. */
  overheadOf(useful: number): number;
}

/** What a price depends on beside the network. */
interface Known {
  demand: Demand;
  chips: number;
  inSwitch: number | undefined;
  limits: boolean;
  price: CollectivePrice;
}

/**
 * Prices by network and size: an edit that leaves fabric and sizes alone, and the doublings of `bound.ts`, find theirs here.
 * Collectives of the same size are few; they are compared one by one, which costs less than a name for each.
 */
const prices = new WeakMap<Network, Map<number, Known[]>>();
const MOST_SIZES = 2000;

/**
 * Where parts of the fabric are of several kinds, every chip waits for the slowest of them.
 * @param network `timed`: prices without the fabric's limits; `free`: every collective costs nothing, the step that only compute
 * and pipeline allow
 */
export function estimateCore(plan: PlanSpec, network: 'priced' | 'timed' | 'free' = 'priced'): Core {
  const { variants } = plan.fabric;
  if (!variants) return coreOn(plan, network);
  return variants
    .map(fabric => coreOn({ ...plan, fabric }, network))
    .reduce((slowest, core) => (core.time > slowest.time ? core : slowest));
}

function coreOn(plan: PlanSpec, asked: 'priced' | 'timed' | 'free'): Core {
  const degrees = degreesOf(plan);
  const { placement } = placeMesh(plan.mesh, plan.fabric);
  const network = networkOf(plan.fabric);
  const software = softwareNamed(plan.software ?? '') ?? defaultSoftware(plan.fabric.chip.kind);
  const shape: PipelineShape = {
    stages: degrees.pp,
    chunks: degrees.chunks,
    microbatches: degrees.microbatches,
  };
  const stages = stagesOf(plan, degrees.pp);
  const copies = weightCopies(plan.pp.schedule, degrees.pp);
  // A stage that holds two copies of the weights takes half of the microbatches through each.
  const perCopy = copies === 1 ? degrees : { ...degrees, microbatches: degrees.microbatches / copies };
  const work = workContext(plan, degrees, software);
  const head = headTime(work);
  const dense = layerTime(work, 'dense');
  const layers = { dense, moe: plan.model.moe ? layerTime(work, 'moe') : dense };
  const costs: StageCost[] = [];
  for (const stage of stages) {
    if (stage.like < stage.index) {
      costs.push(costs[stage.like]!);
      continue;
    }
    const times = wholeStage(work, stage, layers, head);
    const priced: Priced[] = [];
    if (asked !== 'free')
      for (const demand of demandsOf(plan, perCopy, placement, stage)) {
        const price = priceOf(demand, network, placement.chips, plan, asked === 'priced');
        priced.push({ demand, price, time: price.time, total: price.time * demand.count });
      }
    const held = layersOf(stage) / copies;
    const collectives = exposeAll(priced, { plan, degrees, software, shape, times, layers: held });
    const chunks = chunkTimes(work, stage, layers, head, times, collectives);
    costs.push(costOf({ stage, times, chunks, collectives }, work, placement));
  }
  const slowest = costs.reduce((worst, cost) => (cost.busy > worst.busy ? cost : worst));
  const works = slowest.compute + sum(slowest.inner);
  const pipeline = pipelineSeconds(plan.pp.schedule, degrees.pp, degrees.microbatches, durationsOf(costs));
  const bubble = waitsOf(pipeline, works);
  const share = bubble / works;
  const useful = slowest.busy + bubble;
  const doublings = Math.max(0, Math.log2(placement.chips / 8));
  const late = (plan.noise ?? 0) * expectedMaximum(placement.chips) * slowest.compute;
  const overheadOf = (seconds: number): number =>
    software.fixedTime + software.lossPerDoubling * doublings * seconds + late;
  const overhead = overheadOf(useful);
  return {
    plan,
    degrees,
    placement,
    network,
    software,
    shape,
    stages,
    costs,
    slowest,
    bubble,
    bubbleShare: share,
    overhead,
    late,
    time: useful + overhead,
    work,
    overheadOf,
  };
}

/** What a pipeline takes longer than its slowest stage works; the two are sums of the same numbers in different sequences. */
export function waitsOf(pipeline: number, works: number): number {
  return pipeline - works > 1e-12 * works ? pipeline - works : 0;
}

/** Everything that a stage waits for collectives in a step, by axis. */
export function waitsByOwner({ inner, outer }: StageCost): Record<string, number> {
  const waits = { ...inner };
  for (const [owner, seconds] of Object.entries(outer)) waits[owner] = (waits[owner] ?? 0) + seconds;
  return waits;
}

export function sum(values: Record<string, number>): number {
  let total = 0;
  for (const value of Object.values(values)) total += value;
  return total;
}

function priceOf(
  demand: Demand,
  network: Network,
  chips: number,
  plan: PlanSpec,
  limits: boolean,
): CollectivePrice {
  let bySize = prices.get(network);
  if (!bySize || bySize.size > MOST_SIZES) {
    bySize = new Map();
    prices.set(network, bySize);
  }
  let known = bySize.get(demand.bytes);
  if (!known) {
    known = [];
    bySize.set(demand.bytes, known);
  }
  const inSwitch = plan.fabric.chip.efficiency.inSwitch;
  for (const each of known)
    if (
      each.chips === chips &&
      each.inSwitch === inSwitch &&
      (each.limits || !limits) &&
      isSame(each.demand, demand)
    )
      return each.price;
  const bytes = demand.bytes * demand.imbalance;
  const options = { chips, inSwitchRate: inSwitch, limits, ...(demand.scale ? { scale: demand.scale } : {}) };
  const stated =
    demand.algorithm &&
    priceCollective(network, demand.group, demand.op, bytes, { ...options, algorithm: demand.algorithm });
  const price = {
    ...(stated || priceCollective(network, demand.group, demand.op, bytes, options)!),
    bytes: demand.bytes,
  };
  known.push({ demand, chips, inSwitch, limits, price });
  return price;
}

/** Whether two collectives of one size take the same time. */
function isSame(a: Demand, b: Demand): boolean {
  if (a.op !== b.op || a.imbalance !== b.imbalance || a.algorithm !== b.algorithm) return false;
  if (a.scale?.scaleOut !== b.scale?.scaleOut || a.scale?.scaleUp !== b.scale?.scaleUp) return false;
  if (a.group === b.group) return true;
  if (a.group.length !== b.group.length) return false;
  for (let at = 0; at < a.group.length; at++)
    if (a.group[at]!.stride !== b.group[at]!.stride || a.group[at]!.size !== b.group[at]!.size) return false;
  return true;
}

function costOf(
  parts: Pick<StageCost, 'stage' | 'times' | 'chunks' | 'collectives'>,
  work: WorkContext,
  placement: Placement,
): StageCost {
  const { plan, degrees } = work;
  const { stage, times, collectives } = parts;
  const compute = degrees.microbatches * (times.forward + times.backward);
  const inner: Record<string, number> = {};
  const outer: Record<string, number> = {};
  for (const { demand, exposed } of collectives) {
    const book = isInner(demand) ? inner : outer;
    book[demand.owner] = (book[demand.owner] ?? 0) + exposed;
  }
  const shard = shardParameters(plan, degrees, stage);
  const owned =
    shard.dense / stateSplit(plan, placement, 'dense').optimizer +
    shard.experts / stateSplit(plan, placement, 'experts').optimizer;
  const optimizer = work.software.kernelFactor * work.kernels.memory(KERNEL.optimizerBytes * owned, 0);
  return { ...parts, compute, inner, outer, optimizer, busy: compute + sum(inner) + sum(outer) + optimizer };
}
