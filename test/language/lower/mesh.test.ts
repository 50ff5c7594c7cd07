import { describe, expect, it, test } from 'vitest';
import type { AxisSpec } from '../../../src/engine/plan/spec.ts';
import { divisors } from '../../../src/language/lower/mesh.ts';
import { defaultOrder } from '../../../src/language/lower/order.ts';
import { balanced } from '../../../src/language/lower/pipeline.ts';
import { fixed, invalid, valid } from '../analysis/support.ts';

const axis = (name: string, size: number, level?: string): AxisSpec => ({
  name,
  size,
  role: 'other',
  from: [],
  on: level ? [{ level }] : [],
});

describe('the order where none is stated', () => {
  const order = (...axes: AxisSpec[]) => defaultOrder(axes, ['node', 'pod'], [8, 16]);
  it('is that of the text', () => {
    expect(order(axis('tp', 8), axis('pp', 4), axis('dp', 4))).toEqual(['tp', 'pp', 'dp']);
    expect(order(axis('dp', 4), axis('tp', 8))).toEqual(['dp', 'tp']);
  });
  it('puts axes on inner levels first', () => {
    expect(order(axis('dp', 16), axis('tp', 8, 'node'))).toEqual(['tp', 'dp']);
    expect(order(axis('dp', 16, 'pod'), axis('tp', 8, 'node'))).toEqual(['tp', 'dp']);
  });
  it('fills the units below a placed axis with unplaced ones', () => {
    expect(order(axis('pp', 16, 'pod'), axis('tp', 8))).toEqual(['tp', 'pp']);
    expect(order(axis('pp', 4, 'pod'), axis('tp', 8), axis('dp', 4))).toEqual(['tp', 'pp', 'dp']);
  });
});

test('divisors', () => {
  expect(divisors(12)).toEqual([1, 2, 3, 4, 6, 12]);
  expect(divisors(1)).toEqual([1]);
});

test('layers of the stages', () => {
  // Llama 3 405B: 126 layers on 16 stages, one less at both ends (2407.21783, section 3.3.2).
  expect(balanced(16, 126, 7, 7)).toEqual([7, ...new Array(14).fill(8), 7]);
  expect(balanced(4, 10)).toEqual([3, 3, 2, 2]);
  expect(balanced(1, 8, 8, 8)).toBeUndefined();
  expect(balanced(2, 8, 5, 5)).toBeUndefined();
});

test('sizes may be expressions', async () => {
  const { report } = await valid`chip c { peak.bf16: 1PFLOP/s  hbm.capacity: 80GiB  hbm.bandwidth: 3TB/s }
fabric f { level node of 8 c { bandwidth: 400GB/s } level pod of 4 node { bandwidth: 50GB/s } }
model m { layers: 8  hidden: 4096  heads: 32  vocab: 32000 }
mesh w on f { dp: chips / tp  tp: 8 on node }
plan p of m on w { batch.global: 64 }`;
  const { mesh } = report.plans[0]!.spec!;
  expect(mesh.axes.map(a => [a.name, a.size, a.role])).toEqual([
    ['dp', 4, 'dp'],
    ['tp', 8, 'tp'],
  ]);
  expect(mesh.order).toEqual(['tp', 'dp']);
  await invalid.mesh('value-range')`tp: 8  dp: «chips / 5»`;
  await invalid.mesh('name-unknown')`tp: 8  dp: «chip_count» / tp`;
});

test('degrees fit the fabric', async () => {
  const over = await invalid.mesh('mesh-product')`tp: 8  dp: «5»`;
  expect(fixed(over, 'mesh-product')).toContain('dp: 4');
  expect(over.findings[0]!.message).toBe(
    "tp 8 × dp 5 = 40 chips, but 'f' has 32. The largest dp that fits is 4.",
  );
  await invalid.mesh('mesh-product')`tp: 4  dp: «5»`;
  await valid.mesh`tp: 8  dp: 2`;
  await valid.mesh`tp: 4`;
});

test('the order names every axis once', async () => {
  const missing = await invalid.mesh('mesh-order')`tp: 8  dp: 2  pp: 2  «order: tp»`;
  expect(fixed(missing, 'mesh-order')).toContain('order: tp < dp < pp');
  await invalid.mesh('mesh-order')`tp: 8  dp: 4  order: tp < dp < «tp»`;
  await invalid.mesh('mesh-order')`tp: 8  dp: 4  ep: 2 from dp  order: tp < dp < «ep»`;
});

test('a place that the order rules out', async () => {
  const wrong = await invalid.mesh('on-contradicts-order')`tp: 8 on «node»  dp: 4  order: dp < tp`;
  expect(fixed(wrong, 'on-contradicts-order')).toContain('order: tp < dp');
  await valid.mesh`tp: 8 on node  dp: 4 on cluster  order: tp < dp`;
  await invalid.mesh('on-contradicts-order')`tp: 4  dp: 4 on «cluster»  order: tp < dp`;
});

test('roles', async () => {
  await invalid.mesh('axis-role')`«rows»: 8  dp: 4`;
  const wrong = await invalid.mesh('value-unknown')`rows: 8 as «dpp»  dp: 4`;
  expect(fixed(wrong, 'value-unknown')).toContain('as dp ');
});

test('derived axes are a whole part of their parents', async () => {
  await invalid.mesh('axis-derived')`tp: 8  dp: 4  ep: «3» from dp`;
  await invalid.mesh('axis-derived')`tp: 8  dp: 4  ep: 2 from dp  etp: 2 from «ep»`;
  await valid.mesh`tp: 8  dp: 4  ep: 4 from dp  order: tp < dp`;
});
