/** The degrees and local sizes that every part of an estimate needs, derived once from a plan. */

import { PRECISION_BYTES } from '../fabric/spec.ts';
import { layerKinds, mtpLayerKind } from '../model/parameters.ts';
import type { LayerKind } from '../model/spec.ts';
import { degree } from './placement.ts';
import type { PlanSpec } from './spec.ts';

export interface Degrees {
  tp: number;
  /** Context parallelism of any kind (`cp`, and `sp` for Ulysses). */
  cp: number;
  pp: number;
  /** Data-parallel ranks: `dp` and `fsdp` together. */
  dp: number;
  ep: number;
  etp: number;
  /** Virtual stages per rank. */
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
  const tokens = (batch.micro * batch.sequence) / cp;
  return {
    tp,
    cp,
    pp: degree(mesh, 'pp'),
    dp,
    ep: degree(mesh, 'ep'),
    etp: degree(mesh, 'etp'),
    chunks: plan.pp.schedule.kind === 'interleaved' ? plan.pp.schedule.chunks : 1,
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

/** One pipeline stage: which layers it holds and whether embedding and head are there. */
export interface Stage {
  index: number;
  /** Transformer layers of the model that it holds. */
  kinds: LayerKind[];
  /** Layers of each kind that run here, those of multi-token-prediction modules with them. */
  dense: number;
  moe: number;
  /** Multi-token-prediction modules; they sit on the last stage. */
  mtp: number;
  embedding: boolean;
  head: boolean;
}

/** @returns the stages, first one first. Without stated `pp.layers` the rest goes to the first stages. */
export function stagesOf(plan: PlanSpec, pp: number): Stage[] {
  const kinds = layerKinds(plan.model);
  const counts = plan.pp.layers ?? balanced(kinds.length, pp);
  let next = 0;
  return counts.map((count, index) => {
    const own = kinds.slice(next, next + count);
    next += count;
    const head = index === counts.length - 1;
    const mtp = head ? plan.model.mtpLayers : 0;
    const run = [...own, ...new Array<LayerKind>(mtp).fill(mtpLayerKind(plan.model))];
    const dense = run.filter(kind => kind === 'dense').length;
    return { index, kinds: own, dense, moe: run.length - dense, mtp, embedding: index === 0, head };
  });
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
