import { describe, expect, it } from 'vitest';
import { mesh, priced, zero1 } from '../plan/support.ts';
import { pretrain } from './samples.ts';

describe('bytes of a level', () => {
  it('are those of all stages, each with its own parameters', () => {
    const sample = priced({ pp: pretrain().pp, recompute: pretrain().recompute });
    // 8 tensor ranks x 16 stages are 128 rings over 128 ranks; each passes pod edges six times. 14 inner stages hold 8 layers
    // (fp32 gradients and bf16 weights: 6 bytes), the outer two 7 and a vocabulary.
    const layer = (16384 * 16384 * 2 + (2 * 16384 * 8 * 128) / 1 + 3 * 16384 * 53248) / 8 + 2 * 16384;
    const vocabulary = (128256 * 16384) / 8;
    const held = 14 * 8 * layer + 2 * 7 * layer + 2 * vocabulary + 16384;
    expect(sample.levels[2]!.bytes / (8 * 6 * (127 / 128) * 6 * held)).toBeCloseTo(1, 9);
  });

  it('count each send of a pipeline once', () => {
    const { levels, collectives } = priced({
      ...zero1,
      mesh: mesh({ tp: 8, pp: 4 }),
      batch: { global: 8, micro: 1, sequence: 8192 },
    });
    const send = collectives.find(each => each.name === 'stage_send')!;
    // Three boundaries, eight tensor ranks, eight microbatches, both ways; tensor traffic stays in the node.
    expect(levels[1]!.bytes).toBe(3 * 8 * 8 * 2 * send.bytes);
  });
});
