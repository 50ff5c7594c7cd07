/** What the parser says, in words for people. What the repair has put in order does not come here. */
import { AbstractParserErrorMessageProvider, DefaultLexerErrorMessageProvider } from 'langium';
import { endsValue, isVirtual, kind, shown, type Token } from './tokens.ts';

type TokenType = Token['tokenType'];

/** What a rule of the grammar is to the reader. */
const PLACES: Record<string, string> = {
  Import: 'an import',
  Let: 'a let',
  Chip: 'a chip',
  Fabric: 'a fabric',
  Level: 'a level',
  Part: 'a level',
  Model: 'a model',
  Mesh: 'a mesh',
  Axis: 'an axis',
  Place: 'a place',
  Order: 'an order',
  Plan: 'a plan',
  Collective: 'a collective',
  Shard: 'a shard line',
  Tensor: 'a tensor',
  Dim: 'a tensor',
  Sweep: 'a sweep',
};

/** What the grammar's terminals are to the reader. */
const WANTED: Record<string, string> = {
  ID: 'a name',
  QUANTITY: 'a number',
  STRING: 'a text in quotes',
  DIMS: 'dimensions',
};

export class ShardplanParserMessages extends AbstractParserErrorMessageProvider {
  override buildMismatchTokenMessage({ expected, actual, previous, ruleName }: Mismatch): string {
    if (kind(expectedAsToken(expected)) === '}') return doesNotBelong(actual, ruleName);
    if (expected.name === 'EOF') return notADeclaration(actual);
    const wanted = nameOf(expected);
    const article =
      expected.name === '[' || expected.name === '(' || !WANTED[expected.name] ? wanted : capital(wanted);
    const after = previous && !isVirtual(previous) && previous.image ? ` after '${shown(previous)}'` : '';
    if (kind(actual) === 'EOF') return `${article} is missing${after}: the text ends here.`;
    if (expected.name === ')' || expected.name === ']')
      return `',' or '${expected.name}' is missing${after}.`;
    return `${article} is missing${after}.`;
  }

  override buildNotAllInputParsedMessage({ firstRedundant }: { firstRedundant: Token }): string {
    return notADeclaration(firstRedundant);
  }

  override buildNoViableAltMessage({ actual, previous, ruleName }: NoAlternative): string {
    const found = actual[0];
    const rule = plain(ruleName);
    const after = previous && !isVirtual(previous) && previous.image ? ` after '${shown(previous)}'` : '';
    if (rule === 'Document' || rule === 'Declaration')
      return found ? notADeclaration(found) : `A declaration is missing${after}.`;
    if (rule === 'Name' || rule === 'Word' || rule === 'Key') return `A name is missing${after}.`;
    if (rule === 'Primary' || rule.endsWith('Expr')) return `A value is missing${after}.`;
    return doesNotBelong(found, ruleName);
  }

  override buildEarlyExitMessage({ previous }: NoAlternative): string {
    return previous && !isVirtual(previous)
      ? `Something is missing after '${shown(previous)}'.`
      : 'Something is missing here.';
  }
}

export class ShardplanLexerMessages extends DefaultLexerErrorMessageProvider {
  override buildUnexpectedCharactersMessage(fullText: string, offset: number, length: number): string {
    const text = fullText.slice(offset, offset + length);
    const code = text.codePointAt(0) ?? 0;
    if (text.startsWith(';')) return "';' does not belong here: a line ends without one.";
    if (text.startsWith("'")) return 'Texts stand in double quotes: "…".';
    if (code < 32 || (code >= 127 && code < 160)) {
      return `The character U+${code.toString(16).toUpperCase().padStart(4, '0')} does not belong in a text.`;
    }
    return `'${text.length > 20 ? `${text.slice(0, 18)}…` : text}' does not belong here.`;
  }
}

interface Mismatch {
  expected: TokenType;
  actual: Token;
  previous: Token;
  ruleName: string;
}

interface NoAlternative {
  actual: Token[];
  previous: Token;
  ruleName: string;
}

/** Rule names carry an invisible mark. */
const plain = (ruleName: string) => ruleName.replace(/\u200B$/, '');
const expectedAsToken = (tokenType: TokenType) => ({ tokenType }) as Token;
const nameOf = (type: TokenType) => WANTED[type.name] ?? `'${type.name}'`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const notADeclaration = (token: Token) =>
  `'${shown(token)}' does not begin a declaration (import, let, chip, fabric, model, mesh or plan).`;

function doesNotBelong(token: Token | undefined, ruleName: string): string {
  const place = PLACES[plain(ruleName)];
  if (!token || kind(token) === 'EOF') return `The text ends inside ${place ?? 'a declaration'}.`;
  if (isVirtual(token)) return 'Something is missing here.';
  const hint = endsValue(token) && plain(ruleName) === 'Plan' ? ' A line is `key: value`.' : '';
  return `'${shown(token)}' does not belong ${place ? `in ${place}` : 'here'}.${hint}`;
}
