/**
 * What a plan sends, by name, count and size. Tensor parallelism: Megatron-LM `tensor_parallel/layers.py` and `transformer/moe`
 * (2205.05198); experts over tensor ranks: its all-to-all token dispatcher.
 */
import { describe, expect, it } from 'vitest';
import { deepseekV3, llama70b, mixtral } from '../model/models.ts';
import { listed, mesh, priced, zero1 } from './support.ts';

const batch = { global: 256, micro: 1, sequence: 4096 };

describe('tensor parallelism', () => {
  it('scatters the embedding forward and gathers its gradient, gathers the input of the head twice', () => {
    const model = { ...llama70b, layers: 1 };
    const alone = priced({ model, mesh: mesh({ tp: 8 }), batch: { global: 1, micro: 1, sequence: 4096 } });
    // Layer: 2 + 2 forward, 4 + 2 backward. Embedding: 1 scatter, 1 gather. Head: 2 gathers, 1 scatter.
    expect(listed(alone, 'tp_gather')).toEqual([
      'all_gather tp 8 forward x2',
      'all_gather tp 8 backward x2',
      'all_gather tp 8 backward x2',
      'all_gather tp 8 backward x1',
      'all_gather tp 8 loss x1',
      'all_gather tp 8 loss x1',
    ]);
    expect(listed(alone, 'tp_scatter')).toEqual([
      'reduce_scatter tp 8 forward x2',
      'reduce_scatter tp 8 backward x2',
      'reduce_scatter tp 8 forward x1',
      'reduce_scatter tp 8 loss x1',
    ]);
  });

  it('needs no gather before routed experts, whose tokens come by dispatch, but before shared ones', () => {
    const forward = (model: typeof mixtral) =>
      listed(priced({ model, mesh: mesh({ tp: 4, dp: 8, ep: 8 }, { ep: ['dp'] }), batch }), 'tp_gather')[0];
    expect(forward(mixtral)).toBe(`all_gather tp 4 forward x${32 * 32}`);
    const shared = { ...mixtral, moe: { ...mixtral.moe!, sharedFfn: 4096 } };
    expect(forward(shared)).toBe(`all_gather tp 4 forward x${2 * 32 * 32}`);
  });
});

describe('experts', () => {
  const degrees = { tp: 4, dp: 8, ep: 8, etp: 4 };
  const from = { ep: ['dp'], etp: ['tp'] };

  it('that are split gather the tokens of their ranks and scatter what comes out', () => {
    const { collectives } = priced({ ...zero1, model: mixtral, mesh: mesh(degrees, from), batch });
    const split = collectives.filter(each => each.owner === 'etp');
    expect(split.map(({ name, op, phase }) => `${name} ${op} ${phase}`)).toEqual([
      'tp_gather all_gather forward',
      'tp_scatter reduce_scatter forward',
      'tp_gather all_gather backward',
      'tp_scatter reduce_scatter backward',
    ]);
    for (const { bytes, count } of split) {
      // 2 bytes x 4096 / 4 tokens x 2 experts x 4096 wide, from each of 4 ranks.
      expect(bytes).toBe(2 * 1024 * 2 * 4096 * 4);
      expect(count).toBe(32 * 32);
    }
  });

  it('get every token from each tensor rank without sequence parallelism', () => {
    const dispatched = (sequenceParallel: boolean) =>
      priced({
        model: mixtral,
        mesh: mesh({ tp: 4, dp: 8, ep: 8 }, { ep: ['dp'] }),
        batch,
        tp: { sequenceParallel, overlap: false },
      }).collectives.find(each => each.name === 'dispatch')!.bytes;
    expect(dispatched(true)).toBe((2 * 4096 * 2 * 4096) / 4);
    expect(dispatched(false)).toBe(2 * 4096 * 2 * 4096);
  });

  it('cost the same arithmetic however they are split', () => {
    const hfu = (etp: number) => {
      const axes = mesh({ tp: 4, dp: 8, ep: 4, etp }, from);
      const { throughput, step } = priced({ model: mixtral, mesh: axes, batch });
      return throughput.hfu * step.time;
    };
    expect(hfu(4)).toBeCloseTo(hfu(1), 9);
    const compute = (etp: number) =>
      priced({ model: mixtral, mesh: mesh({ tp: 4, dp: 8, ep: 4, etp }, from), batch }).step.compute;
    // Two experts a rank, whole or in quarters with four times the rows: no half of them may get lost.
    expect(compute(4) / compute(1)).toBeGreaterThan(0.9);
  });
});

