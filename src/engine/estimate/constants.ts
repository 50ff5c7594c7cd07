/**
 * The constants of a training step that belong to a class of chips or to a generation of software; those of single chips stand beside
 * their data sheets in the standard library (`std/chips`, `efficiency.*`), those of links in `fabric/nccl/rates.ts` and
 * `fabric/ici/rates.ts`. `npm run fit:steps -- test/fidelity/measured.csv` fits them together on public steps. Behind each stands the
 * standard deviation of its logarithm over refits on resampled rows, and the rows that decide it, by the letters of their ids:
 *
 * | letters | rows |
 * |---|---|
 * | VTR | vTrain's ground truth, A100, Megatron-DeepSpeed, fp16, no overlap |
 * | KOR | Korthikanti et al. (2205.05198), A100, Megatron-LM 2022 |
 * | MPT | llm-foundry's benchmarks, A100 and H100, FSDP |
 * | DGX, MBR, MEGH | NeMo, Megatron-Bridge and Megatron-LM tables, H100, B200, GB200, B300, GB300 |
 * | MLP | MLPerf GPT-3 logs, H100 |
 * | TTN | torchtitan's benchmarks, H100 at 500 W, H200 |
 * | MXT, TPR, IRW | MaxText and TPU recipes, v5e, v5p, v6e, v7 |
 *
 * Rows of experts decide nothing. "Prior" is a value that the rows do not move.
 */
import type { Software } from './software.ts';

/** Single kernels. */
export const KERNEL = {
  /** Weight of the idle share of a GEMM's last wave of tiles. 15 %: all GPU rows. */
  wave: 0.366,
  /** Share of a GEMM's memory traffic that adds to its time. 13 %: all GPU rows; 7 %: MXT, TPR, IRW. */
  memoryWeight: { gpu: 0.676, tpu: 0.486 },
  /** Launch and drain of one kernel, seconds. 16 %: small models of VTR and MPT; a TPU's program has none. */
  launch: { gpu: 1.01e-5, tpu: 0 },
  /** Casting and scaling traffic of an 8-bit GEMM, in passes over its inputs. 12 %: fp8 rows of DGX, MBR, TTN, MLP. */
  castPasses: 1.82,
  /** Backward attention kernel's rate over the forward one's. 3 %: long sequences of TTN, MPT, DGX. */
  attentionBackward: 0.798,
  /** Backward element-wise traffic over forward. 3 %: all rows; hardly moved from its prior of 1.7. */
  elementwiseBackward: 1.73,
  /** Unfused attention: bytes per element of the score square, forward, and its batched products' share of peak. 5 %, 2 %: VTR, KOR. */
  unfusedBytes: 14.1,
  unfusedGemm: 0.345,
  /** The same bytes without dropout: 16-bit scores written, read by the softmax, its result written and read. Counted, not fitted. */
  sinkBytes: 8,
  /** Bytes per logit of the loss: 16- and 32-bit logits, softmax, gradient. 3 %: large vocabularies of DGX (Nemotron) and VTR. */
  logitBytes: 18.5,
  /** Bytes that the optimizer moves per parameter it owns: fp32 main weight, two moments, gradient in, weight out. Counted. */
  optimizerBytes: 30,
};

const MODERN_GPU = {
  attentionRate: 1,
  unfusedAttention: false,
  fusedSinks: false,
  elementwiseBytes: 16,
  elementwiseFactor: 1,
  tpBackwardExposed: 0.275, // 5 %: KOR, DGX, MBR, TTN with tensor parallelism
  tpExposedShare: 0.461, // 10 %: DGX, MBR, MLP, TTN with overlap
  scatterGather: false,
  overlapShare: 0.922, // 2 %, prior 0.9: MBR and DGX with few microbatches
  overlapTax: 0.0507, // 6 %, prior 0.05
  bucketParameters: 40e6,
  fixedTime: 0.028, // 21 %: DGX-001 to -021, MLP
  hostFloorPerLayer: 0.3e-3, // prior
  lossPerDoubling: 0.0064, // 8 %: series on one layout of DGX, MPT, VTR
};

const MEGATRON_2022 = {
  ...MODERN_GPU,
  unfusedAttention: true,
  scatterGather: true,
  elementwiseBytes: 22,
  overlapShare: 0,
  fixedTime: 0.0199, // 16 %: small models of VTR
  hostFloorPerLayer: 0.5e-3, // prior
};

const TORCH = {
  ...MODERN_GPU,
  attentionRate: 0.552, // 5 %: TTN, MPT; FlashAttention-2 against cuDNN on Hopper
  fixedTime: 0.0376, // 16 %: small models of MPT
};

const XLA = {
  ...MODERN_GPU,
  tpExposedShare: 0.444, // 5 %: MXT with tensor parallelism
  overlapTax: 0.0946, // 5 %: MXT, TPR, IRW
  fixedTime: 0.01, // prior
  hostFloorPerLayer: 0,
  lossPerDoubling: 0.0025, // prior
};

export const SOFTWARE: readonly Software[] = [
  {
    ...MEGATRON_2022,
    name: 'megatron_2021',
    title: 'Megatron-LM of 2021 and its DeepSpeed forks: unfused attention, nothing overlaps',
    kernelFactor: 0.998, // 1 %: VTR
    tpBackwardExposed: 1,
  },
  {
    ...MEGATRON_2022,
    name: 'megatron_2022',
    title: 'Megatron-LM of 2022: sequence parallelism, gradients of inputs reduced under those of weights',
    kernelFactor: 1.022, // 1 %: KOR
  },
  {
    ...MODERN_GPU,
    name: 'megatron_2024',
    title: 'Megatron-Core, NeMo, Megatron-Bridge from 2024',
    kernelFactor: 1, // what chips' shares are fitted with
  },
  {
    ...MODERN_GPU,
    name: 'mlperf',
    title: 'Megatron-Core as tuned for MLPerf rounds',
    kernelFactor: 0.973, // 1 %: MLP
  },
  {
    ...TORCH,
    name: 'torchtitan',
    title: 'PyTorch-native training (torchtitan, FSDP2, compiled, FlashAttention-2 class kernels)',
    kernelFactor: 1.093, // 2 %: TTN
  },
  {
    ...TORCH,
    name: 'torchtitan_eager',
    title: 'torchtitan without torch.compile: no fused element-wise kernels',
    kernelFactor: 1.093,
    elementwiseFactor: 2.33, // 5 %: TTN-001
  },
  {
    ...TORCH,
    name: 'llm_foundry',
    title: 'llm-foundry (MosaicML), FSDP',
    kernelFactor: 1.135, // 1 %: MPT
  },
  {
    ...XLA,
    name: 'maxtext',
    title: 'MaxText, XLA',
    kernelFactor: 1, // what chips' shares are fitted with
  },
  {
    ...MODERN_GPU,
    name: 'maxtext_gpu',
    title: 'MaxText, XLA on GPUs',
    kernelFactor: 0.981, // 1 %: DGX-036, DGX-038
  },
];
