/** Reads keys of a Hugging Face `config.json`, collecting what is missing and what is wrong instead of stopping at it. */
import type { JsonObject, JsonValue } from '../json.ts';

export interface Problem {
  severity: 'error' | 'warning';
  message: string;
  /** Keys of the file that it is about. */
  keys: string[];
}

/** Beyond these a size is a mistake, and lists of that length would exhaust memory. */
const maxLayers = 10_000;
const maxSize = 1e9;

export class Reader {
  readonly problems: Problem[] = [];
  readonly read = new Set<string>();
  private readonly missing: string[] = [];
  private readonly config: JsonObject;
  private readonly outer: JsonObject;

  /** `outer` is the object around `config` where the text model is nested, else the same. */
  constructor(config: JsonObject, outer: JsonObject) {
    this.config = config;
    this.outer = outer;
  }

  error(message: string, keys: string[]): void {
    this.problems.push({ severity: 'error', message, keys });
  }

  warn(message: string, keys: string[]): void {
    this.problems.push({ severity: 'warning', message, keys });
  }

  /** Nothing missing and nothing wrong so far: only then is it worth comparing sizes with each other. */
  sound(): boolean {
    return this.missing.length === 0 && !this.problems.some(problem => problem.severity === 'error');
  }

  /** The value, `undefined` where the key is missing or null, as the format treats them alike. */
  raw(key: string): Exclude<JsonValue, null> | undefined {
    this.read.add(key);
    return this.config.get(key) ?? undefined;
  }

  /** A key of a nested model that older files keep outside of it. */
  rawAnywhere(key: string): Exclude<JsonValue, null> | undefined {
    return this.raw(key) ?? this.outer.get(key) ?? undefined;
  }

  has(key: string): boolean {
    return (this.config.get(key) ?? undefined) !== undefined;
  }

  /** A whole number of at least 1 that must be there. The first of `keys` that is stated counts. */
  size(...keys: string[]): number {
    const key = keys.find(candidate => this.has(candidate));
    for (const candidate of keys) this.read.add(candidate);
    if (key === undefined) {
      this.missing.push(keys[0] ?? '');
      return 1;
    }
    return this.count(key, 1) ?? 1;
  }

  /** A whole number of at least 1, or `otherwise` where the key is missing. */
  sizeOr(key: string, otherwise: number): number {
    this.read.add(key);
    return this.has(key) ? (this.count(key, 1) ?? otherwise) : otherwise;
  }

  /** A whole number of at least 0, or `otherwise` where the key is missing. */
  countOr(key: string, otherwise: number): number {
    this.read.add(key);
    return this.has(key) ? (this.count(key, 0) ?? otherwise) : otherwise;
  }

  layers(...keys: string[]): number {
    const layers = this.size(...keys);
    if (layers <= maxLayers) return layers;
    this.error(`${layers} layers are more than the ${maxLayers} that are read`, keys.slice(0, 1));
    return 1;
  }

  flag(key: string, otherwise: boolean): boolean {
    const value = this.raw(key);
    if (value === undefined || typeof value === 'boolean') return value ?? otherwise;
    this.error(`"${key}" is ${describe(value)} where true or false should stand`, [key]);
    return otherwise;
  }

  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === 'string') return value;
    this.error(`"${key}" is ${describe(value)} where a text should stand`, [key]);
    return undefined;
  }

  list(key: string): JsonValue[] | undefined {
    const value = this.raw(key);
    if (value === undefined || Array.isArray(value)) return value;
    this.error(`"${key}" is ${describe(value)} where a list should stand`, [key]);
    return undefined;
  }

  /** All keys that nothing has read and that state something. */
  unread(): string[] {
    return [...this.config]
      .filter(([key, value]) => !this.read.has(key) && states(value))
      .map(([key]) => key);
  }

  /** One problem for all missing keys together. */
  reportMissing(): void {
    if (this.missing.length === 0) return;
    const names = this.missing.map(key => `"${key}"`).join(', ');
    this.error(`The file lacks ${names}; ${this.missing.length > 1 ? 'they have' : 'it has'} no default`, [
      ...this.missing,
    ]);
  }

  private count(key: string, least: number): number | undefined {
    const value = this.raw(key);
    if (typeof value !== 'number') {
      this.error(`"${key}" is ${describe(value ?? null)} where a whole number should stand`, [key]);
      return undefined;
    }
    if (!Number.isInteger(value) || value < least || value > maxSize) {
      this.error(`"${key}" is ${value}; it must be a whole number from ${least} to ${maxSize}`, [key]);
      return undefined;
    }
    return value;
  }
}

/** Whether a value says that something is there: null, false, 0 and empty lists or objects do not. */
function states(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return value !== null && value !== false && value !== 0 && value !== '';
}

function describe(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Map) return 'an object';
  if (typeof value === 'string') return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  return String(value);
}
