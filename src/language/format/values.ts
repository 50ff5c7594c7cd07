/** The column of the values of neighbouring `key: value` lines. */
import { type Item, isComment, type Line, spacesBefore } from './items.ts';

interface Entry {
  line: Line;
  /** The first item of the value. */
  value: Item;
  /** Column of the character after the colon. */
  end: number;
  /** Column of the value in the source, measured from where the line will be indented to. */
  was: number;
}

/** So many lines in a row are aligned even where the text shows no sign of it. */
const ENOUGH = 3;

/** First items of values to their columns. Values that are not among them follow their colon by one space. */
export function valueColumns(lines: Line[]): Map<Item, number> {
  const columns = new Map<Item, number>();
  for (const run of runs(lines)) {
    const column = columnOf(run);
    for (const { value, end } of run) columns.set(value, Math.max(column ?? 0, end + 1));
  }
  return columns;
}

/**
 * The column that the text already aligns to, so that one long key does not move a whole block; else behind the longest
 * key. Undefined for a pair of lines that shows no alignment.
 */
function columnOf(run: Entry[]): number | undefined {
  const longest = Math.max(...run.map(entry => entry.end + 1));
  const kept = mostCommon(run);
  if (kept === undefined) return run.length >= ENOUGH ? longest : undefined;
  const fitting = run.filter(entry => entry.end + 1 <= kept).length;
  return fitting * 2 >= run.length ? kept : longest;
}

/** A column that two lines share, at least one of them by more than one space. */
function mostCommon(run: Entry[]): number | undefined {
  const counts = new Map<number, number>();
  for (const entry of run) counts.set(entry.was, (counts.get(entry.was) ?? 0) + 1);
  const shared = [...counts].filter(
    ([column, count]) => count > 1 && run.some(entry => entry.was === column && entry.was > entry.end + 1),
  );
  return shared.sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0];
}

/** Lines of one block, without a blank line between, that hold one `key: value` each. */
function runs(lines: Line[]): Entry[][] {
  const found: Entry[][] = [];
  let run: Entry[] = [];
  let block = -1;
  const finish = () => {
    if (run.length > 0) found.push(run);
    run = [];
  };
  for (const line of lines) {
    if (line.afterBlank) finish();
    if (line.continues || isComment(line.items[0])) continue;
    const entry = entryOf(line);
    if (!entry || line.block !== block) finish();
    if (entry) run.push(entry);
    block = line.block;
  }
  finish();
  return found;
}

function entryOf(line: Line): Entry | undefined {
  if (line.block === 0) return undefined;
  const colon = keyColon(line, 0);
  const value = colon === undefined ? undefined : line.items[colon + 1];
  if (colon === undefined || !value || isComment(value) || line.items[0]?.kind === 'order') return undefined;
  if (hasAnother(line, colon + 1)) return undefined;
  const first = line.items[0] as Item;
  const end = line.items.slice(0, colon + 1).reduce((sum, item) => sum + item.text.length, line.indent);
  const tidy = value.gap.includes('\t')
    ? end + spacesBefore(value)
    : value.column - first.column + line.indent;
  return { line, value, end, was: tidy };
}

/** Index of the colon of the key that begins at `index`. */
function keyColon(line: Line, index: number): number | undefined {
  let at = index;
  if (!['ID', 'model', 'chip', 'order'].includes(line.items[at]?.kind ?? '')) return undefined;
  while (line.items[at + 1]?.kind === '.') at += 2;
  return line.items[at + 1]?.kind === ':' ? at + 1 : undefined;
}

/** Whether a second `key:` stands on the line, outside of brackets; or a block opens or ends. */
function hasAnother(line: Line, from: number): boolean {
  let depth = 0;
  for (let index = from; index < line.items.length; index++) {
    const name = line.items[index]?.kind;
    if (name === '(' || name === '[') depth++;
    else if (name === ')' || name === ']') depth--;
    else if (name === '{' || name === '}') return true;
    else if (depth === 0 && index > from && keyColon(line, index) !== undefined) return true;
  }
  return false;
}
