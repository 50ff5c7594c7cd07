/**
 * Whole estimates against measured peaks of 8 B200 (MooreThreads/SimuMax, docs/b200/b200_release_v1.2_summary.json, generated
 * 2026-05-01): the largest `torch.cuda.max_memory_allocated()` of the ranks of a stage, MiB, after an optimizer step. Megatron-Core
 * with Transformer Engine 2.11, bf16 weights, fp32 gradients, distributed Adam, sequence parallelism, fused cross-entropy,
 * context parallelism by all-to-all, four microbatches of one sequence, no recomputation, routing balanced by force. Models are cut
 * to the stated layers; DeepSeek-V3 to one dense layer and three of experts; 405B has the 16 key/value heads of that tool's file.
 */
import { describe, expect, it } from 'vitest';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import type { Estimate } from '../../../src/engine/estimate/result.ts';
import type { FabricSpec } from '../../../src/engine/fabric/spec.ts';
import type { ModelSpec } from '../../../src/engine/model/spec.ts';
import { deepseekV3, llama70b, llama405b } from '../model/models.ts';
import { axis, h100, level, pretrain } from './samples.ts';

const MIB = 2 ** 20;
const b200x8: FabricSpec = {
  name: 'b200x8',
  chip: { ...h100, name: 'b200', hbm: { capacity: 180 * 2 ** 30, bandwidth: 8e12 } },
  levels: [
    level('node', 8, {
      topology: { kind: 'switch', reduce: true },
      bandwidth: 900e9,
      latency: 0.6e-6,
      tier: 'scale_up',
    }),
  ],
};

const cut = (model: ModelSpec, layers: number): ModelSpec => ({ ...model, layers });
const llama70 = cut(llama70b, 12);
const llama405 = cut({ ...llama405b, kvHeads: 16 }, 4);
const deepseek: ModelSpec = {
  ...cut(deepseekV3, 4),
  moe: { ...deepseekV3.moe!, denseLayers: 1 },
  mtpLayers: 0,
};

interface Layout {
  tp?: number;
  cp?: number;
  pp?: number;
  ep?: number;
  dp: number;
  sequence?: number;
}

function estimate(model: ModelSpec, layout: Layout): Estimate {
  const { tp = 1, cp = 1, pp = 1, dp, ep = 1, sequence = 4096 } = layout;
  const axes = [axis('tp', tp), axis('cp', cp), axis('pp', pp), axis('dp', dp)];
  if (ep > 1) axes.push(axis('ep', ep, { from: ['dp'] }));
  const result = estimatePlan(
    pretrain({
      fabric: b200x8,
      model,
      mesh: { name: 'm', axes, order: ['tp', 'cp', 'pp', 'dp'] },
      batch: { global: 4 * dp, micro: 1, sequence },
      software: 'megatron_2024',
      dp: { zero: 1, accumulate: 'local', overlapForward: true, overlapBackward: true },
      cp: { method: 'ulysses' },
      pp: { schedule: { kind: '1f1b' } },
      recompute: { mode: 'none' },
    }),
  );
  if (!result.ok) throw new Error(result.refusals.map(({ message }) => message).join(' '));
  return result.estimate;
}

/** Name, plan, allocated MiB of the fullest rank of every stage, reserved MiB of the fullest rank of all. */
const ROWS: readonly [string, ModelSpec, Layout, readonly number[], number][] = [
  ['70B tp1 pp2 dp4', llama70, { pp: 2, dp: 4 }, [68149.2, 64479.5], 72586],
  ['70B tp2 dp4', llama70, { tp: 2, dp: 4 }, [62136.4], 64026],
  ['70B tp4 dp2', llama70, { tp: 4, dp: 2 }, [40009.8], 41140],
  ['70B tp8', llama70, { tp: 8, dp: 1 }, [28965.4], 29816],
  ['70B tp2 cp4 32K', llama70, { tp: 2, cp: 4, dp: 1, sequence: 32768 }, [70070.6], 72020],
  ['70B cp8 32K', llama70, { cp: 8, dp: 1, sequence: 32768 }, [107017.1], 114626],
  ['70B tp2 cp4 128K', llama70, { tp: 2, cp: 4, dp: 1, sequence: 131072 }, [115372], 124310],
  ['70B cp8 128K', llama70, { cp: 8, dp: 1, sequence: 131072 }, [151539.4], 163480],
  ['405B tp1 pp2 dp4', llama405, { pp: 2, dp: 4 }, [88688.9, 89173.4], 94474],
  ['405B tp2 dp4', llama405, { tp: 2, dp: 4 }, [83549.9], 86734],
  ['405B tp4 dp2', llama405, { tp: 4, dp: 2 }, [54158.1], 55966],
  ['405B tp8', llama405, { tp: 8, dp: 1 }, [39499.8], 40788],
  ['405B tp2 cp4 32K', llama405, { tp: 2, cp: 4, dp: 1, sequence: 32768 }, [89113.8], 93340],
  ['405B cp8 32K', llama405, { cp: 8, dp: 1, sequence: 32768 }, [142557.5], 155790],
  ['405B tp2 cp4 128K', llama405, { tp: 2, cp: 4, dp: 1, sequence: 131072 }, [120962.5], 130562],
  ['DeepSeek-V3 ep8 dp8', deepseek, { ep: 8, dp: 8 }, [106803.8], 112824],
  ['DeepSeek-V3 ep4 pp2 dp4', deepseek, { ep: 4, pp: 2, dp: 4 }, [72948.5, 116737.9], 121460],
];

describe('peaks of 8 B200', () => {
  it.each(ROWS)(
    '%s: allocated within 1 % on every stage, reserved within 5 %',
    (_, model, layout, allocated, reserved) => {
      const { memory } = estimate(model, layout);
      expect(memory.stages).toHaveLength(allocated.length);
      expect(memory.peak).toBe(Math.max(...memory.stages.map(({ total }) => total)));
      for (const { total, stage } of memory.stages) {
        const error = total / MIB / allocated[stage]! - 1;
        expect(Math.abs(error), `stage ${stage}: ${(100 * error).toFixed(2)} %`).toBeLessThan(0.01);
      }
      expect(Math.abs(memory.reserved / MIB / reserved - 1)).toBeLessThan(0.05);
      // The least slack that was measured is no less than what the allocator really held.
      expect(memory.leastReserved / MIB).toBeLessThan(1.01 * reserved);
    },
  );
});
