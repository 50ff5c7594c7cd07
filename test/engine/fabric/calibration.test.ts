import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CalibrationResult,
  calibrate,
  type Measurement,
} from '../../../src/engine/fabric/calibration.ts';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { FabricSpec, LevelSpec } from '../../../src/engine/fabric/spec.ts';
import type { CollectiveOp } from '../../../src/engine/plan/spec.ts';
import { pretrain } from '../estimate/samples.ts';

const MIB = 2 ** 20;
const { chip } = pretrain().fabric;

const level = (fields: Partial<LevelSpec>): LevelSpec => ({
  name: 'node',
  count: 8,
  topology: { kind: 'switch', reduce: false },
  bandwidth: 450e9,
  efficiency: 1,
  efficiencyFrom: 'default',
  latency: 0.6e-6,
  floor: 0,
  tier: 'scale_up',
  spare: 0,
  ...fields,
});
const fabric = (...levels: LevelSpec[]): FabricSpec => ({ name: 'f', chip, levels });
const NODE = fabric(level({}));

const sizes = (from: number, to: number): number[] => {
  const all: number[] = [];
  for (let bytes = from; bytes <= to; bytes *= 2) all.push(bytes);
  return all;
};

/** Bus over algorithm bandwidth, https://github.com/NVIDIA/nccl-tests/blob/master/doc/PERFORMANCE.md */
const factor = (op: CollectiveOp, n: number): number =>
  op === 'all_reduce' ? (2 * (n - 1)) / n : op === 'send_recv' || op === 'broadcast' ? 1 : (n - 1) / n;

function law(op: CollectiveOp, ranks: number, rate: number, latency: number, floor: number) {
  return (bytes: number): Measurement => ({
    op,
    ranks,
    bytes,
    time: Math.max(floor, latency + (factor(op, ranks) * bytes) / rate),
  });
}

function fitted(result: CalibrationResult) {
  if (!result.ok) throw new Error(result.message);
  return result.calibration;
}

