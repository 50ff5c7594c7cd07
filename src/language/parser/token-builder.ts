/** Terminals that a regular expression cannot say without going over the same text again and again. */
import { DefaultTokenBuilder, type GrammarAST } from 'langium';
import type { Token } from './tokens.ts';

type TokenType = Token['tokenType'];

export class ShardplanTokenBuilder extends DefaultTokenBuilder {
  protected override buildTerminalToken(terminal: GrammarAST.TerminalRule): TokenType {
    const token = super.buildTerminalToken(terminal);
    if (terminal.name === 'ML_COMMENT') {
      token.PATTERN = matchComment();
      token.LINE_BREAKS = true;
      token.START_CHARS_HINT = ['/'];
    }
    return token;
  }

  /** A pattern that is a function cannot be compared with a keyword: `/` must give way to `/*`. */
  protected override findLongerAlt(keyword: GrammarAST.Keyword, terminals: TokenType[]): TokenType[] {
    const longer = super.findLongerAlt(keyword, terminals);
    const comment = terminals.find(terminal => terminal.name === 'ML_COMMENT');
    return keyword.value === '/' && comment ? [...longer, comment] : longer;
  }
}

/** A comment of several lines; one that is never closed ends with its line, so that the rest of the text lives on. */
function matchComment() {
  let searched: { text: string; lastEnd: number } | undefined;
  return (text: string, offset: number): [string] | null => {
    if (!text.startsWith('/*', offset)) return null;
    if (searched?.text !== text) searched = { text, lastEnd: text.lastIndexOf('*/') };
    if (searched.lastEnd >= offset + 2) return [text.slice(offset, text.indexOf('*/', offset + 2) + 2)];
    const line = text.slice(offset).search(/[\r\n]/);
    return [line < 0 ? text.slice(offset) : text.slice(offset, offset + line)];
  };
}
