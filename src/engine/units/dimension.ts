/** Dimensions of values as exponents of six bases. Tokens, shares and counts are plain numbers; time is in seconds. */

const BASES = ['byte', 'second', 'flop', 'joule', 'metre', 'usd'] as const;
export type Base = (typeof BASES)[number];

/** Exponents of `byte, second, flop, joule, metre, usd`, comma separated: `1,-1,0,0,0,0` is bytes per second. */
export type Dimension = string & { readonly dimension: unique symbol };

export function dimension(exponents: Partial<Record<Base, number>>): Dimension {
  return BASES.map(base => exponents[base] ?? 0).join(',') as Dimension;
}

const exponentsOf = (d: Dimension): number[] => d.split(',').map(Number);

/** Dimension of a product (`sign` 1) or a quotient (`sign` -1). */
export function combine(a: Dimension, b: Dimension, sign: 1 | -1): Dimension {
  if (b === NONE) return a;
  const right = exponentsOf(b);
  return exponentsOf(a)
    .map((e, i) => e + sign * right[i]!)
    .join(',') as Dimension;
}

export const NONE = dimension({});

/** What a key can ask for: a dimension, or one of the plain numbers that are written differently. */
export type QuantityKind =
  | 'count'
  | 'number'
  | 'share'
  | 'tokens'
  | 'bytes'
  | 'bandwidth'
  | 'time'
  | 'rate'
  | 'flop'
  | 'flops'
  | 'energy'
  | 'power'
  | 'energy_per_bit'
  | 'length'
  | 'price'
  | 'price_per_hour'
  | 'price_per_bandwidth';

export const DIMENSION_OF: Readonly<Record<QuantityKind, Dimension>> = {
  count: NONE,
  number: NONE,
  share: NONE,
  tokens: NONE,
  bytes: dimension({ byte: 1 }),
  bandwidth: dimension({ byte: 1, second: -1 }),
  time: dimension({ second: 1 }),
  rate: dimension({ second: -1 }),
  flop: dimension({ flop: 1 }),
  flops: dimension({ flop: 1, second: -1 }),
  energy: dimension({ joule: 1 }),
  power: dimension({ joule: 1, second: -1 }),
  energy_per_bit: dimension({ joule: 1, byte: -1 }),
  length: dimension({ metre: 1 }),
  price: dimension({ usd: 1 }),
  price_per_hour: dimension({ usd: 1, second: -1 }),
  price_per_bandwidth: dimension({ usd: 1, second: 1, byte: -1 }),
};

const NAMES: Readonly<Record<QuantityKind, string>> = {
  count: 'a count',
  number: 'a plain number',
  share: 'a share',
  tokens: 'a number of tokens',
  bytes: 'bytes',
  bandwidth: 'a bandwidth',
  time: 'a time',
  rate: 'a number per second',
  flop: 'a number of operations',
  flops: 'operations per second',
  energy: 'an energy',
  power: 'a power',
  energy_per_bit: 'an energy per bit',
  length: 'a length',
  price: 'a price',
  price_per_hour: 'a price per hour',
  price_per_bandwidth: 'a price per bandwidth',
};

export const kindName = (kind: QuantityKind): string => NAMES[kind];

const KIND_OF = new Map<Dimension, QuantityKind>();
for (const kind of Object.keys(DIMENSION_OF) as QuantityKind[]) {
  if (kind === 'number' || DIMENSION_OF[kind] !== NONE) KIND_OF.set(DIMENSION_OF[kind], kind);
}

/** The kind that a dimension has a name for: `bandwidth` for bytes per second; undefined for bytes squared. */
export const kindOf = (d: Dimension): QuantityKind | undefined => KIND_OF.get(d);

/** "a bandwidth", "a time", or the exponents in words where nothing has that name: "byte² per second". */
export function dimensionName(d: Dimension): string {
  const kind = kindOf(d);
  if (kind) return NAMES[kind];
  const parts = (sign: 1 | -1) =>
    exponentsOf(d)
      .map((e, i) => (e * sign > 0 ? `${BASES[i]}${Math.abs(e) > 1 ? `^${Math.abs(e)}` : ''}` : ''))
      .filter(Boolean)
      .join('·');
  const above = parts(1) || '1';
  const below = parts(-1);
  return below ? `${above} per ${below}` : above;
}
