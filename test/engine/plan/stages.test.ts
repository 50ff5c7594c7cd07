/** Which layers, embeddings and heads the stages of a pipeline hold, and how often a weight is there. */
import { describe, expect, test } from 'vitest';
import { countParameters } from '../../../src/engine/model/parameters.ts';
import { degreesOf, type Stage, stagesOf, weightCopies } from '../../../src/engine/plan/degrees.ts';
import { shardParameters } from '../../../src/engine/plan/shards.ts';
import type { PlanSpec, Schedule } from '../../../src/engine/plan/spec.ts';
import { llama405b, pretrain } from '../estimate/samples.ts';
import { mesh } from './support.ts';

/** Three dense layers, then experts: the kind of a layer tells where it comes from. */
const moe = {
  experts: 8,
  topk: 2,
  expertFfn: 1024,
  sharedFfn: 0,
  denseLayers: 3,
  routerBias: false,
  groups: 0,
  groupTopk: 0,
};

function planOf(schedule: Schedule, pp: number, layers: number, stated?: number[]): PlanSpec {
  return pretrain({
    model: { ...llama405b, layers, hidden: 1024, ffn: 4096, heads: 16, moe },
    mesh: mesh({ pp }),
    pp: { schedule, ...(stated && { layers: stated }) },
  });
}

const stages = (plan: PlanSpec): Stage[] => stagesOf(plan, degreesOf(plan).pp);
const ends = (plan: PlanSpec) =>
  stages(plan).map(({ embedding, head }) => `${embedding ? 'E' : ''}${head ? 'H' : ''}`);

describe('layers of stages', () => {
  test('in a row', () => {
    const plan = planOf({ kind: '1f1b' }, 4, 8);
    expect(ends(plan)).toEqual(['E', '', '', 'H']);
    expect(stages(plan).map(({ dense }) => dense)).toEqual([2, 1, 0, 0]);
  });

  test('interleaved: every round of chunks takes the next layers', () => {
    const plan = planOf({ kind: 'interleaved', chunks: 2 }, 4, 8);
    // Layers 0 to 3 are the first chunks; three of them are dense.
    expect(stages(plan).map(({ dense }) => dense)).toEqual([1, 1, 1, 0]);
    expect(stages(plan).map(({ chunks }) => chunks.map(each => each.dense + each.moe))).toEqual(
      new Array(4).fill([1, 1]),
    );
    expect(ends(plan)).toEqual(['E', '', '', 'H']);
  });

  test('in a V: the first stage has both ends', () => {
    for (const schedule of [
      { kind: 'v_half' },
      { kind: 'v_min' },
      { kind: 'zero_bubble', variant: 'v' },
    ] as const) {
      const plan = planOf(schedule, 4, 16);
      expect(ends(plan)).toEqual(['EH', '', '', '']);
      // Places 0 and 7, 1 and 6, …: layers 0, 1 and 14, 15; 2, 3 and 12, 13.
      expect(stages(plan).map(({ dense }) => dense)).toEqual([2, 1, 0, 0]);
    }
  });

  test('DualPipe: stage r has the layers of stages r and p-1-r, every weight twice', () => {
    const plan = planOf({ kind: 'dualpipe' }, 4, 10, [3, 2, 2, 3]);
    expect(stages(plan).map(({ kinds }) => kinds.length)).toEqual([6, 4, 4, 6]);
    expect(stages(plan).map(({ dense }) => dense)).toEqual([3, 0, 0, 3]);
    expect(ends(plan)).toEqual(['EH', '', '', 'EH']);
    expect(weightCopies({ kind: 'dualpipe' }, 4)).toBe(2);
    expect(weightCopies({ kind: 'v_half' }, 4)).toBe(1);
  });

  test('the shares of all stages sum up to the model, once or twice', () => {
    for (const [schedule, copies] of [
      [{ kind: '1f1b' }, 1],
      [{ kind: 'interleaved', chunks: 3 }, 1],
      [{ kind: 'circular', chunks: 2 }, 1],
      [{ kind: 'v_min' }, 1],
      [{ kind: 'dualpipe' }, 2],
    ] as const) {
      const plan = planOf(schedule, 4, 13);
      const degrees = degreesOf(plan);
      const held = stages(plan).reduce((sum, stage) => sum + shardParameters(plan, degrees, stage).total, 0);
      expect(held).toBeCloseTo(copies * countParameters(plan.model).total, 0);
    }
  });
});
