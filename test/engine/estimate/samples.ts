/** The first example as engine input, so that the arithmetic is tested without the language. */
import type { ChipSpec, FabricSpec, LevelSpec } from '../../../src/engine/fabric/spec.ts';
import type { ModelSpec } from '../../../src/engine/model/spec.ts';
import type { AxisSpec, PlanSpec, Role } from '../../../src/engine/plan/spec.ts';

export const h100: ChipSpec = {
  name: 'h100_sxm',
  kind: 'gpu',
  peak: { bf16: 989e12, fp8: 1979e12 },
  hbm: { capacity: 80 * 2 ** 30, bandwidth: 3.35e12 },
  sms: 132,
  efficiency: {
    gemm: 0.778,
    gemm8: 0.865,
    attention: 0.487,
    hbm: 0.745,
    scaleUp: 370.8 / 450,
    inSwitch: 0.82,
  },
};

export function level(
  name: string,
  count: number,
  fields: Partial<LevelSpec> & Pick<LevelSpec, 'topology' | 'bandwidth' | 'latency' | 'tier'>,
): LevelSpec {
  return { name, count, efficiency: 1, efficiencyFrom: 'default', floor: 0, spare: 0, ...fields };
}

/** 24,576 H100 in nodes of 8, pods of 3,072 and a 7:1 top tier. */
export function clos24k(): FabricSpec {
  return {
    name: 'clos24k',
    chip: h100,
    levels: [
      level('node', 8, {
        topology: { kind: 'switch', reduce: true },
        bandwidth: 450e9,
        latency: 0.6e-6,
        tier: 'scale_up',
        efficiency: 370.8 / 450,
        efficiencyFrom: 'chip',
      }),
      level('pod', 384, {
        topology: { kind: 'fat_tree', tiers: 2, planes: 1, oversubscription: [], reduce: false },
        bandwidth: 50e9,
        latency: 4e-6,
        tier: 'scale_out',
      }),
      level('cluster', 8, {
        topology: { kind: 'fat_tree', tiers: 1, planes: 1, oversubscription: [7], reduce: false },
        bandwidth: 50e9,
        latency: 7e-6,
        tier: 'scale_out',
      }),
    ],
  };
}

export const llama405b: ModelSpec = {
  name: 'llama3_405b',
  layers: 126,
  hidden: 16384,
  ffn: 53248,
  heads: 128,
  kvHeads: 8,
  headDim: 128,
  vocab: 128256,
  gated: true,
  parallelBlock: false,
  tiedEmbeddings: false,
  norm: 'rmsnorm',
  normsPerLayer: 2,
  qkNormParameters: 0,
  bias: { qkv: false, out: false, mlp: false },
  learnedPositions: 0,
  mtpLayers: 0,
  extraParametersPerLayer: 0,
};

export function axis(name: string, size: number, fields: Partial<AxisSpec> = {}): AxisSpec {
  return { name, size, role: name as Role, from: [], on: [], ...fields };
}

/** `llama3-405b-16k-h100.shard`, changed by `fields`. */
export function pretrain(fields: Partial<PlanSpec> = {}): PlanSpec {
  return {
    name: 'pretrain',
    fabric: clos24k(),
    model: llama405b,
    mesh: {
      name: 'm16k',
      axes: [axis('tp', 8), axis('cp', 1), axis('pp', 16), axis('dp', 128)],
      order: ['tp', 'cp', 'pp', 'dp'],
    },
    batch: { global: 2048, micro: 1, sequence: 8192 },
    precision: { compute: 'bf16', weights: 'bf16', gradient: 'fp32', optimizer: 'fp32', activation: 'bf16' },
    tp: { sequenceParallel: true, overlap: false },
    dp: { zero: 2, accumulate: 'local', overlapForward: true, overlapBackward: true },
    fsdp: { zero: 3, reshard: true, overlapForward: true, overlapBackward: true },
    cp: { method: 'ring' },
    ep: { dispatch: 'bf16', combine: 'bf16', maxNodes: 0, imbalance: 1, overlap: false },
    pp: { schedule: { kind: 'interleaved', chunks: 8 }, layers: [7, ...new Array<number>(14).fill(8), 7] },
    recompute: { mode: 'selective', items: ['swiglu', 'norm'] },
    collectives: [],
    ...fields,
  };
}
