/** Where the network binds as a plan grows: with the global batch kept, and with the batch of every chip. */
import { describe, expect, it } from 'vitest';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import type { PlanSpec } from '../../../src/engine/plan/spec.ts';
import { llama8b } from '../model/models.ts';
import { mesh } from '../plan/support.ts';
import { level, pretrain } from './samples.ts';

/** Nodes of 8 under a network of so many bytes a second, plain data parallelism that hides nothing. */
const plan = (dp: number, network: number, fields: Partial<PlanSpec> = {}): PlanSpec => {
  const base = pretrain();
  return pretrain({
    model: llama8b,
    fabric: {
      ...base.fabric,
      levels: [
        base.fabric.levels[0]!,
        level('cluster', 1024, {
          topology: { kind: 'fat_tree', tiers: 2, planes: 1, oversubscription: [], reduce: false },
          bandwidth: network,
          latency: 4e-6,
          tier: 'scale_out',
        }),
      ],
    },
    mesh: mesh({ dp }),
    batch: { global: 1024, micro: 1, sequence: 4096 },
    dp: { zero: 0, accumulate: 'local', overlapForward: false, overlapBackward: false },
    pp: { schedule: { kind: '1f1b' } },
    ...fields,
  });
};
const grown = (of: PlanSpec) => {
  const result = estimatePlan(of);
  if (!result.ok) throw new Error(result.refusals.map(({ message }) => message).join('; '));
  return result.estimate;
};
const curves = (of: PlanSpec) => {
  const { networkBound } = grown(of);
  const [global, perChip] = networkBound.scaling!;
  return { networkBound, global: global!, perChip: perChip! };
};

describe('scaling', () => {
  it('has the steps of the plan with twice the data-parallel ranks, and for a kept batch of a chip twice the batch', () => {
    const { global, perChip } = curves(plan(8, 5e9));
    expect([global.batch, perChip.batch]).toEqual(['global', 'per_chip']);
    global.points.forEach((point, doubling) => {
      const { step, chips } = grown(plan(8 * 2 ** doubling, 5e9));
      expect(point.chips).toBe(chips);
      expect(point.time).toBeCloseTo(step.time, 9);
    });
    perChip.points.slice(0, 4).forEach((point, doubling) => {
      const batch = { global: 1024 * 2 ** doubling, micro: 1, sequence: 4096 };
      const { step, throughput } = grown(plan(8 * 2 ** doubling, 5e9, { batch }));
      expect(point.time).toBeCloseTo(step.time, 9);
      expect(point.tokensPerSecond).toBeCloseTo(throughput.tokensPerSecond, 6);
      const waits = Object.values(step.exposed).reduce((a, b) => a + b, 0);
      expect(point.exposed).toBeCloseTo(waits / step.time, 9);
    });
  });

  it('binds where half of what a doubling brings on a free network is gone', () => {
    const { global, networkBound } = curves(plan(8, 5e9));
    expect(global.bindsAtChips).toBe(networkBound.bindsAtChips);
    expect(global.axis).toBe('dp');
    // A step without any network: the same with links of no cost.
    const free = (dp: number) => {
      const fast = plan(dp, 1e18);
      const levels = fast.fabric.levels.map(each => ({ ...each, bandwidth: 1e18, latency: 0 }));
      const { step } = grown({ ...fast, fabric: { ...fast.fabric, levels } });
      return step.time - Object.values(step.exposed).reduce((a, b) => a + b, 0);
    };
    const real = (dp: number) => grown(plan(dp, 5e9)).step.time;
    const share = (dp: number) => (real(dp) / real(2 * dp) - 1) / (free(dp) / free(2 * dp) - 1);
    const at = global.bindsAtChips!;
    expect(share(at)).toBeLessThan(0.5);
    expect(share(at / 2)).toBeGreaterThan(0.5);
  });

  it('binds later with the batch of a chip kept, and at the edge of a node where the network beyond is slow', () => {
    const usual = curves(plan(8, 5e9));
    expect(usual.global.bindsAtChips).not.toBeNull();
    expect(usual.perChip.bindsAtChips).toBeNull();
    expect(usual.perChip.points.at(-1)!.chips).toBe(2 ** 20);
    // 64 GB of gradients at 1 GB/s are over a minute; the step takes seconds.
    const batch = { global: 8, micro: 1, sequence: 4096 };
    const slow = curves(plan(8, 1e9, { batch }));
    expect([slow.perChip.bindsAtChips, slow.perChip.axis]).toEqual([8, 'dp']);
    expect(slow.perChip.points).toHaveLength(2);
    const before = curves(plan(4, 1e9, { batch: { ...batch, global: 4 } })).perChip;
    expect(before.bindsAtChips).toBe(8);
  });

  it('says why it stops where the mesh has nothing to grow', () => {
    const { global, perChip } = curves(
      plan(1, 5e9, { mesh: mesh({ tp: 8 }), batch: { global: 1, micro: 1, sequence: 4096 } }),
    );
    for (const curve of [global, perChip]) {
      expect(curve.reason).toBe('the chips cannot be doubled: the mesh has no data-parallel axis to grow');
      expect(curve.points).toHaveLength(1);
    }
  });
});
