/** Questions to the schema: which keys a block has, what one is, which values it takes, in which order they stand. */
import type { Role } from '../../engine/plan/spec.ts';
import { kindName } from '../../engine/units/dimension.ts';
import { formatCount } from '../../engine/units/format.ts';
import { nearest } from '../../engine/units/suggest.ts';
import { AXIS_KEYS } from './axis.ts';
import { CHIP_KEYS } from './chip.ts';
import { SHARD_KEYS } from './collective.ts';
import { FABRIC_KEYS, LEVEL_KEYS } from './fabric.ts';
import { MODEL_KEYS } from './model.ts';
import { PLAN_KEYS } from './plan.ts';
import type { Argument, Block, KeySpec, ValueType } from './types.ts';

/** What the place knows: the axes of the plan's mesh, so that `data.zero` is found where an axis `data` plays dp. */
export interface KeyContext {
  axes?: readonly { name: string; role: Role }[];
}

export interface KeyInfo {
  /** As it is written here: `data.zero`. */
  key: string;
  spec: KeySpec;
}

/** The axis options of a plan stand between its batch and its recomputation: the order of the formatter. */
const PLAN_ALL: readonly KeySpec[] = (() => {
  const cut = PLAN_KEYS.findIndex(k => k.key === 'recompute');
  return [...PLAN_KEYS.slice(0, cut), ...AXIS_KEYS, ...PLAN_KEYS.slice(cut)];
})();

export const KEYS: Readonly<Record<Block, readonly KeySpec[]>> = {
  chip: CHIP_KEYS,
  fabric: FABRIC_KEYS,
  level: LEVEL_KEYS,
  model: MODEL_KEYS,
  plan: PLAN_ALL,
  shard: SHARD_KEYS,
};

/** Every way to write a key without knowing the mesh: `dp.zero`, `fsdp.zero`. */
export const spellings = (spec: KeySpec): string[] =>
  spec.roles ? spec.roles.map(role => `${role}.${spec.key}`) : [spec.key];

const INDEX: Readonly<Record<Block, ReadonlyMap<string, KeySpec>>> = (() => {
  const index = {} as Record<Block, Map<string, KeySpec>>;
  for (const block of Object.keys(KEYS) as Block[]) {
    index[block] = new Map();
    for (const spec of KEYS[block]) {
      for (const key of [...spellings(spec), ...(spec.aliases ?? [])]) index[block].set(key, spec);
    }
  }
  return index;
})();

export interface FoundKey {
  spec: KeySpec;
  /** Canonical spelling, with the role in place of the axis: `dp.zero`. */
  canonical: string;
  /** Axis options: the role whose option it is, and the axis if the mesh has one of that name. */
  role?: Role;
  axis?: string;
}

/** The row of a key as written; undefined where the block has none. */
export function findKey(block: Block, key: string, context: KeyContext = {}): FoundKey | undefined {
  const direct = INDEX[block].get(key);
  const dot = key.indexOf('.');
  const head = dot < 0 ? '' : key.slice(0, dot);
  const axis = context.axes?.find(a => a.name === head);
  if (block === 'plan' && axis && axis.role !== head) {
    // An axis named like a role but playing another one: what it plays counts.
    const spec = INDEX.plan.get(`${axis.role}${key.slice(dot)}`);
    return (
      spec?.roles && { spec, canonical: `${axis.role}${key.slice(dot)}`, role: axis.role, axis: axis.name }
    );
  }
  if (!direct) return undefined;
  if (!direct.roles) return { spec: direct, canonical: direct.key };
  return { spec: direct, canonical: key, role: head as Role, axis: axis?.name };
}

/** Keys a block can have here, in the order of the table; axis options once per axis of the mesh that has the role. */
export function keysOf(block: Block, context: KeyContext = {}): KeyInfo[] {
  return KEYS[block].flatMap(spec => {
    if (!spec.roles) return [{ key: spec.key, spec }];
    if (!context.axes) return spellings(spec).map(key => ({ key, spec }));
    return context.axes
      .filter(axis => spec.roles!.includes(axis.role))
      .map(axis => ({ key: `${axis.name}.${spec.key}`, spec }));
  });
}

/** Blocks that have the key, for "belongs into a level". */
export const blocksWith = (key: string): Block[] =>
  (Object.keys(INDEX) as Block[]).filter(block => INDEX[block].has(key));

