/** What options of context and expert parallelism do to the time of a step. */
import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../../src/engine/estimate/result.ts';
import { lastPartSkew } from '../../../src/engine/model/flops.ts';
import { bestUlysses } from '../../../src/engine/plan/context.ts';
import type { PlanSpec } from '../../../src/engine/plan/spec.ts';
import { deepseekV3, gptOss120b, llama8b, llama70b } from '../model/models.ts';
import { mesh, priced } from '../plan/support.ts';
import { pretrain } from './samples.ts';

const named = (estimate: Estimate, name: string) => estimate.collectives.filter(each => each.name === name);

describe('contiguous parts of a sequence', () => {
  /** Pairs that a causal mask with a window keeps for the tokens from `first` on. */
  const pairs = (first: number, last: number, window = Number.POSITIVE_INFINITY) => {
    let sum = 0;
    for (let token = first; token < last; token++) sum += Math.min(token + 0.5, window);
    return sum;
  };

  it.each([1, 2, 4, 8])('give the last of %i ranks (2c - 1) / c of the mean', parts => {
    expect(lastPartSkew(llama8b, 8192, parts)).toBeCloseTo((2 * parts - 1) / parts, 12);
  });

  it('are nearly even under a window that is short against them', () => {
    // 18 of 36 layers see 128 tokens.
    const parts = 8;
    const s = 8192;
    const all = (pairs(0, s) + pairs(0, s, 128)) / s;
    const last = (pairs(s - s / parts, s) + pairs(s - s / parts, s, 128)) / (s / parts);
    expect(lastPartSkew(gptOss120b, s, parts)).toBeCloseTo(last / all, 6);
    const every = { ...gptOss120b, slidingWindow: { size: 128, layers: 36 } };
    expect(lastPartSkew(every, s, parts)).toBeCloseTo(1, 1);
  });

  const plan = (cp: PlanSpec['cp']) =>
    priced({
      model: llama8b,
      mesh: mesh({ cp: 8, dp: 8 }),
      batch: { global: 8, micro: 1, sequence: 131072 },
      cp,
    });

  it('make the step wait for the last rank, except where heads are exchanged', () => {
    const compute = (method: PlanSpec['cp']['method'], balance?: 'none') =>
      plan({ method, ...(balance && { balance }) }).step.compute;
    expect(compute('ring', 'none')).toBeGreaterThan(1.4 * compute('ring'));
    expect(compute('all_gather', 'none')).toBe(compute('ring', 'none'));
    expect(compute('ulysses', 'none')).toBe(compute('ulysses'));
    // The model's own FLOPs do not change.
    const done = (balance?: 'none') => {
      const { throughput, step } = plan({ method: 'ring', ...(balance && { balance }) });
      return throughput.hfu * step.time;
    };
    expect(done('none')).toBeCloseTo(done(), 6);
  });
});

describe('Ulysses inside a ring', () => {
  const fields = (
    cp: PlanSpec['cp'],
    degrees: Record<string, number> = { cp: 32, dp: 2 },
  ): Partial<PlanSpec> => ({
    model: llama70b,
    mesh: mesh(degrees),
    batch: { global: 2, micro: 1, sequence: 131072 },
    cp,
  });

  it('takes the ranks of a node, as far as heads come out even', () => {
    const best = (degrees: Record<string, number>, size: number, stride = 1) =>
      bestUlysses(pretrain(fields({ method: 'hierarchical' }, degrees)), [{ stride, size }]);
    expect(best({ cp: 32 }, 32)).toBe(8);
    expect(best({ tp: 4, cp: 32 }, 32, 4)).toBe(2);
    expect(best({ tp: 8, cp: 32 }, 32, 8)).toBe(1);
    // Of 12 ranks, 4 share a node with 2 tensor ranks, and 64 heads divide by 8.
    expect(best({ tp: 2, cp: 12 }, 12, 2)).toBe(4);
  });

  it('sends less across nodes than a ring, and less time is exposed than by either alone', () => {
    const estimate = priced(fields({ method: 'hierarchical' }));
    const sends = named(estimate, 'cp_exchange').filter(each => each.op === 'send_recv');
    expect(sends.map(each => each.ranks)).toEqual([4, 4]);
    const exchanges = named(estimate, 'cp_exchange').filter(each => each.op === 'all_to_all');
    expect(exchanges.every(each => each.ranks === 8 && each.price.levels.join() === 'node')).toBe(true);
    const exposed = (method: PlanSpec['cp']['method']) => priced(fields({ method })).step.exposed.cp!;
    expect(exposed('hierarchical')).toBeLessThan(exposed('ulysses'));
    expect(priced(fields({ method: 'hierarchical', ulysses: 1 })).step.time).toBe(
      priced(fields({ method: 'ring' })).step.time,
    );
    expect(priced(fields({ method: 'hierarchical', ulysses: 32 })).step.time).toBe(
      priced(fields({ method: 'ulysses' })).step.time,
    );
  });

  it('is what an sp axis inside a cp axis means', () => {
    const axes = priced(fields({ method: 'ring' }, { sp: 8, cp: 4, dp: 2 }));
    const one = priced(fields({ method: 'hierarchical', ulysses: 8 }));
    expect(axes.step.time).toBeCloseTo(one.step.time, 12);
  });
});

