/**
 * Where the chunks of a pipeline lie. A chunk is a run of layers that a microbatch passes without a send in it; a stage holds
 * one or several. The way of a microbatch through all of them is a chain of places, each a stage and one of its chunks.
 */
import type { Schedule } from '../plan/spec.ts';

/** Chunks that a stage holds, those of a second copy of the weights with them. */
export function chunksOf(schedule: Schedule, stages: number): number {
  // With one stage there is no pipeline, whatever its schedule is called.
  if (stages === 1) return 1;
  switch (schedule.kind) {
    case 'interleaved':
    case 'circular':
      return schedule.chunks;
    case 'v_half':
    case 'v_min':
    case 'dualpipe':
      return 2;
    case 'zero_bubble':
      return schedule.variant === 'v' ? 2 : 1;
    default:
      return 1;
  }
}

/** How often every weight is held in one pipeline: DualPipe runs microbatches from both ends, each over weights of its own. */
export function copiesOf(schedule: Schedule, stages: number): number {
  return schedule.kind === 'dualpipe' && stages > 1 ? 2 : 1;
}

/**
 * - `line`: chunk c of stage r is place c*p + r; the last stage hands the next chunk to the first.
 * - `v`: the second chunk runs back (2405.15362): stage r holds places r and 2p-1-r.
 * - `both_ends`: two chains, the second from the last stage to the first (DualPipe).
 */
export type Form = 'line' | 'v' | 'both_ends';

export function formOf(schedule: Schedule): Form {
  switch (schedule.kind) {
    case 'dualpipe':
      return 'both_ends';
    case 'v_half':
    case 'v_min':
      return 'v';
    case 'zero_bubble':
      return schedule.variant === 'v' ? 'v' : 'line';
    default:
      return 'line';
  }
}

/** @returns the place in its chain of a stage's chunk: 0 has the embedding, the last one the head */
export function placeOf(form: Form, stages: number, stage: number, chunk: number): number {
  if (form === 'line') return chunk * stages + stage;
  if (chunk === 0) return stage;
  return form === 'v' ? 2 * stages - 1 - stage : stages - 1 - stage;
}

/**
 * Next place of a microbatch, as `stage * chunks + chunk`; -1 after the last one.
 * @param chunks of a stage
 */
export function nextSlot(form: Form, stages: number, chunks: number, stage: number, chunk: number): number {
  const slot = (at: number, of: number): number => at * chunks + of;
  if (form === 'line') {
    if (stage < stages - 1) return slot(stage + 1, chunk);
    return chunk < chunks - 1 ? slot(0, chunk + 1) : -1;
  }
  if (chunk === 0) {
    if (stage < stages - 1) return slot(stage + 1, 0);
    return form === 'v' ? slot(stage, 1) : -1;
  }
  return stage > 0 ? slot(stage - 1, 1) : -1;
}
