/** The inline models of the standard library against the same models written down once more for the engine's tests. */
import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../src/engine/model/spec.ts';
import * as models from '../engine/model/models.ts';
import { keyOf, library, textOf } from './support.ts';

/** What a spec says under the language's keys, with defaults left out as the library leaves them out. */
function asKeys(model: ModelSpec): Record<string, string> {
  const { mla, moe, slidingWindow: window } = model;
  const keys: Record<string, string | number | boolean | undefined> = {
    layers: model.layers,
    hidden: model.hidden,
    ffn: model.ffn,
    heads: model.heads,
    kv_heads: model.kvHeads === model.heads ? undefined : model.kvHeads,
    head_dim: mla || model.headDim === model.hidden / model.heads ? undefined : model.headDim,
    vocab: model.vocab,
    activation: model.gated ? undefined : 'gelu',
    parallel_block: model.parallelBlock || undefined,
    tied_embeddings: model.tiedEmbeddings || undefined,
    norm: model.norm === 'rmsnorm' ? undefined : model.norm,
    qk_norm: model.qkNormParameters > 0 || undefined,
    qkv_bias: model.bias.qkv || undefined,
    out_bias: model.bias.out || undefined,
    mlp_bias: model.bias.mlp || undefined,
    attention_sinks: model.attentionSinks,
    learned_positions: model.learnedPositions || undefined,
    sliding_window: window?.size,
    sliding_window_layers: window?.layers,
    q_lora_rank: mla?.queryRank,
    kv_lora_rank: mla?.kvRank,
    qk_nope_head_dim: mla?.nopeDim,
    qk_rope_head_dim: mla?.ropeDim,
    v_head_dim: mla?.valueDim,
    experts: moe?.experts,
    topk: moe?.topk,
    expert_ffn: moe?.expertFfn,
    shared_experts: moe?.sharedFfn ? moe.sharedFfn / moe.expertFfn : undefined,
    dense_layers: moe?.denseLayers || undefined,
    router_bias: moe?.routerBias || undefined,
    expert_groups: moe && moe.groups > 1 ? moe.groups : undefined,
    group_topk: moe && moe.groups > 1 ? moe.groupTopk : undefined,
    mtp_layers: model.mtpLayers || undefined,
    extra_parameters: model.extraParametersPerLayer || undefined,
  };
  return Object.fromEntries(
    Object.entries(keys).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
}

describe('std/models', async () => {
  const decls = (await library('std/models')).parseResult.value.decls;
  const written = new Map(models.everyModel.map(model => [model.name, model]));

  it.each(decls.map(decl => decl.name).filter(name => written.has(name)))(
    '%s is the model that the golden counts were checked on',
    name => {
      const decl = decls.find(candidate => candidate.name === name);
      const model = written.get(name);
      if (decl?.$type !== 'Model' || !model) throw new Error(`${name} has no counterpart`);
      // The length it was trained at belongs to the plan, not to the network.
      const {
        activation,
        sequence: _,
        ...stated
      } = Object.fromEntries(decl.props.map(prop => [keyOf(prop), textOf(prop)]));
      const { activation: expected, ...rest } = asKeys(model);
      expect(stated).toEqual(rest);
      expect(activation ?? 'swiglu').toBe(expected ?? 'swiglu');
    },
  );
});
