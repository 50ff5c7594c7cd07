/**
 * Puts a damaged sequence of tokens in order before it is parsed, so that a half-typed line or a missing bracket costs
 * that line and not the declarations after it. Tokens of a text without syntax errors pass through unchanged.
 *
 * The keywords of declarations stand nowhere else, which makes them safe places to begin anew: `plan p of` inside an open
 * block says that the block was never closed.
 */
import type { Lexer } from 'langium';
import { Brackets } from './brackets.ts';
import { closestKeyword, keyEnd, startsDeclaration, startsLevel, startsProperty } from './starts.ts';
import {
  adjacent,
  endsValue,
  isName,
  isPlainValue,
  isVirtual,
  isWord,
  kind,
  opensPlanItem,
  problemAt,
  type SyntaxProblem,
  sameLine,
  shown,
  startsValue,
  type Token,
  virtualToken,
  wantsValue,
} from './tokens.ts';

export interface Repaired {
  tokens: Token[];
  problems: SyntaxProblem[];
}

export function repair(tokens: Token[], types: Lexer['definition']): Repaired {
  return new Repair(tokens, types).run();
}

class Repair {
  private readonly out: Token[] = [];
  private readonly problems: SyntaxProblem[] = [];
  private readonly brackets: Brackets;
  /** Index of the keyword of a declaration, level or shard whose `{` may come yet. */
  private header: number | undefined;
  /** Between declarations: the one that may still go on without brackets. */
  private open: 'let' | 'import' | undefined;

  constructor(
    private readonly tokens: Token[],
    private readonly types: Lexer['definition'],
  ) {
    this.brackets = new Brackets(tokens);
  }

  run(): Repaired {
    for (let index = 0; index < this.tokens.length; index++) index = this.step(index);
    this.closeBrackets();
    this.closeBlocks();
    return { tokens: this.out, problems: this.problems };
  }

  /** Takes the token at `index`, or more. Gives the index of the last one taken. */
  private step(index: number): number {
    this.beginAnew(index);
    if (this.isStray(index)) return this.skipStray(index);
    if (this.brackets.inBrackets) {
      this.separateArguments(index);
    } else if (this.header !== undefined && startsProperty(this.tokens, index)) {
      if (this.headerNeedsBlock) this.openMissingBlock();
      this.header = undefined;
    }
    this.missingKey(index);
    if (this.misspeltLevel(index)) return index;
    const end = this.halfKey(index);
    if (end !== undefined) return end;
    if (this.bracket(index)) {
      this.out.push(this.tokens[index] as Token);
      this.missingValue(index);
    }
    return index;
  }

  /** A declaration, level or line of a plan closes whatever it cannot stand in. */
  private beginAnew(index: number): void {
    const name = kind(this.tokens[index]);
    if (startsDeclaration(this.tokens, index, this.brackets.isEmpty)) {
      this.closeBrackets();
      this.closeBlocks();
      this.open = name === 'let' || name === 'import' ? name : undefined;
      this.header = this.open ? undefined : index;
    } else if (startsLevel(this.tokens, index)) {
      this.closeBrackets();
      if (this.headerNeedsBlock) this.openMissingBlock();
      this.closeBlocks('fabric');
      if (!this.brackets.isEmpty) this.header = index;
    } else if (opensPlanItem(this.tokens[index])) {
      this.closeBrackets();
      if (this.headerNeedsBlock) this.openMissingBlock();
      this.closeBlocks('plan');
      this.header = name === 'shard' ? index : undefined;
    }
  }

  // --- blocks and brackets ---

