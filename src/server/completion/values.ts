/** Values of a type, read off the schema. */
import { DIMENSION_OF, type QuantityKind } from '../../engine/units/index.ts';
import { type Argument, type Option, type ValueType, valuesOf } from '../../language/schema/index.ts';
import { Kind, type Proposal } from './item.ts';

/** Values that a key or an argument takes; units where a number stands before the cursor. */
export function typeValues(type: ValueType, fragment: string): Proposal[] {
  if (/^\d/.test(fragment)) return unitValues(type, fragment);
  return valuesOf(type).map((value, index) => ({
    label: value.label.replace(/^…/, ''),
    kind: value.label.startsWith('…') ? Kind.Unit : Kind.EnumMember,
    // The sentence once: the client shows both fields. What has no price says so before anything else.
    ...(value.priced ? value.doc && { detail: value.doc } : { detail: `not priced yet · ${value.doc}` }),
    snippet: value.snippet.replace(/\$(?!\d)/g, '\\$'),
    rank: (value.priced ? 20 : 40) + (index < 20 ? 0 : 1),
    // What begins with `…` waits for its number.
    ...(value.label.startsWith('…') ? { filter: '' } : {}),
  }));
}

/** `40` becomes `40GB/s`, `40Gb/s`, … */
export function unitValues(type: ValueType, fragment: string): Proposal[] {
  const number = /^\d[\d_]*(?:\.\d*)?(?:[eE][+-]?\d+)?/.exec(fragment)?.[0] ?? fragment;
  return quantityUnits(type).map((unit, index) => ({
    label: `${number}${unit}`,
    kind: Kind.Unit,
    rank: index,
  }));
}

function quantityUnits(type: ValueType): readonly string[] {
  switch (type.kind) {
    case 'quantity':
      return type.units;
    case 'list':
      return quantityUnits(type.of);
    case 'either':
      return type.of.flatMap(quantityUnits);
    case 'integer':
      return type.tokens ? ['tok'] : [];
    default:
      return [];
  }
}

/** Options with this name anywhere in a type. */
export function optionsNamed(type: ValueType, name: string): Option[] {
  return optionsOf(type).filter(option => option.name === name);
}

export function optionsOf(type: ValueType): readonly Option[] {
  switch (type.kind) {
    case 'choice':
    case 'call':
      return type.options;
    case 'list':
      return optionsOf(type.of);
    case 'either':
      return type.of.flatMap(optionsOf);
    default:
      return [];
  }
}

/** Names of arguments that are not given yet, as `name: `. */
export function argumentNames(args: readonly Argument[], given: readonly string[]): Proposal[] {
  return args
    .filter(arg => !given.includes(arg.name) && !arg.positional)
    .map((arg, index) => ({
      label: `${arg.name}:`,
      kind: Kind.Property,
      detail: arg.default ? `default ${arg.default}` : arg.required ? 'required' : '',
      doc: arg.doc,
      snippet: `${arg.name}: $0`,
      again: true,
      rank: index,
    }));
}

const UNITS: Partial<Record<QuantityKind, readonly string[]>> = {
  time: ['s', 'ms', 'us'],
  share: ['%'],
  bytes: ['GiB', 'MiB', 'TB', 'GB'],
  energy: ['J', 'kWh'],
  price: ['usd'],
  bandwidth: ['GB/s'],
};

/** Units in which people state a metric's limit. */
export const unitsOfKind = (kind: QuantityKind | 'bool'): readonly string[] =>
  kind === 'bool' || !(kind in DIMENSION_OF) ? [] : (UNITS[kind] ?? []);
