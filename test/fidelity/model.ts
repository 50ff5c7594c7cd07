/** The network that a row's columns describe. */
import type { LatentAttention, ModelSpec } from '../../src/engine/model/spec.ts';
import type { Job } from './job.ts';

/** Latent attention of DeepSeek-V2, V3 and Kimi K2 (their config.json): columns have the head size alone. */
const LATENT: LatentAttention = { queryRank: 1536, kvRank: 512, nopeDim: 128, ropeDim: 64, valueDim: 128 };
const IS_LATENT = /deepseek|kimi|moonlight/i;
/** Models of these names project queries directly (config.json: q_lora_rank null). */
const DIRECT_QUERIES = /moonlight|lite/i;
/** GPT-OSS: every second layer looks back 128 tokens, and softmaxes have a learned sink (config.json). */
const WINDOWED = /gpt-oss/i;
/** Moonlight: two shared experts of 1408 (Megatron-Bridge, `MoonlightModelProvider16B`), where the column is empty. */
const SHARED: readonly [RegExp, number][] = [[/moonlight/i, 2 * 1408]];
const NO_TIES = /llama|mixtral|mistral|qwen|deepseek|grok|nemotron|gpt-oss|kimi/i;

/** @returns a text that says what is missing */
export function modelOf(job: Job): ModelSpec | string {
  const { layers, hidden, heads, vocab } = job;
  if (layers === undefined) return 'the number of layers is not stated';
  if (hidden === undefined) return 'the hidden width is not stated';
  if (heads === undefined) return 'the number of heads is not stated';
  if (vocab === undefined) return 'the vocabulary is not stated';
  const ffn = job.ffn ?? (job.gated ? undefined : 4 * hidden);
  if (ffn === undefined && job.experts === 0) return 'the width of the MLP is not stated';
  const latent = IS_LATENT.test(job.model);
  return {
    name: job.model,
    layers,
    hidden,
    ffn: ffn ?? 0,
    heads,
    kvHeads: job.kvHeads ?? heads,
    headDim: job.headDim ?? hidden / heads,
    vocab,
    gated: job.gated,
    parallelBlock: /palm|gpt-j/i.test(job.model),
    // Of GPT's heirs the table of embeddings is the head as well; Megatron-LM's later tables untie them.
    tiedEmbeddings: !job.gated && !NO_TIES.test(job.model) && !/untied/i.test(job.notes),
    norm: job.gated ? 'rmsnorm' : 'layernorm',
    normsPerLayer: 2,
    qkNormParameters: 0,
    bias: { qkv: !job.gated, out: !job.gated, mlp: !job.gated },
    learnedPositions: 0,
    ...(WINDOWED.test(job.model) && {
      slidingWindow: { size: 128, layers: Math.ceil(layers / 2) },
      attentionSinks: true,
    }),
    ...(latent && { mla: { ...LATENT, ...(DIRECT_QUERIES.test(job.model) && { queryRank: 0 }) } }),
    ...(job.experts > 1 && {
      moe: {
        experts: job.experts,
        topk: job.topk ?? 1,
        expertFfn: job.expertFfn ?? ffn ?? hidden,
        sharedFfn: job.sharedFfn || (SHARED.find(([name]) => name.test(job.model))?.[1] ?? 0),
        denseLayers: job.denseLayers,
        routerBias: false,
        groups: 0,
        groupTopk: 0,
      },
    }),
    mtpLayers: /\bwith MTP/i.test(job.notes) ? 1 : 0,
    extraParametersPerLayer: 0,
  };
}
