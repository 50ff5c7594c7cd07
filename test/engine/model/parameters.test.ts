import { describe, expect, it } from 'vitest';
import {
  countParameters,
  headParameters,
  layerKinds,
  layerParameters,
  mtpParameters,
} from '../../../src/engine/model/parameters.ts';
import type { ModelSpec } from '../../../src/engine/model/spec.ts';
import * as models from './models.ts';

const billions = (count: number, digits: number) => Number((count / 1e9).toFixed(digits));

describe('total parameters against published counts', () => {
  // Published: Llama 3.1 model cards 8.03, 70.6, 405 B; PaLM paper (2204.02311) table 1: 540.35 B; GPT-3, MT-NLG and
  // 1T by the parameter formula of Megatron-LM's paper (2104.04473), 175, 530 and 1008 B; DeepSeek-V3 report 671 B;
  // Mixtral paper (2401.04088) 46.7 B; Qwen3 report 235 B, 30.5 B, 32.8 B; gpt-oss model card 116.83 B.
  const goldens: [ModelSpec, number, number][] = [
    [models.llama8b, 8.03, 3],
    [models.llama70b, 70.554, 3],
    [models.llama405b, 405.853, 3],
    [models.palm, 540.36, 2],
    [models.gpt3, 174.6, 1],
    [models.mtNlg, 529.6, 1],
    [models.gpt1t, 1008, 0],
    [models.deepseekV3, 671.026, 3],
    [models.mixtral, 46.7, 2],
    [models.qwen235b, 235.1, 1],
    [models.qwen30b, 30.5, 1],
    [models.qwen32b, 32.8, 1],
    [models.gptOss120b, 116.83, 2],
  ];
  it.each(goldens)('$name', (model, published, digits) => {
    expect(billions(countParameters(model).total, digits)).toBe(published);
  });

  it('Kimi K2 lies within 2 % of the 1.04 T its report rounds to', () => {
    // Kimi K2 report (2507.20534): 1.04 T total, 32.6 B activated, between the two conventions.
    const { total, active, activeHeadOnly } = countParameters(models.kimiK2);
    expect(Math.abs(total / 1.04e12 - 1)).toBeLessThan(0.02);
    expect(active / 1e9).toBeGreaterThan(32.6);
    expect(activeHeadOnly / 1e9).toBeLessThan(32.6);
  });

  it('GLM-5 is 744 B with its indexers, MiniMax-M2.5 229 B', () => {
    // Model cards: GLM-5 744 B, 40 B active; MiniMax-M2.5 229 B on the page, 10 B active.
    expect(billions(countParameters(models.glm5).total, 0)).toBe(744);
    expect(Math.abs(countParameters(models.glm5).activeHeadOnly / 40e9 - 1)).toBeLessThan(0.03);
    expect(billions(countParameters(models.minimaxM2).total, 0)).toBe(229);
    expect(billions(countParameters(models.minimaxM2).activeHeadOnly, 0)).toBe(10);
  });
});

describe('active parameters', () => {
  it('DeepSeek-V3 activates the published 37 B, between its two conventions', () => {
    const { active, activeHeadOnly } = countParameters(models.deepseekV3);
    expect(billions(active, 2)).toBe(37.55);
    expect(billions(activeHeadOnly, 2)).toBe(36.63);
  });

  it('Mixtral 8x7B activates 12.88 B (paper: 13 B)', () => {
    expect(billions(countParameters(models.mixtral).active, 2)).toBe(12.88);
  });

  it('gpt-oss-120b activates 5.13 B by its model card, which leaves out the input embedding', () => {
    expect(billions(countParameters(models.gptOss120b).activeHeadOnly, 2)).toBe(5.13);
  });

  it('Qwen3-235B-A22B and 30B-A3B activate what their names say', () => {
    expect(billions(countParameters(models.qwen235b).active, 0)).toBe(22);
    expect(billions(countParameters(models.qwen30b).active, 0)).toBe(3);
  });

  it('a dense model activates everything, and a tied table is the head', () => {
    const count = countParameters(models.palm);
    expect(count.active).toBe(count.total);
    expect(count.activeHeadOnly).toBe(count.total);
    expect(headParameters(models.palm)).toBe(0);
  });
});

describe('multi-token prediction', () => {
  it('adds 11.61 B to DeepSeek-V3, and 684.49 B are in the file with its own embedding and head', () => {
    // The published checkpoint holds 685 B: 671 B of the model and 14 B of the module.
    const shared = mtpParameters(models.deepseekV3, { ownEmbeddings: false });
    const own = mtpParameters(models.deepseekV3, { ownEmbeddings: true });
    expect(billions(shared, 2)).toBe(11.61);
    expect(billions(countParameters(models.deepseekV3).total + own, 2)).toBe(684.49);
  });

  it('is nothing for a model without it', () => {
    expect(mtpParameters(models.llama8b, { ownEmbeddings: true })).toBe(0);
  });
});

describe('the split of a layer', () => {
  it('DeepSeek-V3: 233.0 M per rank outside the routed experts, 176.2 M for 4 of 256 experts', () => {
    const { experts, ...rest } = layerParameters(models.deepseekV3, 'moe');
    const others = Object.values(rest).reduce((sum, part) => sum + part, 0);
    expect(Number((others / 1e6).toFixed(1))).toBe(233.0);
    expect(Number(((experts * 4) / 256 / 1e6).toFixed(1))).toBe(176.2);
  });

  it('Llama 3.1 405B: 3.188 B on a rank of 8 layers and 8-way tensor parallelism', () => {
    const { norms, ...split } = layerParameters(models.llama405b, 'dense');
    const sharded = Object.values(split).reduce((sum, part) => sum + part, 0);
    expect(billions(8 * (sharded / 8 + norms), 3)).toBe(3.188);
  });

  it('a gated MLP has three matrices, a plain one two and its biases', () => {
    expect(layerParameters(models.llama8b, 'dense').mlp).toBe(3 * 4096 * 14336);
    expect(layerParameters(models.gpt3, 'dense').mlp).toBe(2 * 12288 * 49152 + 49152 + 12288);
  });

  it('latent attention without a query rank projects queries directly', () => {
    // DeepSeek-V2-Lite: q_lora_rank null, hidden 2048, 16 heads of 128 + 64.
    const lite: ModelSpec = {
      ...models.deepseekV3,
      hidden: 2048,
      heads: 16,
      mla: { queryRank: 0, kvRank: 512, nopeDim: 128, ropeDim: 64, valueDim: 128 },
    };
    const { attention, attentionReplicated } = layerParameters(lite, 'moe');
    expect(attention).toBe(2048 * 16 * 192 + 512 * 16 * 256 + 16 * 128 * 2048);
    expect(attentionReplicated).toBe(2048 * (512 + 64));
  });
});

describe('which layers have experts', () => {
  it('the first ones are dense', () => {
    const kinds = layerKinds(models.deepseekV3);
    expect(kinds).toHaveLength(61);
    expect(kinds.slice(0, 4)).toEqual(['dense', 'dense', 'dense', 'moe']);
    expect(layerKinds(models.llama8b)).toEqual(new Array(32).fill('dense'));
  });

  it('a pattern overrides the count', () => {
    const alternating: ModelSpec = {
      ...models.mixtral,
      layers: 4,
      moe: { ...models.mixtral.moe!, pattern: ['dense', 'moe', 'dense', 'moe'] },
    };
    expect(layerKinds(alternating)).toEqual(['dense', 'moe', 'dense', 'moe']);
    expect(countParameters(alternating).total).toBeLessThan(
      countParameters({ ...models.mixtral, layers: 4 }).total,
    );
  });
});