  /** Whether the token is kept. */
  private bracket(index: number): boolean {
    const token = this.tokens[index] as Token;
    switch (kind(token)) {
      case '{':
        this.closeBrackets();
        this.brackets.open(index, '{', this.header);
        this.header = undefined;
        return true;
      case '(':
        this.brackets.open(index, '(');
        return true;
      case '[':
        this.brackets.open(index, '[');
        return true;
      case '}':
        this.closeBrackets();
        if (this.headerNeedsBlock) this.openMissingBlock();
        this.header = undefined;
        this.brackets.closeBlock(index);
        this.open = undefined;
        return true;
      case ')':
        return this.closeBracket(token, '(');
      case ']':
        return this.closeBracket(token, '[');
      case '.':
        return this.dot(index);
      default:
        return true;
    }
  }

  /** `}` for every open block, from the inside, up to the first of the kind to stay in. */
  private closeBlocks(stayIn?: string): void {
    if (stayIn && !this.brackets.hasBlock(stayIn)) return;
    for (
      let block = this.brackets.innermostBlock;
      block && block.type !== stayIn;
      block = this.brackets.innermostBlock
    ) {
      const { header } = this.brackets.guilty(block);
      const opener = this.tokens[header] as Token;
      const name = this.tokens[header + 1];
      const title =
        kind(name) === 'ID' && kind(opener) !== 'shard'
          ? `${opener.image} ${name?.image}`
          : `'${opener.image}'`;
      this.missing(`'}' is missing for ${title}, opened on line ${opener.startLine}.`, {
        related: { message: 'Opened here.', token: opener },
        insert: `\n${' '.repeat((opener.startColumn ?? 1) - 1)}}`,
      });
      this.out.push(virtualToken('}', this.types));
      this.brackets.pop();
    }
  }

  /** Closes the `(` and `[` that are open in this line of a block, all but the outermost `keep`. */
  private closeBrackets(keep = 0): void {
    while (this.brackets.openBrackets > keep) {
      const opener = this.tokens[this.brackets.top?.index ?? 0] as Token;
      const closer = kind(opener) === '(' ? ')' : ']';
      this.missing(`'${closer}' is missing: '${opener.image}' on line ${opener.startLine} is not closed.`, {
        related: { message: 'Opened here.', token: opener },
        insert: closer,
      });
      this.out.push(virtualToken(closer, this.types));
      this.brackets.pop();
    }
  }

  /** Takes a `)` or `]` and closes what stands open inside it. False where it closes nothing. */
  private closeBracket(token: Token, opener: '(' | '['): boolean {
    const depth = this.brackets.depthOf(opener);
    if (depth === undefined) {
      this.problems.push(problemAt(token, 'syntax-error', `'${token.image}' has no '${opener}' before it.`));
      return false;
    }
    this.closeBrackets(depth);
    this.brackets.pop();
    return true;
  }

  /** A declaration or level without its `{` so far. */
  private get headerNeedsBlock(): boolean {
    return this.header !== undefined && kind(this.tokens[this.header]) !== 'shard';
  }

  private openMissingBlock(): void {
    const header = this.header as number;
    const name = this.tokens[header + 1];
    const title = `${this.tokens[header]?.image}${isName(name) ? ` ${name?.image}` : ''}`;
    this.missing(`'{' is missing after ${title}.`, { insert: ' {' });
    this.out.push(virtualToken('{', this.types));
    this.brackets.open(header, '{', header);
    this.header = undefined;
  }

  /** Two values side by side in brackets: a comma is missing, or the bracket itself where nothing closes it. */
  private separateArguments(index: number): void {
    const token = this.tokens[index] as Token;
    const named = isWord(token) && kind(this.tokens[index + 1]) === ':';
    if (!endsValue(this.out.at(-1)) || !(isPlainValue(token) || named)) return;
    if (this.brackets.isClosed) {
      this.missing(`',' is missing after '${shown(this.lastReal as Token)}'.`, { insert: ',' });
      this.out.push(virtualToken(',', this.types));
    } else if (!sameLine(this.lastReal, token) || named) {
      while (this.brackets.inBrackets && !this.brackets.isClosed)
        this.closeBrackets(this.brackets.openBrackets - 1);
    }
  }

  // --- lines ---

