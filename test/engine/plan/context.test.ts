/** Context parallelism, bytes per rank, layer and microbatch (Llama 3 report, 2407.21783; Ulysses, 2309.14509). */
import { describe, expect, it } from 'vitest';
import { measure } from '../../../src/engine/estimate/metrics.ts';
import type { PlanSpec } from '../../../src/engine/plan/spec.ts';
import { pretrain } from '../estimate/samples.ts';
import { deepseekV3, llama405b } from '../model/models.ts';
import { mesh, priced } from './support.ts';

const fields = (method: PlanSpec['cp']['method'], tp = 8): Partial<PlanSpec> => ({
  mesh: mesh({ tp, cp: 4, pp: 2, dp: 2 }),
  batch: { global: 32, micro: 1, sequence: 131072 },
  cp: { method },
});
/** Sum over the exchanges of one direction, per layer and microbatch. */
function exchanged(plan: Partial<PlanSpec>, phase: string): number {
  const estimate = priced(plan);
  const { layers } = estimate.stages[estimate.busiestStage]!;
  return estimate.collectives
    .filter(each => each.name === 'cp_exchange' && each.phase === phase)
    .reduce((sum, each) => sum + (each.bytes * each.count) / (layers * estimate.microbatches), 0);
}

describe('one layer of Llama 3 405B at 128k tokens, tp 8, cp 4', () => {
  const tokens = 131072 / 4;

  it('sends keys and values c - 1 times round the ring, twice as much backward', () => {
    expect(exchanged(fields('ring'), 'forward')).toBe(3 * 2 * 2 * tokens * 128);
    expect(exchanged(fields('ring'), 'backward')).toBe(3 * 4 * 2 * tokens * 128);
  });

  it('gathers one key/value head of the whole sequence, again in the backward pass, and scatters its gradient', () => {
    // Transformer Engine's AttnFuncWithCPAndKVAllGather saves each rank's own part only.
    expect(exchanged(fields('all_gather'), 'forward')).toBe(2 * 2 * 131072 * 128);
    expect(exchanged(fields('all_gather'), 'backward')).toBe(2 * (2 * 2 * 131072 * 128));
  });

  it('exchanges queries, outputs, keys and values with Ulysses', () => {
    // Two tensor ranks: 4 key/value heads for 4 ranks, one each.
    const bytes = 2 * tokens * 128 * ((2 * llama405b.heads) / 2 + 2 * 4);
    expect(exchanged(fields('ulysses', 2), 'forward')).toBe(bytes);
    expect(exchanged(fields('ulysses', 2), 'backward')).toBe(bytes);
  });

  it('sends the only key/value head of a rank to all others with Ulysses: each needs it for its queries', () => {
    const bytes = 2 * tokens * 128 * ((2 * llama405b.heads) / 8 + 2 * 4);
    expect(exchanged(fields('ulysses'), 'forward')).toBe(bytes);
  });

  it('keeps at least one key/value head where there are fewer than tensor ranks', () => {
    expect(exchanged(fields('ring', 16), 'forward')).toBe(3 * 2 * 2 * tokens * 128);
  });
});

describe('latent attention', () => {
  it('exchanges queries and keys of 192 and outputs and values of 128 per head', () => {
    const plan = { ...fields('ulysses'), model: { ...deepseekV3, moe: undefined, mtpLayers: 0 } as never };
    expect(exchanged(plan, 'forward')).toBe(((2 * 131072) / 4) * 16 * 2 * (192 + 128));
  });
});

describe('time of an axis', () => {
  it('is booked once: gradients over dp and cp together belong to dp, as in the parts of the step', () => {
    const estimate = priced(fields('ring'));
    const plan = pretrain(fields('ring'));
    expect(estimate.collectives.some(each => each.axis === 'dp*cp')).toBe(true);
    for (const axis of ['tp', 'cp', 'pp', 'dp'])
      expect(measure(estimate, plan, 'exposed', { axis })).toBe(estimate.step.exposed[axis]);
  });
});
