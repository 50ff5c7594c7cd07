/**
 * What a search asks of a pipeline schedule without playing it: hops on the critical path, windows, microbatches in flight.
 * The estimate itself plays the step (`engine/schedule/`).
 */
import type { Schedule } from '../plan/spec.ts';
import { microbatchesHeld } from '../schedule/in-flight.ts';
import { copiesOf, formOf } from '../schedule/layout.ts';

export interface PipelineShape {
  stages: number;
  chunks: number;
  microbatches: number;
}

/**
 * Time that even stages wait for a GPipe, 1F1B, interleaved or circular pipeline to fill and drain, over the time they work:
 * (p-1)/m, (p-1)/(mv) with chunks (Narayanan et al., 2104.04473). With chunks and fewer microbatches than stages the pipeline
 * also waits for its own end before each further chunk, (v-1)(p-m) slots; from m = p on no such gap is left.
 */
export function bubbleShare({ stages: p, chunks: v, microbatches: m }: PipelineShape): number {
  return ((v - 1) * Math.max(0, p - m) + p - 1) / (m * v);
}

/**
 * Sends that the step waits for, when sends run beside compute and one is short against a chunk's work. Found by simulating
 * the schedules message by message: GPipe, interleaved 1F1B and circular wait for one fill and one drain; plain 1F1B also for the
 * round trip of each of its p - r microbatches in flight, which nothing covers, and so does ZB-H1, which orders its forward
 * passes and input gradients the same.
 */
export function exposedHops(
  schedule: Schedule,
  { stages: p, chunks: v, microbatches: m }: PipelineShape,
): number {
  if (p === 1) return 0;
  switch (schedule.kind) {
    case 'interleaved':
    case 'circular':
      return 2 * (p * v - 1);
    case '1f1b':
      return Math.max(2 * (p - 1), 2 * (p - 1) - 2 + (2 * (p - 1) * m) / p);
    case 'zero_bubble':
      if (schedule.variant === 'h1') return Math.max(2 * (p - 1), 2 * (p - 1) - 2 + (2 * (p - 1) * m) / p);
      return 2 * (p - 1);
    default:
      return formOf(schedule) === 'v' ? 4 * (p - 1) : 2 * (p - 1);
  }
}

/** Microbatches whose activations stage `r` holds at its peak, in units of the whole stage. */
export function microbatchesInFlight(schedule: Schedule, shape: PipelineShape, r: number): number {
  return microbatchesHeld(schedule, shape.stages, shape.microbatches, r);
}

/**
 * Backward time of a stage during which its data-parallel reduction can already run: gradients are complete only when the last
 * microbatch has passed. Interleaved stages finish chunk after chunk, each over one round of p microbatches; circular ones each
 * over all microbatches.
 * @param backward seconds of one microbatch's backward pass on the stage
 */
export function reductionWindow(
  schedule: Schedule,
  { stages, chunks, microbatches }: PipelineShape,
  backward: number,
): number {
  if (chunks === 1) return backward;
  if (schedule.kind === 'interleaved' || schedule.kind === 'circular') {
    const round = schedule.kind === 'circular' ? microbatches : Math.min(stages, microbatches);
    return (round * backward * (chunks - 1)) / chunks + backward / chunks;
  }
  return backward / copiesOf(schedule, stages);
}

/** Forward time at the start of a step under which gathers of later chunks can run; the same shape as the reduction's. */
export function gatherWindow(schedule: Schedule, shape: PipelineShape, forward: number): number {
  return reductionWindow(schedule, shape, forward);
}
