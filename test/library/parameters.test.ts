/** Parameters of every model of the library against the counts that were published with it. */
import { describe, expect, it } from 'vitest';
import { newLowering } from '../../src/cli/files/lowering.ts';
import { countParameters, mtpParameters } from '../../src/engine/model/parameters.ts';
import type { ModelSpec } from '../../src/engine/model/spec.ts';
import { LIBRARY } from '../../src/language/library.ts';
import { createTestServices } from '../language/support.ts';

const services = createTestServices();
const document = await services.parse(LIBRARY['std/models'] ?? '', '/plans/std/models.shard');
const lowering = newLowering(services.shardplan);
const models = new Map<string, ModelSpec>();
for (const decl of document.parseResult.value.decls) {
  const spec = decl.$type === 'Model' ? lowering.model(decl).spec?.spec : undefined;
  if (spec) models.set(decl.name, spec);
}

/**
 * Parameters in the published checkpoint, to the last one: the total that its page on Hugging Face shows, from the header of the
 * weights. Tied tables are counted once (the two smallest Qwen3 store theirs twice). GLM-4.5 stores the prediction module with an embedding
 * and a head of its own; the pages of Llama 2 add the inverse frequencies of its positions.
 */
const CHECKPOINTS: Record<string, number> = {
  llama2_7b: 6_738_415_616,
  llama2_13b: 13_015_864_320,
  llama2_70b: 68_976_648_192,
  llama3_8b: 8_030_261_248,
  llama3_70b: 70_553_706_496,
  llama3_405b: 405_853_388_800,
  llama3_2_1b: 1_235_814_400,
  llama3_2_3b: 3_212_749_824,
  mistral_7b: 7_241_732_096,
  mistral_large_2: 122_610_069_504,
  mixtral_8x7b: 46_702_792_704,
  mixtral_8x22b: 140_620_634_112,
  deepseek_v2: 235_741_434_880,
  deepseek_v2_lite: 15_706_484_224,
  qwen2_5_0_5b: 494_032_768,
  qwen2_5_1_5b: 1_543_714_304,
  qwen2_5_3b: 3_085_938_688,
  qwen2_5_7b: 7_615_616_512,
  qwen2_5_14b: 14_770_033_664,
  qwen2_5_32b: 32_763_876_352,
  qwen2_5_72b: 72_706_203_648,
  qwen3_0_6b: 596_049_920,
  qwen3_1_7b: 1_720_574_976,
  qwen3_4b: 4_022_468_096,
  qwen3_8b: 8_190_735_360,
  qwen3_14b: 14_768_307_200,
  qwen3_32b: 32_762_123_264,
  qwen3_30b_a3b: 30_532_122_624,
  qwen3_235b_a22b: 235_093_634_560,
  qwen3_coder_480b_a35b: 480_154_875_392,
  glm_4_5: 358_337_791_296,
  glm_4_5_air: 110_468_824_832,
  gpt_oss_20b: 20_914_757_184,
  gpt_oss_120b: 116_829_156_672,
  gemma2_2b: 2_614_341_888,
  gemma2_9b: 9_241_705_984,
  gemma2_27b: 27_227_128_320,
  gemma3_1b: 999_885_952,
  dbrx_132b: 131_596_523_520,
  olmo2_7b: 7_298_617_344,
  olmo2_13b: 13_716_198_400,
  olmo2_32b: 32_234_279_936,
  phi_3_mini: 3_821_079_552,
  phi_3_medium: 13_960_238_080,
  phi_4: 14_659_507_200,
};

