/** Models of the tests, written from their published hyper-parameters. */
import type { ModelSpec } from '../../../src/engine/model/spec.ts';

const dense: Omit<
  ModelSpec,
  'name' | 'layers' | 'hidden' | 'ffn' | 'heads' | 'kvHeads' | 'headDim' | 'vocab'
> = {
  gated: true,
  parallelBlock: false,
  tiedEmbeddings: false,
  norm: 'rmsnorm',
  normsPerLayer: 2,
  qkNormParameters: 0,
  bias: { qkv: false, out: false, mlp: false },
  learnedPositions: 0,
  mtpLayers: 0,
  extraParametersPerLayer: 0,
};

const llama = (
  name: string,
  layers: number,
  hidden: number,
  ffn: number,
  heads: number,
  kvHeads = 8,
  vocab = 128256,
  headDim = 128,
): ModelSpec => ({ ...dense, name, layers, hidden, ffn, heads, kvHeads, headDim, vocab });

export const llama8b = llama('llama3_8b', 32, 4096, 14336, 32);
export const llama70b = llama('llama3_70b', 80, 8192, 28672, 64);
export const llama405b = llama('llama3_405b', 126, 16384, 53248, 128);

/** GPT-3 as Megatron-LM trains it: biases everywhere, learned positions, tied embeddings, padded vocabulary. */
const megatronGpt = (name: string, layers: number, hidden: number, heads: number): ModelSpec => ({
  ...dense,
  name,
  layers,
  hidden,
  ffn: 4 * hidden,
  heads,
  kvHeads: heads,
  headDim: hidden / heads,
  vocab: 51200,
  gated: false,
  tiedEmbeddings: true,
  norm: 'layernorm',
  bias: { qkv: true, out: true, mlp: true },
  learnedPositions: 2048,
});

export const gpt3 = megatronGpt('gpt3_175b', 96, 12288, 96);
export const mtNlg = megatronGpt('mt_nlg_530b', 105, 20480, 128);
export const gpt1t = megatronGpt('gpt_1t', 128, 25600, 160);

export const palm: ModelSpec = {
  ...llama('palm_540b', 118, 18432, 73728, 48, 1, 256000, 256),
  tiedEmbeddings: true,
  parallelBlock: true,
  normsPerLayer: 1,
};

const moe = {
  sharedFfn: 0,
  denseLayers: 0,
  routerBias: false,
  groups: 0,
  groupTopk: 0,
};

export const mixtral: ModelSpec = {
  ...llama('mixtral_8x7b', 32, 4096, 14336, 32, 8, 32000),
  moe: { ...moe, experts: 8, topk: 2, expertFfn: 14336 },
};

export const deepseekV3: ModelSpec = {
  ...llama('deepseek_v3', 61, 7168, 18432, 128, 128, 129280, 192),
  mla: { queryRank: 1536, kvRank: 512, nopeDim: 128, ropeDim: 64, valueDim: 128 },
  moe: {
    experts: 256,
    topk: 8,
    expertFfn: 2048,
    sharedFfn: 2048,
    denseLayers: 3,
    routerBias: true,
    groups: 8,
    groupTopk: 4,
  },
  mtpLayers: 1,
};

export const kimiK2: ModelSpec = {
  ...deepseekV3,
  name: 'kimi_k2',
  heads: 64,
  kvHeads: 64,
  vocab: 163840,
  moe: { ...deepseekV3.moe!, experts: 384, denseLayers: 1, groups: 1, groupTopk: 1 },
  mtpLayers: 0,
};

export const glm5: ModelSpec = {
  ...llama('glm_5', 78, 6144, 12288, 64, 64, 154880, 256),
  mla: { queryRank: 2048, kvRank: 512, nopeDim: 192, ropeDim: 64, valueDim: 256 },
  moe: { ...deepseekV3.moe!, experts: 256, groups: 1, groupTopk: 1 },
  mtpLayers: 1,
  // Indexer of sparse attention: 32 heads of 128 from the query latent, one key with its LayerNorm, head weights.
  extraParametersPerLayer: 2048 * 32 * 128 + 6144 * 128 + 2 * 128 + 6144 * 32,
};

const qwenMoe = (
  name: string,
  layers: number,
  hidden: number,
  heads: number,
  expertFfn: number,
): ModelSpec => ({
  ...llama(name, layers, hidden, 3 * hidden, heads, 4, 151936),
  qkNormParameters: 256,
  moe: { ...moe, experts: 128, topk: 8, expertFfn },
});

export const qwen235b = qwenMoe('qwen3_235b_a22b', 94, 4096, 64, 1536);
export const qwen30b = qwenMoe('qwen3_30b_a3b', 48, 2048, 32, 768);
export const qwen32b: ModelSpec = {
  ...llama('qwen3_32b', 64, 5120, 25600, 64, 8, 151936),
  qkNormParameters: 256,
};

export const gptOss120b: ModelSpec = {
  ...llama('gpt_oss_120b', 36, 2880, 2880, 64, 8, 201088, 64),
  bias: { qkv: true, out: true, mlp: true },
  slidingWindow: { size: 128, layers: 18 },
  moe: { ...moe, experts: 128, topk: 4, expertFfn: 2880, routerBias: true },
  attentionSinks: true,
};

export const minimaxM2: ModelSpec = {
  ...llama('minimax_m2_5', 62, 3072, 1536, 48, 8, 200064),
  qkNormParameters: 48 * 128 + 8 * 128,
  moe: { ...moe, experts: 256, topk: 8, expertFfn: 1536, routerBias: true },
};

export const everyModel: ModelSpec[] = [
  llama8b,
  llama70b,
  llama405b,
  gpt3,
  mtNlg,
  gpt1t,
  palm,
  mixtral,
  deepseekV3,
  kimiK2,
  glm5,
  qwen235b,
  qwen30b,
  qwen32b,
  gptOss120b,
  minimaxM2,
];
