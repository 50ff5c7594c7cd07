/**
 * Who holds the same weights: dense ones the D x c data and context ranks, routed experts D x c x t / (e x et) of them
 * (Megatron-LM's expert data-parallel group; ZeRO, 1910.02054).
 */
import { describe, expect, it } from 'vitest';
import { softwareNamed } from '../../../src/engine/estimate/software.ts';
import { placeMesh } from '../../../src/engine/plan/placement.ts';
import { replicaGroups, stateSplit } from '../../../src/engine/plan/replicas.ts';
import { h100, pretrain } from '../estimate/samples.ts';
import { deepseekV3, mixtral } from '../model/models.ts';
import { listed, mesh, priced, zero1 } from './support.ts';

const batch = { global: 256, micro: 1, sequence: 4096 };
const experts = (degrees: Record<string, number>, from: Record<string, string[]>) => {
  const plan = pretrain({ ...zero1, model: mixtral, mesh: mesh(degrees, from), batch });
  return replicaGroups(plan, placeMesh(plan.mesh).placement, 'experts')[0]!;
};

describe('replicas of routed experts', () => {
  it('are the tensor ranks too, which split neither the experts nor their number', () => {
    const own = experts({ tp: 4, dp: 16, ep: 8 }, { ep: ['dp'] });
    expect(own.axis).toBe('dp*tp');
    // Four tensor ranks side by side, and the two halves of dp, 8 x 4 chips apart.
    expect(own.group).toEqual([
      { stride: 1, size: 4 },
      { stride: 32, size: 2 },
    ]);
  });

  it('are not, where tensor ranks split each expert', () => {
    const own = experts({ tp: 4, dp: 16, ep: 8, etp: 4 }, { ep: ['dp'], etp: ['tp'] });
    expect(own.axis).toBe('dp');
    expect(own.group).toEqual([{ stride: 32, size: 2 }]);
  });

  it('leave out the inner part of dp alone when context ranks lie between', () => {
    const own = experts({ tp: 1, cp: 4, dp: 16, ep: 8 }, { ep: ['dp'] });
    expect(own.group).toEqual([
      { stride: 1, size: 4 },
      { stride: 32, size: 2 },
    ]);
  });

  it('reduce gradients over D x c x t / (e x et) ranks, experts of DeepSeek-V3 over 2 and dense weights over 128', () => {
    const deepseek = priced({
      ...zero1,
      model: deepseekV3,
      mesh: mesh({ dp: 128, pp: 16, ep: 64 }, { ep: ['dp'] }),
      batch: { global: 15360, micro: 1, sequence: 4096 },
    });
    expect(listed(deepseek, 'grad_reduce')).toEqual([
      'reduce_scatter dp 128 step x1',
      'reduce_scatter dp 2 step x1',
    ]);
    const tensor = priced({
      ...zero1,
      model: mixtral,
      mesh: mesh({ tp: 4, cp: 2, dp: 8, ep: 8 }, { ep: ['dp'] }),
      batch,
    });
    expect(listed(tensor, 'grad_reduce')[1]).toBe('reduce_scatter cp*tp 8 step x1');
  });
});

describe('optimizer states', () => {
  const split = (fields: Parameters<typeof pretrain>[0], part: 'dense' | 'experts') => {
    const plan = pretrain(fields);
    return stateSplit(plan, placeMesh(plan.mesh).placement, part).optimizer;
  };

  it('are split inside fsdp alone under HSDP, with the context ranks', () => {
    expect(split({ mesh: mesh({ cp: 2, fsdp: 8, dp: 16 }) }, 'dense')).toBe(16);
  });

  it('of experts are split over their own replicas, in memory and in the time of the update', () => {
    const fields = { ...zero1, model: mixtral, mesh: mesh({ dp: 16, ep: 8 }, { ep: ['dp'] }), batch };
    expect(split(fields, 'dense')).toBe(16);
    expect(split(fields, 'experts')).toBe(2);
    const { memory, step } = priced(fields);
    const optimizer = memory.parts.find(part => part.name === 'optimizer')!.bytes;
    // 12 bytes of state per parameter that is owned; 30 bytes move when it is updated, at what torchtitan reaches of the memory.
    const { kernelFactor } = softwareNamed('torchtitan')!;
    const rate = 3.35e12 * h100.efficiency.hbm!;
    expect(step.optimizer).toBeCloseTo((kernelFactor * 30 * optimizer) / 12 / rate, 9);
  });

  it('do not care about an fsdp axis of one rank', () => {
    const plain = priced({ ...zero1, mesh: mesh({ tp: 8, pp: 16, dp: 16 }) });
    const named = priced({ ...zero1, mesh: mesh({ tp: 8, pp: 16, fsdp: 1, dp: 16 }) });
    expect(named.step.time).toBe(plain.step.time);
    expect(named.memory.peak).toBe(plain.memory.peak);
  });
});
