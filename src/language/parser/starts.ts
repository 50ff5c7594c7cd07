/** Where something new begins, however damaged the text before it is. */
import { nearest } from '../../engine/units/suggest.ts';
import { adjacent, isName, isWord, kind, sameLine, type Token, wantsValue } from './tokens.ts';

const DECLARATIONS = ['import', 'let', 'chip', 'fabric', 'model', 'mesh', 'plan'];

/**
 * A declaration begins at `index`. Inside an open block (`loose` false) only what can be nothing else counts: `model` and
 * `chip` are legal names, so they need what follows them in a declaration.
 */
export function startsDeclaration(tokens: Token[], index: number, loose: boolean): boolean {
  const name = kind(tokens[index]);
  const next = kind(tokens[index + 1]);
  const previous = tokens[index - 1];
  if (next === ':' || next === '.' || (kind(previous) === '.' && adjacent(previous, tokens[index])))
    return false;
  switch (name) {
    case 'import':
    case 'let':
    case 'plan':
      return true;
    case 'fabric':
    case 'mesh':
      return next === 'ID' || loose;
    case 'chip':
    case 'model': {
      const after = kind(tokens[index + 2]);
      if (next === 'ID' && (after === '{' || (name === 'model' && after === 'from'))) return true;
      return loose && !wantsValue(previous);
    }
    default:
      return false;
  }
}

/** `level pod of`: a level begins. */
export function startsLevel(tokens: Token[], index: number): boolean {
  return (
    kind(tokens[index]) === 'level' &&
    kind(tokens[index - 1]) !== '.' &&
    kind(tokens[index + 1]) === 'ID' &&
    kind(tokens[index + 2]) === 'of'
  );
}

/** `batch.micro:` or `order:`, written without space inside. */
export function startsProperty(tokens: Token[], index: number): boolean {
  if (!isName(tokens[index]) && kind(tokens[index]) !== 'order') return false;
  const end = keyEnd(tokens, index);
  return kind(tokens[end + 1]) === ':' && sameLine(tokens[end], tokens[end + 1]);
}

/** Index of the last word of the key that begins at `index`. */
export function keyEnd(tokens: Token[], index: number): number {
  let end = index;
  while (
    kind(tokens[end + 1]) === '.' &&
    adjacent(tokens[end], tokens[end + 1]) &&
    adjacent(tokens[end + 1], tokens[end + 2]) &&
    isWord(tokens[end + 2])
  ) {
    end += 2;
  }
  return end;
}

/** The keyword of a declaration that `word` was most likely meant to be. */
export const closestKeyword = (word: string): string | undefined => nearest(word, DECLARATIONS);