describe('a multi-token-prediction module', () => {
  const plan = (mtpLayers: number) =>
    priced({
      ...zero1,
      model: { ...deepseekV3, mtpLayers },
      mesh: mesh({ dp: 128, pp: 16, ep: 64 }, { ep: ['dp'] }),
      batch: { global: 15360, micro: 1, sequence: 4096 },
    });
  const [with1, without] = [plan(1), plan(0)];

  it('runs one more layer on the last stage, with its dispatch', () => {
    // 61 layers over 16 stages: three on the last; it sets the pace once the module's layer and head are there.
    expect(with1.busiestStage).toBe(15);
    expect(with1.stages[15]!.layers).toBe(3);
    expect(with1.collectives.find(each => each.name === 'dispatch')!.count).toBe(4 * 120);
  });

  it('keeps its weights and activations there: 11.61 B parameters, experts over 64 ranks, and a copy of the embedding', () => {
    const weights = (estimate: typeof with1) => estimate.memory.stages[15]!.parts[0]!.bytes / 2;
    const experts = 256 * 3 * 7168 * 2048;
    const added = 11.61e9 - experts + experts / 64 + 129280 * 7168;
    expect((weights(with1) - weights(without)) / added).toBeCloseTo(1, 2);
    // Whose gradients both ends add up.
    expect(listed(with1, 'embed_reduce')).toEqual(['all_reduce pp 2 step x1']);
    expect(listed(without, 'embed_reduce')).toEqual([]);
    const activations = (estimate: typeof with1) => estimate.memory.stages[15]!.parts[3]!.bytes;
    expect(activations(with1) / activations(without)).toBeCloseTo(4 / 3, 6);
  });
});

describe('two copies of the weights', () => {
  const plan = (kind: '1f1b' | 'dualpipe', tied = false) =>
    priced({
      ...zero1,
      model: { ...llama70b, tiedEmbeddings: tied },
      mesh: mesh({ tp: 2, pp: 4, dp: 16 }),
      batch: { global: 128, micro: 1, sequence: 4096 },
      pp: { schedule: { kind } },
    });

  it('add their gradients up, of what ZeRO leaves on a rank: DualPipe holds each layer on stages r and p - 1 - r', () => {
    const { collectives } = plan('dualpipe');
    const [scattered, copied] = collectives.filter(each => each.name === 'grad_reduce');
    expect([copied!.op, copied!.ranks, copied!.axis]).toEqual(['all_reduce', 2, 'pp']);
    expect(copied!.bytes).toBeCloseTo(scattered!.bytes / 16, 0);
    // Half of the layers of each of two stages: as many as one stage holds without copies, twice over.
    const plain = plan('1f1b').collectives.find(each => each.name === 'grad_reduce')!;
    expect(scattered!.bytes / plain.bytes).toBeGreaterThan(1.9);
    expect(scattered!.bytes / plain.bytes).toBeLessThan(2.1);
    expect(listed(plan('1f1b'), 'grad_reduce')).toEqual(['reduce_scatter dp 16 step x1']);
  });

  it('have both ends on one rank, which needs no sum over a shared table', () => {
    expect(listed(plan('1f1b', true), 'embed_reduce')).toHaveLength(1);
    expect(listed(plan('dualpipe', true), 'embed_reduce')).toEqual([]);
  });
});
