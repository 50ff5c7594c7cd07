/** A number with its unit, as written in a file, to SI: exact where a decimal is (400Gb/s is 50e9, not 49.99…e9). */
import type { Dimension } from './dimension.ts';
import { NONE } from './dimension.ts';
import { suggestUnit } from './suggest.ts';
import { findUnit } from './unit.ts';

export interface Quantity {
  /** SI: bytes, seconds, FLOP, joules, metres, usd and what is made of them; shares as 0..1. */
  value: number;
  dimension: Dimension;
  /** As written, without blanks before it; '' where there is none. */
  unit: string;
  /** The digits as written, without underscores. */
  digits: string;
}

export type QuantityError =
  | { kind: 'not-a-number' }
  | { kind: 'too-large' }
  | { kind: 'unknown-unit'; unit: string; digits: string; suggestion: string | undefined };

export type QuantityResult = ({ ok: true } & Quantity) | ({ ok: false } & QuantityError);

const NUMBER = /^([0-9][0-9_]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?/;
/** Longest number that is read digit by digit; nobody writes one by hand. */
const MAX_DIGITS = 400;

/** `450GB/s`, `25 GB/s`, `2.25PFLOP/s`, `16_777_216tok`, `1e9`. Errors are values, never thrown. */
export function parseQuantity(text: string): QuantityResult {
  const source = text.trim();
  const match = NUMBER.exec(source);
  if (!match) return { ok: false, kind: 'not-a-number' };
  const [whole, integer, fraction = '', exponent = '0'] = match;
  const unitText = source.slice(whole.length).trim();
  const digits = whole.replaceAll('_', '');
  const mantissa = integer!.replaceAll('_', '') + fraction;
  if (mantissa.length > MAX_DIGITS) return { ok: false, kind: 'too-large' };
  const unit = unitText === '' ? undefined : findUnit(unitText);
  if (unitText !== '' && !unit) {
    return { ok: false, kind: 'unknown-unit', unit: unitText, digits, suggestion: suggestUnit(unitText) };
  }
  const scaled = BigInt(mantissa) * (unit?.integer ?? 1n);
  const power = Number(exponent) - fraction.length + (unit?.exponent ?? 0);
  // Reading the decimal as text rounds once, correctly.
  const value = Number(`${scaled}e${power}`) / (unit?.per ?? 1);
  if (!Number.isFinite(value)) return { ok: false, kind: 'too-large' };
  return { ok: true, value, dimension: unit?.dimension ?? NONE, unit: unitText, digits };
}
