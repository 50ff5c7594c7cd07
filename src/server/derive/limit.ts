/** How far a collective is from what the fabric could do at best, and what kind of bound that is. */
import type { CollectivePrice } from '../../engine/estimate/result.ts';
import { formatShare, formatTime } from '../../engine/units/index.ts';

type Limited = Pick<CollectivePrice, 'time' | 'limit' | 'limitBy' | 'limitExact' | 'reachable'>;

/** Share of the limit that is reached, 0..1. */
export const ofLimit = ({ time, limit }: Limited): number => (time > 0 ? limit / time : 1);

/** `port of a chip, which some schedule reaches`, `min-cut, a lower bound`. */
export const limitKind = ({ limitBy, limitExact }: Limited): string =>
  `${limitBy}, ${limitExact ? 'which some schedule reaches' : 'a lower bound'}`;

/** Where the exact limit of an all-reduce is not known: the other end of what is; '' elsewhere. */
export const reachableWords = ({ reachable }: Limited): string =>
  reachable === undefined
    ? ''
    : `some schedule without reducing switches takes ${formatTime(reachable)}, twice the best all-gather`;

/** Rows of a derivation. */
export function limitRows(price: Limited): string[] {
  const share = formatShare(ofLimit(price));
  const rows = [
    `| limit | **${formatTime(price.limit)}** | at line rate without latency: ${share} of it reached |`,
    `| limit set by | | ${limitKind(price)} |`,
  ];
  if (price.reachable !== undefined)
    rows.push(
      `| reachable | ${formatTime(price.reachable)} | by some schedule without reducing switches: twice the best all-gather |`,
    );
  return rows;
}
