/** Numbers for people: three significant digits, a blank before the unit, a real minus, thousands with a comma. */

const MINUS = '−';

/** 1234567 -> "1,234,567"; needs an integer as text. */
const group = (digits: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');

const signed = (value: number, format: (magnitude: number) => string): string =>
  value < 0 ? MINUS + format(-value) : format(value);

/** Three significant digits, but never more than two decimals: 6.64, 45.0, 510, 0.58, 1,234. */
function digits3(value: number): string {
  const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  const [whole, fraction] = value.toFixed(decimals).split('.');
  return group(whole!) + (fraction ? `.${fraction}` : '');
}

interface Step {
  factor: number;
  unit: string;
}

/** Picks the largest unit in which the value is at least `least`, and never shows "1,000 GB" for 1 TB. */
function scaled(value: number, steps: readonly Step[], least: number, wholeWithoutDecimals: boolean): string {
  if (!Number.isFinite(value)) return '∞';
  const smallest = steps[steps.length - 1]!;
  if (value === 0) return `0 ${steps.find(s => s.factor === 1)?.unit ?? smallest.unit}`;
  const step = steps.find(s => value >= s.factor * least * 0.9995) ?? smallest;
  const n = value / step.factor;
  if (n >= 1e15) return `${n.toExponential(2)} ${step.unit}`;
  // Below the smallest unit two decimals would say 0.00.
  if (n < 0.0995) return `${Number(n.toPrecision(3))} ${step.unit}`;
  const whole = Math.abs(n - Math.round(n)) < 1e-9 * n;
  return `${wholeWithoutDecimals && whole ? group(String(Math.round(n))) : digits3(n)} ${step.unit}`;
}

const TIMES: readonly Step[] = [
  { factor: 1, unit: 's' },
  { factor: 1e-3, unit: 'ms' },
  { factor: 1e-6, unit: 'µs' },
  { factor: 1e-9, unit: 'ns' },
];

export type TimeUnit = 's' | 'ms' | 'µs' | 'ns';

/** Seconds: "6.64 s", "0.58 ms"; with `unit`, always in that unit. */
export function formatTime(seconds: number, unit?: TimeUnit): string {
  const steps = unit ? TIMES.filter(t => t.unit === unit) : TIMES;
  return signed(seconds, s => scaled(s, steps, 0.1, false).replace(/^0 ns$/, '0 s'));
}

const powers = (base: number, names: readonly string[]): Step[] =>
  names.map((unit, i) => ({ factor: base ** i, unit })).reverse();

const BINARY = powers(1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']);
const DECIMAL = powers(1000, ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']);
const RATES = powers(1000, ['B/s', 'kB/s', 'MB/s', 'GB/s', 'TB/s', 'PB/s', 'EB/s']);
const FLOPS = powers(1000, ['FLOP/s', 'kFLOP/s', 'MFLOP/s', 'GFLOP/s', 'TFLOP/s', 'PFLOP/s', 'EFLOP/s']);

/** Buffers and memory: "11.8 GiB", "256 MiB". */
export const formatBytesBinary = (bytes: number): string => signed(bytes, b => scaled(b, BINARY, 1, true));

/** Traffic: "12.7 GB". */
export const formatBytesDecimal = (bytes: number): string => signed(bytes, b => scaled(b, DECIMAL, 1, true));

/** Bytes per second: "50 GB/s", "19.2 TB/s". */
export const formatRate = (bytesPerSecond: number): string =>
  signed(bytesPerSecond, r => scaled(r, RATES, 1, true));

/** FLOP/s: "989 TFLOP/s". */
export const formatFlops = (flops: number): string => signed(flops, f => scaled(f, FLOPS, 1, true));

const JOULES: readonly Step[] = [
  ...powers(1000, ['J', 'kJ', 'MJ', 'GJ', 'TJ', 'PJ']),
  ...['mJ', 'µJ', 'nJ', 'pJ'].map((unit, i) => ({ factor: 1000 ** -(i + 1), unit })),
];

/** Joules: "1.24 MJ", "0.36 J"; per bit, "18 pJ". */
export const formatEnergy = (joules: number): string => signed(joules, e => scaled(e, JOULES, 1, true));

const METRES: readonly Step[] = [
  { factor: 1000, unit: 'km' },
  { factor: 1, unit: 'm' },
  { factor: 1e-2, unit: 'cm' },
];

/** Metres: "2 m", "1.5 km". */
export const formatLength = (metres: number): string => signed(metres, m => scaled(m, METRES, 1, true));

/**
 * A share 0..1 in percent: whole from 10 %, one digit below, "< 0.1 %" for what is there but small.
 * `always` keeps one digit everywhere (verdict and hints: columns stay aligned).
 */
export function formatShare(share: number, always = false): string {
  if (!Number.isFinite(share)) return '∞ %';
  return signed(share, s => {
    const percent = s * 100;
    if (percent === 0) return '0 %';
    if (percent < 0.0999999) return '< 0.1 %';
    const decimals = always || percent < 9.95 ? 1 : 0;
    const [whole, fraction] = percent.toFixed(decimals).split('.');
    return `${group(whole!)}${fraction === undefined ? '' : `.${fraction}`} %`;
  });
}

/** An integer with thousands: "16,384"; other numbers with three significant digits. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return '∞';
  return signed(count, n =>
    Number.isInteger(n) ? (n < 1e15 ? group(String(n)) : n.toExponential(2)) : digits3(n),
  );
}
