/** The keys of a block, found in the schema and read. */
import type { Role } from '../../engine/plan/spec.ts';
import { rangeOf, textOf } from '../analysis/source.ts';
import { didYouMean, replaceFix } from '../checks/findings.ts';
import type { Property } from '../generated/ast.ts';
import { ROLE_NAMES } from '../schema/mesh.ts';
import type { KeyContext } from '../schema/query.ts';
import { blocksWith, findKey, suggestKey } from '../schema/query.ts';
import type { Block, KeySpec } from '../schema/types.ts';
import { keyText } from '../values/names.ts';
import type { Read } from '../values/read.ts';
import { read } from '../values/read.ts';
import { isAccumulation, meantPlanKey } from '../values/synonyms.ts';
import type { Env } from '../values/value.ts';

export interface Entry {
  property: Property;
  spec: KeySpec;
  role?: Role;
  /** undefined after a finding: the key is there, its value is not understood. */
  value: Read | undefined;
}

/** By canonical key: `batch.global`, `dp.zero` (the role, whatever the axis is called). */
export type Entries = Map<string, Entry>;

const BLOCK_NAMES: Readonly<Record<Block, string>> = {
  chip: 'a chip',
  fabric: 'a fabric',
  level: 'a level',
  model: 'a model',
  plan: 'a plan',
  shard: 'a shard line',
};

/** Reads every property of a block; the first of a key counts. */
export function readProperties(
  props: readonly Property[],
  block: Block,
  env: Env,
  context: KeyContext = {},
): Entries {
  const entries: Entries = new Map();
  for (const property of props) {
    const key = property.key ? keyText(property.key) : '';
    if (key === '' || key.endsWith('.')) continue; // half typed; the parser has said so
    const found = findKey(block, key, context);
    if (!found) {
      unknownKey(property, key, block, env, context);
      continue;
    }
    const first = entries.get(found.canonical);
    if (first) {
      const written = keyText(first.property.key);
      env.findings.add(
        'key-duplicate',
        rangeOf(property.key),
        written === key
          ? `'${key}' is stated twice; the first counts.`
          : `'${key}' and '${written}' are the same key; the first counts.`,
        { related: [{ message: 'Stated first here.', range: rangeOf(first.property) }] },
      );
      continue;
    }
    const { spec, role } = found;
    if (!spec.priced) {
      env.findings.add(
        'not-priced',
        rangeOf(property.key),
        `'${key}' is not priced yet: it has no influence on the estimate.`,
      );
    }
    if (role && context.axes && !context.axes.some(a => a.role === role)) {
      env.findings.add(
        'key-without-effect',
        rangeOf(property),
        `The mesh has no ${role} axis: this changes nothing.`,
        {
          tag: 'unnecessary',
        },
      );
    }
    entries.set(found.canonical, {
      property,
      spec,
      ...(role && { role }),
      value: read(property.value, spec.type, env),
    });
  }
  return entries;
}

function unknownKey(property: Property, key: string, block: Block, env: Env, context: KeyContext): void {
  const range = rangeOf(property.key);
  const meant = block === 'plan' ? meantPlanKey(key) : undefined;
  if (meant !== undefined || (block === 'plan' && isAccumulation(key))) {
    const hint = meant
      ? didYouMean(meant)
      : " It follows from 'batch.global', 'batch.micro' and the data-parallel ranks: state those.";
    env.findings.add('key-unknown', range, `A plan has no key '${key}'.${hint}`, {
      fixes: [replaceFix(range, textOf(property.key), meant)],
    });
    return;
  }
  const homes = blocksWith(key).filter(b => b !== block);
  if (homes.length > 0) {
    const where = homes.map(b => BLOCK_NAMES[b]).join(' or ');
    env.findings.add(
      'key-misplaced',
      range,
      `'${key}' belongs into ${where}, not into ${BLOCK_NAMES[block]}.`,
    );
    return;
  }
  const suggestion = suggestKey(block, key, context);
  const head = key.split('.')[0]!;
  const axis = context.axes?.find(a => a.name === head);
  const option = key.includes('.') && block === 'plan' && (axis || ROLE_NAMES.has(head));
  const role = axis?.role ?? head;
  const message =
    role === 'other'
      ? `The axis '${head}' has no role, so it has no options: add 'as dp' or the like to the mesh.`
      : option
        ? `A ${role} axis has no option '${key.slice(head.length + 1)}'.${didYouMean(suggestion)}`
        : `${BLOCK_NAMES[block].replace('a ', 'A ')} has no key '${key}'.${didYouMean(suggestion)}`;
  env.findings.add('key-unknown', range, message, {
    fixes: [replaceFix(range, textOf(property.key), suggestion)],
  });
}

/** Typed access to entries: undefined where the key is missing or was not understood. */
export const numberAt = (entries: Entries, key: string): number | undefined => {
  const value = entries.get(key)?.value;
  return typeof value === 'number' ? value : undefined;
};
export const boolAt = (entries: Entries, key: string): boolean | undefined => {
  const value = entries.get(key)?.value;
  return typeof value === 'boolean' ? value : undefined;
};
export const wordAt = (entries: Entries, key: string): string | undefined => {
  const value = entries.get(key)?.value;
  return typeof value === 'object' && 'choice' in value ? value.choice : undefined;
};
