/**
 * Where the cursor stands, read from the characters before it: half-typed text has no useful tree, but braces, brackets and
 * line ends are there.
 */

export type BlockName = 'top' | 'chip' | 'fabric' | 'level' | 'model' | 'mesh' | 'plan' | 'shard';

/** A call whose parenthesis is open at the cursor. */
export interface OpenCall {
  name: string;
  /** Words and commas so far; `argument` is the index of the one at the cursor. */
  argument: number;
  /** The name before the colon of the argument at the cursor. */
  argumentName?: string;
  /** Names already given. */
  given: string[];
  /** What stands of the argument at the cursor, its name left out. */
  text: string;
}

export interface Scan {
  inside: 'code' | 'comment' | 'string';
  block: BlockName;
  /** Text between the declaration's first word and its brace: `plan p of m on x`. */
  header: string;
  /** The header of the block around (the fabric of a level). */
  outerHeader: string;
  /** The statement at the cursor up to the cursor, without comments. */
  statement: string;
  /** Innermost call that is open. */
  call?: OpenCall;
  /** A `[` is open inside the innermost call or statement. */
  inList: boolean;
}

interface Opening {
  kind: '{' | '(' | '[';
  /** Of a brace: its header. Of a parenthesis: the word before it. */
  text: string;
  /** Where the content begins. */
  start: number;
}

/** Reads the text up to `offset`; costs one pass. */
export function scan(text: string, offset: number): Scan {
  let inside: Scan['inside'] = 'code';
  const stack: Opening[] = [];
  let statementStart = 0;
  let i = 0;
  while (i < offset) {
    const c = text[i]!;
    if (c === '/' && text[i + 1] === '/') {
      i = lineEnd(text, i);
      // At the very end of the line the cursor still is in the comment.
      if (i >= offset) inside = 'comment';
      continue;
    }
    if (c === '/' && text[i + 1] === '*') {
      const close = text.indexOf('*/', i + 2);
      i = close < 0 ? text.length : close + 2;
      if (i > offset || close < 0) inside = 'comment';
      continue;
    }
    if (c === '"') {
      const end = stringEnd(text, i);
      if (end > offset || text[end - 1] !== '"' || end === i + 1) inside = 'string';
      // A string that is not closed ends with its line.
      i = end;
      if (inside === 'string' && end < offset) inside = 'code';
      continue;
    }
    if (c === '{' || c === '(' || c === '[') {
      const before = withoutComments(text.slice(statementStart, i));
      stack.push({ kind: c, text: c === '{' ? before.trim() : lastWord(before), start: i + 1 });
    } else if (c === '}') {
      while (stack.length > 0 && stack.pop()!.kind !== '{');
    } else if (c === ')' || c === ']') {
      const top = stack.at(-1);
      if (top && top.kind !== '{') stack.pop();
    }
    i++;
    // Inside brackets a statement goes on over lines; a brace or a line outside of them begins a new one.
    if (c === '{' || c === '}') statementStart = i;
    if (c === '\n' && (stack.length === 0 || stack.at(-1)!.kind === '{')) statementStart = i;
  }
  return describe(stack, text.slice(0, offset), statementStart, inside);
}

/** Comments blanked, so that offsets stay. */
export const withoutComments = (text: string): string =>
  text.replace(/"(?:\\.|[^"\\\n])*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, part =>
    part.startsWith('"') ? part : part.replace(/[^\n]/g, ' '),
  );

function describe(stack: Opening[], before: string, statementStart: number, inside: Scan['inside']): Scan {
  const braces = stack.filter(o => o.kind === '{');
  const header = braces.at(-1)?.text ?? '';
  const lastBrace = stack.findLastIndex(o => o.kind === '{');
  const open = stack.slice(lastBrace + 1);
  const callAt = open.findLastIndex(o => o.kind === '(' && o.text !== '');
  const call = callAt < 0 ? undefined : openCall(open[callAt]!, before);
  return {
    inside,
    block: braces.length === 0 ? 'top' : blockOf(header),
    header,
    outerHeader: braces.at(-2)?.text ?? '',
    statement: withoutComments(before.slice(statementStart)),
    ...(call ? { call } : {}),
    inList: open.slice(callAt + 1).some(o => o.kind === '['),
  };
}

function blockOf(header: string): BlockName {
  const word = /^\s*(chip|fabric|level|model|mesh|plan|shard)\b/.exec(header)?.[1];
  return (word as BlockName | undefined) ?? 'top';
}

function openCall(opening: Opening, before: string): OpenCall {
  const parts = splitArguments(withoutComments(before.slice(opening.start)));
  const current = parts.at(-1) ?? '';
  const named = /^\s*([A-Za-z_]\w*)\s*:(?!:)/.exec(current);
  return {
    name: opening.text,
    argument: parts.length - 1,
    ...(named ? { argumentName: named[1]! } : {}),
    given: parts.flatMap(part => /^\s*([A-Za-z_]\w*)\s*:/.exec(part)?.[1] ?? []),
    text: named ? current.slice(named[0].length) : current,
  };
}

/** Splits at the commas of this call alone, not at those of lists or calls inside it. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [''];
  let depth = 0;
  let quoted = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    if (!quoted) {
      if (c === '(' || c === '[') depth++;
      else if (c === ')' || c === ']') depth--;
      else if (c === ',' && depth === 0) {
        parts.push('');
        continue;
      }
    }
    parts[parts.length - 1] += c;
  }
  return parts;
}

const lastWord = (text: string): string => /([A-Za-z_0-9][\w]*)\s*$/.exec(text)?.[1] ?? '';

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Behind the closing quote, or the end of the line of a string that is not closed. */
function stringEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
    else if (text[i] === '\n') return i;
  }
  return text.length;
}
