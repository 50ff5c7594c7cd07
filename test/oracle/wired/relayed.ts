/** Does an all-to-all over intermediate ranks deliver everything? */
import type { Played } from '../collectives.ts';
import { upTo } from './net.ts';

/** Part source x n + target is what `source` has for `target`. @returns what is wrong, or undefined. */
export function faultOfRelayed({ rounds }: Played, n: number): string | undefined {
  const where = new Map<number, number>();
  for (const source of upTo(n)) for (const target of upTo(n)) where.set(source * n + target, source);
  for (const round of rounds) {
    const moves: [number, number][] = [];
    for (const { from, to, parts } of round)
      for (const part of parts) {
        if (where.get(part) !== from) return `rank ${from} sends part ${part} that it does not have`;
        moves.push([part, to]);
      }
    for (const [part, to] of moves) where.set(part, to);
  }
  for (const [part, rank] of where) if (rank !== part % n) return `part ${part} ends at rank ${rank}`;
  return undefined;
}
