/**
 * XML as tools dump it: elements and attributes. For files that nobody vouches for: no document types, no entities beyond the
 * five that XML itself has, no CDATA, bounded size, depth and number of elements, one pass over the text. Text between
 * elements is skipped.
 */

export interface XmlElement {
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
}

export interface XmlLimits {
  /** Characters. */
  length: number;
  depth: number;
  elements: number;
}

export type XmlResult =
  | { ok: true; root: XmlElement }
  | { ok: false; problem: { message: string /** Both from 1. */; line: number; column: number } };

export const defaultXmlLimits: XmlLimits = { length: 10_000_000, depth: 64, elements: 100_000 };

class Failure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Never throws: what is no such XML comes back as a problem at its place. */
export function readXml(text: string, limits: XmlLimits = defaultXmlLimits): XmlResult {
  try {
    if (text.length > limits.length) {
      throw new Failure(`the file is longer than ${limits.length.toLocaleString('en')} characters`, 0);
    }
    return { ok: true, root: new Reader(text, limits).document() };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const before = text.slice(0, error.offset);
    const line = before.split('\n').length;
    return {
      ok: false,
      problem: { message: error.message, line, column: error.offset - before.lastIndexOf('\n') },
    };
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' };

class Reader {
  private at = 0;
  private elements = 0;
  private readonly text: string;
  private readonly limits: XmlLimits;

  constructor(text: string, limits: XmlLimits) {
    this.text = text;
    this.limits = limits;
  }

  document(): XmlElement {
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
    let root: XmlElement | undefined;
    const open: XmlElement[] = [];
    for (;;) {
      this.skipText(open.length > 0);
      if (this.at >= this.text.length) break;
      if (this.skipAside()) continue;
      if (this.text.startsWith('</', this.at)) {
        this.close(open);
        continue;
      }
      const start = this.at;
      const { element, empty } = this.open();
      const parent = open.at(-1);
      if (parent) parent.children.push(element);
      else if (root) throw new Failure(`a second outermost element '${element.name}'`, start);
      else root = element;
      if (!empty) open.push(element);
      if (open.length > this.limits.depth) {
        throw new Failure(`elements are nested more than ${this.limits.depth} deep`, start);
      }
    }
    const unclosed = open.at(-1);
    if (unclosed) throw new Failure(`the element '${unclosed.name}' is not closed`, this.text.length);
    if (!root) throw new Failure('there is no element in it', this.text.length);
    return root;
  }

  private skipText(inside: boolean): void {
    const next = this.text.indexOf('<', this.at);
    const end = next < 0 ? this.text.length : next;
    if (!inside) {
      const stray = this.text.slice(this.at, Math.min(end, this.at + 1000)).search(/\S/);
      if (stray >= 0) throw new Failure('text outside of any element: this is no XML', this.at + stray);
    }
    this.at = end;
  }

  /** Comments and instructions; what may define or hide content is refused. */
  private skipAside(): boolean {
    if (this.text.startsWith('<!--', this.at)) return this.skipTo('-->', 'comment');
    if (this.text.startsWith('<?', this.at)) return this.skipTo('?>', 'instruction');
    if (this.text.startsWith('<![CDATA[', this.at)) {
      throw new Failure('CDATA sections are not read: no topology dump has them', this.at);
    }
    if (this.text.startsWith('<!', this.at)) {
      throw new Failure('document types and entities (<!DOCTYPE …>) are not read: remove them', this.at);
    }
    return false;
  }

  private skipTo(end: string, what: string): true {
    const found = this.text.indexOf(end, this.at);
    if (found < 0) throw new Failure(`this ${what} is not closed: '${end}' is missing`, this.at);
    this.at = found + end.length;
    return true;
  }

  private open(): { element: XmlElement; empty: boolean } {
    const start = this.at++;
    if (++this.elements > this.limits.elements) {
      throw new Failure(`there are more than ${this.limits.elements.toLocaleString('en')} elements`, start);
    }
    const name = this.name('the name of an element');
    const attributes = new Map<string, string>();
    for (;;) {
      this.blanks();
      if (this.text.startsWith('/>', this.at)) {
        this.at += 2;
        return { element: { name, attributes, children: [] }, empty: true };
      }
      if (this.text[this.at] === '>') {
        this.at++;
        return { element: { name, attributes, children: [] }, empty: false };
      }
      if (this.at >= this.text.length) throw new Failure(`the element '${name}' is cut off`, start);
      this.attribute(attributes);
    }
  }

  private attribute(attributes: Map<string, string>): void {
    const start = this.at;
    const name = this.name("'>' or an attribute");
    if (attributes.has(name)) throw new Failure(`the attribute '${name}' is given twice`, start);
    this.blanks();
    if (this.text[this.at] !== '=') throw new Failure(`'=' is missing behind '${name}'`, this.at);
    this.at++;
    this.blanks();
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") throw new Failure(`the value of '${name}' has no quotes`, this.at);
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) throw new Failure(`the value of '${name}' is not closed`, this.at);
    attributes.set(name, this.value(this.at + 1, end));
    this.at = end + 1;
  }

  private value(from: number, to: number): string {
    const raw = this.text.slice(from, to);
    const bracket = raw.indexOf('<');
    if (bracket >= 0) throw new Failure("'<' in a value: its end is missing", from + bracket);
    if (!raw.includes('&')) return raw;
    return raw.replace(/&([^;&]{0,12})(;?)/g, (_, name: string, end: string, index: number) => {
      const known = end && Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
      if (known === undefined) throw new Failure(`the entity '&${name}${end}' is not read`, from + index);
      return known;
    });
  }

  private close(open: XmlElement[]): void {
    const start = this.at;
    this.at += 2;
    const name = this.name('the name of an element');
    this.blanks();
    if (this.text[this.at] !== '>') throw new Failure(`'</${name}' lacks its '>'`, start);
    this.at++;
    const element = open.pop();
    if (!element) throw new Failure(`'</${name}>' closes nothing`, start);
    if (element.name !== name)
      throw new Failure(`'</${name}>' stands where '</${element.name}>' belongs`, start);
  }

  private name(expected: string): string {
    const pattern = /[A-Za-z_][A-Za-z0-9_.:-]*/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (!found) throw new Failure(`${expected} is expected here`, this.at);
    this.at += found.length;
    return found;
  }

  private blanks(): void {
    while (this.at < this.text.length && ' \t\r\n'.includes(this.text[this.at]!)) this.at++;
  }
}
