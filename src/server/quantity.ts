/** A number as written, in other words: `400Gb/s` is 50 GB/s. */
import {
  formatBytesBinary,
  formatBytesDecimal,
  formatCount,
  formatFlops,
  formatRate,
  formatTime,
  kindOf,
  parseQuantity,
  type Quantity,
} from '../engine/units/index.ts';

/** The value in the unit that people compare it in; undefined where that says nothing new. */
export function otherWords(text: string): string | undefined {
  const parsed = parseQuantity(text);
  if (!parsed.ok) return undefined;
  const words = inWords(parsed);
  return words && squeeze(words) !== squeeze(text) ? words : undefined;
}

function inWords(quantity: Quantity): string | undefined {
  if (quantity.unit === '') {
    return quantity.value >= 10_000 ? formatCount(quantity.value) : undefined;
  }
  switch (kindOf(quantity.dimension)) {
    case 'bytes':
      return /i[bB]/.test(quantity.unit)
        ? formatBytesDecimal(quantity.value)
        : formatBytesBinary(quantity.value);
    case 'bandwidth':
      return formatRate(quantity.value);
    case 'time':
      return formatTime(quantity.value);
    case 'flops':
      return formatFlops(quantity.value);
    default:
      return quantity.unit === 'tok' && quantity.value >= 10_000
        ? `${formatCount(quantity.value)} tokens`
        : undefined;
  }
}

/** Equal but for blanks, trailing zeros and the spelling of micro. */
const squeeze = (text: string): string =>
  text
    .replace(/[\s,_]/g, '')
    .replace(/(\.\d*?)0+(?=\D)/, '$1')
    .replace(/\.(?=\D)/, '')
    .replace('µ', 'u')
    .replace('FLOPS', 'FLOP/s');
