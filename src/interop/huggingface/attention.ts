/** The attention part of a `config.json`: heads, latents, biases, norms, windows, indexers. */
import type { LatentAttention, ModelSpec } from '../../engine/model/spec.ts';
import type { Family } from './families.ts';
import type { Reader } from './reader.ts';

export interface Heads {
  heads: number;
  kvHeads: number;
  headDim: number;
  mla?: LatentAttention;
}

export function readHeads(reader: Reader, family: Family, hidden: number): Heads {
  const heads = reader.size('num_attention_heads', 'n_head');
  if (family.attention === 'latent') {
    const mla: LatentAttention = {
      queryRank: reader.countOr('q_lora_rank', 0),
      kvRank: reader.size('kv_lora_rank'),
      nopeDim: reader.size('qk_nope_head_dim'),
      ropeDim: reader.size('qk_rope_head_dim'),
      valueDim: reader.size('v_head_dim'),
    };
    // Every head has its own keys and values once the latent is projected up.
    reader.read.add('num_key_value_heads').add('head_dim');
    return { heads, kvHeads: heads, headDim: mla.nopeDim + mla.ropeDim, mla };
  }
  const kvHeads =
    family.kvHeads === 'heads'
      ? reader.sizeOr('num_key_value_heads', heads)
      : reader.size('num_key_value_heads');
  if (reader.sound() && (kvHeads > heads || heads % kvHeads !== 0))
    reader.error(`${heads} query heads cannot share ${kvHeads} key/value heads evenly`, [
      'num_attention_heads',
      'num_key_value_heads',
    ]);
  return { heads, kvHeads, headDim: readHeadDim(reader, family, hidden, heads) };
}

function readHeadDim(reader: Reader, family: Family, hidden: number, heads: number): number {
  if (family.headDim === 'required' || reader.has('head_dim')) return reader.size('head_dim');
  if (hidden % heads === 0) return hidden / heads;
  if (reader.sound())
    reader.error(`A hidden size of ${hidden} does not divide by ${heads} heads, and "head_dim" is missing`, [
      'hidden_size',
      'num_attention_heads',
      'head_dim',
    ]);
  return 1;
}

export function readBias(reader: Reader, family: Family): ModelSpec['bias'] {
  if (family.bias === 'all') return { qkv: true, out: true, mlp: true };
  const mlp = reader.flag('mlp_bias', false) || family.experts === 'gpt_oss';
  if (family.bias === 'none') return { qkv: false, out: false, mlp };
  if (family.bias === 'qkv') return { qkv: reader.flag('qkv_bias', true), out: false, mlp };
  const stated = reader.flag('attention_bias', family.experts === 'gpt_oss');
  return { qkv: stated, out: stated && family.bias === 'stated', mlp };
}

/** Parameters per layer of the norms over queries and keys. */
export function readQkNorm(reader: Reader, family: Family, { heads, kvHeads, headDim }: Heads): number {
  const stated = family.qkNorm.startsWith('stated') && reader.flag('use_qk_norm', false);
  if (family.qkNorm === 'head' || (family.qkNorm === 'stated_head' && stated)) return 2 * headDim;
  if (family.qkNorm === 'width' || (family.qkNorm === 'stated_width' && stated)) {
    const type = reader.text('qk_norm_type');
    return type === 'per_head' ? 2 * headDim : (heads + kvHeads) * headDim;
  }
  // Llama 4 normalises without weights, so its flag adds nothing.
  if (family.experts === 'llama4') reader.read.add('use_qk_norm');
  return 0;
}

/** The window and the number of layers that have it. */
export function readWindow(reader: Reader, family: Family, layers: number): ModelSpec['slidingWindow'] {
  const kinds = readLayerTypes(reader, layers);
  const size = reader.countOr('sliding_window', 0);
  if (kinds) {
    const windowed = kinds.filter(kind => kind === 'sliding_attention').length;
    if (windowed === 0) return undefined;
    if (size > 0) return { size, layers: windowed };
    reader.error('"layer_types" names sliding attention, but "sliding_window" gives no size', [
      'layer_types',
      'sliding_window',
    ]);
    return undefined;
  }
  const windowed = size > 0 ? windowedLayers(reader, family, layers) : 0;
  return windowed > 0 ? { size, layers: windowed } : undefined;
}

function windowedLayers(reader: Reader, family: Family, layers: number): number {
  if (family.window === 'all') return layers;
  if (family.window === 'alternating') return Math.ceil(layers / 2);
  if (family.window === 'qwen')
    return reader.flag('use_sliding_window', false)
      ? Math.max(0, layers - reader.countOr('max_window_layers', layers))
      : 0;
  if (family.window === 'pattern') {
    // Every n-th layer sees the whole sequence.
    const every = reader.size('sliding_window_pattern');
    return layers - Math.floor(layers / every);
  }
  reader.warn('"sliding_window" is not used by this kind of model; every layer counts as seeing all tokens', [
    'sliding_window',
  ]);
  return 0;
}

const knownKinds = new Set(['full_attention', 'sliding_attention', 'chunked_attention']);

function readLayerTypes(reader: Reader, layers: number): unknown[] | undefined {
  const kinds = reader.list('layer_types');
  if (!kinds || kinds.length === 0) return undefined;
  const unknown = [...new Set(kinds.filter(kind => typeof kind !== 'string' || !knownKinds.has(kind)))];
  if (unknown.length > 0) {
    const names = unknown
      .slice(0, 5)
      .map(kind => (typeof kind === 'string' ? `"${kind.slice(0, 40)}"` : typeof kind));
    reader.error(`"layer_types" names kinds of layers that are not modelled: ${names.join(', ')}`, [
      'layer_types',
    ]);
  } else if (kinds.length !== layers)
    reader.error(`"layer_types" lists ${kinds.length} layers, but the model has ${layers}`, [
      'layer_types',
      'num_hidden_layers',
    ]);
  return kinds;
}

/** Parameters per layer of what attention has beside its projections: indexers of sparse attention. */
export function readExtras(reader: Reader, hidden: number, { mla }: Heads): number {
  if (reader.has('attention_chunk_size')) {
    const chunk = reader.size('attention_chunk_size');
    reader.warn(
      `Local layers attend within chunks of ${chunk} tokens; longer sequences are priced as if every layer saw all of them`,
      ['attention_chunk_size'],
    );
  }
  if (!mla || !reader.has('index_n_heads')) return 0;
  const indexHeads = reader.size('index_n_heads');
  const indexDim = reader.size('index_head_dim');
  reader.warn(
    'The indexer of sparse attention is counted in the parameters; its arithmetic is not, and attention is priced over all tokens instead of the selected ones',
    ['index_n_heads', 'index_head_dim', 'index_topk'],
  );
  reader.read.add('index_topk');
  const queries = (mla.queryRank > 0 ? mla.queryRank : hidden) * indexHeads * indexDim;
  return queries + hidden * indexDim + 2 * indexDim + hidden * indexHeads;
}