describe('known constants come back', () => {
  const ops: CollectiveOp[] = ['all_reduce', 'all_gather', 'reduce_scatter', 'all_to_all', 'send_recv'];

  test.each(ops)('%s on a switch, the latency stated', op => {
    // Direct algorithms wait once for every phase: one way through the switch, two for an all-reduce.
    const latency = (op === 'all_reduce' ? 2 : 1) * 0.6e-6;
    const rows = sizes(8, 8192 * MIB).map(law(op, 8, 0.8 * 450e9, latency, 18e-6));
    const found = fitted(calibrate(NODE, rows, { keepLatency: true }));
    expect(found.efficiency / 0.8).toBeCloseTo(1, 2);
    expect(found.floor! / 18e-6).toBeCloseTo(1, 2);
    expect(found.latency).toBeUndefined();
    expect(found.sizes).toBe(31);
    expect(found.medianError).toBeLessThan(0.01);
  });

  test('efficiency, floor and latency at once, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 0.99, noNaN: true }),
        fc.double({ min: 5e-6, max: 40e-6, noNaN: true }),
        fc.double({ min: 1e-6, max: 20e-6, noNaN: true }),
        (efficiency, floor, latency) => {
          const rows = sizes(8, 8192 * MIB).map(law('all_gather', 8, efficiency * 450e9, latency, floor));
          const found = fitted(calibrate(NODE, rows, { keepLatency: false }));
          expect(Math.abs(found.efficiency / efficiency - 1)).toBeLessThan(0.01);
          // Where the latency is the longer, it is what small sizes take.
          expect(Math.abs(found.floor! / Math.max(floor, latency) - 1)).toBeLessThan(0.02);
          expect(found.medianError).toBeLessThan(0.01);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('a few disturbed rows change nothing', () => {
    const rows = sizes(8, 8192 * MIB).map(law('all_reduce', 8, 0.8 * 450e9, 1.2e-6, 18e-6));
    for (const index of [2, 15, 24, 27]) rows[index]!.time *= 3;
    const found = fitted(calibrate(NODE, rows, { keepLatency: true }));
    expect(found.efficiency / 0.8).toBeCloseTo(1, 2);
    expect(found.floor! / 18e-6).toBeCloseTo(1, 2);
    expect(Math.abs(found.worst.error)).toBeCloseTo(2 / 3, 2);
  });
});

/** Eight H100 with NVLink SHARP, busbw in GB/s (Azure benchmarking guide, as collected in public logs). */
const H100: [number, number][] = [
  [1024, 0.07],
  [4096, 0.27],
  [16384, 0.95],
  [65536, 2.7],
  [262144, 10.9],
  [MIB, 43.7],
  [2 * MIB, 81.9],
  [4 * MIB, 129],
  [8 * MIB, 172],
  [32 * MIB, 296],
  [64 * MIB, 362],
  [128 * MIB, 401],
  [256 * MIB, 423],
  [512 * MIB, 438],
  [1024 * MIB, 466],
  [2048 * MIB, 472],
];
const measuredH100 = H100.map(([bytes, busbw]) => ({
  op: 'all_reduce' as const,
  ranks: 8,
  bytes,
  time: (1.75 * bytes) / (busbw * 1e9),
}));

test('a switch that reduces: bus bandwidth above the line rate is no contradiction', () => {
  const node = level({ topology: { kind: 'switch', reduce: true } });
  const found = fitted(calibrate(fabric(node), measuredH100, { keepLatency: false }));
  // Achieved rate of 370.8 of 450 GB/s where the law of NVLink SHARP is fitted to published bus bandwidths of this node.
  expect(found.efficiency).toBeGreaterThan(0.74);
  expect(found.efficiency).toBeLessThan(0.84);
  expect(found.medianError).toBeLessThan(0.1);
});

test('the calibrated level gives back what was measured, by the ordinary pricing', () => {
  const node = level({ topology: { kind: 'switch', reduce: true } });
  const found = fitted(calibrate(fabric(node), measuredH100, { keepLatency: false }));
  const { efficiency, floor, latency } = found;
  const network = buildNetwork(
    fabric({ ...node, efficiency, floor: floor ?? 0, latency: latency ?? node.latency }),
  );
  const errors = measuredH100.map(({ op, bytes, time }) => {
    const price = priceCollective(network, [{ stride: 1, size: 8 }], op, bytes, { chips: 8 })!;
    return Math.abs(price.time / time - 1);
  });
  const sorted = errors.sort((a, b) => a - b);
  expect((sorted[7]! + sorted[8]!) / 2).toBeCloseTo(found.medianError, 3);
  expect(sorted.at(-1)).toBeCloseTo(Math.abs(found.worst.error), 3);
});

describe('a level above others', () => {
  const node = level({ efficiency: 0.82 });
  const pod = level({ name: 'pod', count: 8, bandwidth: 50e9, latency: 4e-6, tier: 'scale_out' });

  test('all chips of all nodes: eight network ports a node', () => {
    // Gathered through every port at once, a node takes in 56 of 64 parts at 8 x 50 GB/s.
    const rows = sizes(32 * MIB, 8192 * MIB).map(bytes => ({
      op: 'all_gather' as const,
      ranks: 64,
      hosts: 8,
      bytes,
      time: (bytes * 63) / 64 / (0.9 * 400e9),
    }));
    const found = fitted(calibrate(fabric(node, pod), rows, { keepLatency: true }));
    expect(found.efficiency).toBeGreaterThan(0.78);
    expect(found.efficiency).toBeLessThan(0.95);
    expect(found.floor).toBeUndefined();
  });

  test('one chip of every node', () => {
    const rows = sizes(8, 8192 * MIB)
      .map(law('all_gather', 8, 0.92 * 50e9, 4e-6, 30e-6))
      .map(row => ({ ...row, hosts: 8 }));
    const found = fitted(calibrate(fabric(node, pod), rows, { keepLatency: true }));
    expect(found.efficiency / 0.92).toBeCloseTo(1, 2);
  });

  test('a floor of the level below hides nothing of what small sizes take', () => {
    const rows = sizes(8, 8192 * MIB).map(law('all_gather', 64, 0.8 * 400e9, 60e-6, 47e-6));
    const low = fabric({ ...node, floor: 12.5e-6 }, { ...pod, floor: 23e-6 });
    const found = fitted(calibrate(low, rows, { keepLatency: false }));
    expect(found.floor! / 60e-6).toBeCloseTo(1, 1);
  });

  test('a number of ranks that is only roughly known is that of the level where it can be', () => {
    const rows = sizes(8, 8192 * MIB)
      .map(law('all_gather', 62, 0.5 * 400e9, 30e-6, 50e-6))
      .map(row => ({ ...row, ranksBetween: [58, 70] as const }));
    expect(calibrate(fabric(node, pod), rows, { keepLatency: true }).ok).toBe(true);
  });
});

describe('what does not fit is refused with the reason', () => {
  const node = level({});
  const pod = level({ name: 'pod', count: 8, bandwidth: 50e9, latency: 4e-6, tier: 'scale_out' });
  const reason = (f: FabricSpec, rows: Measurement[]) => {
    const result = calibrate(f, rows, { keepLatency: true });
    return result.ok ? 'fits' : result.message;
  };
  const gather = (ranks: number, rate = 300e9) => law('all_gather', ranks, rate, 2e-6, 20e-6);

  test('ranks', () => {
    const rows = sizes(8, 1024 * MIB);
    expect(reason(NODE, rows.map(gather(16)))).toContain("do not fit into one 'node' of 8 chips");
    expect(reason(fabric(node, pod), rows.map(gather(8)))).toContain('calibrate the level below');
    const some = rows.map(gather(8, 40e9)).map(row => ({ ...row, hosts: 8 }));
    expect(reason(fabric(node, { ...pod, uplink: 100e9 }), some)).toContain('measure with all chips');
  });

  test('sizes', () => {
    expect(reason(NODE, [64 * MIB, 128 * MIB].map(gather(8)))).toContain('2 of the at least 3 sizes');
    expect(reason(NODE, sizes(8, 8 * MIB).map(gather(8)))).toContain('16 MiB');
  });

  test('rates beyond the line rate, and levels that nothing waits for', () => {
    expect(reason(NODE, sizes(8, 1024 * MIB).map(gather(8, 900e9)))).toContain("check 'bandwidth'");
    const fast = fabric(level({ bandwidth: 20e9 }), { ...pod, bandwidth: 900e9 });
    const rows = sizes(8, 1024 * MIB).map(gather(64, 19e9));
    expect(reason(fast, rows)).toContain("links of 'pod' are not what");
  });
});
