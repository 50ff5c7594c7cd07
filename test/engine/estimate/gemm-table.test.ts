/** Products from a measured table: exact where measured, between the neighbours elsewhere, and nothing else on top. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KERNEL, SOFTWARE } from '../../../src/engine/estimate/constants.ts';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import { measuredGemms } from '../../../src/engine/estimate/gemm-table.ts';
import { kernelsOf } from '../../../src/engine/estimate/kernels.ts';
import { pointIndex } from '../../../src/engine/estimate/point-index.ts';
import type { ChipSpec, GemmShape, GemmTable, Precision } from '../../../src/engine/fabric/spec.ts';
import { h100, pretrain } from './samples.ts';

const table = (...shapes: GemmShape[]): GemmTable => ({ file: 'gemm.csv', shapes });
const shape = (m: number, n: number, k: number, share: number, count = 1): GemmShape => ({
  m,
  n,
  k,
  count,
  share,
});
const withTables = (efficiency: Partial<ChipSpec['efficiency']>): ChipSpec => ({
  ...h100,
  efficiency: { ...h100.efficiency, ...efficiency },
});
const kernels = (chip: ChipSpec, precision: Precision = 'bf16') =>
  kernelsOf(chip, precision, SOFTWARE.find(({ name }) => name === 'megatron_2024')!);

const size = fc.integer({ min: 1, max: 65536 });
const row = fc.record({
  m: size,
  n: size,
  k: size,
  count: fc.constantFrom(1, 1, 1, 8),
  share: fc.double({ min: 1e-3, max: 1.05, noNaN: true }),
});
/** Each shape once, as the language hands tables over. */
const rows = fc.uniqueArray(row, {
  minLength: 1,
  maxLength: 60,
  selector: ({ m, n, k, count }) => `${m} ${n} ${k} ${count}`,
});

describe('the share of a shape', () => {
  test('is the measured one at every measured shape', () => {
    fc.assert(
      fc.property(rows, shapes => {
        // Without grouped rows a row of several products is a taller one: other rows may be the same then.
        const grouped = [...shapes, shape(3, 3, 3, 0.5, 2)];
        const gemms = measuredGemms(table(...grouped))!;
        for (const { m, n, k, count, share } of grouped)
          expect(gemms.shareOf(m, n, k, count)).toEqual({ share, outside: false });
      }),
    );
  });

  test('lies between those of the eight nearest shapes, found one by one', () => {
    fc.assert(
      fc.property(rows, size, size, size, (shapes, m, n, k) => {
        const single = shapes.filter(({ count }) => count === 1);
        fc.pre(single.length > 0);
        const { share } = measuredGemms(table(...single))!.shareOf(m, n, k, 1);
        const away = (s: GemmShape): number =>
          Math.log2(s.m / m) ** 2 + Math.log2(s.n / n) ** 2 + Math.log2(s.k / k) ** 2;
        const ranked = [...single].sort((a, b) => away(a) - away(b));
        // Shapes as far as the eighth may stand for it.
        const limit = away(ranked[Math.min(7, ranked.length - 1)]!) * (1 + 1e-9);
        const near = ranked.filter(s => away(s) <= limit).map(s => s.share);
        expect(share).toBeGreaterThanOrEqual(Math.min(...near));
        expect(share).toBeLessThanOrEqual(Math.max(...near));
      }),
    );
  });

  test('follows Shepard in one dimension', () => {
    const gemms = measuredGemms(table(shape(1024, 4096, 4096, 0.4), shape(8192, 4096, 4096, 0.7)))!;
    // One octave from the first, two from the second: weights 1 and 1/4.
    expect(gemms.shareOf(2048, 4096, 4096, 1).share).toBeCloseTo((0.4 + 0.7 / 4) / 1.25, 12);
    expect(gemms.shareOf(2 ** 11.5, 4096, 4096, 1).share).toBeCloseTo(0.55, 12);
  });

  test('has no jumps where one neighbour gives way to another', () => {
    const shapes = Array.from({ length: 40 }, (_, i) =>
      shape(Math.round(256 * 1.15 ** i), 4096, 4096, i % 2 ? 0.3 : 0.8),
    );
    const gemms = measuredGemms(table(...shapes))!;
    let before = gemms.shareOf(256, 4096, 4096, 1).share;
    for (let m = 256; m < 40_000; m *= 1.0005) {
      const { share } = gemms.shareOf(m, 4096, 4096, 1);
      expect(Math.abs(share - before)).toBeLessThan(0.03);
      before = share;
    }
  });

  test('many shapes equally far count alike', () => {
    const ring = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.2, 0.3, 0.4, 0.5].map((share, i) =>
      shape(
        4096 * 2 ** Math.round(Math.cos((i * Math.PI) / 2)),
        4096 * 2 ** Math.round(Math.sin((i * Math.PI) / 2)),
        4096,
        share,
        1 + i,
      ),
    );
    const { share } = measuredGemms(table(...ring))!.shareOf(4096, 4096, 4096, 1);
    expect(share).toBeGreaterThanOrEqual(0.2);
    expect(share).toBeLessThanOrEqual(0.9);
  });

  test('of a grouped product is that of a taller one, where no grouped product was measured', () => {
    const gemms = measuredGemms(table(shape(512, 4096, 4096, 0.4), shape(4096, 4096, 4096, 0.7)))!;
    expect(gemms.shareOf(512, 4096, 4096, 8).share).toBe(0.7);
  });
});

