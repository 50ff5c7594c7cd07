import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attendedKeys,
  forwardFlopsPerToken,
  headFlops,
  layerFlops,
  layerFlopsTotal,
  modelFlopsPerStep,
} from '../../../src/engine/model/flops.ts';
import { countParameters } from '../../../src/engine/model/parameters.ts';
import * as models from './models.ts';

const exa = (flops: number) => Number((flops / 1e18).toFixed(2));

describe('model FLOPs of a training step', () => {
  it('Llama 3.1 405B, 2048 sequences of 8192: 44.05e18 full, 42.34e18 causal', () => {
    const step = (attention: 'full' | 'causal') =>
      modelFlopsPerStep(models.llama405b, 2048 * 8192, 8192, { attention });
    expect(exa(step('full'))).toBe(44.05);
    expect(exa(step('causal'))).toBe(42.34);
    // 6NT with all parameters, the rule of thumb: 6.23 s on 16,384 chips at 400 TFLOP/s against 6.46 s counted causal.
    expect((6 * countParameters(models.llama405b).total * 2048 * 8192) / (16384 * 400e12)).toBeCloseTo(
      6.23,
      2,
    );
    expect(step('causal') / (16384 * 400e12)).toBeCloseTo(6.46, 2);
  });

  it('DeepSeek-V3, 15360 sequences of 4096: 15.76e18 causal, 17.69e18 full, 16.40 and 18.36 with its MTP module', () => {
    const step = (attention: 'full' | 'causal', mtp: boolean) =>
      exa(modelFlopsPerStep(models.deepseekV3, 15360 * 4096, 4096, { attention, mtp }));
    expect(step('causal', false)).toBe(15.76);
    expect(step('full', false)).toBe(17.69);
    expect(step('causal', true)).toBe(16.4);
    expect(step('full', true)).toBe(18.36);
  });

  it('PaLM 540B, 2048 sequences of 2048: 13.75e18 full', () => {
    expect(exa(modelFlopsPerStep(models.palm, 2048 * 2048, 2048, { attention: 'full' }))).toBe(13.75);
  });

  it('GPT-3 175B, batch 1536: 3386.197 PFLOP, the closed formula of the Megatron-LM paper without recomputation', () => {
    // 72 B s l h^2 (1 + s/6h + V/12lh), 2104.04473 appendix, with 72 for forward and backward alone.
    const [batch, s, l, h, vocab] = [1536, 2048, 96, 12288, 51200];
    const formula = 72 * batch * s * l * h * h * (1 + s / (6 * h) + vocab / (12 * l * h));
    const step = modelFlopsPerStep(models.gpt3, batch * s, s, { attention: 'full' });
    expect(Number((step / 1e15).toFixed(3))).toBe(3386.197);
    expect(step / formula).toBeCloseTo(1, 12);
    expect(
      Number((modelFlopsPerStep(models.gpt3, batch * s, s, { attention: 'causal' }) / 1e15).toFixed(1)),
    ).toBe(3340.6);
  });

  it('DeepSeek-V3 lands within 1 % of the utilisation its report gives', () => {
    // 2412.19437: 2.664 M GPU-hours for 14.8 T tokens on 2048 chips; 385 (causal) and 432 (full) TFLOP/s per chip.
    const seconds = (2.664e6 * 3600 * 15360 * 4096) / 14.8e12 / 2048;
    const perChip = (attention: 'full' | 'causal') =>
      modelFlopsPerStep(models.deepseekV3, 15360 * 4096, 4096, { attention }) / seconds / 2048 / 1e12;
    expect(seconds).toBeCloseTo(19.9, 1);
    expect(Math.abs(perChip('causal') / 385 - 1)).toBeLessThan(0.01);
    expect(Math.abs(perChip('full') / 432 - 1)).toBeLessThan(0.01);
  });
});

describe('parts of a layer', () => {
  it('a mixture-of-experts layer pays for its router, its shared expert and topk routed ones', () => {
    const parts = layerFlops(models.deepseekV3, 'moe', { sequence: 4096, attention: 'causal' });
    expect(parts.mlp).toBe(0);
    expect(parts.router).toBe(2 * 7168 * 256);
    expect(parts.shared).toBe(6 * 7168 * 2048);
    expect(parts.experts).toBe(8 * 6 * 7168 * 2048);
  });

  it('latent attention multiplies its down- and up-projections', () => {
    const { projections, scores } = layerFlops(models.deepseekV3, 'dense', {
      sequence: 4096,
      attention: 'full',
    });
    // Two FLOPs for every weight of the projections: 187.107 M of them in a layer.
    expect(projections / 2).toBe(
      7168 * 1536 + 1536 * 128 * 192 + 7168 * 576 + 512 * 128 * 256 + 128 * 128 * 7168,
    );
    expect(scores).toBe(2 * 4096 * 128 * 320);
  });

  it('a layer without attention to count is two FLOPs per active weight', () => {
    const { scores, ...rest } = layerFlops(models.llama8b, 'dense', { sequence: 8192, attention: 'causal' });
    const weights = 2 * 4096 * 4096 + 2 * 4096 * 1024 + 3 * 4096 * 14336;
    expect(Object.values(rest).reduce((sum, part) => sum + part, 0)).toBe(2 * weights);
    expect(scores).toBe(2 * 8192 * 32 * 128);
  });

  it('the head counts also where it is tied to the embedding', () => {
    expect(headFlops(models.palm)).toBe(2 * 18432 * 256000);
  });
});

describe('sliding windows', () => {
  it('gpt-oss attends to 128 tokens in half of its layers', () => {
    const at = (window: boolean) =>
      layerFlops(
        { ...models.gptOss120b, slidingWindow: window ? { size: 128, layers: 18 } : undefined },
        'moe',
        {
          sequence: 8192,
          attention: 'full',
        },
      ).scores;
    expect(at(true) / at(false)).toBeCloseTo((0.5 * 128) / 8192 + 0.5, 12);
  });

  it('a window that is not reached changes nothing, and a wider one never costs less', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1 << 20 }),
        fc.integer({ min: 1, max: 1 << 20 }),
        fc.integer({ min: 0, max: 1 << 20 }),
        fc.constantFrom('causal' as const, 'full' as const),
        (sequence, window, more, attention) => {
          const narrow = attendedKeys(sequence, attention, window);
          expect(attendedKeys(sequence, attention, window + more)).toBeGreaterThanOrEqual(narrow);
          expect(narrow).toBeLessThanOrEqual(attendedKeys(sequence, attention));
          expect(attendedKeys(sequence, attention, sequence + more)).toBe(attendedKeys(sequence, attention));
        },
      ),
    );
  });

  it('causal is half of full without a window', () => {
    expect(attendedKeys(4096, 'causal')).toBe(2048);
    expect(attendedKeys(4096, 'full')).toBe(4096);
  });
});

it('a step is three forward passes over every token', () => {
  for (const model of models.everyModel) {
    const forward = forwardFlopsPerToken(model, 4096, { attention: 'causal' });
    expect(modelFlopsPerStep(model, 1000, 4096, { attention: 'causal' })).toBeCloseTo(3000 * forward, -6);
    expect(layerFlopsTotal(layerFlops(model, 'dense', { sequence: 1, attention: 'full' }))).toBeGreaterThan(
      0,
    );
  }
});
