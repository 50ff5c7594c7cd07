/** Parameters that one rank of a stage holds, split by who else holds the same: three divisors, two reduction groups. */
import {
  embeddingParameters,
  finalNormParameters,
  headParameters,
  layerParameters,
} from '../model/parameters.ts';
import type { Degrees, Stage } from './degrees.ts';
import type { PlanSpec } from './spec.ts';

export interface ShardParameters {
  /** Everything but routed experts: replicated over data and context parallelism. */
  dense: number;
  /** Routed experts: replicated over what expert parallelism leaves of those. */
  experts: number;
  /** Of each of the two, what lies in matrices of layers: the part that software gathers in 8 bits. */
  matrices: { dense: number; experts: number };
  total: number;
}

export function shardParameters(plan: PlanSpec, degrees: Degrees, stage: Stage): ShardParameters {
  const { model } = plan;
  const { tp, ep, etp } = degrees;
  let dense = 0;
  let experts = 0;
  let matrices = 0;
  for (const [kind, count] of [
    ['dense', stage.dense],
    ['moe', stage.moe],
  ] as const) {
    if (count === 0) continue;
    const parts = layerParameters(model, kind);
    // Key/value heads are replicated where there are fewer of them than tensor ranks.
    const kv = parts.kv / Math.min(tp, Math.max(model.kvHeads, 1));
    const products = (parts.attention + parts.mlp) / tp + kv + parts.attentionReplicated;
    dense += count * (products + parts.router + parts.norms);
    matrices += count * products;
    experts += (count * parts.experts) / (ep * etp);
  }
  if (stage.embedding) dense += embeddingParameters(model) / tp;
  if (stage.head) {
    const head = model.tiedEmbeddings
      ? stage.embedding
        ? 0
        : model.vocab * model.hidden
      : headParameters(model);
    dense += head / tp + finalNormParameters(model);
  }
  // Where the modules are not on the first stage they have a copy of the embedding there (Megatron-Core's `mtp_process`).
  if (stage.mtp > 0 && !stage.embedding) dense += embeddingParameters(model) / tp;
  // Modules share embedding and head with the model and add, beside their layer, a joining projection and three norms.
  dense += stage.mtp * ((2 * model.hidden ** 2) / tp + 3 * finalNormParameters(model));
  return { dense, experts, matrices: { dense: matrices, experts }, total: dense + experts };
}
