/**
 * What a generation of training software adds to the kernels: how well its kernels are chosen, what it overlaps, what it
 * costs per step. One row per generation, never per model or per run; the rows are in `constants.ts`.
 */
import { SOFTWARE } from './constants.ts';

export interface Software {
  name: string;
  /** For people: which code is meant. */
  title: string;
  /** All kernel times of a layer are multiplied by this. */
  kernelFactor: number;
  /** Fused attention's rate over that of the chip's best kernel. */
  attentionRate: number;
  /** Attention keeps and moves the score matrix. */
  unfusedAttention: boolean;
  /**
   * Fused kernels take a learned sink into the softmax. Transformer Engine falls back to separate kernels before cuDNN 9.18
   * (NVIDIA/TransformerEngine issue 2318, verl issue 5224), and JAX's do not have it.
   */
  fusedSinks: boolean;
  /** Bytes per token and hidden element of norms, residuals and dropout, forward. */
  elementwiseBytes: number;
  /** All element-wise traffic over that of fused kernels. */
  elementwiseFactor: number;
  /**
   * Share of a backward TP collective that stays exposed although it runs beside a GEMM that does not need it; 1 where the code
   * waits for it.
   */
  tpBackwardExposed: number;
  /** Share of a TP collective that stays exposed when the plan overlaps it (`tp.overlap`). */
  tpExposedShare: number;
  /** Stages send each tensor rank's part of an activation that all of them hold. */
  scatterGather: boolean;
  /** Share of a window that data-parallel traffic really hides under. */
  overlapShare: number;
  /** Compute time lost per second of communication beside it. */
  overlapTax: number;
  /** Parameters in a data-parallel bucket. */
  bucketParameters: number;
  /** Seconds per step of host work, data loading, logging, gradient norm. */
  fixedTime: number;
  /** A layer's launches take at least this long on the host, seconds. */
  hostFloorPerLayer: number;
  /** Share of the step lost per doubling of the chips beyond 8 (stragglers, collisions). */
  lossPerDoubling: number;
}

/** Generation assumed where the plan states none. */
export function defaultSoftware(kind: 'gpu' | 'tpu'): Software {
  return softwareNamed(kind === 'tpu' ? 'maxtext' : 'torchtitan')!;
}

export function softwareNamed(name: string): Software | undefined {
  return SOFTWARE.find(software => software.name === name);
}
