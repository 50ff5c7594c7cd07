/** Constants of training steps that a fit may move, with what is thought of them before any step is looked at. */
import type { Parameter } from './robust.mts';

type Fidelity = typeof import('../../test/fidelity/main.ts');
type Chips = Awaited<ReturnType<Fidelity['libraryChips']>>;

export function parametersOf({ KERNEL, SOFTWARE }: Fidelity, chips: Chips): Parameter[] {
  /** One number in several places. */
  const shared = (
    name: string,
    prior: number,
    give: number,
    places: readonly [holder: object, key: string][],
    most?: number,
  ): Parameter => ({
    name,
    prior,
    give,
    ...(most !== undefined && { most }),
    read: () => (places[0]![0] as Record<string, number>)[places[0]![1]]!,
    write: value => {
      for (const [holder, key] of places) (holder as Record<string, number>)[key] = value;
    },
  });
  const chip = (names: string, key: 'gemm' | 'gemm8' | 'attention' | 'hbm', prior: number, give: number) =>
    shared(
      `${names.split(' ')[0]} ${key}`,
      prior,
      give,
      names.split(' ').map(name => [chips.get(name)!.efficiency, key]),
      1,
    );
  const kernel = (key: string, prior: number, give: number, holder: object = KERNEL, name = key) =>
    shared(`kernel ${name}`, prior, give, [[holder, key]]);
  const software = (names: string, key: string, prior: number, give: number, most?: number) =>
    shared(
      `${names.split(' ')[0]} ${key}`,
      prior,
      give,
      names.split(' ').map(name => [SOFTWARE.find(each => each.name === name)!, key]),
      most,
    );
  const torch = 'torchtitan torchtitan_eager llm_foundry';
  const modern = `megatron_2024 mlperf ${torch} maxtext_gpu`;
  const early = 'megatron_2021 megatron_2022';
  return [
    // Kernels alone reach 0.87, 0.80 and 0.73 of the peak (mamf-finder); the asymptote of a sum lies a little above.
    chip('a100_80gb a100_40gb', 'gemm', 0.88, 0.05),
    chip('a100_80gb a100_40gb', 'attention', 0.48, 0.15),
    chip('a100_80gb a100_40gb', 'hbm', 0.85, 0.06),
    chip('h100_sxm h200 h800', 'gemm', 0.8, 0.05),
    chip('h100_sxm h200 h800', 'gemm8', 0.8, 0.08),
    chip('h100_sxm h200 h800 h100_sxm_96gb', 'attention', 0.5, 0.15),
    chip('h100_sxm h200 h800 h100_sxm_96gb', 'hbm', 0.8, 0.06),
    chip('h100_sxm_96gb', 'gemm', 0.68, 0.08),
    chip('h100_sxm_96gb', 'gemm8', 0.7, 0.08),
    chip('b200 gb200 b300 gb300', 'gemm', 0.7, 0.1),
    chip('b200 gb200', 'gemm8', 0.75, 0.1),
    chip('b300 gb300', 'gemm8', 0.85, 0.1),
    chip('b200 gb200 b300 gb300', 'attention', 0.45, 0.15),
    chip('b200 gb200 b300 gb300', 'hbm', 0.8, 0.06),
    chip('tpu_v5e', 'gemm', 0.9, 0.1),
    chip('tpu_v5e', 'attention', 0.42, 0.1),
    chip('tpu_v5p', 'gemm', 0.86, 0.1),
    chip('tpu_v5p', 'gemm8', 0.7, 0.1),
    chip('tpu_v5p', 'attention', 0.42, 0.1),
    chip('tpu_v6e', 'gemm', 0.75, 0.1),
    chip('tpu_v6e', 'gemm8', 0.85, 0.1),
    chip('tpu_v6e', 'attention', 0.42, 0.1),
    chip('tpu_v7', 'gemm', 0.75, 0.1),
    chip('tpu_v7', 'gemm8', 0.72, 0.1),
    chip('tpu_v7', 'attention', 0.42, 0.1),
    kernel('wave', 0.4, 0.4),
    kernel('gpu', 0.7, 0.3, KERNEL.memoryWeight, 'memoryWeight.gpu'),
    kernel('tpu', 0.5, 0.3, KERNEL.memoryWeight, 'memoryWeight.tpu'),
    kernel('gpu', 8e-6, 0.4, KERNEL.launch, 'launch.gpu'),
    kernel('castPasses', 1.6, 0.3),
    kernel('attentionBackward', 0.8, 0.1),
    kernel('elementwiseBackward', 1.7, 0.1),
    kernel('unfusedBytes', 14, 0.15),
    kernel('unfusedGemm', 0.35, 0.15),
    kernel('logitBytes', 18, 0.2),
    software('megatron_2021', 'kernelFactor', 1, 0.05),
    software('megatron_2022', 'kernelFactor', 1, 0.05),
    software('mlperf', 'kernelFactor', 0.95, 0.05),
    software('torchtitan torchtitan_eager', 'kernelFactor', 1.1, 0.05),
    software('llm_foundry', 'kernelFactor', 1.1, 0.05),
    software('maxtext_gpu', 'kernelFactor', 1, 0.05),
    software(torch, 'attentionRate', 0.55, 0.1),
    software('torchtitan_eager', 'elementwiseFactor', 2.2, 0.1),
    software(modern, 'tpExposedShare', 0.5, 0.2, 1),
    software('maxtext', 'tpExposedShare', 0.46, 0.2, 1),
    software(`megatron_2022 ${modern}`, 'tpBackwardExposed', 0.3, 0.2, 1),
    software(modern, 'overlapShare', 0.9, 0.05, 1),
    software(modern, 'overlapTax', 0.05, 0.3),
    software('maxtext', 'overlapTax', 0.09, 0.3),
    software(early, 'fixedTime', 0.03, 0.4),
    software('megatron_2024 mlperf maxtext_gpu', 'fixedTime', 0.02, 0.4),
    software(torch, 'fixedTime', 0.02, 0.4),
    software('maxtext', 'fixedTime', 0.01, 0.4),
    software(early, 'hostFloorPerLayer', 0.5e-3, 0.3),
    software(modern, 'hostFloorPerLayer', 0.3e-3, 0.3),
    software(`${early} ${modern}`, 'lossPerDoubling', 0.0056, 0.2),
    software('maxtext', 'lossPerDoubling', 0.0025, 0.2),
  ];
}
