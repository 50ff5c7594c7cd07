/** The mixture-of-experts part of a `config.json`; every family names its keys differently. */
import type { LayerKind, MixtureOfExperts } from '../../engine/model/spec.ts';
import type { Family } from './families.ts';
import type { Reader } from './reader.ts';

export interface Experts {
  moe?: MixtureOfExperts;
  /** Width of a dense MLP; of an expert where no layer is dense. */
  ffn: number;
  /** Parameters per layer that the formulas do not know. */
  extra: number;
}

const plain = { sharedFfn: 0, denseLayers: 0, routerBias: false, groups: 0, groupTopk: 0 };

/** Experts and MLP widths of a model with `layers` layers of width `hidden`. */
export function readExperts(reader: Reader, family: Family, layers: number, hidden: number): Experts {
  const result = readFamily(reader, family, layers, hidden);
  const moe = result.moe;
  if (reader.sound() && moe && moe.topk > moe.experts)
    reader.error(`A token cannot use ${moe.topk} of ${moe.experts} experts`, ['num_experts_per_tok']);
  if (reader.sound() && moe && moe.denseLayers > layers)
    reader.error(`${moe.denseLayers} dense layers are more than the model's ${layers}`, [
      'first_k_dense_replace',
    ]);
  return result;
}

function readFamily(reader: Reader, family: Family, layers: number, hidden: number): Experts {
  if (family.experts === 'none') return { ffn: readDenseWidth(reader, hidden), extra: 0 };
  if (family.experts === 'deepseek') return readDeepSeek(reader, layers, hidden);
  if (family.experts === 'qwen' || family.experts === 'qwen_shared')
    return readQwen(reader, family, layers, hidden);

  const experts = reader.size('num_local_experts');
  const topk = reader.size('num_experts_per_tok', 'experts_per_token');
  const width = reader.size('intermediate_size');
  const moe = { ...plain, experts, topk, expertFfn: width };
  if (family.experts === 'gpt_oss') return { moe: { ...moe, routerBias: true }, ffn: width, extra: 0 };
  if (family.experts === 'minimax') {
    const routerBias = reader.flag('use_routing_bias', false);
    const sharedFfn = reader.countOr('shared_intermediate_size', 0);
    return { moe: { ...moe, routerBias, sharedFfn }, ffn: width, extra: 0 };
  }
  if (family.experts === 'llama4') {
    const kinds = interleaved(reader, layers);
    const dense = kinds.includes('dense') ? reader.size('intermediate_size_mlp') : width;
    reader.read.add('intermediate_size_mlp');
    return { moe: { ...moe, sharedFfn: width, ...pattern(kinds) }, ffn: dense, extra: 0 };
  }
  return { moe, ffn: width, extra: 0 };
}

function readDenseWidth(reader: Reader, hidden: number): number {
  // GPT-2 states its width only where it is not four times the hidden one.
  if (reader.has('n_embd')) return reader.sizeOr('n_inner', 4 * hidden);
  return reader.size('intermediate_size');
}

function readDeepSeek(reader: Reader, layers: number, hidden: number): Experts {
  if (!reader.has('n_routed_experts')) return { ffn: readDenseWidth(reader, hidden), extra: 0 };
  const denseLayers = reader.countOr('first_k_dense_replace', 0);
  const every = reader.sizeOr('moe_layer_freq', 1);
  const kinds = Array.from(
    { length: layers },
    (_, layer): LayerKind => (layer >= denseLayers && layer % every === 0 ? 'moe' : 'dense'),
  );
  const expertFfn = reader.size('moe_intermediate_size');
  const method = reader.text('topk_method');
  const moe: MixtureOfExperts = {
    experts: reader.size('n_routed_experts'),
    topk: reader.size('num_experts_per_tok'),
    expertFfn,
    sharedFfn: reader.countOr('n_shared_experts', 0) * expertFfn,
    // The bias that balances the load without an auxiliary loss; version 2 had none.
    routerBias: method === 'noaux_tc' || method === undefined,
    groups: reader.countOr('n_group', 0),
    groupTopk: reader.countOr('topk_group', 0),
    ...pattern(kinds),
  };
  return { moe, ffn: reader.size('intermediate_size'), extra: 0 };
}

function readQwen(reader: Reader, family: Family, layers: number, hidden: number): Experts {
  const every = reader.sizeOr('decoder_sparse_step', 1);
  const only = new Set(reader.list('mlp_only_layers') ?? []);
  const kinds = Array.from(
    { length: layers },
    (_, layer): LayerKind => ((layer + 1) % every === 0 && !only.has(layer) ? 'moe' : 'dense'),
  );
  const shared = family.experts === 'qwen_shared';
  const moe: MixtureOfExperts = {
    ...plain,
    experts: reader.size('num_experts', 'num_local_experts'),
    topk: reader.size('num_experts_per_tok'),
    expertFfn: reader.size('moe_intermediate_size'),
    sharedFfn: shared ? reader.size('shared_expert_intermediate_size') : 0,
    ...pattern(kinds),
  };
  // The shared expert has a gate of one output.
  return { moe, ffn: reader.size('intermediate_size'), extra: shared ? hidden : 0 };
}

function interleaved(reader: Reader, layers: number): LayerKind[] {
  const listed = reader.list('moe_layers');
  const step = reader.sizeOr('interleave_moe_layer_step', 1);
  const sparse = new Set(listed && listed.length > 0 ? listed : undefined);
  return Array.from({ length: layers }, (_, layer) => {
    const moe = sparse.size > 0 ? sparse.has(layer) : (layer + 1) % step === 0;
    return moe ? 'moe' : 'dense';
  });
}

/** The shorter form where the dense layers come first. */
function pattern(kinds: LayerKind[]): Pick<MixtureOfExperts, 'denseLayers' | 'pattern'> {
  const first = kinds.indexOf('moe');
  const denseLayers = first < 0 ? kinds.length : first;
  return kinds.lastIndexOf('dense') < denseLayers ? { denseLayers } : { denseLayers, pattern: kinds };
}
