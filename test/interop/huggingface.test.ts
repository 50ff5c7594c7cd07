/** Configurations here are written from published hyper-parameters; totals are the published ones. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countParameters, layerKinds } from '../../src/engine/model/parameters.ts';
import type { ModelSpec } from '../../src/engine/model/spec.ts';
import { importHuggingFace } from '../../src/interop/huggingface.ts';
import * as models from '../engine/model/models.ts';

const sizes = (
  layers: number,
  hidden: number,
  ffn: number,
  heads: number,
  kvHeads: number,
  vocab: number,
) => ({
  num_hidden_layers: layers,
  hidden_size: hidden,
  intermediate_size: ffn,
  num_attention_heads: heads,
  num_key_value_heads: kvHeads,
  vocab_size: vocab,
});
const read = (config: unknown, name = 'm') => importHuggingFace(JSON.stringify(config), name);
const errors = (config: unknown) =>
  read(config)
    .problems.filter(problem => problem.severity === 'error')
    .map(problem => problem.message);
const warnings = (config: unknown) =>
  read(config)
    .problems.filter(problem => problem.severity === 'warning')
    .map(problem => problem.message);
const model = (config: unknown): ModelSpec => {
  const result = read(config);
  expect(result.problems.filter(problem => problem.severity === 'error')).toEqual([]);
  return result.model as ModelSpec;
};
const total = (config: unknown) => countParameters(model(config)).total;

const llama8b = { model_type: 'llama', hidden_act: 'silu', ...sizes(32, 4096, 14336, 32, 8, 128256) };
const latent = {
  q_lora_rank: 1536,
  kv_lora_rank: 512,
  qk_nope_head_dim: 128,
  qk_rope_head_dim: 64,
  v_head_dim: 128,
};
const deepseekV3 = {
  model_type: 'deepseek_v3',
  ...sizes(61, 7168, 18432, 128, 128, 129280),
  ...latent,
  first_k_dense_replace: 3,
  moe_layer_freq: 1,
  moe_intermediate_size: 2048,
  n_routed_experts: 256,
  n_shared_experts: 1,
  num_experts_per_tok: 8,
  n_group: 8,
  topk_group: 4,
  topk_method: 'noaux_tc',
  num_nextn_predict_layers: 1,
};
const gptOss = {
  model_type: 'gpt_oss',
  ...sizes(36, 2880, 2880, 64, 8, 201088),
  head_dim: 64,
  attention_bias: true,
  num_local_experts: 128,
  num_experts_per_tok: 4,
  sliding_window: 128,
  layer_types: Array.from({ length: 36 }, (_, i) => (i % 2 ? 'full_attention' : 'sliding_attention')),
};

describe('the same model as the one written by hand', () => {
  const qwen3 = { head_dim: 128, attention_bias: false, use_sliding_window: false, max_window_layers: 64 };
  const cases: [string, unknown, ModelSpec][] = [
    ['Llama 3.1 8B', llama8b, models.llama8b],
    [
      'Llama 3.1 405B',
      { model_type: 'llama', ...sizes(126, 16384, 53248, 128, 8, 128256) },
      models.llama405b,
    ],
    [
      'Mixtral 8x7B',
      {
        model_type: 'mixtral',
        ...sizes(32, 4096, 14336, 32, 8, 32000),
        num_local_experts: 8,
        num_experts_per_tok: 2,
        sliding_window: null,
      },
      models.mixtral,
    ],
    ['DeepSeek-V3', deepseekV3, models.deepseekV3],
    [
      'Kimi K2',
      {
        ...deepseekV3,
        ...sizes(61, 7168, 18432, 64, 64, 163840),
        model_type: 'kimi_k2',
        n_routed_experts: 384,
        first_k_dense_replace: 1,
        n_group: 1,
        topk_group: 1,
        num_nextn_predict_layers: 0,
      },
      models.kimiK2,
    ],
    [
      'Qwen3-32B',
      { model_type: 'qwen3', ...sizes(64, 5120, 25600, 64, 8, 151936), ...qwen3 },
      models.qwen32b,
    ],
    [
      'Qwen3-235B-A22B',
      {
        model_type: 'qwen3_moe',
        ...sizes(94, 4096, 12288, 64, 4, 151936),
        ...qwen3,
        num_experts: 128,
        num_experts_per_tok: 8,
        moe_intermediate_size: 1536,
        decoder_sparse_step: 1,
        mlp_only_layers: [],
      },
      models.qwen235b,
    ],
    ['gpt-oss-120b', gptOss, models.gptOss120b],
  ];
  it.each(cases)('%s', (_, config, byHand) => {
    const { name, ...read } = model(config);
    const { name: other, ...expected } = byHand;
    expect(name).toBe('m');
    expect(other).not.toBe(name);
    expect(read).toEqual(expected);
    expect(warnings(config)).toEqual([]);
  });
});

describe('other families match their published totals', () => {
  it('Mistral 7B: 7.24 B', () => {
    const mistral = { model_type: 'mistral', ...sizes(32, 4096, 14336, 32, 8, 32000), sliding_window: 4096 };
    expect(total(mistral) / 1e9).toBeCloseTo(7.24, 2);
    expect(model(mistral).slidingWindow).toEqual({ size: 4096, layers: 32 });
  });

  it('Qwen2.5-7B: 7.62 B, biases on queries, keys and values alone', () => {
    const qwen = {
      model_type: 'qwen2',
      ...sizes(28, 3584, 18944, 28, 4, 152064),
      tie_word_embeddings: false,
      sliding_window: 131072,
      use_sliding_window: false,
    };
    expect(total(qwen) / 1e9).toBeCloseTo(7.62, 2);
    expect(model(qwen).bias).toEqual({ qkv: true, out: false, mlp: false });
    expect(model(qwen).slidingWindow).toBeUndefined();
  });

  it('Qwen1.5-MoE-A2.7B: 14.3 B with a gated shared expert', () => {
    expect(
      total({
        model_type: 'qwen2_moe',
        ...sizes(24, 2048, 5632, 16, 16, 151936),
        num_experts: 60,
        num_experts_per_tok: 4,
        moe_intermediate_size: 1408,
        shared_expert_intermediate_size: 5632,
        decoder_sparse_step: 1,
      }) / 1e9,
    ).toBeCloseTo(14.3, 1);
  });

  it('DeepSeek-V2-Lite: 15.7 B, queries without a latent', () => {
    const lite = {
      model_type: 'deepseek_v2',
      ...sizes(27, 2048, 10944, 16, 16, 102400),
      ...latent,
      q_lora_rank: null,
      first_k_dense_replace: 1,
      moe_intermediate_size: 1408,
      n_routed_experts: 64,
      n_shared_experts: 2,
      num_experts_per_tok: 6,
      topk_method: 'greedy',
    };
    expect(total(lite) / 1e9).toBeCloseTo(15.7, 1);
    expect(model(lite).moe).toMatchObject({ routerBias: false, sharedFfn: 2816, denseLayers: 1 });
  });

  it('Gemma 2 9B: 9.24 B with tied embeddings, half of its layers windowed', () => {
    const gemma = {
      model_type: 'gemma2',
      ...sizes(42, 3584, 14336, 16, 8, 256000),
      head_dim: 256,
      sliding_window: 4096,
      hidden_activation: 'gelu_pytorch_tanh',
    };
    expect(total(gemma) / 1e9).toBeCloseTo(9.24, 2);
    expect(model(gemma).slidingWindow).toEqual({ size: 4096, layers: 21 });
    expect(model(gemma).normsPerLayer).toBe(4);
  });

  it('Gemma 3 27B, nested beside a vision tower: 27.0 B of text, five of six layers windowed', () => {
    const config = {
      model_type: 'gemma3',
      text_config: {
        model_type: 'gemma3_text',
        ...sizes(62, 5376, 21504, 32, 16, 262208),
        head_dim: 128,
        sliding_window: 1024,
        sliding_window_pattern: 6,
      },
      vision_config: { hidden_size: 1152, num_hidden_layers: 27 },
    };
    expect(total(config) / 1e9).toBeCloseTo(27.0, 1);
    expect(model(config).slidingWindow).toEqual({ size: 1024, layers: 52 });
    expect(warnings(config)).toEqual(['Only the text model is counted, without its vision or audio tower']);
  });

  it('GLM-4.5: 355 B with biases on queries, keys and values', () => {
    const glm = {
      model_type: 'glm4_moe',
      ...sizes(92, 5120, 12288, 96, 8, 151552),
      head_dim: 128,
      attention_bias: true,
      use_qk_norm: true,
      first_k_dense_replace: 3,
      moe_intermediate_size: 1536,
      n_routed_experts: 160,
      n_shared_experts: 1,
      num_experts_per_tok: 8,
      n_group: 1,
      topk_group: 1,
      num_nextn_predict_layers: 1,
    };
    expect(Math.abs(total(glm) / 355e9 - 1)).toBeLessThan(0.01);
    expect(model(glm).bias).toEqual({ qkv: true, out: false, mlp: false });
  });

  it('Llama 4 Scout and Maverick: about 108 and 400 B of text; Maverick alternates', () => {
    const llama4 = (experts: number, step: number) => ({
      model_type: 'llama4',
      text_config: {
        model_type: 'llama4_text',
        ...sizes(48, 5120, 8192, 40, 8, 202048),
        intermediate_size_mlp: 16384,
        head_dim: 128,
        num_local_experts: experts,
        num_experts_per_tok: 1,
        interleave_moe_layer_step: step,
        use_qk_norm: true,
        attention_chunk_size: 8192,
      },
    });
    expect(total(llama4(16, 1)) / 1e9).toBeCloseTo(107.8, 1);
    expect(total(llama4(128, 2)) / 1e9).toBeCloseTo(400, -1);
    expect(layerKinds(model(llama4(128, 2))).slice(0, 4)).toEqual(['dense', 'moe', 'dense', 'moe']);
    expect(read(llama4(16, 1)).problems).toMatchObject([
      { severity: 'warning', keys: ['attention_chunk_size'] },
    ]);
  });

  it('GPT-2: 124.4 M with learned positions, biases and a width that follows from the hidden one', () => {
    const gpt2 = {
      model_type: 'gpt2',
      n_layer: 12,
      n_embd: 768,
      n_head: 12,
      n_positions: 1024,
      vocab_size: 50257,
    };
    expect(total(gpt2)).toBe(124439808);
    expect(model(gpt2)).toMatchObject({ gated: false, tiedEmbeddings: true, ffn: 3072, kvHeads: 12 });
  });

  it('MiniMax-M2.5: 229 B; its prediction modules count where they are switched on', () => {
    const minimax = {
      model_type: 'minimax_m2',
      ...sizes(62, 3072, 1536, 48, 8, 200064),
      head_dim: 128,
      num_local_experts: 256,
      num_experts_per_tok: 8,
      use_qk_norm: true,
      qk_norm_type: 'per_layer',
      use_routing_bias: true,
      use_mtp: true,
      num_mtp_modules: 3,
      mtp_transformer_layers: 1,
      shared_intermediate_size: 0,
    };
    expect(total(minimax)).toBe(countParameters(models.minimaxM2).total);
    expect(model(minimax).mtpLayers).toBe(3);
    expect(model({ ...minimax, use_mtp: false }).mtpLayers).toBe(0);
  });

  it('GLM-5 and DeepSeek-V3.2: the indexer counts and is named in a warning', () => {
    const glm5 = {
      ...deepseekV3,
      model_type: 'glm_moe_dsa',
      ...sizes(78, 6144, 12288, 64, 64, 154880),
      q_lora_rank: 2048,
      qk_nope_head_dim: 192,
      v_head_dim: 256,
      n_group: 1,
      topk_group: 1,
      index_n_heads: 32,
      index_head_dim: 128,
      index_topk: 2048,
    };
    expect(total(glm5)).toBe(countParameters(models.glm5).total);
    expect(read(glm5).problems).toMatchObject([
      { severity: 'warning', keys: ['index_n_heads', 'index_head_dim', 'index_topk'] },
    ]);
  });
});

describe('what it does not model it names', () => {
  it('an unknown kind of model, and the ones it knows', () => {
    const [message] = errors({ ...llama8b, model_type: 'whisper' });
    expect(message).toContain('"whisper"');
    expect(message).toContain('llama');
    expect(read({ ...llama8b, model_type: 'whisper' }).model).toBeUndefined();
  });

  it('a missing or absurd kind of model', () => {
    expect(errors(sizes(1, 1, 1, 1, 1, 1))).toEqual([
      'The file lacks "model_type", which says what kind of model it is',
    ]);
    expect(errors({ ...llama8b, model_type: 7 })).toEqual([
      '"model_type" holds no name, which says what kind of model it is',
    ]);
    expect(errors({ ...llama8b, model_type: 'constructor' })[0]).toContain('not read');
  });

  it('takes the class name where the type is missing', () => {
    const { model_type, ...rest } = llama8b;
    expect(model_type).toBe('llama');
    expect(model({ ...rest, architectures: ['LlamaForCausalLM'] }).layers).toBe(32);
    expect(errors({ ...rest, architectures: ['T5ForConditionalGeneration'] })[0]).toContain(
      '"T5ForConditionalGeneration"',
    );
  });

  const structures: [string, object, string[]][] = [
    ['linear attention', { layer_types: ['linear_attention', 'full_attention'] }, ['layer_types']],
    ['linear heads', { linear_num_key_heads: 16 }, ['linear_num_key_heads']],
    ['state space', { mamba_num_heads: 256, ssm_state_size: 128 }, ['mamba_num_heads', 'ssm_state_size']],
    ['hybrid', { hybrid_override_pattern: 'M-M*' }, ['hybrid_override_pattern']],
    ['encoder and decoder', { is_encoder_decoder: true }, ['is_encoder_decoder']],
    ['Gemma 4', { global_head_dim: 512, enable_moe_block: true }, ['global_head_dim', 'enable_moe_block']],
  ];
  it.each(structures)('%s', (_, extra, keys) => {
    const result = read({ ...llama8b, ...extra });
    expect(result.model).toBeUndefined();
    expect(result.problems.filter(problem => problem.severity === 'error')).toMatchObject([{ keys }]);
  });

  it('warns of keys that nobody knows and that state something, once', () => {
    const config = {
      ...llama8b,
      super_layers: 4,
      other_experts: [1],
      off: false,
      none: null,
      rope_theta: 1e4,
    };
    expect(warnings(config)).toHaveLength(1);
    expect(read(config).problems[0]?.keys).toEqual(['super_layers', 'other_experts']);
    expect(read(config).model).toBeDefined();
  });
});

describe('hostile files', () => {
  it('malformed JSON is placed by line and column', () => {
    const result = importHuggingFace('{\n  "model_type": "llama",\n  "hidden_size": \n}', 'm');
    expect(result.model).toBeUndefined();
    expect(result.problems).toEqual([
      { severity: 'error', message: 'Not valid JSON at 4:1: "}" where a value should stand', keys: [] },
    ]);
  });

  it.each(['[]', '"text"', '7', 'null'])('%s is no configuration', text => {
    expect(importHuggingFace(text, 'm').problems[0]?.message).toContain('no JSON object');
  });

  it('lists everything that is missing at once', () => {
    const problems = read({ model_type: 'mixtral' }).problems;
    expect(problems).toHaveLength(1);
    expect(problems[0]?.keys).toEqual([
      'num_hidden_layers',
      'hidden_size',
      'num_attention_heads',
      'num_key_value_heads',
      'num_local_experts',
      'num_experts_per_tok',
      'intermediate_size',
      'vocab_size',
    ]);
  });

  const wrong: [string, unknown, string][] = [
    ['a number in quotes', '32', '"num_hidden_layers" is the text "32" where a whole number should stand'],
    ['a negative one', -1, '"num_hidden_layers" is -1; it must be a whole number from 1 to 1000000000'],
    ['a fraction', 1.5, '"num_hidden_layers" is 1.5; it must be a whole number from 1 to 1000000000'],
    ['zero', 0, '"num_hidden_layers" is 0; it must be a whole number from 1 to 1000000000'],
    ['far too many', 1e8, '100000000 layers are more than the 10000 that are read'],
    ['a list', [1], '"num_hidden_layers" is a list where a whole number should stand'],
  ];
  it.each(wrong)('%s', (_, layers, message) => {
    expect(errors({ ...llama8b, num_hidden_layers: layers })).toEqual([message]);
  });

  it('NaN and Infinity count only where they are read', () => {
    const text = JSON.stringify(llama8b);
    const harmless = text.replace('{', '{"rope_theta": Infinity, ');
    expect(importHuggingFace(harmless, 'm').model).toBeDefined();
    const broken = text.replace('"vocab_size":128256', '"vocab_size":NaN');
    expect(importHuggingFace(broken, 'm').problems[0]?.message).toContain('"vocab_size" is NaN');
  });

  it('a key stated twice is a warning, and the last one counts', () => {
    const text = JSON.stringify(llama8b).replace('{', '{"num_hidden_layers": 1, ');
    const result = importHuggingFace(text, 'm');
    expect(result.model?.layers).toBe(32);
    expect(result.problems).toMatchObject([{ severity: 'warning', keys: ['num_hidden_layers'] }]);
  });

  it('a __proto__ key does nothing', () => {
    const text = JSON.stringify(llama8b).replace('{', '{"__proto__": {"vocab_size": 1}, ');
    expect(importHuggingFace(text, 'm').model?.vocab).toBe(128256);
    const { vocab_size, ...rest } = llama8b;
    expect(vocab_size).toBe(128256);
    const without = JSON.stringify(rest).replace('{', '{"__proto__": {"vocab_size": 1}, ');
    expect(importHuggingFace(without, 'm').problems.at(0)?.keys).toEqual(['vocab_size']);
  });

  it('sizes that contradict each other', () => {
    expect(errors({ ...llama8b, num_key_value_heads: 5 })).toEqual([
      '32 query heads cannot share 5 key/value heads evenly',
    ]);
    expect(errors({ ...llama8b, hidden_size: 4100 })[0]).toContain('does not divide by 32 heads');
    expect(errors({ ...deepseekV3, num_experts_per_tok: 300 })).toEqual([
      'A token cannot use 300 of 256 experts',
    ]);
    expect(errors({ ...gptOss, num_hidden_layers: 35 })).toEqual([
      '"layer_types" lists 36 layers, but the model has 35',
    ]);
    expect(errors({ ...gptOss, sliding_window: null })[0]).toContain('gives no size');
  });

  it('never throws, and gives a model or an error, whatever stands at its keys', () => {
    const base = { ...gptOss, ...deepseekV3, n_embd: 8, text_config: undefined };
    const types = [
      'llama',
      'mixtral',
      'qwen2',
      'qwen3_moe',
      'deepseek_v3',
      'gpt_oss',
      'llama4_text',
      'gpt2',
      'gemma3_text',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...types),
        fc.array(
          fc.tuple(fc.constantFrom(...Object.keys(base), 'mlp_only_layers', 'moe_layers'), fc.jsonValue()),
        ),
        (type, changes) => {
          const config = { ...base, ...Object.fromEntries(changes), model_type: type };
          const { model: found, problems } = read(config);
          expect(found === undefined).toBe(problems.some(problem => problem.severity === 'error'));
          if (found) expect(countParameters(found).total).toBeGreaterThan(0);
        },
      ),
    );
  });
});
