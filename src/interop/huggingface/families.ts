/**
 * What a model's `model_type` implies beyond the keys of its `config.json`: the modelling code of each family fixes
 * biases, norms and defaults that the file does not state. From the configuration and modelling classes of Hugging
 * Face Transformers; a default is listed only where the class computes it, never where it copies one model's size.
 */

export interface Family {
  /** Projected queries, keys and values, or latents (DeepSeek). */
  attention: 'heads' | 'latent';
  /** Which biases the projections have where the family's code, not the file, decides; otherwise `attention_bias`. */
  bias: 'none' | 'qkv' | 'stated' | 'stated_qkv' | 'all';
  /** Whether MLPs are gated. */
  gated: boolean;
  norm: 'rmsnorm' | 'layernorm';
  normsPerLayer: number;
  /** Norm over queries and keys: of each head, of all heads together, or per `use_qk_norm`. */
  qkNorm: 'none' | 'head' | 'width' | 'stated_head' | 'stated_width';
  /** Head size where the file does not state it: hidden over heads, or an error. */
  headDim: 'hidden/heads' | 'required';
  /** Key/value heads where the file does not state them: the query heads, or an error. */
  kvHeads: 'heads' | 'required';
  /** `tie_word_embeddings` where the file does not state it. */
  tied: boolean;
  /** Which keys describe the experts. */
  experts: 'none' | 'mixtral' | 'qwen' | 'qwen_shared' | 'deepseek' | 'gpt_oss' | 'minimax' | 'llama4';
  /** Layers with a sliding window where `layer_types` does not say: all, none, or every n-th one is global. */
  window: 'none' | 'all' | 'qwen' | 'alternating' | 'pattern';
}

const llama: Family = {
  attention: 'heads',
  bias: 'stated',
  gated: true,
  norm: 'rmsnorm',
  normsPerLayer: 2,
  qkNorm: 'none',
  headDim: 'hidden/heads',
  kvHeads: 'heads',
  tied: false,
  experts: 'none',
  window: 'none',
};
const mistral: Family = { ...llama, bias: 'none', kvHeads: 'required', window: 'all' };
const qwen2: Family = { ...llama, bias: 'qkv', kvHeads: 'required', window: 'qwen' };
const qwen3: Family = { ...qwen2, bias: 'stated', qkNorm: 'head', headDim: 'required' };
const gemma: Family = { ...llama, headDim: 'required', kvHeads: 'required', tied: true };
const deepseek: Family = { ...llama, attention: 'latent', experts: 'deepseek' };

const families: Record<string, Family> = {
  llama,
  mistral,
  ministral: mistral,
  mixtral: { ...mistral, experts: 'mixtral' },
  phi3: { ...llama, bias: 'none', window: 'all' },
  qwen2,
  qwen2_moe: { ...qwen2, experts: 'qwen_shared' },
  qwen3,
  qwen3_moe: { ...qwen3, experts: 'qwen' },
  gemma,
  gemma2: { ...gemma, normsPerLayer: 4, window: 'alternating' },
  gemma3_text: { ...gemma, normsPerLayer: 4, qkNorm: 'head', window: 'pattern' },
  deepseek_v2: deepseek,
  deepseek_v3: deepseek,
  deepseek_v32: deepseek,
  kimi_k2: deepseek,
  glm_moe_dsa: deepseek,
  glm: { ...llama, bias: 'stated_qkv', headDim: 'required', kvHeads: 'required' },
  glm4: { ...llama, bias: 'stated_qkv', normsPerLayer: 4, headDim: 'required', kvHeads: 'required' },
  glm4_moe: {
    ...llama,
    bias: 'stated_qkv',
    qkNorm: 'stated_head',
    headDim: 'required',
    kvHeads: 'required',
    experts: 'deepseek',
  },
  gpt_oss: {
    ...llama,
    headDim: 'required',
    kvHeads: 'required',
    experts: 'gpt_oss',
    window: 'alternating',
  },
  minimax_m2: {
    ...llama,
    bias: 'none',
    headDim: 'required',
    kvHeads: 'required',
    qkNorm: 'stated_width',
    experts: 'minimax',
  },
  llama4_text: { ...llama, headDim: 'required', kvHeads: 'required', experts: 'llama4' },
  gpt2: { ...llama, bias: 'all', gated: false, norm: 'layernorm', tied: true },
};

/** Other names of the same thing: wrappers around a text model, and `architectures` where `model_type` is missing. */
const aliases: Record<string, string> = {
  gemma3: 'gemma3_text',
  llama4: 'llama4_text',
  LlamaForCausalLM: 'llama',
  MistralForCausalLM: 'mistral',
  MixtralForCausalLM: 'mixtral',
  Qwen2ForCausalLM: 'qwen2',
  Qwen2MoeForCausalLM: 'qwen2_moe',
  Qwen3ForCausalLM: 'qwen3',
  Qwen3MoeForCausalLM: 'qwen3_moe',
  GemmaForCausalLM: 'gemma',
  Gemma2ForCausalLM: 'gemma2',
  Gemma3ForCausalLM: 'gemma3_text',
  DeepseekV2ForCausalLM: 'deepseek_v2',
  DeepseekV3ForCausalLM: 'deepseek_v3',
  DeepseekV32ForCausalLM: 'deepseek_v32',
  GlmForCausalLM: 'glm',
  Glm4ForCausalLM: 'glm4',
  Glm4MoeForCausalLM: 'glm4_moe',
  GlmMoeDsaForCausalLM: 'glm_moe_dsa',
  GptOssForCausalLM: 'gpt_oss',
  MiniMaxM2ForCausalLM: 'minimax_m2',
  Llama4ForCausalLM: 'llama4_text',
  GPT2LMHeadModel: 'gpt2',
};

/** The family of a `model_type`, or of a class name of `architectures`. */
export function familyOf(name: string): Family | undefined {
  const type = Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
  return Object.hasOwn(families, type) ? families[type] : undefined;
}

/** Every `model_type` that is read, for messages and the reference page. */
export const modelTypes: readonly string[] = Object.keys(families).sort();
