/** Reads an expression as what a row of the schema asks for. Every mistake is a finding at its place. */
import { DIMENSION_OF } from '../../engine/units/dimension.ts';
import { parseQuantity } from '../../engine/units/quantity.ts';
import { nearest } from '../../engine/units/suggest.ts';
import { rangeOf } from '../analysis/source.ts';
import { didYouMean, replaceFix } from '../checks/findings.ts';
import type { Expr } from '../generated/ast.ts';
import { isBinary, isBool, isDims, isListLit, isQuantity, isRef, isStr } from '../generated/ast.ts';
import { describeType } from '../schema/query.ts';
import type { ValueType } from '../schema/types.ts';
import { evaluate, evaluateNumber } from './evaluate.ts';
import { letOf, refText } from './names.ts';
import type { Choice } from './read-choice.ts';
import { readChoice, wordOf } from './read-choice.ts';
import { readNumber } from './read-number.ts';
import type { Env } from './value.ts';

/** Numbers in SI; `dims` for `4x4x4`; `axes` for `tp * ep`. */
export type Read = number | boolean | string | Read[] | Choice | { dims: number[] } | { axes: string[] };

export const isChoice = (value: Read | undefined): value is Choice =>
  typeof value === 'object' && !Array.isArray(value) && 'choice' in value;
export const isDimsRead = (value: Read | undefined): value is { dims: number[] } =>
  typeof value === 'object' && !Array.isArray(value) && 'dims' in value;

/** The value, or undefined after a finding (or where the parser has already said that something is missing). */
export function read(expr: Expr | undefined, type: ValueType, env: Env): Read | undefined {
  if (!expr) return undefined;
  // A word or list may hide behind a `let`.
  const target = isRef(expr) && type.kind !== 'axes' ? letOf(expr) : undefined;
  if (target && readsStructure(type) && !env.open?.has(target)) {
    env.open ??= new Set();
    env.open.add(target);
    const value = read(target.value, type, env);
    env.open.delete(target);
    return value;
  }
  switch (type.kind) {
    case 'quantity':
    case 'integer':
    case 'number':
      return readNumber(expr, type, env);
    case 'choice':
    case 'call':
      return readChoice(expr, type, env);
    case 'bool': {
      const value = evaluate(expr, env);
      return value?.kind === 'bool' ? value.value : value && mismatch(expr, type, env);
    }
    case 'string':
      return isStr(expr) ? expr.value : mismatch(expr, type, env);
    case 'dims':
      return readDims(expr, env);
    case 'list':
      return isListLit(expr) ? readEach(expr.items, type.of, env) : mismatch(expr, type, env);
    case 'axes':
      return readAxes(expr, env);
    case 'size':
      return readSize(expr, env);
    case 'either':
      return readEither(expr, type, env);
  }
}

const readsStructure = (type: ValueType): boolean =>
  ['choice', 'call', 'list', 'dims', 'string', 'either'].includes(type.kind);

export function readEach(items: readonly Expr[], type: ValueType, env: Env): Read[] | undefined {
  const values = items.map(item => read(item, type, env));
  return values.some(v => v === undefined) ? undefined : (values as Read[]);
}

function mismatch(expr: Expr, type: ValueType, env: Env): undefined {
  env.findings.add('value-type', rangeOf(expr), `This takes ${describeType(type).replaceAll('`', "'")}.`);
  return undefined;
}

function readDims(expr: Expr, env: Env): { dims: number[] } | undefined {
  // A single dimension is a number: `torus(8)`.
  const text = isDims(expr)
    ? expr.value
    : isQuantity(expr) && /^[0-9]+$/.test(expr.value)
      ? expr.value
      : undefined;
  if (text === undefined) return mismatch(expr, { kind: 'dims' }, env);
  const dims = text.split('x').map(Number);
  if (dims.every(d => d >= 1) && dims.reduce((a, b) => a * b, 1) <= 1e9) return { dims };
  env.findings.add(
    'value-range',
    rangeOf(expr),
    'Every size must be at least 1, and their product at most 1e9.',
  );
  return undefined;
}

function readAxes(expr: Expr, env: Env): { axes: string[] } | undefined {
  if (isBinary(expr) && expr.op === '*') {
    const left = readAxes(expr.left, env);
    const right = readAxes(expr.right, env);
    return left && right && { axes: [...left.axes, ...right.axes] };
  }
  if (!isRef(expr) || expr.call) return mismatch(expr, { kind: 'axes' }, env);
  const name = refText(expr);
  const axes = env.axes?.map(a => a.name) ?? [];
  if (axes.includes(name)) return { axes: [name] };
  const suggestion = nearest(name, axes);
  const message = `The mesh has no axis '${name}'.${suggestion ? didYouMean(suggestion) : axes.length > 0 ? ` It has ${axes.join(', ')}.` : ''}`;
  env.findings.add('name-unknown', rangeOf(expr), message, {
    fixes: [replaceFix(rangeOf(expr), name, suggestion)],
  });
  return undefined;
}

function readSize(expr: Expr, env: Env): number | undefined {
  const value = evaluateNumber(expr, env);
  if (!value) return undefined;
  const fail = (code: 'unit-missing' | 'unit-wrong' | 'value-range', message: string): undefined => {
    env.findings.add(code, rangeOf(expr), message);
    return undefined;
  };
  if (value.dimension !== DIMENSION_OF.bytes) {
    return value.dimension === DIMENSION_OF.count
      ? fail('unit-missing', "A size is in bytes: multiply by the bytes of one element, such as '* 2B'.")
      : fail('unit-wrong', 'A size is an amount of bytes.');
  }
  if (value.value <= 0) return fail('value-range', 'A size must be more than zero.');
  return value.value > 1e18
    ? fail('value-range', 'This is larger than anything plausible (at most 1e18 bytes).')
    : value.value;
}

/** Takes the alternative that the expression looks like, so that the finding speaks about what was meant. */
function readEither(expr: Expr, type: Extract<ValueType, { kind: 'either' }>, env: Env): Read | undefined {
  const match =
    type.of.find(t => looksLike(expr, t)) ?? type.of.find(t => isNumeric(t) && !isStructure(expr));
  return match ? read(expr, match, env) : mismatch(expr, type, env);
}

const isNumeric = (type: ValueType): boolean => ['quantity', 'integer', 'number', 'size'].includes(type.kind);
const isStructure = (expr: Expr): boolean => isListLit(expr) || isStr(expr) || isBool(expr) || isDims(expr);

function looksLike(expr: Expr, type: ValueType): boolean {
  switch (type.kind) {
    case 'list':
      return isListLit(expr);
    case 'bool':
      return isBool(expr);
    case 'string':
      return isStr(expr);
    case 'dims':
      return isDims(expr);
    case 'choice':
    case 'call': {
      const word = wordOf(expr);
      return word !== undefined && (type.options.some(o => o.name === word) || (isRef(expr) && !letOf(expr)));
    }
    case 'quantity': {
      if (!isQuantity(expr)) return false;
      const parsed = parseQuantity(expr.value);
      return parsed.ok && parsed.dimension === DIMENSION_OF[type.of];
    }
    default:
      return false;
  }
}
