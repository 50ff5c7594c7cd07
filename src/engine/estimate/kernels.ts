/**
 * Time of single kernels on one chip: a roofline whose compute and memory parts add up, because a kernel's prologue and
 * epilogue do not overlap its main loop. Asymptotes come from the chip (`efficiency.*`); the shape constants below were fitted
 * together with them on public step times and hold for a whole class of chips.
 */
import type { ChipSpec, Precision } from '../fabric/spec.ts';
import { KERNEL } from './constants.ts';
import { measuredGemms } from './gemm-table.ts';
import type { Software } from './software.ts';

/** Tile of a large GEMM kernel (CUTLASS default for Hopper and later). */
const TILE_M = 256;
const TILE_N = 128;
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
  attentionForward(flops: number, scores: number, sinks?: boolean): number;
  attentionBackward(flops: number, scores: number, sinks?: boolean): number;
  /** Seconds to move `bytes` through HBM in `launches` kernels. */
  memory(bytes: number, launches?: number): number;
}

/** Peak of the precision that a GEMM really runs in; undefined when the chip has no such unit. */
export function peakOf(chip: Pick<ChipSpec, 'peak'>, precision: Precision): number | undefined {
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
  const measured = measuredGemms(share.gemmTable);
  const measured8 = measuredGemms(share.gemm8Table);
  // Of a table every shape has its own share, of the peak itself.
  const share16 = measured ? 1 : (share.gemm ?? DEFAULT_EFFICIENCY.gemm);
  const share8 = measured8 ? 1 : (share.gemm8 ?? DEFAULT_EFFICIENCY.gemm8);
  const gemmRate = peak * (eight ? share8 : share16);
  const wideRate = wide * share16;
  const attention = wide * (share.attention ?? DEFAULT_EFFICIENCY.attention) * software.attentionRate;
  const hbm = chip.hbm.bandwidth * (share.hbm ?? DEFAULT_EFFICIENCY.hbm);
  const launch = KERNEL.launch[chip.kind];
  const memoryWeight = KERNEL.memoryWeight[chip.kind];

  const product = (m: number, n: number, k: number, count: number, rate: number, width: number): number => {
    if (m <= 0 || n <= 0 || k <= 0) return 0;
    const bytes = count * ((m * k + k * n) * width + 2 * m * n);
    const cast = width < 2 ? KERNEL.castPasses * count * (m * k + k * n) : 0;
    const table = width < 2 ? measured8 : measured;
    if (table) {
      const { share, outside } = table.shareOf(m, n, k, count);
      const time = (2 * m * n * k * count) / (rate * share);
      // Small products beyond the table would beat memory and launch at the share of large ones. Casts are kernels of their own.
      return Math.max(time, outside ? bytes / hbm + launch : 0) + cast / hbm;
    }
    let waves = 0;
    if (chip.kind === 'gpu' && chip.sms) {
      const tiles = Math.ceil(m / TILE_M) * Math.ceil(n / TILE_N) * count;
      const ideal = (m * n * count) / (TILE_M * TILE_N);
      waves = (Math.ceil(tiles / chip.sms) * chip.sms) / ideal - 1;
    }
    const arithmetic = ((2 * m * n * k * count) / rate) * (1 + KERNEL.wave * waves);
    return arithmetic + (memoryWeight * bytes + cast) / hbm + launch;
  };
  /** Bytes per element of the score square that attention moves forward; 0 where one kernel does it all. */
  const scoreBytes = (sinks: boolean): number =>
    software.unfusedAttention ? KERNEL.unfusedBytes : sinks && !software.fusedSinks ? KERNEL.sinkBytes : 0;
  return {
    gemm: (m, n, k, count = 1) => product(m, n, k, count, gemmRate, eight ? 1 : 2),
    gemm16: (m, n, k, count = 1) => product(m, n, k, count, wideRate, 2),
    attentionForward: (flops, scores, sinks = false) => {
      const bytes = scoreBytes(sinks);
      return bytes === 0
        ? flops / attention + 2 * launch
        : (2 * flops) / (wide * KERNEL.unfusedGemm) + (bytes * scores) / hbm + 6 * launch;
    },
    attentionBackward: (flops, scores, sinks = false) => {
      const bytes = scoreBytes(sinks);
      return bytes === 0
        ? (2.5 * flops) / (attention * KERNEL.attentionBackward) + 2 * launch
        : (4 * flops) / (wide * KERNEL.unfusedGemm) + (1.5 * bytes * scores) / hbm + 8 * launch;
    },
    memory: (bytes, launches = 1) => bytes / hbm + launches * launch,
  };
}