  /** A line of a block that begins with `:` or `.`, because its key was taken away. */
  private missingKey(index: number): void {
    const token = this.tokens[index] as Token;
    if (kind(token) !== ':' && kind(token) !== '.') return;
    if (!this.brackets.inBlock || this.brackets.inBrackets || this.headerNeedsBlock) return;
    if (sameLine(this.lastReal, token) && kind(this.lastReal) !== '{') return;
    if (kind(token) === ':' && this.endsInKey(index - 1)) return;
    const word = kind(token) === '.' && isWord(this.tokens[index + 1]) ? this.tokens[index + 1]?.image : '';
    this.problems.push(problemAt(token, 'syntax-error', `A name is missing before '${token.image}${word}'.`));
    this.out.push(virtualToken('ID', this.types));
  }

  /** Whether the words that end at `index` may be a key: nothing before them wants a value. */
  private endsInKey(index: number): boolean {
    if (!isWord(this.tokens[index])) return false;
    const before = this.tokens[index - this.keyBefore(index + 1).split('.').length * 2 + 1];
    return before !== undefined && (endsValue(before) || kind(before) === '{' || kind(before) === '}');
  }

  /** `levl node of 8 h100 {`, or `node of 8 h100 {`, in a fabric. */
  private misspeltLevel(index: number): boolean {
    if (this.brackets.innermostBlock?.type !== 'fabric' || this.brackets.inBrackets || this.headerNeedsBlock)
      return false;
    const token = this.tokens[index] as Token;
    if (!isName(token) || this.out.at(-1) === undefined) return false;
    const [next, after] = [kind(this.tokens[index + 1]), kind(this.tokens[index + 2])];
    if (next === 'of') {
      this.problems.push(problemAt(token, 'syntax-error', `'level' is missing before '${shown(token)}'.`));
      this.out.push(virtualToken('level', this.types), token);
    } else if (next === 'ID' && after === 'of') {
      this.problems.push(
        problemAt(
          token,
          'syntax-error',
          `'${shown(token)}' does not belong in a fabric. Did you mean 'level'?`,
        ),
      );
      this.out.push(virtualToken('level', this.types));
    } else {
      return false;
    }
    this.header = index;
    return true;
  }

  /** A key without its value, because it is being typed. Gives the index of its last token. */
  private halfKey(index: number): number | undefined {
    const token = this.tokens[index] as Token;
    if (!isName(token) || !this.brackets.inBlock || this.brackets.inBrackets || this.headerNeedsBlock)
      return undefined;
    const previous = this.out.at(-1);
    const atStart = kind(previous) === '{' || kind(previous) === '}';
    if (!atStart && !(endsValue(previous) && !sameLine(this.lastReal, token))) return undefined;
    const end = keyEnd(this.tokens, index);
    const dangling =
      kind(this.tokens[end + 1]) === '.' && !sameLine(this.tokens[end + 1], this.tokens[end + 2]) ? 1 : 0;
    const next = this.tokens[end + 1 + dangling];
    if (!dangling && (kind(next) === ':' || kind(next) === '.')) return undefined;
    const alone = kind(next) === '}' || !sameLine(this.tokens[end], next);
    if (!alone && !isPlainValue(next) && kind(next) !== '-') return undefined;

    const parts = this.tokens.slice(index, end + 1);
    const key = parts.map(part => part.image).join('');
    this.out.push(...parts);
    if (dangling)
      this.problems.push(
        problemAt(this.tokens[end + 1] as Token, 'key-space', `A name is missing after '${key}.'.`),
      );
    else
      this.missing(
        `':'${alone ? ' and a value are' : ' is'} missing after '${key}'.`,
        alone ? {} : { insert: ':' },
      );
    this.out.push(virtualToken(':', this.types));
    if (alone) this.out.push(virtualToken('ID', this.types));
    return end + dangling;
  }

