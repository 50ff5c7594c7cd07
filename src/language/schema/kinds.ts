/** The value types that many rows share, with the ranges outside which a number is a slip. */
import type { Option, ValueType } from './types.ts';

export const integer = (min = 1, max = 1e9): ValueType => ({ kind: 'integer', min, max });
export const tokens = (min = 1, max = 1e12): ValueType => ({ kind: 'integer', min, max, tokens: true });
export const number = (min: number, max: number, positive = false): ValueType => ({
  kind: 'number',
  min,
  max,
  positive,
});
export const bool: ValueType = { kind: 'bool' };
export const file: ValueType = { kind: 'string', what: 'file' };
export const text: ValueType = { kind: 'string', what: 'text' };
export const list = (of: ValueType): ValueType => ({ kind: 'list', of });
export const either = (...of: ValueType[]): ValueType => ({ kind: 'either', of });

export const quantity = (
  of: (ValueType & { kind: 'quantity' })['of'],
  units: readonly string[],
  max: number,
  positive = true,
): ValueType => ({ kind: 'quantity', of, min: 0, max, positive, units });

export const bandwidth = quantity('bandwidth', ['GB/s', 'Gb/s', 'TB/s'], 1e18);
export const bytes = quantity('bytes', ['GiB', 'MiB', 'GB', 'KiB'], 1e18);
export const time = quantity('time', ['us', 'ms', 's', 'ns'], 1e6, false);
export const flops = quantity('flops', ['TFLOP/s', 'PFLOP/s'], 1e19);
export const power = quantity('power', ['W', 'kW'], 1e9);
export const length = quantity('length', ['m', 'km'], 1e8);
export const energyPerBit = quantity('energy_per_bit', ['pJ/bit'], 1, false);
export const pricePerHour = quantity('price_per_hour', ['usd/h'], 1e6, false);
export const price = quantity('price', ['usd'], 1e12, false);
export const pricePerBandwidth = quantity('price_per_bandwidth', ['usd/Gbps'], 1, false);
/** Share of a peak: above 0, up to 1. */
export const share: ValueType = {
  kind: 'quantity',
  of: 'share',
  min: 0,
  max: 1,
  positive: true,
  units: ['%'],
};

export const option = (name: string, doc: string, more: Partial<Option> = {}): Option => ({
  name,
  doc,
  priced: true,
  ...more,
});
/** Legal, kept, and answered with "not priced yet" on its line. */
export const later = (name: string, doc: string, more: Partial<Option> = {}): Option => ({
  name,
  doc,
  priced: false,
  ...more,
});
export const choice = (what: string, ...options: Option[]): ValueType => ({ kind: 'choice', what, options });
export const call = (...options: Option[]): ValueType => ({ kind: 'call', options });

const PRECISIONS: readonly Option[] = [
  option('bf16', '2 bytes, the usual format of training.'),
  option('fp8', '1 byte, with its own peak and casting traffic.'),
  option('fp32', '4 bytes.'),
  option('fp16', '2 bytes, needs loss scaling.'),
  option('tf32', '4 bytes in memory, 19 bits in the multiplier.'),
  option('mxfp8', '1 byte with a shared scale for 32 elements.'),
  option('int8', '1 byte, integer.'),
  option('fp6', '0.75 bytes.'),
  option('fp4', 'Half a byte.'),
  option('fp64', '8 bytes.'),
];
export const precision: ValueType = choice('precision', ...PRECISIONS);
/** Of a copy that may not be there at all. */
export const precisionOrNone = (doc: string): ValueType =>
  choice('precision', option('none', doc), ...PRECISIONS);