describe('the nearest points', () => {
  test('are those that a sort by distance finds', () => {
    const point = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 300 }), point, (points, at) => {
        const away = (p: number[]): number => Math.hypot(...p.map((x, axis) => x - at[axis]!));
        const expected = points.map(away).sort((a, b) => a - b);
        const { points: found, distances } = pointIndex(points).nearest(at, 9);
        expect(distances.length).toBe(Math.min(9, points.length));
        for (const [i, each] of distances.entries()) expect(each).toBeCloseTo(expected[i]!, 9);
        expect(new Set(found).size).toBe(found.length);
        for (const [i, each] of found.entries()) expect(away(points[each]!)).toBeCloseTo(distances[i]!, 9);
      }),
    );
  });

  test('of fifty thousand, most of them alike', () => {
    const points = Array.from({ length: 50_000 }, (_, i) => [i % 7, 5, i < 40_000 ? 3 : i % 11]);
    const index = pointIndex(points);
    for (let i = 0; i < 2000; i++) expect(index.nearest([i % 7, 5, 3], 9).distances[8]).toBe(0);
  });
});

describe('the time of a product', () => {
  test('at a measured shape is the measured time and nothing more', () => {
    // 0.7 of 989 TFLOP/s.
    const chip = withTables({ gemmTable: table(shape(8192, 4096, 4096, 0.7)) });
    expect(kernels(chip).gemm(8192, 4096, 4096)).toBeCloseTo((2 * 8192 * 4096 * 4096) / (0.7 * 989e12), 15);
    expect(kernels(chip).gemm16(8192, 4096, 4096)).toBe(kernels(chip).gemm(8192, 4096, 4096));
  });

  test('in 8 bit is that of the 8-bit table, and the casts before it', () => {
    const shapes = [shape(8192, 4096, 4096, 0.5)];
    const plain = kernels(withTables({ gemm8Table: table(...shapes) }), 'fp8');
    const cast = (KERNEL.castPasses * (8192 * 4096 + 4096 * 4096)) / (h100.efficiency.hbm! * 3.35e12);
    expect(plain.gemm(8192, 4096, 4096)).toBeCloseTo((2 * 8192 * 4096 * 4096) / (0.5 * 1979e12) + cast, 12);
    // The 16-bit products of the same plan are not in it.
    expect(plain.gemm16(8192, 4096, 4096)).toBe(kernels(h100).gemm(8192, 4096, 4096));
  });

  test('of a small shape beyond the table is not less than its bytes and its launch', () => {
    const chip = withTables({ gemmTable: table(shape(8192, 4096, 4096, 0.7)) });
    const router = kernels(chip).gemm(8192, 8, 4096);
    const bytes = 2 * (8192 * 4096 + 4096 * 8 + 8192 * 8);
    expect(router).toBeGreaterThan(bytes / 3.35e12);
    expect(router).toBeGreaterThan(KERNEL.launch.gpu);
  });

  test('is finite and positive for whatever table and shape', () => {
    const real = fc.double({ min: 1e-3, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(rows, real, real, real, fc.integer({ min: 1, max: 512 }), (shapes, m, n, k, count) => {
        const time = kernels(withTables({ gemmTable: table(...shapes) })).gemm(m, n, k, count);
        expect(time).toBeGreaterThan(0);
        expect(time).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
    );
  });
});

describe('a plan', () => {
  const priced = (chip: ChipSpec) => {
    const plan = pretrain();
    return estimatePlan({ ...plan, fabric: { ...plan.fabric, chip } });
  };

  test('takes longer on a slower table, and says what it rests on', () => {
    const of = (share: number) => {
      const result = priced(
        withTables({ gemmTable: table(shape(8192, 8192, 8192, share), shape(64, 64, 64, share / 10)) }),
      );
      if (!result.ok) throw new Error(result.refusals[0]!.message);
      return result.estimate;
    };
    expect(of(0.5).step.time).toBeGreaterThan(of(0.7).step.time);
    expect(of(0.7).assumptions).toContainEqual({
      key: 'efficiency.gemm',
      text: 'gemm.csv: 2 measured shapes, 7 to 70 % of peak',
      confidence: 'measured',
    });
  });

  test('costs what it costs by formula, when the table holds what the formulas say', () => {
    const tokens = 8192;
    // Llama 3 405B over 8 tensor-parallel ranks: hidden 16384, 128 heads and 8 KV heads of 128, FFN 53248, vocabulary 128256.
    const sizes: [number, number, number][] = [
      [tokens, (128 / 8 + 2) * 128, 16384],
      [tokens, 16384, 16384 / 8],
      [tokens, (2 * 53248) / 8, 16384],
      [tokens, 16384, 53248 / 8],
      [tokens, 128256 / 8, 16384],
    ];
    const shapes = sizes.map(([m, n, k]) =>
      shape(m, n, k, (2 * m * n * k) / (kernels(h100).gemm(m, n, k) * 989e12)),
    );
    const [plain, tabulated] = [priced(h100), priced(withTables({ gemmTable: table(...shapes) }))];
    if (!plain.ok || !tabulated.ok) throw new Error('refused');
    expect(tabulated.estimate.step.time).toBeCloseTo(plain.estimate.step.time, 9);
  });

  test('is refused for a table of numbers that cannot be', () => {
    for (const wrong of [
      shape(8, 8, 8, Number.NaN),
      shape(8, 8, 8, 0),
      shape(0, 8, 8, 0.5),
      shape(8, -1, 8, 1),
    ]) {
      const result = priced(withTables({ gemmTable: table(shape(8, 8, 8, 0.5), wrong) }));
      expect(result.ok).toBe(false);
    }
  });

  test('without a shape in the table is priced as one without a table', () => {
    const { gemm: _, ...efficiency } = h100.efficiency;
    const bare = { ...h100, efficiency };
    const empty = { ...bare, efficiency: { ...efficiency, gemmTable: table() } };
    expect(kernels(empty).gemm(8192, 8192, 8192)).toBe(kernels(bare).gemm(8192, 8192, 8192));
  });
});
