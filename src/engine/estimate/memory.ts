/**
 * Bytes on one chip at the peak of a step, stage by stage (ZeRO: 1910.02054; activations: `model/activations.ts`; what the backward
 * pass holds for a moment: `model/transients.ts`).
 */
import {
  type ActivationOptions,
  layerActivationBytes,
  logitsBytes,
  workspaceBytes,
} from '../model/activations.ts';
import type { LayerKind } from '../model/spec.ts';
import { distinctWeightElements, headBackwardBytes, layerBackwardBytes } from '../model/transients.ts';
import { type Degrees, layersOf, type Stage } from '../plan/degrees.ts';
import { degree, type Placement, placeMesh } from '../plan/placement.ts';
import { recomputedShare } from '../plan/recompute.ts';
import { stateSplit } from '../plan/replicas.ts';
import { shardParameters } from '../plan/shards.ts';
import type { PlanSpec } from '../plan/spec.ts';
import { microbatchesHeld } from '../schedule/in-flight.ts';
import { type Loss, type MemoryHabits, memoryHabits } from './habits.ts';
import type { MemoryPart, StageMemory } from './result.ts';
import type { PipelineShape } from './schedule.ts';

/** Layers whose gathered weights are on a chip at once under ZeRO-3: the one at work and those fetched ahead; all where they are kept. */
function gatheredLayers({ fsdp }: PlanSpec, layers: number): number {
  return fsdp.reshard ? Math.min(1 + (fsdp.prefetch ?? 1), layers) : layers;
}

interface Parts {
  weights: number;
  gradients: number;
  optimizer: number;
  activations: number;
  logits: number;
  buffers: number;
}

export function habitsOf(plan: PlanSpec): MemoryHabits {
  return memoryHabits(plan.software, plan.fabric.chip.kind);
}

/** What stages with the same layers have in common. */
interface Held extends Omit<Parts, 'activations'> {
  /** Activations of one microbatch, and what is there once while a layer is computed again. */
  perMicrobatch: number;
  once: number;
}

/** Every stage, first one first. Stages with the same layers are reckoned once; they differ in the microbatches they hold. */
export function stageMemories(
  plan: PlanSpec,
  degrees: Degrees,
  shape: PipelineShape,
  stages: readonly Stage[],
): StageMemory[] {
  const { placement } = placeMesh(plan.mesh, plan.fabric);
  const known = new Map<string, Held>();
  return stages.map(stage => {
    const key = `${stage.dense}/${stage.moe}/${stage.mtp}/${stage.embedding}/${stage.head}`;
    let held = known.get(key);
    if (!held) {
      held = heldBy(plan, degrees, shape, stage, placement);
      known.set(key, held);
    }
    const inFlight = microbatchesHeld(plan.pp.schedule, shape.stages, shape.microbatches, stage.index);
    const { perMicrobatch, once, ...others } = held;
    const bytes: Parts = { ...others, activations: perMicrobatch * inFlight + once };
    const parts = PARTS.map((name): MemoryPart => ({ name, bytes: bytes[name] }));
    const total = parts.reduce((sum, part) => sum + part.bytes, 0);
    return { stage: stage.index, layers: stage.kinds.length, inFlight, parts, total };
  });
}

const PARTS = ['weights', 'gradients', 'optimizer', 'activations', 'logits', 'buffers'] as const;

