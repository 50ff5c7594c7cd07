/** The degrees and local sizes that every part of an estimate needs, derived once from a plan. */

import { PRECISION_BYTES } from '../fabric/spec.ts';
import { layerKinds, mtpLayerKind } from '../model/parameters.ts';
import type { LayerKind, ModelSpec } from '../model/spec.ts';
import { chunksOf, copiesOf, formOf, placeOf } from '../schedule/layout.ts';
import { degree } from './placement.ts';
import type { PlanSpec, Schedule } from './spec.ts';

export interface Degrees {
  tp: number;
  /** Context parallelism of any kind (`cp`, and `sp` for Ulysses). */
  cp: number;
  pp: number;
  /** Data-parallel ranks: `dp` and `fsdp` together. */
  dp: number;
  ep: number;
  etp: number;
  /** Runs of layers per rank that a microbatch passes at different times; with DualPipe one for each direction. */
  chunks: number;
  /** Microbatches of a data-parallel rank; not an integer when the batch does not divide. */
  microbatches: number;
  /** Tokens of one microbatch on one rank, before tensor parallelism. */
  tokens: number;
  /** Of these, the tokens that one rank sends to experts: its part of the sequence, all of it without sequence parallelism. */
  routedTokens: number;
  /** Sequences of one microbatch. */
  sequences: number;
  /** Key/value heads held per rank. */
  kvHeadsPerRank: number;
  bytes: {
    activation: number;
    weight: number;
    /** Gradients as they are accumulated in memory, and as they are sent. */
    gradient: number;
    reduce: number;
    /** Main weights, 0 where the weights themselves are updated; each of the optimizer's moments. */
    main: number;
    moments: number;
  };
}

export function degreesOf(plan: PlanSpec): Degrees {
  const { mesh, batch, model, precision } = plan;
  const tp = degree(mesh, 'tp');
  const cp = degree(mesh, 'cp', 'sp');
  const dp = degree(mesh, 'dp', 'fsdp');
  const pp = degree(mesh, 'pp');
  const tokens = (batch.micro * batch.sequence) / cp;
  return {
    tp,
    cp,
    pp,
    dp,
    ep: degree(mesh, 'ep'),
    etp: degree(mesh, 'etp'),
    chunks: chunksOf(plan.pp.schedule, pp),
    microbatches: batch.global / (dp * batch.micro),
    tokens,
    routedTokens: plan.tp.sequenceParallel ? tokens / tp : tokens,
    sequences: batch.micro,
    kvHeadsPerRank: Math.max(model.kvHeads / tp, 1),
    bytes: {
      activation: PRECISION_BYTES[precision.activation],
      weight: PRECISION_BYTES[precision.weights],
      gradient: PRECISION_BYTES[precision.gradient],
      reduce: PRECISION_BYTES[precision.reduce ?? precision.gradient],
      main: mainBytes(precision),
      moments: PRECISION_BYTES[precision.moments ?? precision.optimizer],
    },
  };
}

/** Weights that are as wide as the main weights would be are their own main weights. */
function mainBytes({ main, optimizer, weights }: PlanSpec['precision']): number {
  if (main === 'none') return 0;
  const bytes = PRECISION_BYTES[main ?? optimizer];
  return PRECISION_BYTES[weights] >= bytes ? 0 : bytes;
}

/** Layers of one kind or the other, and what stands before and behind them. */
export interface Layers {
  /** Layers of each kind that run here, those of multi-token-prediction modules with them. */
  dense: number;
  moe: number;
  /** Multi-token-prediction modules; they sit before the head. */
  mtp: number;
  embedding: boolean;
  head: boolean;
}

/** One pipeline stage: which layers it holds and whether embedding and head are there. */
export interface Stage extends Layers {
  index: number;
  /** Transformer layers of the model that it holds. */
  kinds: LayerKind[];
  /** The same, chunk by chunk. */
  chunks: Layers[];
}

/** How often a pipeline holds every weight: twice with DualPipe, whose stages hold layers of both ends. */
export function weightCopies(schedule: Schedule, pp: number): number {
  return copiesOf(schedule, pp);
}

