/** What the backward pass computes again instead of keeping it. */

/** What `recompute: selective(…)` may name. */
export type RecomputeItem =
  | 'attention'
  | 'norm'
  | 'swiglu'
  | 'mla_up'
  | 'moe_act'
  /** Products of weights, as policies of XLA name them. */
  | 'qkv'
  | 'out'
  | 'mlp_up'
  | 'mlp_down'
  /**
   * torchtitan's policy per operator: of the seven products of weights in a layer (q, k, v, out, gate, up, down) it keeps the first,
   * third, fifth and seventh, and what attention puts out; all element-wise work is done again.
   */
  | 'op';

export type Recompute =
  | { mode: 'none' }
  /** `layers`: of every stage; undefined: all of them. */
  | { mode: 'full'; layers?: number }
  | { mode: 'selective'; items: RecomputeItem[] };