function heldBy(
  plan: PlanSpec,
  degrees: Degrees,
  shape: PipelineShape,
  stage: Stage,
  placement: Placement,
): Held {
  const habits = habitsOf(plan);
  const options = activationOptions(plan, degrees, habits);
  const kinds: LayerKind[] = [];
  if (stage.dense > 0) kinds.push('dense');
  if (stage.moe > 0) kinds.push('moe');
  const { recompute } = plan;
  const whole = (kind: LayerKind): number =>
    layerActivationBytes(plan.model, kind, { ...options, recompute: { mode: 'none' } });
  const share = recompute.mode === 'full' ? recomputedShare(recompute, stage) : 1;
  let perMicrobatch = 0;
  for (const kind of kinds) {
    const kept = layerActivationBytes(plan.model, kind, options);
    const other = share < 1 ? whole(kind) : 0;
    perMicrobatch += stage[kind] * (share * kept + (1 - share) * other);
  }
  // While a layer is computed again from its input all of its activations are there.
  const again =
    recompute.mode === 'full' || (recompute.mode === 'selective' && recompute.items.includes('op'));
  const moments = backwardMoments(plan, degrees, { stage, kinds, habits, options, shape });
  const worst = moments.reduce((most, moment) =>
    moment.logits + moment.buffers > most.logits + most.buffers ? moment : most,
  );
  const states = statesOf(plan, degrees, stage, { placement, habits });
  const spare = habits.spareGradients
    ? degrees.bytes.weight * distinctWeightElements(plan.model, kinds, degrees)
    : 0;
  return {
    ...states,
    perMicrobatch,
    once: again ? most(kinds, whole) : 0,
    logits: worst.logits,
    buffers: states.buffers + contextBuffers(plan, degrees, kinds.length > 0) + spare + worst.buffers,
  };
}

/** Weights, gradients and optimizer of a stage, and what is gathered of them while a layer is at work. */
function statesOf(
  plan: PlanSpec,
  degrees: Degrees,
  stage: Stage,
  { placement, habits }: { placement: Placement; habits: MemoryHabits },
): Pick<Parts, 'weights' | 'gradients' | 'optimizer' | 'buffers'> {
  const { bytes } = degrees;
  const shard = shardParameters(plan, degrees, stage);
  const inLayers = shardParameters(plan, degrees, { ...stage, embedding: false, head: false, mtp: 0 });
  const layers = layersOf(stage);
  const states = { weights: 0, gradients: 0, optimizer: 0, buffers: 0 };
  for (const part of ['dense', 'experts'] as const) {
    const parameters = shard[part];
    const split = stateSplit(plan, placement, part);
    const sharded = split.weights > 1;
    const onlyMain = sharded && habits.castsOnGather && bytes.main > 0;
    states.weights += ((onlyMain ? bytes.main : bytes.weight) * parameters) / split.weights;
    const gradients = habits.wholeInPipeline && degrees.pp > 1 ? 1 : split.gradients;
    states.gradients += (bytes.gradient * parameters) / gradients;
    states.optimizer += (((onlyMain ? 0 : bytes.main) + 2 * bytes.moments) * parameters) / split.optimizer;
    if (!sharded || layers === 0) continue;
    const layer = inLayers[part] / layers;
    // Weights of the layers at work, and the gradients of one before they are scattered.
    states.buffers += bytes.weight * layer * gatheredLayers(plan, layers) + bytes.reduce * layer;
    if (stage.head && part === 'dense')
      states.buffers += workspaceBytes(plan.model, { tp: degrees.tp, bytes: bytes.weight });
  }
  return states;
}

function activationOptions(plan: PlanSpec, degrees: Degrees, habits: MemoryHabits): ActivationOptions {
  const bytes = degrees.bytes.activation;
  const narrow = habits.narrowInputs && NARROW.has(plan.precision.compute);
  return {
    tokens: degrees.tokens,
    tp: degrees.tp,
    sequenceParallel: plan.tp.sequenceParallel,
    ep: degrees.ep,
    etp: degrees.etp,
    imbalance: plan.ep.imbalance,
    recompute: plan.recompute,
    bytes,
    inputBytes: narrow ? Math.min(1, bytes) : bytes,
    headsScattered: scattersHeads(plan, degrees),
    keepsGathered: habits.keepsGathered,
    dropout: habits.unfused,
    ...(habits.unfused && { unfusedSequence: plan.batch.sequence }),
  };
}

const NARROW: ReadonlySet<string> = new Set(['fp8', 'mxfp8', 'int8', 'fp6', 'fp4']);

