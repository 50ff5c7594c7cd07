/**
 * Time of single kernels on one chip: a roofline whose compute and memory parts add up, because a kernel's prologue and
 * epilogue do not overlap its main loop. Asymptotes come from the chip (`efficiency.*`); the shape constants below were fitted
 * together with them on public step times and hold for a whole class of chips.
 */
import type { ChipSpec, Precision } from '../fabric/spec.ts';
import type { Software } from './software.ts';

/** Tile of a large GEMM kernel (CUTLASS default for Hopper and later). */
const TILE_M = 256;
const TILE_N = 128;
/** Weight of the idle share of the last wave. Fit, spread 19 %. */
const WAVE_WEIGHT = 0.42;
/** Share of a GEMM's memory traffic that adds to its time. Fit, spread 14 % on GPUs, 7 % on TPUs. */
const MEMORY_WEIGHT = { gpu: 0.67, tpu: 0.41 };
/** Launch and drain of one kernel, seconds. Fit, spread 24 %. */
const LAUNCH = { gpu: 11e-6, tpu: 0 };
/** Casting and scaling traffic of an 8-bit GEMM, in passes over its inputs. Fit, spread 12 %. */
const CAST_PASSES = 3 * 0.54;
/** Backward attention kernel's rate over the forward one's. Fit, spread 4 %. */
const ATTENTION_BACKWARD_RATE = 0.77;
/** Bytes per score element that unfused attention moves forward, and its batched GEMM's share of peak. Fit on A100. */
const UNFUSED_BYTES = 14.5;
const UNFUSED_GEMM = 0.355;
/** Kernels that a layer launches per direction beside its GEMMs. */
export const SMALL_KERNELS = 14;

/** Shares of peak for a chip whose file states none: between the fitted GPUs. */
export const DEFAULT_EFFICIENCY = { gemm: 0.75, gemm8: 0.7, attention: 0.45, hbm: 0.8 };

export interface Kernels {
  /** Seconds of `count` GEMMs of (m x k) by (k x n) in one launch. */
  gemm(m: number, n: number, k: number, count?: number): number;
  /** The same in 16 bit, whatever the plan computes in (attention projections of the head, routers). */
  gemm16(m: number, n: number, k: number, count?: number): number;
  /** Seconds of attention: `flops` of the pairs a causal mask keeps; `scores`: elements of the full score square. */
  attentionForward(flops: number, scores: number): number;
  attentionBackward(flops: number, scores: number): number;
  /** Seconds to move `bytes` through HBM in `launches` kernels. */
  memory(bytes: number, launches?: number): number;
}

/** Peak of the precision that a GEMM really runs in; undefined when the chip has no such unit. */
export function peakOf(chip: ChipSpec, precision: Precision): number | undefined {
  const own = chip.peak[precision];
  if (own !== undefined) return own;
  if (precision === 'mxfp8') return chip.peak.fp8;
  if (precision === 'fp16') return chip.peak.bf16;
  if (precision === 'bf16') return chip.peak.fp16;
  return undefined;
}

export function kernelsOf(chip: ChipSpec, precision: Precision, software: Software): Kernels {
  const wide = peakOf(chip, 'bf16') ?? peakOf(chip, precision) ?? 0;
  const peak = peakOf(chip, precision) ?? wide;
  const eight = precision === 'fp8' || precision === 'mxfp8' || precision === 'int8';
  const share = chip.efficiency;
  const gemmRate =
    peak * (eight ? (share.gemm8 ?? DEFAULT_EFFICIENCY.gemm8) : (share.gemm ?? DEFAULT_EFFICIENCY.gemm));
  const wideRate = wide * (share.gemm ?? DEFAULT_EFFICIENCY.gemm);
  const attention = wide * (share.attention ?? DEFAULT_EFFICIENCY.attention) * software.attentionRate;
  const hbm = chip.hbm.bandwidth * (share.hbm ?? DEFAULT_EFFICIENCY.hbm);
  const launch = LAUNCH[chip.kind];
  const memoryWeight = MEMORY_WEIGHT[chip.kind];

  const product = (m: number, n: number, k: number, count: number, rate: number, width: number): number => {
    if (m <= 0 || n <= 0 || k <= 0) return 0;
    let waves = 0;
    if (chip.kind === 'gpu' && chip.sms) {
      const tiles = Math.ceil(m / TILE_M) * Math.ceil(n / TILE_N) * count;
      const ideal = (m * n * count) / (TILE_M * TILE_N);
      waves = (Math.ceil(tiles / chip.sms) * chip.sms) / ideal - 1;
    }
    const bytes = count * ((m * k + k * n) * width + 2 * m * n);
    const cast = width < 2 ? CAST_PASSES * count * (m * k + k * n) : 0;
    return (
      ((2 * m * n * k * count) / rate) * (1 + WAVE_WEIGHT * waves) +
      (memoryWeight * bytes + cast) / hbm +
      launch
    );
  };
  return {
    gemm: (m, n, k, count = 1) => product(m, n, k, count, gemmRate, eight ? 1 : 2),
    gemm16: (m, n, k, count = 1) => product(m, n, k, count, wideRate, 2),
    attentionForward: (flops, scores) =>
      software.unfusedAttention
        ? (2 * flops) / (wide * UNFUSED_GEMM) + (UNFUSED_BYTES * scores) / hbm + 6 * launch
        : flops / attention + 2 * launch,
    attentionBackward: (flops, scores) =>
      software.unfusedAttention
        ? (4 * flops) / (wide * UNFUSED_GEMM) + (1.5 * UNFUSED_BYTES * scores) / hbm + 8 * launch
        : (2.5 * flops) / (attention * ATTENTION_BACKWARD_RATE) + 2 * launch,
    memory: (bytes, launches = 1) => bytes / hbm + launches * launch,
  };
}