/**
 * @returns the stages, first one first. Without stated `pp.layers` the rest goes to the first stages. Chunks hold the layers that
 * the schedule leads through them: stage r of a V those of places r and 2p-1-r, of DualPipe those of stages r and p-1-r.
 */
export function stagesOf(plan: PlanSpec, pp: number): Stage[] {
  const { schedule, layers } = plan.pp;
  const known = laid.get(plan.model);
  const chunks = chunksOf(schedule, pp);
  if (known?.pp === pp && known.kind === schedule.kind && known.chunks === chunks && known.layers === layers)
    return known.stages;
  const stages = layStages(plan, pp);
  laid.set(plan.model, { pp, kind: schedule.kind, chunks, layers, stages });
  return stages;
}

/** The last stages of a model: whoever tries plans one after the other changes other things more often. */
const laid = new WeakMap<
  ModelSpec,
  { pp: number; kind: string; chunks: number; layers: number[] | undefined; stages: Stage[] }
>();

function layStages(plan: PlanSpec, pp: number): Stage[] {
  const { model } = plan;
  const { schedule } = plan.pp;
  const all = layerKinds(model);
  const stated = plan.pp.layers ?? balanced(all.length, pp);
  const [form, chunks, copies] = [formOf(schedule), chunksOf(schedule, pp), copiesOf(schedule, pp)];
  const places = (pp * chunks) / copies;
  const counts = new Array<number>(places).fill(0);
  stated.forEach((count, stage) => {
    if (copies > 1) counts[stage] = count;
    else
      for (const [chunk, part] of splitLayers(count, chunks, stage === 0).entries())
        counts[placeOf(form, pp, stage, chunk)] = part;
  });
  const ends: number[] = [];
  let next = 0;
  for (const count of counts) {
    next += count;
    ends.push(next);
  }
  return stated.map((_, index) => {
    const stage: Stage = {
      index,
      kinds: [],
      dense: 0,
      moe: 0,
      mtp: 0,
      embedding: false,
      head: false,
      chunks: [],
    };
    for (let chunk = 0; chunk < chunks; chunk++) {
      const place = placeOf(form, pp, index, chunk);
      const own = all.slice(ends[place]! - counts[place]!, ends[place]);
      const head = place === places - 1;
      const mtp = head ? model.mtpLayers : 0;
      let dense = mtp > 0 && mtpLayerKind(model) === 'dense' ? mtp : 0;
      for (const kind of own) if (kind === 'dense') dense++;
      const moe = own.length + mtp - dense;
      stage.chunks.push({ dense, moe, mtp, embedding: place === 0, head });
      stage.kinds.push(...own);
      stage.dense += dense;
      stage.moe += moe;
      stage.mtp += mtp;
      stage.embedding ||= place === 0;
      stage.head ||= head;
    }
    return stage;
  });
}

/** As even as it goes. The first chunk of the first stage, which has the embedding, is the last one to get one more. */
function splitLayers(layers: number, chunks: number, first: boolean): number[] {
  const base = Math.floor(layers / chunks);
  const rest = layers % chunks;
  return Array.from(
    { length: chunks },
    (_, chunk) => base + ((first ? chunks - 1 - chunk : chunk) < rest ? 1 : 0),
  );
}

/** Layers that run on a stage, those of multi-token-prediction modules with them. */
export function layersOf(stage: Stage): number {
  return stage.dense + stage.moe;
}

function balanced(layers: number, pp: number): number[] {
  const base = Math.floor(layers / pp);
  return Array.from({ length: pp }, (_, index) => base + (index < layers % pp ? 1 : 0));
}

/**
 * Whether gradients are kept in shards and so reduced every microbatch: from ZeRO-2 on unless the plan accumulates them whole
 * (`accumulate: local`; with ZeRO-3 that is PyTorch's `no_sync`, and what its pipelines do).
 */
export function reducesEveryMicrobatch(zero: number, accumulate: 'local' | 'sharded'): boolean {
  return zero >= 2 && accumulate === 'sharded';
}
