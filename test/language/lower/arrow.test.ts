import { describe, expect, it } from 'vitest';
import { type Arrow, arrowSteps, type Layout } from '../../../src/language/lower/arrow.ts';

/** `D/fsdp F sum tp` */
function layout(text: string): Layout {
  const [dims = '', partial = ''] = text.split(' sum ');
  return {
    dims: dims.split(' ').map(d => {
      const [name = '', ...axes] = d.split('/');
      return { name, axes };
    }),
    partial: partial ? partial.split('*') : [],
  };
}
const arrow = (from: string, to: string): Arrow => arrowSteps(layout(from), layout(to));
const ops = (from: string, to: string): string[] => {
  const result = arrow(from, to);
  return result.ok ? result.steps.map(s => `${s.op} ${s.over.join('*')}`) : [result.message];
};

describe('an arrow is a collective', () => {
  it.each([
    ['D/fsdp F/tp', 'D F/tp', 'all_gather fsdp'],
    ['D/fsdp/dp F', 'D F', 'all_gather fsdp*dp'],
    ['B/fsdp D sum tp', 'B/fsdp D/tp', 'reduce_scatter tp'],
    ['B D sum tp', 'B D', 'all_reduce tp'],
    ['B D sum tp*dp', 'B D', 'all_reduce tp*dp'],
    ['B S/sp N', 'B S N/sp', 'all_to_all sp'],
    ['B/ep E D', 'B E/ep D', 'all_to_all ep'],
  ])('%s -> %s is %s', (from, to, op) => expect(ops(from, to)).toEqual([op]));

  it('several things at once are several collectives, reductions first', () => {
    expect(ops('B/dp D/tp sum cp', 'B D')).toEqual(['all_reduce cp', 'all_gather dp*tp']);
  });

  it('what stays, and what is only cut, sends nothing', () => {
    expect(ops('D/fsdp F', 'D/fsdp F')).toEqual([]);
    expect(ops('D F', 'D/fsdp F')).toEqual([]);
    expect(ops('D F sum tp', 'D F sum tp')).toEqual([]);
  });

  it('refuses what is no collective', () => {
    expect(arrow('D F', 'D').ok).toBe(false);
    expect(arrow('D F', 'F D').ok).toBe(false);
    expect(arrow('D/tp F/tp', 'D F').ok).toBe(false);
    expect(arrow('D F', 'D F sum tp').ok).toBe(false);
    expect(arrow('D/tp F sum tp', 'D F').ok).toBe(false);
  });
});
