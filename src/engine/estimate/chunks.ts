/** What a stage does for one microbatch, chunk by chunk: the operations that a schedule moves about. */
import type { LayerKind } from '../model/spec.ts';
import { type Degrees, type Layers, type Stage, weightCopies } from '../plan/degrees.ts';
import { shardParameters } from '../plan/shards.ts';
import type { Schedule } from '../plan/spec.ts';
import type { DataTraffic, Durations, Sends } from '../schedule/play.ts';
import type { CollectiveWork } from './core.ts';
import type { LayerTime, WorkContext } from './layer.ts';
import { type HeadTime, type StageTimes, stageTimes } from './stage.ts';

/** Seconds of one microbatch in one chunk, waits for collectives inside its layers with it. */
export interface ChunkTimes {
  forward: number;
  inputGradient: number;
  weights: number;
  /** What a pass takes less beside one of the other direction (DualPipe). */
  pairedForward: number;
  pairedBackward: number;
}

/**
 * Kernels of a microbatch on the whole stage. With two copies of the weights a microbatch passes one of the two halves that a
 * stage holds: then of the mean of both.
 */
export function wholeStage(
  work: WorkContext,
  stage: Stage,
  layers: Record<LayerKind, LayerTime>,
  head: HeadTime,
): StageTimes {
  const times = stageTimes(work, stage, layers, head);
  const copies = weightCopies(work.plan.pp.schedule, work.degrees.pp);
  if (copies === 1) return times;
  return {
    forward: times.forward / copies,
    backward: times.backward / copies,
    backwardGemm: times.backwardGemm / copies,
    attentionForward: times.attentionForward / copies,
    attentionBackward: times.attentionBackward / copies,
    sharedForward: times.sharedForward / copies,
    sharedBackward: times.sharedBackward / copies,
    flops: times.flops / copies,
  };
}

/** @param collectives with what of a step waits for each of them */
export function chunkTimes(
  work: WorkContext,
  stage: Stage,
  layers: Record<LayerKind, LayerTime>,
  head: HeadTime,
  whole: StageTimes,
  collectives: readonly CollectiveWork[],
): ChunkTimes[] {
  const { plan, degrees } = work;
  const { chunks } = stage;
  const copies = weightCopies(plan.pp.schedule, degrees.pp);
  const microbatches = degrees.microbatches / copies;
  let forwardWait = 0;
  let backwardWait = 0;
  let lossWait = 0;
  let forwardHidden = 0;
  let backwardHidden = 0;
  for (const { demand, total, exposed, inPairs } of collectives) {
    if (!isInner(demand)) continue;
    const { phase } = demand;
    if (phase === 'forward') forwardWait += exposed;
    else if (phase === 'loss') lossWait += exposed;
    else backwardWait += exposed;
    if (!inPairs) continue;
    if (phase === 'forward') forwardHidden += Math.max(0, total - exposed);
    else backwardHidden += Math.max(0, total - exposed);
  }
  const shares = sharesOfWaits(stage);
  const done: ChunkTimes[] = [];
  chunks.forEach((chunk, index) => {
    // Most chunks are like the one before them.
    const before = chunks[index - 1];
    if (before && alike(before, chunk)) {
      done.push(done[index - 1]!);
      return;
    }
    const times = chunks.length === 1 ? whole : stageTimes(work, { ...stage, ...chunk }, layers, head);
    const own = shares(chunk);
    const share = own.layers / microbatches;
    const loss = (own.loss * lossWait) / microbatches;
    const ownHeads = chunk.head ? 1 + chunk.mtp : 0;
    // Each product of the forward pass has two in the backward pass, one of them for the weights; so has the head.
    const weights = Math.min(
      times.backward,
      times.backwardGemm / 2 + ownHeads * Math.max(0, head.backward - head.forward),
    );
    const hiddenForward = share * forwardHidden;
    const hiddenBackward = share * backwardHidden;
    done.push({
      forward: times.forward + share * forwardWait + hiddenForward,
      inputGradient: times.backward - weights + share * backwardWait + loss + hiddenBackward,
      weights,
      pairedForward: hiddenForward,
      pairedBackward: hiddenBackward,
    });
  });
  return done;
}

/** What a chunk has of its stage's waits: of those inside layers, none where it has none; and of those for the loss. */
function sharesOfWaits({ chunks, dense, moe }: Stage): (chunk: Layers) => { layers: number; loss: number } {
  const layers = dense + moe;
  const heads = chunks.reduce((count, chunk) => count + (chunk.head ? 1 : 0), 0);
  return chunk => ({
    layers: layers > 0 ? (chunk.dense + chunk.moe) / layers : 1 / chunks.length,
    loss: chunk.head ? 1 / heads : 0,
  });
}

const alike = (a: Layers, b: Layers): boolean =>
  a.dense === b.dense &&
  a.moe === b.moe &&
  a.mtp === b.mtp &&
  a.embedding === b.embedding &&
  a.head === b.head;

type DemandOf = CollectiveWork['demand'];

/** Part of every microbatch's passes; all others are the pipeline's sends and what happens once a step. */
export const isInner = ({ phase, cover }: DemandOf): boolean => phase !== 'step' && cover !== 'pipeline';

