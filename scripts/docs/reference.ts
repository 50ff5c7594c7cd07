/** docs/reference.md: every key, option, metric and name of the language. */
import { AXIS_KEYS } from '../../src/language/schema/axis.ts';
import {
  COLLECTIVE_ARGUMENTS,
  COLLECTIVE_OPS,
  INFERRED,
  SIZES,
  TENSOR_DIMENSIONS,
} from '../../src/language/schema/collective.ts';
import { ROLES } from '../../src/language/schema/mesh.ts';
import { FUNCTIONS, METRICS } from '../../src/language/schema/metrics.ts';
import { PLAN_KEYS } from '../../src/language/schema/plan.ts';
import { describeType, KEYS, signature, spellings } from '../../src/language/schema/query.ts';
import { TOPOLOGIES } from '../../src/language/schema/topology.ts';
import type { KeySpec, NameSpec, Option, ValueType } from '../../src/language/schema/types.ts';
import { code, GENERATED, page, table } from './markdown.ts';

const later = (priced: boolean): string => (priced ? '' : ' *Not priced yet.*');

function keyTable(keys: readonly KeySpec[]): string {
  return table(
    ['key', 'takes', 'default', 'is'],
    keys.map(key => [
      [...spellings(key), ...(key.aliases ?? [])].map(code).join(' '),
      key.key === 'topology' ? 'one of the topologies below' : describeType(key.type),
      key.default,
      key.doc + later(key.priced),
    ]),
  );
}

const names = (list: readonly NameSpec[]): string =>
  table(
    ['name', 'is'],
    list.map(n => [code(n.name), n.doc]),
  );

function options(list: readonly Option[]): string {
  return table(
    ['value', 'is'],
    list.map(o => [code(o.name + signature(o.args)), o.doc + later(o.priced) + argumentsOf(o)]),
  );
}

const argumentsOf = ({ args }: Option): string =>
  args
    ? ` ${args.map(a => `${code(a.name)}: ${a.doc.replace(/\.$/, '')}${a.default ? ` (default ${a.default})` : ''}`).join('; ')}.`
    : '';

/** Choices whose words deserve a sentence each, below their table. */
function choices(keys: readonly KeySpec[]): string[] {
  const found = (type: ValueType): readonly Option[] =>
    type.kind === 'choice' && type.what !== 'precision' && type.what !== 'topology'
      ? type.options
      : type.kind === 'either'
        ? type.of.flatMap(found)
        : [];
  // Keys that take the same words share a table.
  const types = new Map<ValueType, KeySpec[]>();
  for (const key of keys) types.set(key.type, [...(types.get(key.type) ?? []), key]);
  return [...types].flatMap(([type, sharing]) => {
    const list = found(type);
    const spelled = sharing.flatMap(spellings).map(code).join(', ');
    return list.length > 1 ? [`Values of ${spelled}:`, options(list)] : [];
  });
}

export function referencePage(): string {
  return page([
    '# Reference',
    GENERATED,
    'Every key of every block, with what it takes, its default and what it is. Keys marked *not priced yet* are read and kept, but have no influence on the estimate yet.',
    '## Units',
    'Units are part of the value: `450GB/s`, `400Gb/s`, `0.6us`, `80GiB`, `989TFLOP/s`, `2%`. `B` is byte, `b` is bit; `k M G T P E` are decimal, `Ki Mi Gi Ti Pi Ei` binary. A missing unit is an error, and so is a wrong one.',
    table(
      ['quantity', 'units'],
      [
        ['size', '`B`, `kB`, `MB`, `GB`, `TB`, `KiB`, `MiB`, `GiB`, `TiB`, and bits: `Gb`'],
        ['bandwidth', '`GB/s`, `Gb/s`, `TB/s`, `GiB/s`'],
        ['time', '`s`, `ms`, `us` (or `µs`), `ns`, `min`, `h`'],
        ['work and its rate', '`TFLOP`; `TFLOP/s` (or `TFLOPS`), `PFLOP/s`'],
        ['power, energy', '`W`, `kW`, `MW`; `J`, `kJ`, `kWh`; per bit `pJ/bit`'],
        ['length', '`m`, `km`, `mm`'],
        ['tokens', '`tok`, `Mtok`, or no unit'],
        ['share', '`%`, or a number up to 1'],
        ['price', '`usd`, `usd/h`, `usd/Gbps`'],
      ],
    ),
    'Numbers may hold underscores (`16_777_216`) and exponents (`1e9`). Expressions add, multiply and compare values with their dimensions; these functions exist:',
    names(FUNCTIONS),
    '## chip',
    keyTable(KEYS.chip),
    '## fabric and level',
    '`level NAME of COUNT CHILD { … }`: the level that no other contains is the top.',
    keyTable([...KEYS.fabric, ...KEYS.level]),
    '### Topologies',
    options(TOPOLOGIES),
    ...choices(KEYS.level),
    '## model',
    '`model NAME from "config.json"` reads a Hugging Face configuration; keys in braces override it.',
    keyTable(KEYS.model),
    '## mesh',
    '`AXIS: SIZE`, with `as ROLE` where the name is none of these, `from AXIS` where it reuses the ranks of another, `on LEVEL` where it must lie there. Sizes may use `chips` and other axes.',
    names(ROLES),
    'Without `order` the axes are nested as they stand, innermost first, refined by `on`: axes placed on inner levels come first, and an axis placed on an outer level comes after unplaced ones that fill the units below.',
    '## plan',
    keyTable(PLAN_KEYS),
    ...choices(PLAN_KEYS),
    '### Options of an axis',
    'The first word names the axis; an axis called otherwise uses its own name (`data.zero` of `data: 64 as dp`).',
    keyTable(AXIS_KEYS),
    ...choices(AXIS_KEYS),
    '### collective',
    '`collective NAME: OP(…)` replaces the inferred collective of that name and phase, or adds one.',
    options(COLLECTIVE_OPS.map(({ args: _, ...o }) => o)),
    table(
      ['argument', 'takes', 'default', 'is'],
      COLLECTIVE_ARGUMENTS.map(a => [
        code(a.name),
        describeType(a.type),
        a.default ?? (a.required ? 'required' : ''),
        a.doc,
      ]),
    ),
    'Inferred collectives:',
    names(INFERRED),
    'Names in sizes, besides axes and `let` names:',
    names(SIZES),
    '### shard',
    '`shard W[D/fsdp, F] -> W[D, F]`: `/` reads "split over", `sum AXIS` behind a layout means partial sums. An axis that disappears is an all-gather; a sum that becomes a split is a reduce-scatter, one that disappears an all-reduce; an axis that moves is an all-to-all. A line that states what the plan causes anyway takes that collective over.',
    keyTable(KEYS.shard),
    'Dimensions:',
    names(TENSOR_DIMENSIONS),
    '## Metrics',
    'For `assert` and `expect`.',
    table(
      ['metric', 'is'],
      METRICS.map(m => [
        code(m.name + (m.args.length > 0 ? `(${m.args.join(', ')})` : '')),
        m.doc + later(m.priced),
      ]),
    ),
  ]);
}
