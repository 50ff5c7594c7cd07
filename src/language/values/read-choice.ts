/** Words with arguments: `switch(reduce: true)`, `interleaved(chunks: 8)`, and the one that lexes as a number, `1f1b`. */
import { nearest } from '../../engine/units/suggest.ts';
import { rangeOf, rangeOfProperty } from '../analysis/source.ts';
import { didYouMean, replaceFix } from '../checks/findings.ts';
import type { Arg, Expr, Ref } from '../generated/ast.ts';
import { isListLit, isQuantity, isRef } from '../generated/ast.ts';
import { describeType } from '../schema/query.ts';
import type { Argument, Option, ValueType } from '../schema/types.ts';
import { refText } from './names.ts';
import type { Read } from './read.ts';
import { read, readEach } from './read.ts';
import { meantWord } from './synonyms.ts';
import type { Env } from './value.ts';

export interface Choice {
  choice: string;
  option: Option;
  args: Record<string, Read | undefined>;
  node: Expr;
}

type ChoiceType = Extract<ValueType, { kind: 'choice' | 'call' }>;

/** The word of an expression that may be a choice. */
export function wordOf(expr: Expr): string | undefined {
  if (isRef(expr)) return refText(expr);
  // `1f1b` is a number with a unit to the lexer.
  return isQuantity(expr) && /^[0-9]+[a-z]/.test(expr.value) ? expr.value : undefined;
}

export function readChoice(expr: Expr, type: ChoiceType, env: Env): Choice | undefined {
  const name = wordOf(expr);
  const option = name === undefined ? undefined : type.options.find(o => o.name === name);
  if (!option) return unknownWord(expr, name, type, env);
  const ref = isRef(expr) ? expr : undefined;
  if (!option.priced) {
    env.findings.add(
      'not-priced',
      rangeOf(expr),
      `'${option.name}' is not priced yet${option.instead ? `: the estimate takes '${option.instead}' for it` : ''}.`,
    );
  }
  const args = readArguments(ref, option, env);
  if (!args) return undefined;
  return { choice: option.name, option, args, node: expr };
}

function unknownWord(expr: Expr, name: string | undefined, type: ChoiceType, env: Env): undefined {
  const words = type.options.map(o => o.name);
  const what = type.kind === 'choice' ? type.what : 'value';
  if (name === undefined) {
    const message = `A ${what} is needed here: ${describeType(type)}.`;
    env.findings.add('value-type', rangeOf(expr), message.replaceAll('`', "'"));
    return undefined;
  }
  const suggestion = meantWord(name, words) ?? nearest(name, words);
  const range = isRef(expr) && expr.call ? rangeOfProperty(expr, 'head') : rangeOf(expr);
  const list = suggestion ? '' : ` Known: ${words.join(', ')}.`;
  env.findings.add('value-unknown', range, `There is no ${what} '${name}'.${didYouMean(suggestion)}${list}`, {
    fixes: [replaceFix(range, name, suggestion)],
  });
  return undefined;
}

function readArguments(ref: Ref | undefined, option: Option, env: Env): Choice['args'] | undefined {
  const specs = option.args ?? [];
  const given = ref?.args ?? [];
  const result: Choice['args'] = {};
  const taken = new Set<string>();
  let sound = true;
  const fail = (node: Arg | Ref, message: string, fixes: Parameters<Env['findings']['add']>[3] = {}) => {
    env.findings.add('argument', rangeOf(node), message, fixes);
    sound = false;
  };
  const take = (arg: Arg, spec: Argument) => {
    if (taken.has(spec.name)) return fail(arg, `'${spec.name}' is given twice.`);
    taken.add(spec.name);
    if (spec.priced === false) {
      env.findings.add('not-priced', rangeOf(arg), `'${spec.name}' has no influence on the estimate yet.`);
    }
    result[spec.name] = read(arg.value, spec.type, env);
    if (result[spec.name] === undefined) sound = false;
  };
  const bare = given.filter(a => !a.name);
  const spread = specs.find(s => s.positional && s.type.kind === 'list');
  if (spread?.type.kind === 'list' && bare.length > 0 && !bare.some(a => isListLit(a.value))) {
    // `selective(attention, norm)`: what has no name makes up the list.
    taken.add(spread.name);
    const items = readEach(
      bare.map(a => a.value),
      spread.type.of,
      env,
    );
    result[spread.name] = items;
    if (!items) sound = false;
    bare.length = 0;
  }
  for (const arg of given) {
    if (!arg.name) continue;
    const spec = specs.find(s => s.name === arg.name);
    if (spec) take(arg, spec);
    else unknownArgument(arg, option, fail);
  }
  for (const arg of bare) {
    const spec = specs.find(s => s.positional && !taken.has(s.name)) ?? onlyOne(specs, taken);
    if (spec) take(arg, spec);
    else
      fail(
        arg,
        specs.length > 0
          ? `Say which argument this is: ${namesOf(specs)}.`
          : `'${option.name}' takes no arguments.`,
      );
  }
  const missing = specs.filter(s => s.required && !taken.has(s.name));
  const node = ref ?? undefined;
  if (node && (missing.length > 0 || (option.needsArguments && taken.size === 0 && sound))) {
    fail(
      node,
      `'${option.name}' needs ${missing.length > 0 ? namesOf(missing) : `one of ${namesOf(specs)}`}.`,
    );
  }
  return sound ? result : undefined;
}

/** A single argument may stand without its name: `interleaved(8)` leaves no doubt. */
const onlyOne = (specs: readonly Argument[], taken: ReadonlySet<string>): Argument | undefined =>
  specs.length === 1 && !taken.has(specs[0]!.name) ? specs[0] : undefined;

const namesOf = (specs: readonly Argument[]): string => specs.map(s => `'${s.name}:'`).join(', ');

function unknownArgument(
  arg: Arg,
  option: Option,
  fail: (node: Arg, message: string, more?: Parameters<Env['findings']['add']>[3]) => void,
): void {
  const names = (option.args ?? []).map(a => a.name);
  const suggestion = nearest(arg.name!, names);
  const known = names.length > 0 ? ` It takes ${names.join(', ')}.` : ' It takes none.';
  fail(arg, `'${option.name}' has no argument '${arg.name}'.${suggestion ? didYouMean(suggestion) : known}`, {
    fixes: [replaceFix(rangeOfProperty(arg, 'name'), arg.name!, suggestion)],
  });
}