  /** A dot that leads nowhere is left out; one with space around it is kept, and said. */
  private dot(index: number): boolean {
    const token = this.tokens[index] as Token;
    const [previous, next] = [this.tokens[index - 1], this.tokens[index + 1]];
    if (isVirtual(this.out.at(-1))) return true;
    if (adjacent(previous, token) && adjacent(token, next) && isWord(next)) return true;
    const before = isWord(previous) ? previous?.image : '';
    const together = isWord(next) && sameLine(token, next);
    if (kind(previous) === 'QUANTITY' && adjacent(previous, token)) {
      this.problems.push(problemAt(token, 'syntax-error', `A digit is missing after '${previous?.image}.'.`));
      return false;
    }
    this.problems.push(
      together
        ? problemAt(token, 'key-space', `White space does not belong inside '${before}.${next?.image}'.`)
        : problemAt(token, 'key-space', `A name is missing after '${before}.'.`),
    );
    return together;
  }

  /** An operator or colon that its line or block ends after. */
  private missingValue(index: number): void {
    const token = this.tokens[index] as Token;
    if (!wantsValue(token) || this.headerNeedsBlock) return;
    const next = this.tokens[index + 1];
    if (kind(token) === ',' && isWord(next) && kind(this.tokens[index + 2]) === ':') return;
    const lineEnds =
      !startsValue(next) ||
      startsDeclaration(this.tokens, index + 1, false) ||
      (!this.brackets.inBrackets && startsProperty(this.tokens, index + 1)) ||
      (kind(token) === ':' &&
        isWord(next) &&
        kind(this.tokens[index + 2]) === ':' &&
        sameLine(next, this.tokens[index + 2]));
    if (!lineEnds) return;
    this.missing(
      `A value is missing after '${kind(token) === ':' ? this.keyBefore(index) : ''}${token.image}'.`,
    );
    this.out.push(virtualToken('ID', this.types));
  }

  /** `batch.micro` before the colon at `index`. */
  private keyBefore(index: number): string {
    let start = index - 1;
    while (kind(this.tokens[start - 1]) === '.' && isWord(this.tokens[start - 2])) start -= 2;
    const words = this.tokens.slice(Math.max(0, start), index);
    return words.map(word => word.image).join('');
  }

  // --- between declarations ---

  private isStray(index: number): boolean {
    const token = this.tokens[index];
    if (!this.brackets.isEmpty || startsDeclaration(this.tokens, index, true)) return false;
    const previous = this.out.at(-1);
    if (this.header !== undefined) {
      const complete = kind(this.tokens[this.header]) === 'model' && kind(previous) === 'STRING';
      return complete && kind(token) !== '{';
    }
    if (this.open === 'import') return !(kind(previous) === 'import' && kind(token) === 'STRING');
    return !(
      this.open === 'let' && !(endsValue(previous) && isPlainValue(token) && !sameLine(this.lastReal, token))
    );
  }

  /** Leaves out everything up to the next declaration. */
  private skipStray(index: number): number {
    const token = this.tokens[index] as Token;
    const meant = closestKeyword(token.image);
    const message =
      kind(token) === '}'
        ? "'}' has no '{' before it."
        : `'${shown(token)}' does not begin a declaration (import, let, chip, fabric, model, mesh or plan).${meant ? ` Did you mean '${meant}'?` : ''}`;
    this.problems.push(problemAt(token, 'syntax-error', message));
    let end = index;
    while (end + 1 < this.tokens.length && !startsDeclaration(this.tokens, end + 1, false)) end++;
    this.header = undefined;
    this.open = undefined;
    return end;
  }

  // --- reporting ---

  /** A problem at the last token that the text really has. */
  private missing(message: string, more: Pick<SyntaxProblem, 'related' | 'insert'> = {}): void {
    const last = this.lastReal ?? this.tokens[0];
    if (last) this.problems.push(problemAt(last, 'syntax-error', message, more));
  }

  private get lastReal(): Token | undefined {
    return this.out.findLast(token => !isVirtual(token));
  }
}
