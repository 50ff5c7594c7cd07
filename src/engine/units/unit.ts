/** The units of the language: a prefix, a base, and at most one denominator (`GB/s`, `pJ/bit`, `usd/h`). */
import type { Base, Dimension } from './dimension.ts';
import { combine, dimension, NONE } from './dimension.ts';

/** An exact factor `integer x 10^exponent`; `per` divides where no decimal does (hours). */
interface Factor {
  integer: bigint;
  exponent: number;
  per?: number;
}

export interface Unit extends Factor {
  text: string;
  dimension: Dimension;
}

type Prefixes = readonly string[];
interface BaseUnit extends Factor {
  dimension: Dimension;
  prefixes: Prefixes;
}

const DECIMAL: Readonly<Record<string, number>> = {
  '': 0,
  f: -15,
  p: -12,
  n: -9,
  u: -6,
  µ: -6,
  m: -3,
  c: -2,
  k: 3,
  K: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY: Readonly<Record<string, bigint>> = {
  Ki: 1024n,
  Mi: 1024n ** 2n,
  Gi: 1024n ** 3n,
  Ti: 1024n ** 4n,
  Pi: 1024n ** 5n,
  Ei: 1024n ** 6n,
};

const LARGE = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const SIZES = [...LARGE, 'K', ...Object.keys(BINARY)];
const SMALL = ['', 'm', 'u', 'µ', 'n', 'p'];

const one = (
  exponents: Partial<Record<Base, number>>,
  prefixes: Prefixes,
  integer = 1n,
  exponent = 0,
): BaseUnit => ({
  integer,
  exponent,
  dimension: dimension(exponents),
  prefixes,
});

/** A bit is 0.125 byte, so 400Gb/s is exactly 50e9 bytes per second. */
const BASE_UNITS: Readonly<Record<string, BaseUnit>> = {
  B: one({ byte: 1 }, SIZES),
  b: one({ byte: 1 }, SIZES, 125n, -3),
  bit: one({ byte: 1 }, [''], 125n, -3),
  s: one({ second: 1 }, SMALL),
  min: one({ second: 1 }, [''], 60n),
  h: one({ second: 1 }, [''], 3600n),
  FLOP: one({ flop: 1 }, LARGE),
  FLOPS: one({ flop: 1, second: -1 }, LARGE),
  W: one({ joule: 1, second: -1 }, ['', 'm', 'k', 'M', 'G']),
  J: one({ joule: 1 }, ['', 'f', 'p', 'n', 'u', 'µ', 'm', 'k', 'M', 'G', 'T']),
  Wh: one({ joule: 1 }, ['', 'k', 'M', 'G'], 3600n),
  m: one({ metre: 1 }, ['', 'c', 'm', 'k']),
  tok: one({}, ['', 'k', 'M', 'G', 'T']),
  usd: one({ usd: 1 }, ['', 'k', 'M']),
  '%': { integer: 1n, exponent: -2, dimension: NONE, prefixes: [''] },
};

/** What may stand below a slash; more would make `2B/tp` a unit instead of a division. */
const DENOMINATORS: Readonly<Record<string, Factor & { dimension: Dimension }>> = {
  s: one({ second: 1 }, []),
  h: one({ second: 1 }, [], 3600n),
  bit: one({ byte: 1 }, [], 125n, -3),
  b: one({ byte: 1 }, [], 125n, -3),
  Gbps: one({ byte: 1, second: -1 }, [], 125n, 6),
  tok: one({}, []),
};

const PREFIX_ORDER = ['', ...Object.keys(BINARY), ...Object.keys(DECIMAL).filter(Boolean)];

function numerator(text: string): Unit | undefined {
  for (const prefix of PREFIX_ORDER) {
    if (!text.startsWith(prefix)) continue;
    const base = BASE_UNITS[text.slice(prefix.length)];
    if (!base || !Object.hasOwn(BASE_UNITS, text.slice(prefix.length)) || !base.prefixes.includes(prefix))
      continue;
    const binary = BINARY[prefix];
    return {
      text,
      integer: base.integer * (binary ?? 1n),
      exponent: base.exponent + (binary ? 0 : DECIMAL[prefix]!),
      dimension: base.dimension,
    };
  }
  return undefined;
}

/** `GB/s`, `KiB`, `usd/h`; undefined where the language has no such unit. Case matters: `B` is byte, `b` is bit. */
export function findUnit(text: string): Unit | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return numerator(text);
  const above = numerator(text.slice(0, slash));
  const name = text.slice(slash + 1);
  if (!above || !Object.hasOwn(DENOMINATORS, name)) return undefined;
  const below = DENOMINATORS[name]!;
  const combined = combine(above.dimension, below.dimension, -1);
  // 1/0.125 is 8 and 1/125 is 8e-3: bits below the slash stay exact.
  const bits = below.integer === 125n;
  return {
    text,
    integer: above.integer * (bits ? 8n : 1n),
    exponent: above.exponent - below.exponent - (bits ? 3 : 0),
    dimension: combined,
    ...(!bits && below.integer !== 1n && { per: Number(below.integer) }),
  };
}

/** Every spelling of every unit without a denominator other than `/s`, for suggestions. */
export function unitSpellings(): string[] {
  const plain = Object.entries(BASE_UNITS).flatMap(([base, unit]) =>
    unit.prefixes.filter(p => p !== 'µ' && p !== 'K').map(p => p + base),
  );
  const rates = plain.filter(u => /(B|b|FLOP|tok)$/.test(u)).map(u => `${u}/s`);
  return [...plain, ...rates, 'pJ/bit', 'nJ/bit', 'usd/h', 'usd/Gbps', 'J/tok', 'usd/tok'];
}
