import { describe, expect, it } from 'vitest';
import {
  formatBytesBinary,
  formatBytesDecimal,
  formatCount,
  formatFlops,
  formatRate,
  formatShare,
  formatTime,
} from '../../../src/engine/units/format.ts';
import { nearest } from '../../../src/engine/units/suggest.ts';

describe('numbers for people', () => {
  it('times', () => {
    expect(
      [6.64, 0.00058, 9.02, 0.74, 12.34, 123.4, 1234.5, 7e-6, 0.6e-6, 0, -2.38, 9.999, 3e-12].map(s =>
        formatTime(s),
      ),
    ).toEqual([
      '6.64 s',
      '0.58 ms',
      '9.02 s',
      '0.74 s',
      '12.3 s',
      '123 s',
      '1,235 s',
      '7.00 µs',
      '0.60 µs',
      '0 s',
      '−2.38 s',
      '10.0 s',
      '0.003 ns',
    ]);
    expect(formatTime(0.51, 'ms')).toBe('510 ms');
  });

  it('sizes: binary for buffers, decimal for traffic', () => {
    expect(formatBytesBinary(268_435_456)).toBe('256 MiB');
    expect(formatBytesBinary(11.8 * 1024 ** 3)).toBe('11.8 GiB');
    expect(formatBytesDecimal(12.75e9)).toBe('12.8 GB');
    expect(formatBytesDecimal(999.9e9)).toBe('1.00 TB');
    expect(formatRate(50e9)).toBe('50 GB/s');
    expect(formatRate(19.2e12)).toBe('19.2 TB/s');
    expect(formatFlops(989e12)).toBe('989 TFLOP/s');
    expect(formatBytesDecimal(0)).toBe('0 B');
  });

  it('shares: whole from 10 %, one digit below, never 0.0 %', () => {
    expect([0.274, 0.05, 0.0999, 0.1, 8, 0.0004, 0, 1, 0.0951].map(s => formatShare(s))).toEqual([
      '27 %',
      '5.0 %',
      '10 %',
      '10 %',
      '800 %',
      '< 0.1 %',
      '0 %',
      '100 %',
      '9.5 %',
    ]);
    expect(formatShare(0.274, true)).toBe('27.4 %');
  });

  it('counts', () => {
    expect(formatCount(16384)).toBe('16,384');
    expect(formatCount(0)).toBe('0');
    expect(formatCount(-1280)).toBe('−1,280');
    expect(formatCount(3.18)).toBe('3.18');
  });
});

describe('nearest spelling', () => {
  it('finds slips of the finger and leaves strangers alone', () => {
    const keys = ['bandwidth', 'latency', 'topology', 'media', 'batch.global'];
    expect(nearest('bandwith', keys)).toBe('bandwidth');
    expect(nearest('latnecy', keys)).toBe('latency');
    expect(nearest('batch_global', keys)).toBe('batch.global');
    expect(nearest('colour', keys)).toBeUndefined();
  });
});