/** @param stages chunks of every stage */
export function durationsOf(stages: readonly { chunks: readonly ChunkTimes[] }[]): Durations {
  const chunks = stages[0]?.chunks.length ?? 1;
  const size = stages.length * chunks;
  const paired = stages.some(stage =>
    stage.chunks.some(({ pairedForward: a, pairedBackward: b }) => a + b > 0),
  );
  const durations = {
    forward: new Float64Array(size),
    inputGradient: new Float64Array(size),
    weights: new Float64Array(size),
    ...(paired && { pairedForward: new Float64Array(size), pairedBackward: new Float64Array(size) }),
  };
  let slot = 0;
  for (const stage of stages)
    for (const chunk of stage.chunks) {
      durations.forward[slot] = chunk.forward;
      durations.inputGradient[slot] = chunk.inputGradient;
      durations.weights[slot] = chunk.weights;
      if (durations.pairedForward && durations.pairedBackward) {
        durations.pairedForward[slot] = chunk.pairedForward;
        durations.pairedBackward[slot] = chunk.pairedBackward;
      }
      slot++;
    }
  return durations;
}

/** Seconds of one microbatch by axis: in the forward pass of a chunk, and in its backward pass. */
export interface SlotWaits {
  forward: Record<string, number>;
  backward: Record<string, number>;
  /** What a pass waits for besides where none of the other direction runs beside it (DualPipe). */
  forwardAlone: Record<string, number>;
  backwardAlone: Record<string, number>;
}

/** Waits inside the layers of a stage, chunk by chunk, as {@link chunkTimes} counts them. */
export function slotWaits(
  { stage, collectives }: { stage: Stage; collectives: readonly CollectiveWork[] },
  { microbatches, pp }: Degrees,
  schedule: Schedule,
): SlotWaits[] {
  // Of two copies of the weights a microbatch passes one.
  const passing = microbatches / weightCopies(schedule, pp);
  const shares = sharesOfWaits(stage);
  return stage.chunks.map(chunk => {
    const waits: SlotWaits = { forward: {}, backward: {}, forwardAlone: {}, backwardAlone: {} };
    const { layers: share, loss } = shares(chunk);
    const add = (book: Record<string, number>, owner: string, seconds: number): void => {
      if (seconds > 0) book[owner] = (book[owner] ?? 0) + seconds / passing;
    };
    for (const { demand, total, exposed, inPairs } of collectives) {
      if (!isInner(demand)) continue;
      const own = demand.phase === 'loss' ? loss : share;
      const ahead = demand.phase === 'forward';
      add(ahead ? waits.forward : waits.backward, demand.owner, own * exposed);
      if (inPairs)
        add(ahead ? waits.forwardAlone : waits.backwardAlone, demand.owner, share * (total - exposed));
    }
    return waits;
  });
}

/** Sends between neighbours; undefined where nothing is sent. */
export function sendsOf(collectives: readonly CollectiveWork[]): Sends | undefined {
  const sends = collectives.filter(({ demand }) => demand.cover === 'pipeline');
  const time = (phase: string): { alone: number; beside: number } => {
    const price = sends.find(({ demand }) => demand.phase === phase)?.price;
    return { alone: price?.time ?? 0, beside: price?.bothDirections ?? price?.time ?? 0 };
  };
  if (sends.length === 0) return undefined;
  const [forward, backward] = [time('forward'), time('backward')];
  return {
    forward: forward.alone,
    backward: backward.alone,
    forwardBeside: forward.beside,
    backwardBeside: backward.beside,
  };
}

interface StageTraffic {
  stage: Stage;
  collectives: readonly CollectiveWork[];
}

/** What of a step's data-parallel traffic runs when: beside the first and the last passes, or alone at the end. */
export function dataTrafficOf(work: WorkContext, costs: readonly StageTraffic[]): DataTraffic | undefined {
  const { plan, degrees, software } = work;
  const chunks = costs[0]?.stage.chunks.length ?? 1;
  const zeros = (size: number): Float64Array => new Float64Array(size);
  const traffic = {
    gather: zeros(costs.length * chunks),
    firstPiece: zeros(costs.length * chunks),
    reduce: zeros(costs.length * chunks),
    lastPiece: zeros(costs.length * chunks),
    share: software.overlapShare,
    gatherTax: zeros(costs.length),
    reduceTax: zeros(costs.length),
    serial: zeros(costs.length),
  };
  const gathers = zeros(costs.length);
  const reductions = zeros(costs.length);
  let any = false;
  costs.forEach(({ stage, collectives }, index) => {
    let shares: number[] | undefined;
    for (const { demand, total, exposed, runsBeside, piece, tax } of collectives) {
      if (isInner(demand) || demand.cover === 'pipeline') continue;
      any = true;
      if (!runsBeside) {
        traffic.serial[index]! += exposed;
        continue;
      }
      shares ??= sharesOf(stage);
      const ahead = runsBeside === 'first_forward';
      const time = ahead ? traffic.gather : traffic.reduce;
      const first = ahead ? traffic.firstPiece : traffic.lastPiece;
      // Of several collectives that run one after the other the mean, by their lengths.
      const [taxes, before] = ahead ? [traffic.gatherTax, gathers] : [traffic.reduceTax, reductions];
      taxes[index] = (taxes[index]! * before[index]! + (tax ?? 0) * total) / (before[index]! + total);
      before[index]! += total;
      for (let chunk = 0; chunk < chunks; chunk++) {
        const own = shares[chunk]! * total;
        time[index * chunks + chunk]! += own;
        first[index * chunks + chunk]! += Math.min(own, piece ?? 0);
      }
    }
  });
  return any ? traffic : undefined;

  /** Of a stage's parameters in each of its chunks. */
  function sharesOf(stage: Stage): number[] {
    if (stage.chunks.length === 1) return [1];
    const own = stage.chunks.map(chunk => shardParameters(plan, degrees, { ...stage, ...chunk }).total);
    const all = own.reduce((a, b) => a + b, 0);
    return own.map(part => (all > 0 ? part / all : 1 / own.length));
  }
}
