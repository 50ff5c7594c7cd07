import { expect, test } from 'vitest';
import { invalid, valid } from './support.ts';

const BASE = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f {
  level node of 8 c { bandwidth: 400GB/s }
  level cluster of 4 node { bandwidth: 50GB/s }
}
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
model small { layers: 4  hidden: 2048  heads: 16  vocab: 32000 }
mesh w on f { tp: 8  dp: 4  order: tp < dp }
mesh flat on f { dp: 32 }
plan p of m on w {
  batch.global: 64
  tp.sequence_parallel: true
  dp.zero: 2
  collective extra: all_gather(over: dp, size: 1GiB, per: step)
  expect step_time < 1h
}
`;

test('a variant takes over everything and replaces what it states', async () => {
  const { report, text } = await valid`${BASE}plan q like p {
  dp.zero: 1
}
plan r like q of small on flat {
  batch.global: 128
}`;
  const [p, q, r] = report.plans;
  expect(q!.spec).toEqual({ ...p!.spec!, name: 'q', dp: { ...p!.spec!.dp, zero: 1, accumulate: 'local' } });
  expect(r!.spec!.model.name).toBe('small');
  expect(r!.spec!.mesh.name).toBe('flat');
  expect(r!.spec!.batch.global).toBe(128);
  expect(r!.spec!.dp.zero).toBe(1);
  expect(report.plans.map(plan => plan.claims.map(c => c.holds))).toEqual([[true], [true], [true]]);
  const line = (plan: typeof p, key: string) =>
    text.split('\n')[plan!.locate([{ kind: 'plan', key }])!.start.line]!.trim();
  expect(line(q, 'dp.zero')).toBe('dp.zero: 1');
  expect(line(q, 'tp.sequence_parallel')).toBe('tp.sequence_parallel: true');
  expect(line(r, 'dp.zero')).toBe('dp.zero: 1');
});

test('an inherited claim that breaks is said at the variant', async () => {
  const { findings, text } = await invalid(
    'expect-failed',
  )`${BASE.replace('step_time < 1h', 'peak_memory < 3GiB')}plan «q» like p {
  dp.zero: 0
  batch.micro: 8
}`;
  const failed = findings.filter(f => f.code === 'expect-failed');
  expect(failed).toHaveLength(1);
  expect(failed[0]!.message).toMatch(/^'q': peak_memory is/);
  expect(text.split('\n')[failed[0]!.related![0]!.range.start.line]).toContain('expect peak_memory');
});

test('plans that are like each other', async () => {
  await invalid('plan-cycle')`${BASE}plan a like b { }
plan b like «a» { }`;
});

test('a plan needs a model and a mesh', async () => {
  await invalid('plan-incomplete')`${BASE}plan «a» of m { }`;
  await invalid('plan-incomplete')`${BASE}plan «a» { }`;
});
