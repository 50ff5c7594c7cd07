/** Collectives that run at the same time share links: on one class of links they delay each other, on others they do not. */
import { describe, expect, test } from 'vitest';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import type { Estimate, LinkUse } from '../../../src/engine/estimate/result.ts';
import { excess } from '../../../src/engine/estimate/sharing.ts';
import { defaultSoftware } from '../../../src/engine/estimate/software.ts';
import type { FabricSpec } from '../../../src/engine/fabric/spec.ts';
import type { PlanSpec } from '../../../src/engine/plan/spec.ts';
import { axis, h100, level, llama405b, pretrain } from './samples.ts';

const use = (link: string, load: number): LinkUse => ({
  level: 'node',
  link,
  bytes: load,
  capacity: 1,
  efficiency: 1,
  flows: 1,
  load,
});

describe('loads of two collectives', () => {
  test('on one class of links: what they exceed its capacity by', () => {
    expect(excess([use('NVLink', 0.7)], [use('NVLink', 0.8)])).toBeCloseTo(0.5, 12);
    // Two that fill it one after the other take as long at the same time.
    expect(excess([use('NVLink', 1)], [use('NVLink', 1)])).toBe(1);
  });
  test('with room for both, or on different classes: nothing', () => {
    expect(excess([use('NVLink', 0.4)], [use('NVLink', 0.6)])).toBe(0);
    expect(excess([use('NVLink', 1)], [use('leaf', 1)])).toBe(0);
    expect(excess([use('leaf', 1)], [{ ...use('leaf', 1), level: 'pod' }])).toBe(0);
  });
  test('the fullest shared class decides', () => {
    expect(excess([use('a', 0.6), use('b', 0.9)], [use('a', 0.5), use('b', 0.9)])).toBeCloseTo(0.8, 12);
  });
});

/** FSDP over `shards` beside tensor parallelism, in nodes of `node` chips. */
function fsdp(node: number, order: string[]): Estimate {
  const fabric: FabricSpec = {
    name: 'f',
    chip: h100,
    levels: [
      level('node', node, {
        topology: { kind: 'switch', reduce: false },
        bandwidth: 450e9,
        latency: 1e-6,
        tier: 'scale_up',
      }),
      level('cluster', 64, {
        topology: { kind: 'fat_tree', tiers: 1, planes: 1, oversubscription: [], reduce: false },
        bandwidth: 50e9,
        latency: 4e-6,
        tier: 'scale_out',
      }),
    ],
  };
  const plan: PlanSpec = pretrain({
    fabric,
    model: { ...llama405b, layers: 16, hidden: 8192, ffn: 28672, heads: 64 },
    mesh: { name: 'm', axes: [axis('tp', 8), axis('fsdp', 8)], order },
    batch: { global: 8, micro: 1, sequence: 8192 },
    pp: { schedule: { kind: '1f1b' } },
  });
  const result = estimatePlan(plan);
  if (!result.ok) throw new Error(result.refusals[0]!.message);
  return result.estimate;
}

/** The share of the chip that any hidden traffic takes. */
const tax = defaultSoftware('gpu').overlapTax;

/** Seconds that one second of a hidden collective costs the step, beyond the first and last layer that nothing hides. */
function costOf(estimate: Estimate): number {
  const gather = estimate.collectives.find(
    ({ name, phase }) => name === 'param_gather' && phase === 'forward',
  )!;
  const least = gather.price.time / 16;
  return (gather.exposed - least) / (gather.total - least);
}

describe('gathers of weights beside tensor parallelism', () => {
  test('in one switch delay it: both fill the same links', () => {
    expect(costOf(fsdp(64, ['tp', 'fsdp']))).toBeGreaterThan(1.5 * tax);
  });
  test('over the network leave it alone, but for the chip that they take', () => {
    expect(costOf(fsdp(8, ['tp', 'fsdp']))).toBeCloseTo(tax, 6);
  });
});
