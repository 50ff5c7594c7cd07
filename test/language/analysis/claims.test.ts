import { expect, test } from 'vitest';
import { fixed, invalid, valid } from './support.ts';

const BASE = `chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f {
  level node of 8 c { bandwidth: 400GB/s }
  level cluster of 4 node { bandwidth: 50GB/s }
}
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { tp: 8  dp: 4  order: tp < dp }
`;

test('every metric can be claimed', async () => {
  const { report } = await valid`${BASE}plan p of m on w {
  batch.global: 64
  assert step_time < 1h and mfu > 0% and hfu > 0% and mfu(attention: full) > mfu
  assert tokens_per_second > 1tok/s
  assert peak_memory < 80GiB
  assert bubble == 0%
  assert time(dp) >= exposed(dp) and time(tp) > 0s
  assert bytes(cluster) > 1MB and bytes(node) > bytes(cluster)
  assert inside(node) > 10% and inside(cluster) == 100%
  assert crosses(dp, cluster) and not crosses(tp, cluster)
  assert critical(node) >= 0s
  assert load(cluster) <= max_load(cluster)
  assert not network_bound or network_bound
}`;
  expect(report.plans[0]!.claims.every(c => c.holds)).toBe(true);
});

test('claims speak with the value of their left side', async () => {
  const { report } = await valid`${BASE}plan p of m on w {
  batch.global: 64
  assert step_time < 1h
  assert 1h > step_time
  assert peak_memory < 80GiB and bubble < 1%
  assert not crosses(tp, cluster)
}`;
  const [first, turned, both, crossing] = report.plans[0]!.claims;
  expect(first!.actual).toMatch(/^[\d.]+ m?s$/);
  expect(turned!.actual).toBe(first!.actual);
  expect(both!.actual).toMatch(/^[\d.]+ GiB, 0 %$/);
  expect(crossing!.actual).toBe('not crosses');
  expect(report.plans[0]!.claims.map(c => c.holds)).toEqual([true, true, true, true]);
});

test('a broken assert is an error with the value, a broken expectation a warning', async () => {
  const { findings } = await invalid('assert-failed')`${BASE}plan p of m on w {
  batch.global: 64
  «assert peak_memory < 1GiB "fits the small card"»
  expect exposed(dp) < 0.001% * step_time
}`;
  const [failed, missed] = findings;
  expect(failed!.message).toMatch(/^fits the small card: peak_memory is [\d.]+ GiB, claimed was < 1GiB\.$/);
  expect(missed).toMatchObject({ code: 'expect-failed', severity: 'warning' });
  expect(missed!.message).toMatch(
    /^exposed\(dp\) is .*s, claimed was < 0.001% \* step_time \([\d.]+ .?s\)\.$/,
  );
});

test('claims are conditions over known metrics, axes and levels', async () => {
  await invalid.plan('metric-unknown')`batch.global: 64  assert «step_tim» < 8s`;
  await invalid.plan('claim-type')`batch.global: 64  assert «step_time»`;
  await invalid.plan('claim-type')`batch.global: 64  assert not «step_time»`;
  await invalid.plan('name-unknown')`batch.global: 64  assert exposed(«pd») < 8s`;
  await invalid.plan('name-unknown')`batch.global: 64  assert load(«nod») < 10%`;
  await invalid.plan('argument')`batch.global: 64  assert «exposed» < 8s`;
  await invalid.plan('argument')`batch.global: 64  assert step_time(«dp») < 8s`;
  await invalid.plan('name-unknown')`batch.global: 64  assert mfu(attention: «causl») > 1%`;
  await invalid.plan('unit-missing')`batch.global: 64  assert peak_memory < «80»`;
  await invalid.plan('unit-mismatch')`batch.global: 64  assert mfu > «3s»`;
});

test('a claim that cannot be priced neither holds nor fails, but its form is still checked', async () => {
  const { report } = await invalid.plan('claim-unpriced')`phase: decode  «assert tpot < 50ms»`;
  expect(report.plans[0]!.claims[0]).toMatchObject({ holds: undefined, severity: 'assert' });
  await invalid.plan('claim-unpriced')`batch.global: 64  «assert cost < 1usd»`;
  await invalid.plan('unit-missing')`phase: decode  assert tpot < «50»`;
});

test('cost needs a price', async () => {
  const { report } =
    await valid`${BASE.replace('hbm.capacity', 'price: 2usd/h  hbm.capacity')}plan p of m on w {
  batch.global: 64
  assert cost < 10usd
}`;
  const plan = report.plans[0]!;
  expect(plan.spec!.fabric.chip.price).toBe(2);
  expect(plan.claims[0]!.holds).toBe(true);
});

test('words of other tools lead to the metric that is meant', async () => {
  for (const [words, right] of [
    ['«mem» < 70GiB', 'assert peak_memory < 70GiB'],
    ['«memory» < 70GiB', 'assert peak_memory < 70GiB'],
    ['«step» < 1h', 'assert step_time < 1h'],
    ['«throughput» > 1tok/s', 'assert tokens_per_second > 1tok/s'],
    ['«mfu_full» > 1%', 'assert mfu(attention: full) > 1%'],
  ])
    expect(fixed(await invalid.plan('metric-unknown')`assert ${words}`, 'metric-unknown')).toContain(right);
  // These are names of their own, of something else.
  const time = await invalid.plan('argument')`assert «time» < 1h`;
  expect(fixed(time, 'argument')).toContain('assert step_time < 1h');
  const tokens = await invalid.plan('unit-mismatch')`assert tokens > «1tok/s»`;
  expect(fixed(tokens, 'unit-mismatch')).toContain('assert tokens_per_second > 1tok/s');
  const { findings } = await invalid.plan('metric-unknown')`assert «colourfulness» < 3`;
  expect(findings[0]!.message).toContain('Metrics: step_time, mfu,');
});

test('a share beside a number above 1 is judged as written, and doubted', async () => {
  const high = await invalid.plan('unit-missing')`batch.global: 64  assert mfu > «40»`;
  expect(high.findings.map(f => f.code)).toEqual(expect.arrayContaining(['assert-failed', 'unit-missing']));
  expect(high.findings.find(f => f.code === 'unit-missing')!.severity).toBe('warning');
  expect(fixed(high, 'unit-missing')).toContain('assert mfu > 40%');
  const low = await invalid.plan('unit-missing')`batch.global: 64  assert «40» > mfu`;
  expect(low.report.plans[0]!.claims[0]!.holds).toBe(true);
  await valid.plan`batch.global: 64  assert mfu < 1 and mfu > 0.0001 and mfu < 100%`;
});
