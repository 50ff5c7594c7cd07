/**
 * Closed forms of the pipeline schedules: waiting, hops on the critical path, microbatches in flight.
 * Bubble over ideal: (p-1)/m for GPipe and 1F1B, (p-1)/(mv) interleaved (Narayanan et al., 2104.04473).
 */
import type { Schedule } from '../plan/spec.ts';

export interface PipelineShape {
  stages: number;
  chunks: number;
  microbatches: number;
}

/**
 * Time that the busiest stage waits for the pipeline to fill and drain, over the time it works. With chunks and fewer
 * microbatches than stages the pipeline also waits for its own end before each further chunk, (v-1)(p-m) slots: exact against a
 * message-by-message simulation of Megatron-LM's order. From m = p on, rounds of p or more microbatches leave no such gap.
 */
export function bubbleShare({ stages: p, chunks: v, microbatches: m }: PipelineShape): number {
  return ((v - 1) * Math.max(0, p - m) + p - 1) / (m * v);
}

/**
 * Sends that the step waits for, when sends run beside compute and one is short against a chunk's work. Found by simulating
 * the schedules message by message: GPipe and interleaved 1F1B wait for one fill and one drain; plain 1F1B also for the
 * round trip of each of its p - r microbatches in flight, which nothing covers.
 */
export function exposedHops(
  schedule: Schedule,
  { stages: p, chunks: v, microbatches: m }: PipelineShape,
): number {
  if (p === 1) return 0;
  if (schedule.kind === 'interleaved') return 2 * (p * v - 1);
  if (schedule.kind === 'gpipe') return 2 * (p - 1);
  return Math.max(2 * (p - 1), 2 * (p - 1) - 2 + (2 * (p - 1) * m) / p);
}

/** Microbatches whose activations stage `r` holds at its peak, in units of the whole stage. */
export function microbatchesInFlight(schedule: Schedule, shape: PipelineShape, r: number): number {
  const { stages: p, chunks: v, microbatches: m } = shape;
  if (schedule.kind === 'gpipe') return m;
  if (schedule.kind === 'interleaved') {
    // Warm-up of Megatron-LM's schedule in chunks, and the one that is being worked on; at most all there are.
    const chunks = 2 * (p - r - 1) + (v - 1) * p + 1;
    return Math.min(m, chunks / v);
  }
  return Math.min(m, p - r);
}

/**
 * Backward time of a stage during which its data-parallel reduction can already run: gradients are complete only when the last
 * microbatch has passed. Interleaved stages finish chunk after chunk, each over one round of p microbatches.
 * @param backward seconds of one microbatch's backward pass on the stage
 */
export function reductionWindow(
  schedule: Schedule,
  { stages, chunks, microbatches }: PipelineShape,
  backward: number,
): number {
  if (schedule.kind !== 'interleaved') return backward;
  const round = Math.min(stages, microbatches);
  return (round * backward * (chunks - 1)) / chunks + backward / chunks;
}

/** Forward time at the start of a step under which gathers of later chunks can run; the same shape as the reduction's. */
export function gatherWindow(schedule: Schedule, shape: PipelineShape, forward: number): number {
  return reductionWindow(schedule, shape, forward);
}