/** The key that was meant. */
export function suggestKey(block: Block, key: string, context: KeyContext = {}): string | undefined {
  const known = keysOf(block, context).flatMap(k => [k.key, ...(k.spec.aliases ?? [])]);
  const whole = nearest(key, known);
  if (whole) return whole;
  // `global_batch`, `zero`: the last word alone, if only one key ends in it.
  const ends = known.filter(k => k.endsWith(`.${key}`));
  return ends.length === 1 ? ends[0] : undefined;
}

/** Rank of a key within its block, for the formatter; unknown keys come last. */
export function keyRank(block: Block, key: string, context: KeyContext = {}): number {
  const found = findKey(block, key, context);
  return found ? KEYS[block].indexOf(found.spec) : KEYS[block].length;
}

const sayNumber = (n: number): string => (n < 1e-3 || n >= 1e7 ? String(n) : formatCount(n));

/** A type in words: "a bandwidth, such as `50GB/s`". */
export function describeType(type: ValueType): string {
  switch (type.kind) {
    case 'quantity':
      return `${kindName(type.of)} (${type.units.join(', ')})`;
    case 'integer':
      return `a whole number${type.tokens ? ' of tokens' : ''}${type.min > 1 || type.max <= 1e4 ? ` from ${type.min}` : ''}${type.max <= 1e4 ? ` to ${sayNumber(type.max)}` : ''}`;
    case 'number':
      return 'a number';
    case 'bool':
      return '`true` or `false`';
    case 'choice':
    case 'call':
      return type.options.map(o => `\`${o.name}${signature(o.args)}\``).join(', ');
    case 'string':
      return type.what === 'file' ? 'the path of a file, in quotes' : 'text, in quotes';
    case 'dims':
      return 'sizes, such as `4x4x4`';
    case 'list':
      return `a list \`[…]\` of: ${describeType(type.of)}`;
    case 'axes':
      return 'an axis, or several as `a * b`';
    case 'size':
      return 'bytes, such as `tokens * hidden * 2B`';
    case 'either':
      return type.of.map(describeType).join('; or ');
  }
}

/** `(reduce:, oversubscription:)`, empty without arguments. */
export const signature = (args: readonly Argument[] | undefined): string =>
  args ? `(${args.map(a => (a.positional ? a.name : `${a.name}:`)).join(', ')})` : '';

/** Markdown for hover and completion: type, default, sentence. */
export function describe(spec: KeySpec): string {
  const names = spec.aliases?.length
    ? `\n\nAlso written: ${spec.aliases.map(a => `\`${a}\``).join(', ')}.`
    : '';
  const later = spec.priced ? '' : '\n\nNot priced yet: kept, but without influence on the estimate.';
  return `${spec.doc}\n\nTakes ${describeType(spec.type)}.\n\nDefault: ${spec.default}.${names}${later}`;
}

export interface ValueInfo {
  label: string;
  doc: string;
  /** With `$1` where the cursor goes. */
  snippet: string;
  priced: boolean;
}

const info = (label: string, doc: string, snippet = label, priced = true): ValueInfo => ({
  label,
  doc,
  snippet,
  priced,
});

/** Values worth offering at `key: ▮`; for quantities the units, with the number still to come. */
export function valuesOf(type: ValueType): ValueInfo[] {
  switch (type.kind) {
    case 'bool':
      return [info('true', ''), info('false', '')];
    case 'choice':
    case 'call':
      return type.options.map(o => {
        const named = o.args?.filter(a => a.required && !a.positional) ?? [];
        const inside = named.length ? named.map((a, i) => `${a.name}: $${i + 1}`).join(', ') : '$1';
        const snippet = !o.args ? o.name : o.needsArguments ? `${o.name}(${inside})` : `${o.name}($1)`;
        return info(o.name, o.doc, snippet, o.priced);
      });
    case 'quantity':
      return type.units.map(unit => info(`…${unit}`, kindName(type.of), `$1${unit}`));
    case 'list':
      return valuesOf(type.of).map(v => info(`[${v.label}]`, v.doc, `[${v.snippet}]`, v.priced));
    case 'either':
      return type.of.flatMap(valuesOf);
    default:
      return [];
  }
}
