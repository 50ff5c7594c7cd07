import { describe, expect, it } from 'vitest';
import type { Recompute } from '../../../src/engine/plan/spec.ts';
import { llama405b } from '../model/models.ts';
import { mesh, priced } from '../plan/support.ts';

/** Executed over model FLOPs, both counted causal. */
function repeated(recompute: Recompute, sequence = 8192): number {
  const { throughput } = priced({
    mesh: mesh({ tp: 8, pp: 2, dp: 2 }),
    batch: { global: 16, micro: 1, sequence },
    recompute,
  });
  return throughput.hfu / throughput.mfu;
}

describe('hardware over model FLOP utilisation', () => {
  const layers = 126 * (2 * 16384 * (2 * 16384 + 2 * 1024) + 6 * 16384 * 53248);
  const attention = (sequence: number) => 126 * 2 * sequence * 16384;
  const forward = (sequence: number) => layers + attention(sequence) + 2 * llama405b.vocab * 16384;

  it('is 1 without recomputation, and with that of norms and gates, which have no matrix products', () => {
    expect(repeated({ mode: 'none' })).toBeCloseTo(1, 9);
    expect(repeated({ mode: 'selective', items: ['swiglu', 'norm'] })).toBeCloseTo(1, 9);
  });

  it('counts one more forward pass of the layers with full recomputation, and of attention alone with selective', () => {
    for (const sequence of [8192, 131072]) {
      const all = layers + attention(sequence);
      expect(repeated({ mode: 'full' }, sequence)).toBeCloseTo(1 + all / (3 * forward(sequence)), 9);
      expect(repeated({ mode: 'selective', items: ['attention'] }, sequence)).toBeCloseTo(
        1 + attention(sequence) / (3 * forward(sequence)),
        9,
      );
    }
  });
});
