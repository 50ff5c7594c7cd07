/**
 * Keeps what was said about a line until there is something new to say. While somebody types, the text is damaged and
 * some numbers are missing for a moment; hints that vanish and come back make the text jump.
 */
interface Remembered<T> {
  lines: string[];
  byLine: Map<number, T>;
}

export class Steady<T> {
  private readonly remembered = new Map<string, Remembered<T>>();

  forget(uri: string): void {
    this.remembered.delete(uri);
  }

  /**
   * What to show now. Fresh values always win; where a line had a value before and has none now, the old one stays for as
   * long as `keep` (the text is damaged) holds. Old lines are found again by the unchanged text above and below the edit.
   */
  update(uri: string, text: string, fresh: Map<number, T>, keep: boolean): Map<number, T> {
    const lines = text.split(/\r\n|\r|\n/);
    const before = this.remembered.get(uri);
    const byLine = new Map(fresh);
    if (keep && before) {
      for (const [line, value] of before.byLine) {
        const now = movedLine(before.lines, lines, line);
        if (now !== undefined && !byLine.has(now)) byLine.set(now, value);
      }
    }
    this.remembered.set(uri, { lines, byLine });
    return byLine;
  }
}

/** Where a line of the old text stands in the new one; undefined when the edit took it away. */
export function movedLine(
  before: readonly string[],
  after: readonly string[],
  line: number,
): number | undefined {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  if (line < same) return line;
  let tail = 0;
  while (tail < shorter - same && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  if (line >= before.length - tail) return line + after.length - before.length;
  // Between two edits: the nearest line that reads the same.
  const equal = nearestEqual(before[line]!, after, same, after.length - tail, line);
  if (equal !== undefined) return equal;
  // The edited line itself, as long as none was added or taken away.
  return before.length === after.length ? line : undefined;
}

function nearestEqual(
  text: string,
  lines: readonly string[],
  from: number,
  to: number,
  near: number,
): number | undefined {
  let best: number | undefined;
  for (let i = from; i < to; i++) {
    if (lines[i] === text && (best === undefined || Math.abs(i - near) < Math.abs(best - near))) best = i;
  }
  return best;
}