/** Published in billions only, or of a checkpoint that holds more than the language model; with the share that rounding leaves open. */
const ROUNDED: Record<string, [billions: number, within: number, source: string]> = {
  llama4_scout: [109, 0.012, 'model card; 1 B of it are the vision encoder'],
  llama4_maverick: [400, 0.003, 'model card'],
  deepseek_v3: [671, 0.001, 'arXiv 2412.19437'],
  deepseek_r1: [671, 0.001, 'arXiv 2501.12948'],
  kimi_k2: [
    1026,
    0.001,
    'model page, without the block scales of its fp8 weights; the report rounds to 1.04 T',
  ],
  gemma3_4b: [0.675 + 3.209, 0.001, 'arXiv 2503.19786, table 1: embedding and other parameters'],
  gemma3_12b: [1.012 + 10.759, 0.001, 'same table'],
  gemma3_27b: [1.416 + 25.6, 0.001, 'same table'],
  nemotron4_15b: [3.2 + 12.5, 0.005, 'arXiv 2402.16819: embedding and other parameters'],
  nemotron4_340b: [9.4 + 331.6, 0.001, 'arXiv 2406.11704: embedding and other parameters'],
  grok_1: [314, 0.006, 'xAI, open release'],
  phi_2: [2.7796, 0.0001, 'model page: 2.78 B, with a bias of the head'],
  falcon_7b: [6.9217, 0.0001, 'checkpoint of tiiuae/falcon-7b, tied'],
  falcon_40b: [41.3033, 0.0001, 'checkpoint of tiiuae/falcon-40b, tied'],
  falcon_180b: [180, 0.01, 'arXiv 2311.16867'],
  gpt3_1_3b: [1.3, 0.02, 'arXiv 2005.14165, table 2.1'],
  gpt3_2_7b: [2.7, 0.02, 'same table'],
  gpt3_6_7b: [6.7, 0.01, 'same table'],
  gpt3_13b: [13, 0.012, 'same table, whose width of 5,140 divides by no heads'],
  gpt3_175b: [174.6, 0.001, 'arXiv 2104.04473, parameter formula'],
  megatron_22b: [22, 0.005, 'arXiv 2205.05198, table 3'],
  megatron_1t: [1008, 0.001, 'arXiv 2104.04473, table 1'],
  mt_nlg_530b: [529.6, 0.001, 'arXiv 2104.04473, table 1'],
  palm_8b: [8.63, 0.001, 'arXiv 2204.02311, table 1'],
  palm_62b: [62.5, 0.001, 'same table'],
  palm_540b: [540.35, 0.0001, 'same table'],
};

/** What one token passes through, as published; some leave out the input embedding. */
const ACTIVE: Record<string, [billions: number, within: number]> = {
  llama4_scout: [17, 0.02],
  llama4_maverick: [17, 0.02],
  mixtral_8x7b: [12.9, 0.005],
  mixtral_8x22b: [39, 0.005],
  deepseek_v2: [21, 0.02],
  deepseek_v2_lite: [2.4, 0.03],
  deepseek_v3: [37, 0.016],
  kimi_k2: [32.6, 0.01],
  qwen3_30b_a3b: [3.3, 0.02],
  qwen3_235b_a22b: [22, 0.01],
  qwen3_coder_480b_a35b: [35, 0.015],
  gpt_oss_20b: [3.61, 0.001],
  gpt_oss_120b: [5.13, 0.001],
  glm_4_5: [32, 0.03],
  dbrx_132b: [36, 0.015],
};

const apart = (count: number, billions: number): number => Math.abs(count / 1e9 / billions - 1);

describe('std/models', () => {
  it('has a published count for every model', () => {
    const judged = [...Object.keys(CHECKPOINTS), ...Object.keys(ROUNDED)].sort();
    expect([...models.keys()].sort()).toEqual(judged);
  });

  it.each(Object.entries(CHECKPOINTS))('%s has as many parameters as its checkpoint', (name, published) => {
    const model = models.get(name)!;
    expect(countParameters(model).total + mtpParameters(model, { ownEmbeddings: true })).toBe(published);
  });

  it.each(Object.entries(ROUNDED))(
    '%s has as many parameters as was published',
    (name, [billions, within]) => {
      expect(apart(countParameters(models.get(name)!).total, billions)).toBeLessThan(within);
    },
  );

  it.each(Object.entries(ACTIVE))(
    '%s activates as many parameters as was published',
    (name, [billions, within]) => {
      const { active, activeHeadOnly } = countParameters(models.get(name)!);
      expect(Math.min(apart(active, billions), apart(activeHeadOnly, billions))).toBeLessThan(within);
    },
  );

  it('says each total beside the name', () => {
    const lines = (LIBRARY['std/models'] ?? '').matchAll(/^model (\w+) \{ {2}\/\/ ([\d,.]+) B/gm);
    const said = new Map([...lines].map(([, name, total]) => [name!, total!]));
    for (const [name, model] of models) {
      const text = said.get(name)!;
      const digits = text.split('.')[1]?.length ?? 0;
      expect((countParameters(model).total / 1e9).toFixed(digits), name).toBe(text.replace(',', ''));
    }
  });
});
