import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIMENSION_OF, type QuantityKind } from '../../../src/engine/units/dimension.ts';
import {
  formatBytesBinary,
  formatBytesDecimal,
  formatFlops,
  formatRate,
  formatShare,
  formatTime,
} from '../../../src/engine/units/format.ts';
import { parseQuantity } from '../../../src/engine/units/quantity.ts';

describe('parseQuantity reads what the language writes', () => {
  const cases: [string, number, QuantityKind][] = [
    ['450GB/s', 450e9, 'bandwidth'],
    ['400Gb/s', 50e9, 'bandwidth'],
    ['25 GB/s', 25e9, 'bandwidth'],
    ['0.6us', 0.6e-6, 'time'],
    ['0.6µs', 0.6e-6, 'time'],
    ['1h', 3600, 'time'],
    ['80GiB', 80 * 1024 ** 3, 'bytes'],
    ['1B', 1, 'bytes'],
    ['8b', 1, 'bytes'],
    ['989TFLOP/s', 989e12, 'flops'],
    ['2.25PFLOP/s', 2.25e15, 'flops'],
    ['312TFLOPS', 312e12, 'flops'],
    ['2%', 0.02, 'share'],
    ['16777216tok', 16777216, 'tokens'],
    ['16_777_216', 16777216, 'count'],
    ['2Mtok', 2e6, 'tokens'],
    ['1kW', 1000, 'power'],
    ['3m', 3, 'length'],
    ['500mm', 0.5, 'length'],
    ['5pJ/bit', 40e-12, 'energy_per_bit'],
    ['5pJ/b', 40e-12, 'energy_per_bit'],
    ['2usd/h', 2 / 3600, 'price_per_hour'],
    ['1.5usd/Gbps', 12e-9, 'price_per_bandwidth'],
    ['1e9', 1e9, 'count'],
    ['2.5e-3s', 0.0025, 'time'],
    ['0', 0, 'count'],
  ];
  it.each(cases)('%s', (text, value, kind) => {
    const result = parseQuantity(text);
    expect(result).toMatchObject({ ok: true, dimension: DIMENSION_OF[kind] });
    expect((result as { value: number }).value).toBe(value);
  });

  it('tells byte from bit and metre from minute by their letters alone', () => {
    expect(parseQuantity('1GB')).toMatchObject({ value: 1e9 });
    expect(parseQuantity('1Gb')).toMatchObject({ value: 0.125e9 });
    expect(parseQuantity('1m')).toMatchObject({ dimension: DIMENSION_OF.length });
    expect(parseQuantity('1min')).toMatchObject({ dimension: DIMENSION_OF.time, value: 60 });
  });

  it.each([
    ['450GBps', 'GB/s'],
    ['400Gbps', 'Gb/s'],
    ['450gbps', 'Gb/s'],
    ['400Gbit/s', 'Gb/s'],
    ['25GiBps', 'GiB/s'],
    ['3usec', 'us'],
    ['3μs', 'us'],
    ['3msec', 'ms'],
    ['80gib', 'GiB'],
    ['80gb', 'GB'],
    ['989tflops', 'TFLOP/s'],
    ['989TFLOPs', 'TFLOP/s'],
    ['4096tokens', 'tok'],
    ['5sec', 's'],
  ])('suggests the unit that %s means', (text, suggestion) => {
    expect(parseQuantity(text)).toMatchObject({ ok: false, kind: 'unknown-unit', suggestion });
  });

  it('has no suggestion for nonsense', () => {
    expect(parseQuantity('5quux')).toMatchObject({ ok: false, kind: 'unknown-unit', suggestion: undefined });
    expect(parseQuantity('5constructor')).toMatchObject({ ok: false, suggestion: undefined });
  });

  it('answers hostile numbers with an error instead of infinity', () => {
    expect(parseQuantity('1e999')).toEqual({ ok: false, kind: 'too-large' });
    expect(parseQuantity('1e308TB')).toEqual({ ok: false, kind: 'too-large' });
    expect(parseQuantity('1e99999999999999999999')).toEqual({ ok: false, kind: 'too-large' });
    expect(parseQuantity('9'.repeat(5000))).toEqual({ ok: false, kind: 'too-large' });
    expect(parseQuantity('abc')).toEqual({ ok: false, kind: 'not-a-number' });
    expect(parseQuantity('')).toEqual({ ok: false, kind: 'not-a-number' });
    expect(parseQuantity('1e-999s')).toMatchObject({ ok: true, value: 0 });
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        parseQuantity(text);
        parseQuantity(`1${text}`);
      }),
    );
  });

  it('is exact for decimals: bits are an eighth of bytes to the last digit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), n => {
        expect(parseQuantity(`${8 * n}Gb/s`)).toMatchObject({ value: n * 1e9 });
        expect(parseQuantity(`${n}GiB`)).toMatchObject({ value: n * 1024 ** 3 });
      }),
    );
  });
});

describe('what is printed can be read again', () => {
  const back = (text: string): number => {
    const result = parseQuantity(text.replaceAll(',', '').replace('−', ''));
    if (!result.ok) throw new Error(`${text}: ${result.kind}`);
    return (text.startsWith('−') ? -1 : 1) * result.value;
  };
  const magnitudes = (low: number, high: number) =>
    fc
      .tuple(fc.double({ min: low, max: high, noNaN: true }), fc.boolean())
      .map(([e, negative]) => (negative ? -1 : 1) * 10 ** e);
  const formats: [string, (n: number) => string, number, number, number][] = [
    // Below one tenth of the next unit only two digits are shown: 0.12 ms is 5 % of 0.125.
    ['time', formatTime, -8.9, 6, 0.05],
    ['binary bytes', formatBytesBinary, 0, 18, 0.006],
    ['decimal bytes', formatBytesDecimal, 0, 18, 0.006],
    ['rate', formatRate, 0, 18, 0.006],
    ['FLOP/s', formatFlops, 0, 20, 0.006],
  ];
  it.each(formats)('%s', (_, format, low, high, tolerance) => {
    fc.assert(
      fc.property(magnitudes(low, high), value => {
        expect(Math.abs(back(format(value)) / value - 1)).toBeLessThan(tolerance);
      }),
    );
  });

  it('share, to the digit that is shown: whole per cent from 10 %, tenths below', () => {
    fc.assert(
      fc.property(magnitudes(-2.9, 3), value => {
        const digit = Math.abs(value) < 0.0995 ? 0.001 : 0.01;
        expect(Math.abs(back(formatShare(value)) - value)).toBeLessThan(digit * 0.51);
      }),
    );
  });
});
