/**
 * JSON as other people's tools write it, for files that nobody vouches for: errors carry a line and a column, nesting and
 * size are bounded, objects are maps (a `__proto__` key is a key), and keys stated twice are reported. Python writes NaN
 * and Infinity, which JSON.parse refuses and this accepts.
 */

export type JsonObject = Map<string, JsonValue>;
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

export interface JsonLimits {
  /** Characters. */
  length: number;
  depth: number;
}

export interface JsonProblem {
  message: string;
  /** Both from 1. */
  line: number;
  column: number;
}

export type JsonResult =
  | {
      ok: true;
      value: JsonValue /** Keys that one object states more than once; the last value counts. */;
      duplicates: string[];
    }
  | { ok: false; problem: JsonProblem };

export const defaultLimits: JsonLimits = { length: 10_000_000, depth: 64 };

class Failure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const blank = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /-?[A-Za-z]+/y;
const plain = /[^"\\\u0000-\u001f]*/y;

/** The literals, and the three that Python writes besides. */
const words: Record<string, JsonValue> = {
  true: true,
  false: false,
  null: null,
  NaN: NaN,
  Infinity: Infinity,
  '-Infinity': -Infinity,
};
const escapes: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

class Parser {
  readonly duplicates = new Set<string>();
  readonly text: string;
  readonly depth: number;
  at = 0;

  constructor(text: string, depth: number) {
    this.text = text;
    this.depth = depth;
  }

  document(): JsonValue {
    this.skip();
    if (this.at >= this.text.length) throw new Failure('the file is empty', this.at);
    const value = this.value(0);
    this.skip();
    if (this.at < this.text.length) throw new Failure(`${this.here()} after the end of the value`, this.at);
    return value;
  }

  private value(depth: number): JsonValue {
    if (depth > this.depth) throw new Failure(`nested deeper than ${this.depth} levels`, this.at);
    const start = this.text[this.at];
    if (start === '{') return this.object(depth);
    if (start === '[') return this.array(depth);
    if (start === '"') return this.string();
    const digits = this.take(number);
    if (digits) return Number(digits);
    const at = this.at;
    const name = this.take(word);
    if (name && Object.hasOwn(words, name)) return words[name] ?? null;
    throw new Failure(
      name ? `"${shorten(name)}" is no JSON value` : `${this.here()} where a value should stand`,
      at,
    );
  }

  private object(depth: number): JsonObject {
    const object: JsonObject = new Map();
    this.at++;
    this.skip();
    if (this.accept('}')) return object;
    for (;;) {
      if (this.text[this.at] !== '"')
        throw new Failure(`${this.here()} where a key in quotes should stand`, this.at);
      const key = this.string();
      if (object.has(key)) this.duplicates.add(key);
      this.skip();
      if (!this.accept(':')) throw new Failure(`${this.here()} where ":" should follow the key`, this.at);
      this.skip();
      object.set(key, this.value(depth + 1));
      this.skip();
      if (this.accept('}')) return object;
      if (!this.accept(',')) throw new Failure(`${this.here()} where "," or "}" should stand`, this.at);
      this.skip();
    }
  }

  private array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.at++;
    this.skip();
    if (this.accept(']')) return items;
    for (;;) {
      items.push(this.value(depth + 1));
      this.skip();
      if (this.accept(']')) return items;
      if (!this.accept(',')) throw new Failure(`${this.here()} where "," or "]" should stand`, this.at);
      this.skip();
    }
  }

  private string(): string {
    const start = this.at++;
    let value = '';
    for (;;) {
      value += this.take(plain);
      const next = this.text[this.at++];
      if (next === '"') return value;
      if (next !== '\\') throw new Failure('text in quotes that is not closed on its line', start);
      const code = this.text[this.at++] ?? '';
      if (code === 'u') {
        const hex = this.text.slice(this.at, this.at + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(hex))
          throw new Failure('"\\u" without four hexadecimal digits', this.at - 2);
        value += String.fromCharCode(Number.parseInt(hex, 16));
        this.at += 4;
      } else if (Object.hasOwn(escapes, code)) value += escapes[code];
      else throw new Failure(`"\\${code}" is no JSON escape`, this.at - 2);
    }
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private accept(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private skip(): void {
    this.take(blank);
  }

  private here(): string {
    const character = this.text[this.at];
    return character === undefined ? 'the file ends' : `"${character}"`;
  }
}

/** Text of the file inside a message. */
function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Reads one JSON value. Never throws. */
export function parseJson(text: string, limits: JsonLimits = defaultLimits): JsonResult {
  if (text.length > limits.length) {
    const message = `the file has ${text.length} characters, more than the ${limits.length} that are read`;
    return { ok: false, problem: { message, line: 1, column: 1 } };
  }
  const parser = new Parser(text.replace(/^\uFEFF/, ''), limits.depth);
  try {
    const value = parser.document();
    return { ok: true, value, duplicates: [...parser.duplicates] };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return { ok: false, problem: { message: failure.message, ...position(parser.text, failure.offset) } };
  }
}
