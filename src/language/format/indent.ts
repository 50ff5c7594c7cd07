/** How far each line stands from the margin: two columns a block, two more where a line goes on. */
import { type Item, isComment, type Line } from './items.ts';

const STEP = 2;

/** A statement goes on after these, and in front of those. */
const GO_ON_AFTER = words(
  ': = < <= > >= == != + - * / and or not , . -> of on from like as in sum import let fabric mesh plan level collective shard sweep assert expect',
);
const GO_ON_BEFORE = words(': = < <= > >= == != + - * / and or not , . -> of on from like as in sum STRING');

interface Open {
  bracket: string;
  /** Indentation of the statement or line that it was opened in. */
  indent: number;
  block: number;
}

/** Sets `indent`, `continues` and `block` of every line. */
export function indent(lines: Line[]): void {
  const open: Open[] = [];
  let statement = 0;
  let blocks = 0;
  let previous: Item | undefined;
  for (const line of lines) {
    const first = line.items[0] as Item;
    const top = open.at(-1);
    line.block = open.findLast(({ bracket }) => bracket === '{')?.block ?? 0;
    if (top && top.bracket !== '{') {
      line.indent = isCloser(first)
        ? (open[open.length - closers(line)]?.indent ?? top.indent)
        : top.indent + STEP;
      line.continues = true;
    } else {
      const base = top ? top.indent + STEP : 0;
      if (first.kind === '}') line.indent = top?.indent ?? 0;
      else if (first.kind === '{') line.indent = statement;
      else if (!isComment(first) && goesOn(first, previous)) line.indent = statement + STEP;
      else line.indent = base;
      line.continues = line.indent > base && !isComment(first);
      if (!line.continues && !isComment(first)) statement = line.indent;
    }
    for (const item of line.items) {
      if (isComment(item)) continue;
      if (item.kind === '{') open.push({ bracket: '{', indent: statement, block: ++blocks });
      else if (item.kind === '(' || item.kind === '[')
        open.push({ bracket: item.kind, indent: line.indent, block: 0 });
      else if (isCloser(item) || item.kind === '}') open.pop();
      previous = item;
    }
  }
}

/** Brackets that a line closes before anything else. */
function closers(line: Line): number {
  const count = line.items.findIndex(item => !isCloser(item));
  return count < 0 ? line.items.length : count;
}

const isCloser = (item: Item) => item.kind === ')' || item.kind === ']';

function goesOn(first: Item, previous: Item | undefined): boolean {
  if (!previous) return false;
  return GO_ON_BEFORE.has(first.kind) || GO_ON_AFTER.has(previous.kind);
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
