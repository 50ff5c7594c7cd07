/** How much of a stage the backward pass computes again. */
import { layersOf, type Stage } from './degrees.ts';
import type { Recompute } from './spec.ts';

/** Share of a stage's layers that `recompute: full` computes again: all of them, or as many as it names; 0 for other modes. */
export function recomputedShare(recompute: Recompute, stage: Stage): number {
  if (recompute.mode !== 'full') return 0;
  const layers = layersOf(stage);
  return recompute.layers === undefined || layers === 0 ? 1 : Math.min(1, recompute.layers / layers);
}
