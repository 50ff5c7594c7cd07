/** `model` to engine input: inline, or read from a `config.json` and then overridden. */
import type { LayerKind, MixtureOfExperts, ModelSpec } from '../../engine/model/spec.ts';
import type { SourceRange } from '../analysis/report.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import type { FileContent } from '../files.ts';
import type { Model } from '../generated/ast.ts';
import type { Env } from '../values/value.ts';
import { whyUnread } from './foreign.ts';
import type { Entries } from './properties.ts';
import { boolAt, numberAt, readProperties, wordAt } from './properties.ts';

/** What reading a foreign model file gives; `keys` are those of the file that are not understood. */
export interface ImportedModel {
  model?: ModelSpec;
  problems: { severity: 'error' | 'warning' | 'info'; message: string; keys?: string[] }[];
}

export interface ModelInput {
  env: Env;
  /** The text of the mentioned file, as far as it has been read. */
  file(path: string): FileContent | undefined;
  importModel(text: string, name: string): ImportedModel;
  /** Longest sequence of the model where that is known. */
  sequence?(tokens: number): void;
}

const GATED = new Set(['swiglu', 'geglu', 'silu']);

export function lowerModel(model: Model, input: ModelInput): ModelSpec | undefined {
  const entries = readProperties(model.props, 'model', input.env);
  const base = model.source === undefined ? undefined : importedModel(model, model.source, input);
  if (model.source !== undefined && !base) return undefined;
  const missing = base ? [] : ['layers', 'hidden', 'heads', 'vocab'].filter(key => !entries.has(key));
  if (missing.length > 0) {
    const list = missing.map(key => `'${key}'`).join(', ');
    const message = `The model '${model.name}' lacks ${list}.`;
    input.env.findings.add('key-missing', rangeOfProperty(model, 'name'), message);
    return undefined;
  }
  const sequence = numberAt(entries, 'sequence');
  if (sequence !== undefined) input.sequence?.(sequence);
  const spec = shape(model, entries, base);
  return spec && checkShape(model, entries, spec, input.env) ? spec : undefined;
}

function importedModel(
  model: Model,
  source: string,
  { env, file, importModel, sequence }: ModelInput,
): ModelSpec | undefined {
  const range = rangeOfProperty(model, 'source');
  const fail = (message: string) => env.findings.add('model-import', range, message);
  const content = file(source);
  if (content?.text === undefined) {
    fail(whyUnread(source, content));
    return undefined;
  }
  const imported = importModel(content.text, model.name);
  for (const { severity, message, keys } of imported.problems) {
    const named = keys?.filter(key => !message.includes(key)) ?? [];
    const text = named.length > 0 ? `${message} (${named.join(', ')})` : message;
    env.findings.add('model-import', range, text, { severity });
  }
  if (!imported.model && !imported.problems.some(p => p.severity === 'error'))
    fail(`The file ${source} describes no model.`);
  const longest = positionsOf(content.text);
  if (longest !== undefined) sequence?.(longest);
  return imported.model && { ...imported.model, name: model.name };
}

/** `max_position_embeddings` of a configuration, for the default of `batch.sequence`. */
function positionsOf(text: string): number | undefined {
  const match = /"(?:max_position_embeddings|n_positions)"\s*:\s*([0-9]{1,12})/.exec(text);
  return match ? Number(match[1]) : undefined;
}

/** Overrides on top of an imported model, or defaults below an inline one. */
function shape(model: Model, entries: Entries, base: ModelSpec | undefined): ModelSpec | undefined {
  const number = (key: string) => numberAt(entries, key);
  const bool = (key: string) => boolAt(entries, key);
  const layers = number('layers') ?? base?.layers;
  const hidden = number('hidden') ?? base?.hidden;
  const heads = number('heads') ?? base?.heads;
  const vocab = number('vocab') ?? base?.vocab;
  if (layers === undefined || hidden === undefined || heads === undefined || vocab === undefined)
    return undefined;
  const headDim =
    number('head_dim') ??
    (base && !entries.has('heads') && !entries.has('hidden') ? base.headDim : hidden / heads);
  const ffn = number('ffn') ?? base?.ffn ?? 4 * hidden;
  const activation = wordAt(entries, 'activation');
  const parallelBlock = bool('parallel_block') ?? base?.parallelBlock ?? false;
  const norm = (wordAt(entries, 'norm') as ModelSpec['norm'] | undefined) ?? base?.norm ?? 'rmsnorm';
  const qkNorm = bool('qk_norm');
  const window = number('sliding_window') ?? base?.slidingWindow?.size;
  const moe = experts(entries, ffn, layers, base?.moe);
  const latent = latentAttention(entries, headDim, base);
  return {
    name: model.name,
    layers,
    hidden,
    ffn,
    heads,
    kvHeads: number('kv_heads') ?? (entries.has('heads') ? heads : (base?.kvHeads ?? heads)),
    headDim,
    vocab,
    gated: bool('gated') ?? (activation ? GATED.has(activation) : (base?.gated ?? true)),
    parallelBlock,
    tiedEmbeddings: bool('tied_embeddings') ?? base?.tiedEmbeddings ?? false,
    norm,
    normsPerLayer:
      number('norms_per_layer') ??
      (base && !entries.has('parallel_block') ? base.normsPerLayer : parallelBlock ? 1 : 2),
    qkNormParameters: qkNorm === undefined ? (base?.qkNormParameters ?? 0) : qkNorm ? 2 * headDim : 0,
    bias: {
      qkv: bool('qkv_bias') ?? base?.bias.qkv ?? false,
      out: bool('out_bias') ?? base?.bias.out ?? false,
      mlp: bool('mlp_bias') ?? base?.bias.mlp ?? false,
    },
    ...((bool('attention_sinks') ?? base?.attentionSinks) && { attentionSinks: true }),
    learnedPositions: number('learned_positions') ?? base?.learnedPositions ?? 0,
    ...(window !== undefined && {
      slidingWindow: {
        size: window,
        layers: number('sliding_window_layers') ?? base?.slidingWindow?.layers ?? layers,
      },
    }),
    ...(latent && { mla: latent }),
    ...(moe && { moe }),
    mtpLayers: number('mtp_layers') ?? base?.mtpLayers ?? 0,
    extraParametersPerLayer: number('extra_parameters') ?? base?.extraParametersPerLayer ?? 0,
  };
}

