import { expect, test } from 'vitest';
import { invalid, valid } from './support.ts';

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
