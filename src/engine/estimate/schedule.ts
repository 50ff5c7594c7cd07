/**
 * What a search asks of a pipeline schedule without playing it: hops on the critical path, and windows for data-parallel traffic.
 * The estimate itself plays the step (`engine/schedule/`).
 */
import type { Schedule } from '../plan/spec.ts';
import { copiesOf, formOf } from '../schedule/layout.ts';

export interface PipelineShape {
  stages: number;
  chunks: number;
  microbatches: number;
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

/**
 * Time of a stage's passes beside which its data-parallel traffic can run: backward ones beside reductions, as gradients are complete
 * only when the last microbatch has passed; forward ones beside gathers of the chunks that come later. Interleaved stages finish
 * chunk after chunk, each over one round of p microbatches; circular ones each over all microbatches.
 * @param pass seconds of one microbatch's pass on the stage
 */
export function dataWindow(
  schedule: Schedule,
  { stages, chunks, microbatches }: PipelineShape,
  pass: number,
): number {
  if (chunks === 1) return pass;
  if (schedule.kind === 'interleaved' || schedule.kind === 'circular') {
    const round = schedule.kind === 'circular' ? microbatches : Math.min(stages, microbatches);
    return (round * pass * (chunks - 1)) / chunks + pass / chunks;
  }
  return pass / copiesOf(schedule, stages);
}
