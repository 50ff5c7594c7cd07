import { expect, test } from 'vitest';
import { createAnalysis, invalid, textAt, valid } from '../analysis/support.ts';

const BASE = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f { level node of 8 c { bandwidth: 400GB/s } }
mesh w on f { dp: 8 }
plan p of m on w { batch.global: 64 }
`;
const LLAMA = JSON.stringify({
  model_type: 'llama',
  architectures: ['LlamaForCausalLM'],
  hidden_size: 4096,
  intermediate_size: 14336,
  num_hidden_layers: 32,
  num_attention_heads: 32,
  num_key_value_heads: 8,
  vocab_size: 128256,
  max_position_embeddings: 2048,
  hidden_act: 'silu',
  tie_word_embeddings: false,
  rms_norm_eps: 1e-5,
});

test('an inline model has the defaults of the reference', async () => {
  const { report } = await valid`${BASE}model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }`;
  expect(report.plans[0]!.spec!.model).toEqual({
    name: 'm',
    layers: 8,
    hidden: 4096,
    ffn: 16384,
    heads: 32,
    kvHeads: 32,
    headDim: 128,
    vocab: 32000,
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
  });
});

test('latent attention and experts', async () => {
  const { report } = await valid`${BASE}model m {
  layers: 8  hidden: 4096  heads: 32  vocab: 32000  kv_lora_rank: 512  qk_rope_head_dim: 64
  experts: 64  topk: 4  expert_ffn: 1024  shared_experts: 2  dense_layers: 1
}`;
  const { model } = report.plans[0]!.spec!;
  expect(model.mla).toEqual({ kvRank: 512, queryRank: 0, nopeDim: 128, ropeDim: 64, valueDim: 128 });
  expect(model.moe).toMatchObject({ experts: 64, topk: 4, expertFfn: 1024, sharedFfn: 2048, denseLayers: 1 });
});

test('every second layer has experts, after the first dense ones', async () => {
  const { report } = await valid`${BASE}model m {
  layers: 6  hidden: 4096  heads: 32  vocab: 32000  experts: 8  topk: 1  expert_ffn: 512  moe_every: 2  dense_layers: 2  attention_sinks: true
}`;
  const { model } = report.plans[0]!.spec!;
  expect(model.moe!.pattern).toEqual(['dense', 'dense', 'dense', 'moe', 'dense', 'moe']);
  expect(model.attentionSinks).toBe(true);
});

test('a config.json is read, and keys in braces override it', async () => {
  const analysis = createAnalysis({ '/plans/llama/config.json': LLAMA });
  const { report, findings } = await analysis.analyse(
    `${BASE}model m from "llama/config.json" { layers: 4 }`,
  );
  expect(findings.filter(f => f.severity === 'error')).toEqual([]);
  const spec = report.plans[0]!.spec!;
  expect(spec.model).toMatchObject({ name: 'm', layers: 4, hidden: 4096, kvHeads: 8, ffn: 14336 });
  // The model is made for 2,048 tokens, which is less than the default of 4,096.
  expect(spec.batch.sequence).toBe(2048);
});

test.each([
  ['is missing', {}, /does not exist/],
  ['is no JSON', { '/plans/config.json': '{ "hidden_size": }' }, /JSON/],
  ['is empty', { '/plans/config.json': '' }, /JSON/],
  ['is too large', { '/plans/config.json': ' '.repeat(11 * 1024 * 1024) }, /10 MB/],
  [
    'is of a kind that is not known',
    { '/plans/config.json': '{ "model_type": "resnet", "architectures": ["ResNet"] }' },
    /resnet/i,
  ],
])('a file that %s is said at its path', async (_, files, message) => {
  const { findings, text } = await createAnalysis(files).analyse(`${BASE}model m from "config.json"`);
  const found = findings.filter(f => f.code === 'model-import' && f.severity === 'error');
  expect(found.map(f => textAt(text, f))).toEqual(['"config.json"']);
  expect(found[0]!.message).toMatch(message);
});

test('sizes that do not go together', async () => {
  await invalid.model('model-shape')`layers: 8  hidden: 4096  heads: 32  «kv_heads: 64»  vocab: 32000`;
  await invalid.model('model-shape')`layers: 8  hidden: 4096  heads: 32  «kv_heads: 5»  vocab: 32000`;
  await invalid.model('model-shape')`layers: 8  hidden: 4096  heads: 32  vocab: 32000  experts: 4  «topk: 8»`;
  await invalid.model(
    'model-shape',
  )`layers: 8  hidden: 4096  heads: 32  vocab: 32000  experts: 4  «dense_layers: 9»`;
  await invalid.model('key-missing')`layers: 8  hidden: 4096  vocab: 32000`;
});
