/**
 * The constants of a training step that belong to a class of chips or to a generation of software; those of single chips stand beside
 * their data sheets in the standard library (`std/chips`, `efficiency.*`), those of links in `fabric/nccl/rates.ts` and
 * `fabric/ici/rates.ts`. `npm run fit:steps -- test/fidelity/measured.csv` fits them on public steps and prints, beside each, its spread
 * over resampled rows; a constant that the rows do not determine keeps the value that it is held to ("prior").
 */
import type { Software } from './software.ts';

/** Single kernels. */
export const KERNEL = {
  /** Weight of the idle share of a GEMM's last wave of tiles. */
  wave: 0.42,
  /** Share of a GEMM's memory traffic that adds to its time. */
  memoryWeight: { gpu: 0.67, tpu: 0.41 },
  /** Launch and drain of one kernel, seconds. */
  launch: { gpu: 11e-6, tpu: 0 },
  /** Casting and scaling traffic of an 8-bit GEMM, in passes over its inputs. */
  castPasses: 1.62,
  /** Backward attention kernel's rate over the forward one's. */
  attentionBackward: 0.77,
  /** Backward element-wise traffic over forward. */
  elementwiseBackward: 1.7,
  /** Unfused attention: bytes per element of the score square, forward, and its batched products' share of peak. */
  unfusedBytes: 14.5,
  unfusedGemm: 0.355,
  /** The same bytes without dropout: 16-bit scores written, read by the softmax, its result written and read. */
  sinkBytes: 8,
  /** Bytes per logit of the loss: 16- and 32-bit logits, softmax, gradient. */
  logitBytes: 18.5,
  /** Bytes that the optimizer moves per parameter it owns: fp32 main weight, two moments, gradient in, weight out. */
  optimizerBytes: 30,
};

const MODERN_GPU = {
  attentionRate: 1,
  unfusedAttention: false,
  fusedSinks: false,
  elementwiseBytes: 16,
  elementwiseFactor: 1,
  tpBackwardExposed: 0.29,
  tpExposedShare: 0.58,
  scatterGather: false,
  overlapShare: 0.89,
  overlapTax: 0.054,
  bucketParameters: 40e6,
  fixedTime: 0.02,
  hostFloorPerLayer: 0.3e-3,
  lossPerDoubling: 0.0056,
};

const MEGATRON_2022 = {
  ...MODERN_GPU,
  unfusedAttention: true,
  scatterGather: true,
  elementwiseBytes: 22,
  overlapShare: 0,
  fixedTime: 0.03,
  hostFloorPerLayer: 0.64e-3,
};

const XLA = {
  ...MODERN_GPU,
  tpExposedShare: 0.46,
  overlapTax: 0.095,
  fixedTime: 0.01,
  hostFloorPerLayer: 0,
  lossPerDoubling: 0.0025,
};

export const SOFTWARE: readonly Software[] = [
  {
    ...MEGATRON_2022,
    name: 'megatron_2021',
    title: 'Megatron-LM of 2021 and its DeepSpeed forks: unfused attention, nothing overlaps',
    kernelFactor: 0.99,
    tpBackwardExposed: 1,
  },
  {
    ...MEGATRON_2022,
    name: 'megatron_2022',
    title: 'Megatron-LM of 2022: sequence parallelism, gradients of inputs reduced under those of weights',
    kernelFactor: 1.03,
  },
  {
    ...MODERN_GPU,
    name: 'megatron_2024',
    title: 'Megatron-Core, NeMo, Megatron-Bridge from 2024',
    kernelFactor: 1,
  },
  {
    ...MODERN_GPU,
    name: 'mlperf',
    title: 'Megatron-Core as tuned for MLPerf rounds',
    kernelFactor: 0.93,
  },
  {
    ...MODERN_GPU,
    name: 'torchtitan',
    title: 'PyTorch-native training (torchtitan, FSDP2, compiled, FlashAttention-2 class kernels)',
    kernelFactor: 1.1,
    attentionRate: 0.526,
  },
  {
    ...MODERN_GPU,
    name: 'torchtitan_eager',
    title: 'torchtitan without torch.compile: no fused element-wise kernels',
    kernelFactor: 1.1,
    attentionRate: 0.526,
    elementwiseFactor: 2.2,
  },
  {
    ...MODERN_GPU,
    name: 'llm_foundry',
    title: 'llm-foundry (MosaicML), FSDP',
    kernelFactor: 1.15,
    attentionRate: 0.526,
  },
  {
    ...XLA,
    name: 'maxtext',
    title: 'MaxText, XLA',
    kernelFactor: 1,
  },
  {
    ...MODERN_GPU,
    name: 'maxtext_gpu',
    title: 'MaxText, XLA on GPUs',
    kernelFactor: 1,
  },
];