function latentAttention(entries: Entries, headDim: number, base: ModelSpec | undefined): ModelSpec['mla'] {
  const kvRank = numberAt(entries, 'kv_lora_rank') ?? base?.mla?.kvRank;
  if (kvRank === undefined) return undefined;
  return {
    kvRank,
    queryRank: numberAt(entries, 'q_lora_rank') ?? base?.mla?.queryRank ?? 0,
    nopeDim: numberAt(entries, 'qk_nope_head_dim') ?? base?.mla?.nopeDim ?? headDim,
    ropeDim: numberAt(entries, 'qk_rope_head_dim') ?? base?.mla?.ropeDim ?? 64,
    valueDim: numberAt(entries, 'v_head_dim') ?? base?.mla?.valueDim ?? headDim,
  };
}

function experts(
  entries: Entries,
  ffn: number,
  layers: number,
  base: MixtureOfExperts | undefined,
): MixtureOfExperts | undefined {
  const number = (key: string) => numberAt(entries, key);
  const total = number('experts') ?? base?.experts;
  if (total === undefined) return undefined;
  const expertFfn = number('expert_ffn') ?? base?.expertFfn ?? ffn;
  const shared = number('shared_experts');
  const denseLayers = number('dense_layers');
  const every = number('moe_every');
  const dense = denseLayers ?? base?.denseLayers ?? 0;
  const pattern =
    every === undefined
      ? denseLayers === undefined
        ? base?.pattern
        : undefined
      : every > 1
        ? Array.from({ length: layers }, (_, layer) => kindOf(layer, every, dense))
        : undefined;
  return {
    ...(pattern && { pattern }),
    experts: total,
    topk: number('topk') ?? base?.topk ?? 2,
    expertFfn,
    sharedFfn: number('shared_ffn') ?? (shared === undefined ? (base?.sharedFfn ?? 0) : shared * expertFfn),
    denseLayers: dense,
    routerBias: boolAt(entries, 'router_bias') ?? base?.routerBias ?? false,
    groups: number('expert_groups') ?? base?.groups ?? 0,
    groupTopk: number('group_topk') ?? base?.groupTopk ?? 0,
  };
}

/** As Hugging Face's Llama 4 and Qwen models count: with a step of 2 the first layer is dense and the second has experts. */
const kindOf = (layer: number, every: number, dense: number): LayerKind =>
  layer >= dense && (layer + 1) % every === 0 ? 'moe' : 'dense';

function checkShape(model: Model, entries: Entries, spec: ModelSpec, env: Env): boolean {
  let sound = true;
  const at = (key: string): SourceRange => {
    const property = entries.get(key)?.property;
    return property ? rangeOf(property) : rangeOfProperty(model, 'name');
  };
  const fail = (key: string, message: string) => {
    env.findings.add('model-shape', at(key), message);
    sound = false;
  };
  if (!Number.isInteger(spec.headDim)) {
    fail('heads', `${spec.heads} heads do not divide the hidden width ${spec.hidden}; state 'head_dim'.`);
  }
  if (spec.kvHeads > spec.heads)
    fail('kv_heads', `${spec.kvHeads} KV heads are more than ${spec.heads} query heads.`);
  else if (spec.heads % spec.kvHeads !== 0)
    fail('kv_heads', `${spec.kvHeads} KV heads do not divide ${spec.heads} query heads.`);
  const { moe } = spec;
  if (moe && moe.topk > moe.experts)
    fail('topk', `${moe.topk} experts per token are more than ${moe.experts} experts.`);
  if (moe && moe.denseLayers > spec.layers)
    fail('dense_layers', `${moe.denseLayers} dense layers are more than ${spec.layers} layers.`);
  if (spec.slidingWindow && spec.slidingWindow.layers > spec.layers) {
    fail(
      'sliding_window_layers',
      `${spec.slidingWindow.layers} layers with a window are more than ${spec.layers} layers.`,
    );
  }
  return sound;
}
