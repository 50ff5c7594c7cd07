/**
 * How generations of training software use memory, beside what `software.ts` says of their time. Where nothing is known of a
 * generation it keeps to what its formulas hold, and what it needs beyond that is part of the allocator's slack.
 */
import type { Software } from './software.ts';

export interface MemoryHabits {
  /**
   * Weight gradients go straight into the accumulated ones and a spare of every shape stays behind (Transformer Engine under
   * Megatron-Core); then the moments of the backward pass are known well enough to be counted.
   */
  spareGradients: boolean;
  /** The loss overwrites the logits with their gradient instead of taking an fp32 copy. */
  fusedLoss: boolean;
  /** Narrow matrix products keep their inputs narrow; else they are cast again. */
  narrowInputs: boolean;
  /** Sharded weights are the main weights, cast as they are gathered: no 16-bit shard beside them (FSDP2, MaxText). */
  castsOnGather: boolean;
  /** Share of what is allocated that the allocator holds on top: the usual one, and the least that was measured. */
  slack: number;
  leastSlack: number;
}

/**
 * PyTorch's caching allocator: median of reserved over allocated peaks on the fullest rank of 19 Megatron-Core runs on B200, 1.028
 * to 1.093 (MooreThreads/SimuMax, docs/b200/b200_release_v1.2_summary.json, `real_reserved_gib` / `real_alloc_gib`).
 */
const CACHING_ALLOCATOR = { slack: 0.053, leastSlack: 0.028 };

const PYTORCH: MemoryHabits = {
  spareGradients: false,
  fusedLoss: false,
  narrowInputs: false,
  castsOnGather: true,
  ...CACHING_ALLOCATOR,
};

const MEGATRON_CORE: MemoryHabits = {
  spareGradients: true,
  // `cross_entropy_loss_fusion` of Megatron-Bridge's recipes.
  fusedLoss: true,
  // Transformer Engine saves the quantised input.
  narrowInputs: true,
  castsOnGather: false,
  ...CACHING_ALLOCATOR,
};

/** XLA plans every buffer when it compiles, so nothing is lost between them. */
const XLA: MemoryHabits = { ...PYTORCH, slack: 0, leastSlack: 0 };

export function memoryHabits({ name }: Pick<Software, 'name'>): MemoryHabits {
  if (name.startsWith('maxtext')) return XLA;
  if (/^megatron_202[12]$/.test(name)) return { ...PYTORCH, castsOnGather: false };
  return name.startsWith('megatron') || name === 'mlperf' ? MEGATRON_CORE : PYTORCH;
}
