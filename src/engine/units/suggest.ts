/** "Did you mean": nearest spellings, of names and of units. */
import { findUnit, unitSpellings } from './unit.ts';

/** Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, or `limit + 1` where it takes more. */
export function editDistance(a: string, b: string, limit = 3): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1);
      next.push(cost);
    }
    before = row;
    row = next;
  }
  return Math.min(row[b.length]!, limit + 1);
}

const plain = (s: string) => s.toLowerCase().replace(/[-_. ]/g, '');

/** The nearest of `candidates`, or undefined when none is near enough to be meant. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 64) return undefined;
  const limit = word.length <= 3 ? 1 : word.length <= 6 ? 2 : 3;
  let best: string | undefined;
  let bestCost = limit + 1;
  for (const candidate of candidates) {
    const cost = plain(word) === plain(candidate) ? 0 : editDistance(word, candidate, limit);
    // Of two that are as near, the one that begins alike: slips are rarer in the first letter.
    const alike = cost === bestCost && candidate[0] === word[0] && best?.[0] !== word[0];
    if (cost < bestCost || (alike && cost <= limit)) [best, bestCost] = [candidate, cost];
  }
  return best;
}

/** Spellings of other tools that no edit distance finds, or finds wrongly. */
const ALIASES: readonly [RegExp, (m: RegExpExecArray) => string][] = [
  [/^([kmgtp]?)(bps|bits?\/s|bit\/sec|bps\/s)$/i, m => `${prefix(m[1]!)}b/s`],
  [/^([kmgtp]?)bits?$/i, m => `${prefix(m[1]!)}b`],
  [/^([kmgtp])i?bytes?$/i, m => `${prefix(m[1]!)}B`],
  [/^bytes?$/i, () => 'B'],
  [/^([kmgtpe]?)flops?(\/s|\/sec)?$/i, m => `${m[1]!.toUpperCase().replace('K', 'k')}FLOP/s`],
  [/^(secs?|seconds?)$/i, () => 's'],
  [/^(msecs?|millis|milliseconds?)$/i, () => 'ms'],
  [/^(usecs?|micros|microseconds?|μs)$/i, () => 'us'],
  [/^(hours?|hr|hrs)$/i, () => 'h'],
  [/^(mins?|minutes?)$/i, () => 'min'],
  [/^(watts?)$/i, () => 'W'],
  [/^(meters?|metres?)$/i, () => 'm'],
  [/^(tokens?|toks)$/i, () => 'tok'],
  [/^(percent|pct)$/i, () => '%'],
  [/^(usd|\$|dollars?)\/(hr|hour|h)$/i, () => 'usd/h'],
];

const prefix = (letter: string) => (letter.toLowerCase() === 'k' ? 'k' : letter.toUpperCase());

/** The unit that was meant: `GBps` is `GB/s`, `Gbit/s` and `gbps` are `Gb/s`, `μs` is `us`. */
export function suggestUnit(text: string): string | undefined {
  // `GBps` says byte, `Gbps` and `gbps` say bit: here the case of the B decides.
  const rate = /^([kmgtp]i?)Bps$/i.exec(text);
  if (rate) {
    const binary = rate[1]!.length > 1;
    const p = binary ? `${rate[1]![0]!.toUpperCase()}i` : prefix(rate[1]!);
    return text.at(-3) === 'B' ? `${p}B/s` : `${p}b/s`;
  }
  for (const [pattern, to] of ALIASES) {
    const match = pattern.exec(text);
    if (match && findUnit(to(match))) return to(match);
  }
  const all = unitSpellings();
  const sameLetters = all.filter(u => u.toLowerCase() === text.toLowerCase());
  return sameLetters[0] ?? (text.length > 1 ? nearest(text, all) : undefined);
}
