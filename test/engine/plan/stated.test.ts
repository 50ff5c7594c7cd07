import { describe, expect, it } from 'vitest';
import type { StatedCollective } from '../../../src/engine/plan/spec.ts';
import { mesh, priced, zero1 } from './support.ts';

const stated = (fields: Partial<StatedCollective>): StatedCollective => ({
  name: 'extra',
  op: 'all_reduce',
  over: ['dp'],
  size: 1e9,
  per: 'step',
  phase: 'step',
  overlap: [],
  ...fields,
});
const plan = (collective: StatedCollective) =>
  priced({
    ...zero1,
    mesh: mesh({ tp: 8, pp: 16, other: 1, dp: 16 }),
    batch: { global: 256, micro: 1, sequence: 8192 },
    collectives: [collective],
  });

describe('a collective of the file', () => {
  it('that moves an inferred one to another axis is booked on that axis', () => {
    const moved = plan(stated({ name: 'grad_reduce', over: ['pp'], op: 'reduce_scatter' }));
    const own = moved.collectives.find(each => each.name === 'grad_reduce')!;
    expect([own.axis, own.owner]).toEqual(['pp', 'pp']);
  });

  it('over axes of one rank is none', () => {
    for (const name of ['extra', 'grad_reduce'])
      expect(plan(stated({ name, over: ['other'] })).collectives.some(each => each.name === name)).toBe(
        false,
      );
  });

  it('of the optimizer hides under what is left of the last backward pass, not under the whole step', () => {
    const exposed = (phase: StatedCollective['phase']) =>
      plan(stated({ phase, size: 1e13, overlap: ['backward'] })).collectives.find(
        each => each.name === 'extra',
      )!.exposed;
    expect(exposed('optimizer')).toBe(exposed('step'));
  });
});
