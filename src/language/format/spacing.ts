/** Spaces between two neighbours on one line, before anything is aligned. */
import { type Item, isComment, type Line } from './items.ts';

const NAMES = new Set(['ID', 'model', 'chip']);
/** After these a `-` is a sign. */
const BEFORE_SIGN = new Set('( [ , : = < <= > >= == != + - * / and or not in assert expect'.split(' '));

export interface Spaced {
  item: Item;
  /** 0 or 1. */
  space: number;
  /** Inside `(` or `[`. */
  inside: boolean;
}

/** Every item of every line with the space that belongs before it; 0 for the first of a line. */
export function spaced(lines: Line[]): Map<Line, Spaced[]> {
  const brackets: ('call' | 'list' | 'tensor')[] = [];
  let previous: Item | undefined;
  const result = new Map<Line, Spaced[]>();
  for (const line of lines) {
    const row: Spaced[] = [];
    for (const item of line.items) {
      if (item.kind === '-') item.sign = previous === undefined || BEFORE_SIGN.has(previous.kind);
      const inside = brackets.length > 0;
      const space = item.first ? 0 : between(row.at(-1)?.item as Item, item, brackets.at(-1) === 'tensor');
      row.push({ item, space, inside });
      if (isComment(item)) continue;
      if (item.kind === '(') brackets.push('call');
      else if (item.kind === '[') brackets.push(previous && NAMES.has(previous.kind) ? 'tensor' : 'list');
      else if (item.kind === ')' || item.kind === ']') brackets.pop();
      previous = item;
    }
    result.set(line, row);
  }
  return result;
}

function between(left: Item, right: Item, inTensor: boolean): 0 | 1 {
  if (isComment(left) || isComment(right)) return 1;
  if ([',', ')', ']', ':', '.'].includes(right.kind)) return 0;
  if (['(', '[', '.'].includes(left.kind)) return 0;
  if ((right.kind === '(' || right.kind === '[') && NAMES.has(left.kind)) return 0;
  if (left.sign) return 0;
  if (inTensor && (left.kind === '/' || right.kind === '/')) return 0;
  if (left.kind === '{' && right.kind === '}') return right.gap === '' ? 0 : 1;
  return 1;
}
