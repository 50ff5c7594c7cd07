/** The work of a stage, one operation after the other, as numbers: a step has tens of thousands of them. */

export const FORWARD = 0;
/** Gradient of the input alone; a `WEIGHTS` follows somewhere. */
export const INPUT_GRADIENT = 1;
export const WEIGHTS = 2;
/** Both gradients at once. */
export const BACKWARD = 3;
/** A forward and a backward pass of two microbatches in one piece (DualPipe): the two stand one behind the other. */
export const PAIRED_FORWARD = 4;
export const PAIRED_BACKWARD = 5;

export type OpKind = 0 | 1 | 2 | 3 | 4 | 5;

/** Kind, chunk and microbatch in one integer. @param chunks of a stage */
export const opOf = (kind: OpKind, chunk: number, microbatch: number, chunks: number): number =>
  (microbatch * chunks + chunk) * 8 + kind;

export const kindOf = (op: number): OpKind => (op & 7) as OpKind;
export const chunkOf = (op: number, chunks: number): number => (op >> 3) % chunks;
export const microbatchOf = (op: number, chunks: number): number => Math.floor((op >> 3) / chunks);

export const isForward = (kind: OpKind): boolean => kind === FORWARD || kind === PAIRED_FORWARD;
/** After which the chunk's activations of the microbatch are free. */
export const isRelease = (kind: OpKind): boolean =>
  kind === WEIGHTS || kind === BACKWARD || kind === PAIRED_BACKWARD;

/** Sequence of one stage. */
export type Order = number[];

/** Stages, microbatches of one chain, chunks of a stage. */
export interface Size {
  stages: number;
  microbatches: number;
  chunks: number;
}
