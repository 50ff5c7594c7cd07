/** Where every item of a line stands. Columns that the text lines up by more than one space stay lined up. */
import { columnAfter, type Item, isComment, type Line, spacesBefore } from './items.ts';
import type { Spaced } from './spacing.ts';

/** Items to their columns. `fixed` are columns that are decided already. */
export function align(rows: Map<Line, Spaced[]>, fixed: Map<Item, number>): Map<Item, number> {
  const columns = new Map<Item, number>(fixed);
  const cursors = new Map<Line, Cursor>();
  for (const [line, row] of rows) cursors.set(line, new Cursor(row, columns));
  for (const stop of stops(rows, fixed)) {
    const needed = stop.map(({ item, line }) => (cursors.get(line) as Cursor).advanceTo(item));
    const kept = stop.map(({ item, line }) => item.column + line.indent - (line.items[0] as Item).column);
    const column = Math.max(...needed, ...kept);
    for (const { item } of stop) columns.set(item, column);
  }
  for (const cursor of cursors.values()) cursor.advanceTo(undefined);
  return columns;
}

/** Walks along a line and gives a column to each item that has none. */
class Cursor {
  private index = 0;
  private end: number | undefined;

  constructor(
    private readonly row: Spaced[],
    private readonly columns: Map<Item, number>,
  ) {}

  /** The least column of `target`, after everything before it has its own. */
  advanceTo(target: Item | undefined): number {
    for (; this.index < this.row.length; this.index++) {
      const { item, space } = this.row[this.index] as Spaced;
      const least = this.end === undefined ? item.line.indent : this.end + space;
      if (item === target) return least;
      const column = Math.max(least, this.columns.get(item) ?? 0);
      this.columns.set(item, column);
      this.end = columnAfter(item, column);
    }
    return this.end ?? 0;
  }
}

interface Member {
  item: Item;
  line: Line;
}

/** What may stand apart on its own: the clauses of an axis, a further `key:`, a comment. */
const CLAUSES = new Set(['as', 'on', 'from', 'comment']);

/** Sets of items that stand below each other, from the left; at least one of each is set off by more than one space. */
function stops(rows: Map<Line, Spaced[]>, fixed: Map<Item, number>): Member[][] {
  const sets = new Map<string, { column: number; members: Member[]; wide: boolean; alone: boolean }>();
  let run = 0;
  let before: Line | undefined;
  for (const [line, row] of rows) {
    if (line.afterBlank || line.indent !== before?.indent) run++;
    before = line;
    for (const [index, { item, space, inside }] of row.entries()) {
      if (space === 0 || fixed.has(item) || (inside && !isComment(item))) continue;
      const key = isComment(item) ? `comment ${line.block} ${item.column}` : `${run} ${item.column}`;
      const set = sets.get(key) ?? { column: item.column, members: [], wide: false, alone: false };
      set.members.push({ item, line });
      set.wide ||= spacesBefore(item) > 1;
      set.alone ||= CLAUSES.has(item.kind) || startsKey(row, index);
      sets.set(key, set);
    }
  }
  return [...sets.values()]
    .filter(set => set.wide && (set.alone || set.members.length > 1))
    .sort((a, b) => a.column - b.column)
    .map(set => set.members);
}

function startsKey(row: Spaced[], index: number): boolean {
  let at = index;
  while (row[at + 1]?.item.kind === '.') at += 2;
  return row[at + 1]?.item.kind === ':';
}
