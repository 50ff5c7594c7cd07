/**
 * What a generation of training software adds to the kernels: how well its kernels are chosen, what it overlaps, what it
 * costs per step. One row per generation, never per model or per run. Values marked (fit) were found by fitting a closed
 * form of this model's shape on public step times of that generation (MLPerf, NeMo/Megatron-Bridge, torchtitan, llm-foundry,
 * MaxText and vTrain tables); the number in brackets is the spread over twelve bootstrap refits.
 */

export interface Software {
  name: string;
  /** For people: which code is meant. */
  title: string;
  /** All kernel times of a layer are multiplied by this. */
  kernelFactor: number;
  /** Fused attention's rate over that of the chip's best kernel. */
  attentionRate: number;
  /** Attention keeps and moves the score matrix. */
  unfusedAttention: boolean;
  /** Bytes per token and hidden element of norms, residuals and dropout, forward. */
  elementwiseBytes: number;
  /** What TP collectives of the backward pass run beside the GEMM that does not need them. */
  tpBackwardOverlap: boolean;
  /** Share of a TP collective that stays exposed when the plan overlaps it (`tp.overlap`). */
  tpExposedShare: number;
  /** Share of a window that data-parallel traffic really hides under. */
  overlapShare: number;
  /** Compute time lost per second of communication beside it. */
  overlapTax: number;
  /** Parameters in a data-parallel bucket. */
  bucketParameters: number;
  /** Seconds per step of host work, data loading, logging, gradient norm. */
  fixedTime: number;
  /** A layer's launches take at least this long on the host, seconds. */
  hostFloorPerLayer: number;
  /** Share of the step lost per doubling of the chips beyond 8 (stragglers, collisions). */
  lossPerDoubling: number;
}

const MODERN_GPU = {
  attentionRate: 1,
  unfusedAttention: false,
  elementwiseBytes: 16,
  tpBackwardOverlap: true,
  tpExposedShare: 0.58, // fit (21 %)
  overlapShare: 0.89, // fit (5 %)
  overlapTax: 0.054, // fit (11 %)
  bucketParameters: 40e6, // Megatron-Core's and PyTorch's order of magnitude
  fixedTime: 0.02, // fit (54 %)
  hostFloorPerLayer: 0.3e-3, // prior
  lossPerDoubling: 0.0056, // fit (18 %)
};

export const SOFTWARE: readonly Software[] = [
  {
    ...MODERN_GPU,
    name: 'megatron_2021',
    title: 'Megatron-LM of 2021-2022: unfused attention, no overlap of tensor-parallel collectives',
    kernelFactor: 1.03, // fit (3 %)
    unfusedAttention: true,
    elementwiseBytes: 22,
    tpBackwardOverlap: false,
    overlapShare: 0,
    fixedTime: 0.03,
    hostFloorPerLayer: 0.64e-3, // fit (17 %)
  },
  {
    ...MODERN_GPU,
    name: 'megatron_2024',
    title: 'Megatron-Core, NeMo, Megatron-Bridge from 2024',
    kernelFactor: 1,
  },
  {
    ...MODERN_GPU,
    name: 'torchtitan',
    title: 'PyTorch-native training (torchtitan, FSDP2, FlashAttention-2 class kernels)',
    kernelFactor: 1.1, // fit (2 %)
    attentionRate: 0.256 / 0.487, // fit: FlashAttention-2 against cuDNN on Hopper
  },
  {
    ...MODERN_GPU,
    name: 'llm_foundry',
    title: 'llm-foundry (MosaicML), FSDP',
    kernelFactor: 1.15, // fit (1 %)
    attentionRate: 0.256 / 0.487,
  },
  {
    ...MODERN_GPU,
    name: 'maxtext',
    title: 'MaxText, XLA',
    kernelFactor: 1,
    tpExposedShare: 0.46, // fit (8 %)
    overlapTax: 0.095, // fit (11 %)
    fixedTime: 0.01,
    hostFloorPerLayer: 0,
    lossPerDoubling: 0.0025, // fit (10 %)
  },
];

/** Generation assumed where the plan states none. */
export function defaultSoftware(kind: 'gpu' | 'tpu'): Software {
  return softwareNamed(kind === 'tpu' ? 'maxtext' : 'torchtitan')!;
}

export function softwareNamed(name: string): Software | undefined {
  return SOFTWARE.find(software => software.name === name);
}
