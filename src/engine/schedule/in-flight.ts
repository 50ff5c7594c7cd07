/**
 * Activations that a schedule holds at its peak. Weight gradients that wait hold what their pass kept: counted until then,
 * which is right for what a matrix product needs and much for the rest.
 */
import type { Schedule } from '../plan/spec.ts';
import { chunksOf, copiesOf } from './layout.ts';
import { warmUp } from './orders/interleaved.ts';
import { chunksHeld } from './orders/v-shaped.ts';

/**
 * Microbatches in units of the whole stage, all of its chunks: GPipe and circular hold all, 1F1B p - r (2205.05198), ZB-H1 and
 * ZB-V p, ZB-H2 2p - 1 (2401.10241), V-half and V-min the share of their block (2405.15362), DualPipe p + 1 of one of its two
 * copies (2412.19437).
 * @param r the stage, from 0
 */
export function microbatchesHeld(
  schedule: Schedule,
  stages: number,
  microbatches: number,
  r: number,
): number {
  const m = microbatches;
  if (stages === 1) return Math.min(m, schedule.kind === 'gpipe' || schedule.kind === 'circular' ? m : 1);
  switch (schedule.kind) {
    case 'gpipe':
    case 'circular':
      return m;
    case '1f1b':
      return Math.min(m, stages - r);
    case 'interleaved': {
      const { chunks } = schedule;
      // Warm-up in chunks, and the one that is being worked on; at most all there are.
      return Math.min(m, (warmUp({ stages, microbatches: m, chunks }, r) + 1) / chunks);
    }
    case 'zero_bubble':
      return Math.min(m, schedule.variant === 'h2' ? 2 * stages - 1 : stages);
    case 'v_half':
    case 'v_min':
      return Math.min(m, chunksHeld(schedule.kind, stages) / chunksOf(schedule, stages));
    case 'dualpipe':
      return Math.min(m, stages + 1) / copiesOf(schedule, stages);
  }
}
