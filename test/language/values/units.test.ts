import { expect, test } from 'vitest';
import { fixed, invalid, valid } from '../analysis/support.ts';

test('units are part of the value', async () => {
  await valid.level`bandwidth: 450GB/s`;
  await valid.level`bandwidth: 3600Gb/s`;
  await valid.level`bandwidth: 450 GB/s  latency: 0.6us  length: 3m`;
  await valid.level`bandwidth: 2 * 225GB/s  efficiency: 80%  latency: 600ns + 0.1us`;
  await valid.level`bandwidth: 450GB/s  efficiency: 0.8  energy: 5pJ/bit  price: 2usd/Gbps`;
  await valid.chip`peak.bf16: 2.25PFLOP/s  hbm.capacity: 180GiB  hbm.bandwidth: 7.7TB/s  power: 1kW  price: 2usd/h`;
});

test('a missing unit is an error at the number, and the fix adds it', async () => {
  const missing = await invalid.level('unit-missing')`bandwidth: «400»`;
  expect(fixed(missing, 'unit-missing')).toContain('bandwidth: 400GB/s');
  expect(fixed(missing, 'unit-missing', /Gb/)).toContain('bandwidth: 400Gb/s');
  await invalid.level('unit-missing')`bandwidth: 400GB/s  latency: «7»`;
  await invalid.chip('unit-missing')`peak.bf16: 1PFLOP/s  hbm.capacity: «80»  hbm.bandwidth: 3TB/s`;
  const share = await invalid.level('unit-missing')`bandwidth: 400GB/s  efficiency: «80»`;
  expect(fixed(share, 'unit-missing')).toContain('efficiency: 80%');
  const rate = await invalid.plan('unit-missing')`batch.global: 64  assert tokens_per_second > «1000»`;
  expect(rate.findings[0]!.message).toContain("'1000tok/s'");
  const claim = await invalid.plan('unit-missing')`batch.global: 64  assert step_time < «8»`;
  expect(fixed(claim, 'unit-missing')).toContain('step_time < 8s');
});

test('numbers are repeated as they were written, not rounded', async () => {
  const part = await invalid.plan('value-range')`batch.global: «2.5»`;
  expect(part.findings[0]!.message).toBe('A whole number is needed here, not 2.5.');
  const least = await invalid.level(
    'value-range',
  )`bandwidth: 400GB/s  topology: switch(oversubscription: «0 - 3»)`;
  expect(least.findings[0]!.message).toMatch(
    /^This must be at least 0\.\d*[1-9]\.$|^This cannot be negative\.$/,
  );
});

test('a wrong dimension is an error at the value', async () => {
  const bytes = await invalid.level('unit-wrong')`bandwidth: «400GB»`;
  expect(fixed(bytes, 'unit-wrong')).toContain('bandwidth: 400GB/s');
  const rate = await invalid.chip(
    'unit-wrong',
  )`peak.bf16: 1PFLOP/s  hbm.bandwidth: 3TB/s  hbm.capacity: «80GB/s»`;
  expect(fixed(rate, 'unit-wrong')).toContain('hbm.capacity: 80GB');
  await invalid.level('unit-wrong')`bandwidth: 400GB/s  latency: «3m»`;
  await invalid.plan('unit-wrong')`batch.micro: «2%»`;
  await invalid.plan('unit-wrong')`batch.micro: «2tok»`;
  await invalid.mesh('unit-wrong')`tp: «8GB»  dp: 4`;
  await invalid.level('unit-wrong')`bandwidth: «400GB / 2»`;
});

test('a unit that does not exist comes with the one that was meant', async () => {
  const bits = await invalid.level('unit-unknown')`bandwidth: «450gbps»`;
  expect(fixed(bits, 'unit-unknown')).toContain('bandwidth: 450Gb/s');
  const bytes = await invalid.level('unit-unknown')`bandwidth: «450GBps»`;
  expect(fixed(bytes, 'unit-unknown')).toContain('bandwidth: 450GB/s');
  await invalid.level('unit-unknown')`bandwidth: 400GB/s  latency: «3usec»`;
  await invalid.level('unit-unknown')`bandwidth: «400quux»`;
});

test('dimensions go through arithmetic', async () => {
  await valid`let width = 4
let lane = 100Gb/s
chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 10 * 8GiB  hbm.bandwidth: 3TB/s }
fabric f { level node of 8 c { bandwidth: width * lane  latency: 300GB / (1TB/s) * 1e-6 } }`;
  await invalid.level('unit-mismatch')`bandwidth: 400GB/s  latency: 1us + «3m»`;
  await invalid.plan('unit-mismatch')`assert step_time < «peak_memory»`;
  await valid.plan`batch.global: 64  assert exposed(dp) < 200% * step_time`;
});

test('2B/tp is a division, GB/s a unit', async () => {
  await valid.plan`batch.global: 64
    collective extra: all_gather(over: dp, size: tokens * hidden * 2B/tp, per: step)`;
  await invalid.plan(
    'unit-missing',
  )`collective extra: all_gather(over: dp, size: «tokens * hidden», per: step)`;
});