const scattersHeads = (plan: PlanSpec, { cp }: Degrees): boolean =>
  cp > 1 &&
  (plan.cp.method === 'ulysses' || plan.cp.method === 'hierarchical' || degree(plan.mesh, 'sp') > 1);

/** Keys and values of other ranks: the block that a ring receives while it works on one, or all of them gathered. */
function contextBuffers(plan: PlanSpec, degrees: Degrees, layers: boolean): number {
  const { cp, tokens, kvHeadsPerRank, bytes } = degrees;
  const rings = plan.cp.method === 'hierarchical' || !scattersHeads(plan, degrees);
  if (cp === 1 || !layers || !rings) return 0;
  const { mla, headDim, heads } = plan.model;
  const width = mla
    ? (heads / degrees.tp) * (mla.nopeDim + mla.ropeDim + mla.valueDim)
    : 2 * kvHeadsPerRank * headDim;
  const block = bytes.activation * tokens * width;
  return plan.cp.method === 'all_gather' ? cp * block : 2 * block;
}

interface Moment {
  logits: number;
  buffers: number;
}

/** Moments of the backward pass that may be the worst one: a layer's, and on the last stage the head's. */
function backwardMoments(
  plan: PlanSpec,
  degrees: Degrees,
  at: {
    stage: Stage;
    kinds: readonly LayerKind[];
    habits: MemoryHabits;
    options: ActivationOptions;
    shape: PipelineShape;
  },
): Moment[] {
  const { stage, kinds, habits, options, shape } = at;
  const { bytes, tokens, tp } = degrees;
  const layer = habits.moments ? most(kinds, kind => layerBackwardBytes(plan.model, kind, options)) : 0;
  const moments = [{ logits: 0, buffers: layer }];
  if (!stage.head) return moments;
  const { sequenceParallel } = plan.tp;
  const passes = headPasses(plan, stage, shape);
  const { chunk = tokens, chunkBytes = Number.POSITIVE_INFINITY } = plan.loss ?? {};
  const loss = lossOf(plan, habits);
  const bytesOf = (held: number, fused: boolean): number =>
    logitsBytes(plan.model, { tokens, tp, bytes: bytes.activation, fused, chunk: held });
  const piece = (fused: boolean): number =>
    passes * Math.min(bytesOf(chunk, fused), Math.max(chunkBytes, bytesOf(1, fused)));
  const transient = habits.moments
    ? headBackwardBytes(plan.model, {
        tokens,
        tp,
        sequenceParallel,
        bytes: bytes.activation,
        weight: bytes.weight,
      })
    : workspaceBytes(plan.model, { tp, bytes: bytes.weight });
  // With what the last norm and the head have read.
  const read = (passes * 2 * bytes.activation * plan.model.hidden * tokens) / (sequenceParallel ? tp : 1);
  moments.push({ logits: piece(loss !== 'copied'), buffers: transient + read });
  if (loss === 'eager')
    moments.push({ logits: (EAGER_LOGIT / (bytes.activation + 4)) * piece(false), buffers: read });
  return moments;
}

/** Bytes of a logit in the backward pass of PyTorch's cross-entropy. */
const EAGER_LOGIT = 12;

function lossOf({ loss }: PlanSpec, habits: MemoryHabits): Loss {
  if (loss?.fused === undefined) return habits.loss;
  if (loss.fused) return 'fused';
  return habits.loss === 'fused' ? 'copied' : habits.loss;
}

/**
 * Passes through the head that wait for their backward pass: GPipe and circular come back only when all microbatches have passed,
 * other schedules at once; each multi-token-prediction module predicts with the head once more.
 */
const headPasses = (plan: PlanSpec, { mtp }: Stage, { microbatches }: PipelineShape): number =>
  (ALL_FIRST.has(plan.pp.schedule.kind) ? microbatches : 1) * (1 + mtp);
const ALL_FIRST: ReadonlySet<string> = new Set(['gpipe', 'circular']);

function most(kinds: readonly LayerKind[], bytes: (kind: LayerKind) => number): number {
  return kinds.reduce((largest, kind) => Math.max(largest, bytes(kind)), 0);
}
