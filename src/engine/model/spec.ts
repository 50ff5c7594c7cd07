/** What the network is, as plain data. Names follow Hugging Face's `config.json` where it has one. */

/** Multi-head latent attention (DeepSeek): queries and key/values pass through low-rank latents. */
export interface LatentAttention {
  /** Query rank; 0 when queries are projected directly. */
  queryRank: number;
  kvRank: number;
  /** Per head: key/query width without and with rotary position, and value width. */
  nopeDim: number;
  ropeDim: number;
  valueDim: number;
}

/** A transformer layer with one MLP, or with routed experts. */
export type LayerKind = 'dense' | 'moe';

export interface MixtureOfExperts {
  experts: number;
  /** Experts per token. */
  topk: number;
  /** Width of one routed expert. */
  expertFfn: number;
  /** Total width of the shared experts, 0 for none. */
  sharedFfn: number;
  /** First layers that are dense (of width `ModelSpec.ffn`). */
  denseLayers: number;
  /** Router has a bias per expert. */
  routerBias: boolean;
  /** Expert groups and how many of them a token may use (node-limited routing); 0 for none. */
  groups: number;
  groupTopk: number;
  /**
   * Which layers are dense and which have experts, one entry per layer, where that is not "the first `denseLayers`"
   * (Llama 4 Maverick alternates). Overrides `denseLayers`.
   */
  pattern?: readonly LayerKind[];
}

export interface ModelSpec {
  name: string;
  layers: number;
  hidden: number;
  /** Width of a dense MLP. */
  ffn: number;
  heads: number;
  kvHeads: number;
  headDim: number;
  vocab: number;
  /** Gated MLPs (SwiGLU, GeGLU) have three matrices, others two. */
  gated: boolean;
  /** Attention and MLP read one norm and share one reduction (PaLM, GPT-J). */
  parallelBlock: boolean;
  tiedEmbeddings: boolean;
  norm: 'rmsnorm' | 'layernorm';
  /** Norms over the hidden width per layer: 2 for Llama, 4 for Gemma 2 and later, 1 for a parallel block. */
  normsPerLayer: number;
  /** Norm over each head's query and key (Qwen 3, Gemma 3): parameters per layer, 0 for none. */
  qkNormParameters: number;
  /** Biases: on q, k and v; on the output projection; on the MLP's matrices. */
  bias: { qkv: boolean; out: boolean; mlp: boolean };
  /** Learned position embeddings (GPT-2), 0 for none. */
  learnedPositions: number;
  /** A learned logit per head joins each softmax (GPT-OSS), which the fused kernels of most software cannot do. */
  attentionSinks?: boolean;
  /** Attention window in tokens and the number of layers that have it; undefined: every layer sees the whole sequence. */
  slidingWindow?: { size: number; layers: number };
  mla?: LatentAttention;
  moe?: MixtureOfExperts;
  /** Multi-token-prediction modules trained on top. */
  mtpLayers: number;
  /** Parameters the formulas do not know (indexers): per layer. */
  extraParametersPerLayer: number;
}
