/**
 * How generations of training software use memory, beside what `constants.ts` says of their time. A plan that names no software is
 * reckoned by the formulas alone: weights, gradients, optimizer, kept activations, logits at 16 and 32 bit, the head's weight gradient.
 */
export interface MemoryHabits {
  /** The moments of the backward pass are known and counted: gradients of activations, inputs gathered once more. */
  moments: boolean;
  /** Weight gradients go straight into the accumulated ones and a spare of every shape stays behind (Transformer Engine). */
  spareGradients: boolean;
  /** What the loss makes of the logits, see `Loss`. */
  loss: Loss;
  /** Narrow matrix products keep their inputs narrow; else they are cast again. */
  narrowInputs: boolean;
  /** Inputs that tensor parallelism gathers stay gathered for the backward pass. */
  keepsGathered: boolean;
  /** Attention keeps the score matrix, and dropout its masks. */
  unfused: boolean;
  /** Sharded weights are the main weights, cast as they are gathered: no 16-bit shard beside them. */
  castsOnGather: boolean;
  /** In a pipeline gradients stay whole until the last microbatch has passed, whatever FSDP shards. */
  wholeInPipeline: boolean;
  /** Share of what is allocated that the allocator holds on top: the usual one, and the least that was measured. */
  slack: number;
  leastSlack: number;
}

/**
 * `fused` overwrites the logits with their gradient. `eager` is PyTorch's cross-entropy: in its backward pass the log-softmax, its
 * gradient and the gradient of its input are there in fp32, 12 bytes a logit, before the head's backward pass starts. `copied` keeps
 * an fp32 copy beside the logits.
 */
export type Loss = 'fused' | 'eager' | 'copied';

/**
 * PyTorch's caching allocator: median and least of reserved over allocated peaks on the fullest rank of 19 Megatron-Core runs on B200,
 * 1.028 to 1.093 (MooreThreads/SimuMax, docs/b200/b200_release_v1.2_summary.json, `real_reserved_gib` / `real_alloc_gib`).
 */
const CACHING_ALLOCATOR = { slack: 0.053, leastSlack: 0.028 };

const FORMULAS: MemoryHabits = {
  moments: false,
  spareGradients: false,
  loss: 'copied',
  narrowInputs: false,
  keepsGathered: false,
  unfused: false,
  castsOnGather: true,
  wholeInPipeline: false,
  ...CACHING_ALLOCATOR,
};

const MEGATRON_CORE: MemoryHabits = {
  ...FORMULAS,
  moments: true,
  spareGradients: true,
  // `cross_entropy_loss_fusion` of Megatron-Bridge's recipes.
  loss: 'fused',
  // Transformer Engine saves the quantised input.
  narrowInputs: true,
  castsOnGather: false,
};

const TORCHTITAN: MemoryHabits = {
  ...FORMULAS,
  moments: true,
  loss: 'eager',
  // DTensor gathers at the entry of a module, and its products save what they read.
  keepsGathered: true,
  // `backward_maybe_with_nosync` of PyTorch's pipeline stages switches the reduction off until the last microbatch.
  wholeInPipeline: true,
};

/** XLA plans every buffer when it compiles, so nothing is lost between them. */
const XLA: MemoryHabits = { ...FORMULAS, slack: 0, leastSlack: 0 };

/** @param software as the plan names it; undefined: not named */
export function memoryHabits(software: string | undefined, kind: 'gpu' | 'tpu'): MemoryHabits {
  if (kind === 'tpu' || software?.startsWith('maxtext')) return XLA;
  if (software?.startsWith('torchtitan')) return TORCHTITAN;
  if (software === 'megatron_2024' || software === 'mlperf') return MEGATRON_CORE;
  return /^megatron_202[12]$/.test(software ?? '')
    ? { ...FORMULAS, unfused: true, castsOnGather: false }
    : FORMULAS;
}
