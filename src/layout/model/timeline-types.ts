/**
 * A played step as columns of numbers: what the panel draws of its timeline. A block is one pass of one microbatch through one
 * chunk, or two that run in one piece. Times are whole nanoseconds, so that a block costs a few characters of JSON.
 */

/** How many numbers of `waits`, and of `transfers`, belong together. */
export const SIZE = 5;

/** Of one axis, on every slot; `…Alone` besides, where no pass of the other direction runs in one piece with it. */
export interface InnerWaits {
  axis: string;
  forward: number[];
  backward: number[];
  forwardAlone?: number[];
  backwardAlone?: number[];
}

export interface PanelTimeline {
  stages: number;
  chunks: number;
  /** That are in it, the first ones of so many. */
  microbatches: number;
  allMicrobatches: number;
  /** Index of the first block of every stage; at the end the number of all blocks. */
  first: number[];
  /** Of every block: idle time before it, its length, and (microbatch * chunks + chunk) * 8 + kind (../../engine/schedule/ops.ts). */
  gap: number[];
  length: number[];
  op: number[];
  /** Of every block: until its result has arrived, from its end; negative towards the stage before; 0 where it stays. */
  send: number[];
  /** Second op of every block that has two, in their sequence. */
  pairs: number[];
  /**
   * Of blocks that wait for more than the one before: index, idle time for a send under way and for gathered weights, time for
   * weights in its course, index of the block whose result it needs or -1. The rest of the gap is the pipeline's.
   */
  waits: number[];
  /** Stage, chunk, 1 for a reduction of gradients or 0 for a gather of weights, start, length. */
  transfers: number[];
  /** Of every stage: when it has computed, and when its gradients are reduced. */
  computed: number[];
  finished: number[];
  /** What follows for all stages once the last one has finished. */
  optimizer: number;
  overhead: number;
  /** By axis what a pass waits for inside its layers, on every slot (stage * chunks + chunk). */
  inner: InnerWaits[];
  /** Blocks of the longest path. */
  critical: number[];
}
