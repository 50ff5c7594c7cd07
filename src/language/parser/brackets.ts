/** Which brackets are open at a place, and which of them are closed later on. */
import { startsDeclaration, startsLevel } from './starts.ts';
import { kind, opensPlanItem, type Token } from './tokens.ts';

interface Open {
  /** Index of the bracket, or of the header where the bracket itself is missing. */
  index: number;
  bracket: '(' | '[' | '{';
  /** For a block: the keyword that opened it, `EOF` where none did. */
  type: string;
  /** For a block: index of that keyword, else of the bracket. */
  header: number;
  /** An inner block whose `}` was taken from this one, by the look of the indentation. */
  thief?: Open;
}

export class Brackets {
  private readonly stack: Open[] = [];
  private readonly closed: Set<number>;

  constructor(private readonly tokens: Token[]) {
    this.closed = findClosed(tokens);
  }

  get isEmpty(): boolean {
    return this.stack.length === 0;
  }

  get top(): Open | undefined {
    return this.stack.at(-1);
  }

  /** In `(` or `[`. */
  get inBrackets(): boolean {
    return this.top !== undefined && this.top.bracket !== '{';
  }

  get inBlock(): boolean {
    return this.innermostBlock !== undefined;
  }

  /** Whether the innermost bracket is closed by the text itself. */
  get isClosed(): boolean {
    return this.top !== undefined && this.closed.has(this.top.index);
  }

  /** Open `(` and `[` inside the innermost block. */
  get openBrackets(): number {
    return this.stack.length - 1 - this.stack.findLastIndex(open => open.bracket === '{');
  }

  get innermostBlock(): Open | undefined {
    return this.stack.findLast(open => open.bracket === '{');
  }

  hasBlock(type: string): boolean {
    return this.stack.some(open => open.type === type);
  }

  /** `header` is the index of a block's keyword. */
  open(index: number, bracket: Open['bracket'], header = index): void {
    this.stack.push({ index, bracket, header, type: bracket === '{' ? kind(this.tokens[header]) : '' });
  }

  pop(): void {
    this.stack.pop();
  }

  /** Takes a `}`. One that stands below an outer block's keyword was most likely meant for that block. */
  closeBlock(index: number): void {
    const inner = this.stack.pop();
    const brace = this.tokens[index];
    if (!inner || !brace || this.tokens[index - 1]?.endLine === brace.startLine) return;
    const meant = this.stack.findLast(open => this.column(open) === brace.startColumn);
    if (meant && brace.startColumn !== this.column(inner)) meant.thief ??= inner.thief ?? inner;
  }

  /** The block that lacks its `}` when `block` is found open. */
  guilty(block: Open): Open {
    return block.thief ?? block;
  }

  /** How many brackets of the block are open up to the nearest one of this kind. */
  depthOf(bracket: '(' | '['): number | undefined {
    const at = this.stack.findLastIndex(open => open.bracket === bracket || open.bracket === '{');
    if (at < 0 || this.stack[at]?.bracket === '{') return undefined;
    return this.openBrackets - (this.stack.length - 1 - at);
  }

  private column(open: Open): number | undefined {
    return this.tokens[open.header]?.startColumn;
  }
}

/** Indices of every `(` and `[` that has its closing bracket before the next line that must lie outside of it. */
function findClosed(tokens: Token[]): Set<number> {
  const closed = new Set<number>();
  let open: number[] = [];
  tokens.forEach((token, index) => {
    const name = kind(token);
    if (name === '(' || name === '[') {
      open.push(index);
    } else if (name === ')' || name === ']') {
      const wanted = name === ')' ? '(' : '[';
      const at = open.findLastIndex(opener => kind(tokens[opener]) === wanted);
      if (at >= 0) closed.add(open[at] as number);
      if (at >= 0) open.length = at;
    } else if (
      name === '{' ||
      name === '}' ||
      opensPlanItem(token) ||
      startsLevel(tokens, index) ||
      startsDeclaration(tokens, index, false)
    ) {
      open = [];
    }
  });
  return closed;
}