describe('what hides the exchange of tokens', () => {
  const fields = (ep: Partial<PlanSpec['ep']>): Partial<PlanSpec> => ({
    model: { ...deepseekV3, mtpLayers: 0 },
    mesh: mesh({ dp: 64, ep: 64 }, { ep: ['dp'] }),
    batch: { global: 256, micro: 1, sequence: 4096 },
    ep: { dispatch: 'fp8', combine: 'bf16', maxNodes: 4, imbalance: 1, overlap: false, ...ep },
  });
  const exposed = (ep: Partial<PlanSpec['ep']>) => priced(fields(ep)).step.exposed.ep!;

  it('is at most the shared experts themselves, or all of the other microbatch', () => {
    const [none, shared, other] = [
      exposed({}),
      exposed({ overlap: 'shared_experts' }),
      exposed({ overlap: 'microbatch' }),
    ];
    expect(shared).toBeLessThan(none);
    expect(other).toBeLessThan(shared);
    expect(exposed({ overlap: true })).toBe(other);
    // One expert of 2,048: 6 h f FLOPs a token forward, 12 backward, at no less than 40 % and no more than all of the peak.
    const least = (4 * 58 * 4096 * 18 * 7168 * 2048) / 989e12;
    expect(none - shared).toBeLessThan(least / 0.4);
    expect(none - shared).toBeGreaterThan(0.5 * least);
  });

  it('is nothing without shared experts', () => {
    const model = { ...deepseekV3, mtpLayers: 0, moe: { ...deepseekV3.moe!, sharedFfn: 0 } };
    const waits = (overlap: PlanSpec['ep']['overlap']) =>
      priced({ ...fields({ overlap }), model }).step.exposed.ep!;
    expect(waits('shared_experts')).toBeCloseTo(waits(false), 9);
  });

  it('loses the multiprocessors that move tokens, while they do', () => {
    const total = priced(fields({})).step.exposed.ep!;
    const hidden = { overlap: 'microbatch' } as const;
    // All of it hides; 20 of 132 compute nothing for as long.
    expect(exposed({ ...hidden, sms: 20 })).toBeCloseTo((20 / 132) * total, 6);
    expect(exposed({ ...hidden, sms: 132 })).toBeCloseTo(total, 6);
    expect(exposed({ sms: 20 })).toBe(total);
  });
});

describe('gathered tokens', () => {
  it('cost the same however uneven the experts are, and more than an exchange where a token has few of many ranks', () => {
    const fields = (ep: Partial<PlanSpec['ep']>, topk: number): Partial<PlanSpec> => ({
      model: { ...llama8b, moe: { ...deepseekV3.moe!, experts: 64, topk, denseLayers: 0, sharedFfn: 0 } },
      mesh: mesh({ dp: 8, ep: 8 }, { ep: ['dp'] }),
      batch: { global: 8, micro: 1, sequence: 4096 },
      ep: { dispatch: 'bf16', combine: 'bf16', maxNodes: 0, imbalance: 1, overlap: false, ...ep },
    });
    const time = (ep: Partial<PlanSpec['ep']>, topk: number) => {
      const { collectives } = priced(fields(ep, topk));
      return collectives.filter(each => each.owner === 'ep').reduce((sum, each) => sum + each.total, 0);
    };
    const gathered = { dispatcher: 'all_gather' } as const;
    expect(time({ ...gathered, imbalance: 2 }, 2)).toBe(time(gathered, 2));
    expect(time(gathered, 2)).toBeGreaterThan(time({}, 2));
    expect(time(gathered, 16)).toBeLessThan(time({}, 16));
  });
});
