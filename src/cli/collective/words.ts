/** The words of the command line for operations, algorithms and sizes. */
import type { Algorithm, CollectiveOp } from '../../engine/plan/spec.ts';
import { DIMENSION_OF } from '../../engine/units/dimension.ts';
import { nearest, parseQuantity } from '../../engine/units/index.ts';
import { oneOf } from '../arguments.ts';
import { UsageError } from '../command.ts';

export const OPERATIONS: readonly CollectiveOp[] = [
  'all_reduce',
  'all_gather',
  'reduce_scatter',
  'all_to_all',
  'broadcast',
  'send_recv',
];

/** What other tools call them, without signs between the words. */
const ALIASES: Readonly<Record<string, CollectiveOp>> = {
  ar: 'all_reduce',
  ag: 'all_gather',
  rs: 'reduce_scatter',
  a2a: 'all_to_all',
  bcast: 'broadcast',
  send: 'send_recv',
  p2p: 'send_recv',
};

const ALGORITHMS: readonly Algorithm[] = [
  'ring',
  'tree',
  'bucket',
  'hierarchical',
  'packed_trees',
  'bruck',
  'pat',
  'halving_doubling',
  'recursive_doubling',
  'direct',
  'direct_two_shot',
  'pairwise',
  'in_switch',
];

const plain = (word: string): string => word.toLowerCase().replace(/[-_ ]/g, '');

/** `all_reduce`, `all-reduce`, `allreduce`, `AR`. @throws UsageError */
export function findOperation(word: string): CollectiveOp {
  const squashed = plain(word);
  const found = OPERATIONS.find(op => plain(op) === squashed);
  if (found) return found;
  if (Object.hasOwn(ALIASES, squashed)) return ALIASES[squashed]!;
  throw new UsageError(`There is no operation '${word}': ${oneOf(word, OPERATIONS)}`);
}

/** @throws UsageError */
export function findAlgorithm(word: string): Algorithm {
  const found = ALGORITHMS.find(each => plain(each) === plain(word));
  if (found) return found;
  throw new UsageError(`There is no algorithm '${word}': ${oneOf(word, ALGORITHMS)}`);
}

/** Bytes. @throws UsageError */
export function sizeOf(text: string | undefined): number {
  if (text === undefined) throw new UsageError('collective needs a size: --size 256MiB.');
  const quantity = parseQuantity(text);
  if (!quantity.ok) {
    if (quantity.kind === 'unknown-unit') {
      const meant =
        quantity.suggestion ?? nearest(quantity.unit, ['KiB', 'MiB', 'GiB', 'kB', 'MB', 'GB', 'B']);
      const suggestion = meant ? ` Did you mean ${quantity.digits}${meant}?` : '';
      throw new UsageError(`--size ${text}: there is no unit '${quantity.unit}'.${suggestion}`);
    }
    const why = quantity.kind === 'too-large' ? 'the number is too large' : 'this is no size';
    throw new UsageError(`--size ${text}: ${why}. Write it like 256MiB.`);
  }
  if (quantity.unit === '')
    throw new UsageError(`--size ${text}: the unit is missing. Did you mean ${text}B?`);
  if (quantity.dimension !== DIMENSION_OF.bytes) {
    throw new UsageError(`--size ${text}: '${quantity.unit}' is no unit of size. Write it like 256MiB.`);
  }
  if (quantity.value <= 0) throw new UsageError(`--size ${text}: must be more than nothing.`);
  return quantity.value;
}
