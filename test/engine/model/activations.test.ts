import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ActivationOptions,
  kvCacheBytesPerToken,
  layerActivationBytes,
  layerActivations,
  logitsBytes,
} from '../../../src/engine/model/activations.ts';
import * as models from './models.ts';

const none: ActivationOptions = {
  tokens: 8192,
  tp: 8,
  sequenceParallel: true,
  ep: 1,
  etp: 1,
  imbalance: 1,
  recompute: { mode: 'none' },
  bytes: 2,
};
const selective = (...items: ('attention' | 'norm' | 'swiglu' | 'mla_up' | 'moe_act')[]) => ({
  mode: 'selective' as const,
  items,
});
const megabytes = (bytes: number) => Number((bytes / 1e6).toFixed(1));

describe('Llama 3.1 405B, one sequence of 8192 on 8-way tensor parallelism', () => {
  const bytes = (options: Partial<ActivationOptions>) =>
    layerActivationBytes(models.llama405b, 'dense', { ...none, ...options });

  it('holds 533.2 MB per layer and microbatch', () => expect(megabytes(bytes({}))).toBe(533.2));

  it('holds 357.0 MB when norms and the gated product are recomputed', () =>
    expect(megabytes(bytes({ recompute: selective('norm', 'swiglu') }))).toBe(357.0));

  it('holds one sharded layer input when everything is recomputed', () => {
    const checkpoint = (2 * 8192 * 16384) / 8;
    expect(bytes({ recompute: { mode: 'full' } })).toBe(checkpoint);
    expect(bytes({ recompute: { mode: 'full' }, sequenceParallel: false })).toBe(8 * checkpoint);
  });

  it('without sequence parallelism keeps norm and matrix inputs whole', () => {
    // 4 tensors of the hidden width: 7/8 of them come back.
    expect(bytes({ sequenceParallel: false }) - bytes({})).toBe((2 * 4 * 16384 * 8192 * 7) / 8);
  });

  it('replicates key/value heads beyond their number', () => {
    // 8 heads on 16 ranks: each rank holds one, as if there were 16.
    const parts = layerActivations(models.llama405b, 'dense', { ...none, tp: 16 });
    expect(parts.attention).toBe(((2 * (2 * 128 * 128 + 2 * 16 * 128) + 4 * 128) * 8192) / 16);
  });

  it('keeps the score matrix only for code before FlashAttention, and drops it under selective recomputation', () => {
    const unfused = bytes({ unfusedSequence: 8192 });
    // Instead of the statistics of a fused softmax, 4 bytes a head and token.
    const fused = bytes({}) - (4 * 128 * 8192) / 8;
    expect(unfused - fused).toBe((5 * 128 * 8192 * 8192) / 8);
    expect(bytes({ unfusedSequence: 8192, recompute: selective('attention') })).toBe(fused);
    expect(bytes({ recompute: selective('attention') })).toBe(bytes({}));
  });
});

describe('experts and latent attention', () => {
  const at = { ...none, tokens: 4096, tp: 1, ep: 64 };

  it('imbalance scales the routed part alone', () => {
    const even = layerActivations(models.deepseekV3, 'moe', at);
    const hot = layerActivations(models.deepseekV3, 'moe', { ...at, imbalance: 1.1 });
    expect(hot.experts).toBeCloseTo(1.1 * even.experts, 0);
    expect({ ...hot, experts: 0 }).toEqual({ ...even, experts: 0 });
    expect(even.experts).toBe(2 * 4096 * 8 * (2 * 7168 + 3 * 2048));
  });

  it('expert tensor parallelism gathers the input and narrows the expert', () => {
    const split = layerActivations(models.deepseekV3, 'moe', { ...at, etp: 2 });
    expect(split.experts).toBe(2 * 4096 * 8 * (2 * 7168 * 2 + 3 * 2048));
  });

  it('moe_act drops the inner product, mla_up queries, keys and values', () => {
    const bytes = (items: Parameters<typeof selective>) =>
      layerActivationBytes(models.deepseekV3, 'moe', { ...at, recompute: selective(...items) });
    const all = layerActivationBytes(models.deepseekV3, 'moe', at);
    expect(all - bytes(['moe_act'])).toBe(2 * 4096 * 8 * 2048);
    expect(all - bytes(['swiglu'])).toBe(2 * 4096 * 2048);
    expect(all - bytes(['mla_up'])).toBe(2 * 4096 * 128 * (2 * 192 + 128));
  });
});

describe('other shapes', () => {
  it('an MLP without a gate keeps two tensors of its width', () => {
    const { mlp } = layerActivations(models.gpt3, 'dense', none);
    expect(mlp).toBe((2 * 2 * 49152 * 8192) / 8);
  });

  it('a parallel block has one norm and one matrix input', () => {
    const { inputs } = layerActivations(models.palm, 'dense', none);
    expect(inputs).toBe((2 * 2 * 18432 * 8192) / 8);
  });

  it('logits are held at 16 and 32 bit, or one chunk of them', () => {
    const at = { tokens: 8192, tp: 8, bytes: 2 };
    expect(logitsBytes(models.llama405b, at)).toBe((8192 * 128256 * 6) / 8);
    expect(logitsBytes(models.llama405b, { ...at, chunk: 1024 })).toBe((1024 * 128256 * 6) / 8);
    expect(logitsBytes(models.llama405b, { ...at, chunk: 1 << 20 })).toBe(logitsBytes(models.llama405b, at));
  });

  it('the key/value cache is 516,096 bytes a token for 405B and 70,272 for DeepSeek-V3', () => {
    // Compare 516 KB and about 70 KB in the DeepSeek hardware paper (2505.09343) table 1.
    expect(kvCacheBytesPerToken(models.llama405b, 2)).toBe(516096);
    expect(kvCacheBytesPerToken(models.deepseekV3, 2)).toBe(70272);
  });
});

it('recomputing more never holds more, splitting more never holds more', () => {
  const items = fc.subarray(['attention', 'norm', 'swiglu', 'mla_up', 'moe_act'] as const);
  fc.assert(
    fc.property(
      fc.constantFrom(...models.everyModel),
      fc.constantFrom('dense' as const, 'moe' as const),
      items,
      items,
      fc.integer({ min: 1, max: 65536 }),
      fc.constantFrom(1, 2, 4, 8, 16),
      fc.boolean(),
      (model, kind, some, more, tokens, tp, sequenceParallel) => {
        const bytes = (options: Partial<ActivationOptions>) =>
          layerActivationBytes(model, kind, { ...none, tokens, tp, sequenceParallel, ...options });
        const kept = bytes({ recompute: selective(...some) });
        expect(bytes({ recompute: selective(...new Set([...some, ...more])) })).toBeLessThanOrEqual(kept);
        expect(bytes({ recompute: { mode: 'full' } })).toBeLessThan(kept);
        expect(bytes({ tp: 2 * tp, recompute: selective(...some) })).toBeLessThanOrEqual(kept);
        expect(bytes({ tokens: 2 * tokens })).toBeCloseTo(2 * bytes({}), -2);
      },
    ),
  );
});
