/** Numbers that a key takes: right dimension, in range, whole where only whole numbers make sense. */
import { DIMENSION_OF, dimensionName, kindName, NONE } from '../../engine/units/dimension.ts';
import { formatCount } from '../../engine/units/format.ts';
import { findUnit } from '../../engine/units/unit.ts';
import type { Fix } from '../analysis/report.ts';
import { rangeOf, textOf } from '../analysis/source.ts';
import { replaceFix } from '../checks/findings.ts';
import type { Expr } from '../generated/ast.ts';
import { isQuantity } from '../generated/ast.ts';
import type { ValueType } from '../schema/types.ts';
import { evaluateNumber } from './evaluate.ts';
import type { Env, NumberValue } from './value.ts';

type NumberType = Extract<ValueType, { kind: 'quantity' | 'integer' | 'number' }>;

/** The number in SI; undefined after a finding. */
export function readNumber(expr: Expr, type: NumberType, env: Env): number | undefined {
  const value = evaluateNumber(expr, env);
  if (!value) return undefined;
  const wanted =
    type.kind === 'quantity' ? type.of : type.kind === 'integer' && type.tokens ? 'tokens' : 'count';
  if (value.dimension !== DIMENSION_OF[wanted]) return wrongDimension(expr, type, wanted, value, env);
  // Tokens and shares are plain numbers, but nobody means 5 % of a rank.
  if (wanted !== 'share' && value.of === 'share' && value.unit === '%' && type.kind !== 'number') {
    return wrongUnit(expr, `${capital(kindName(wanted))} is needed here, not a share.`, env, []);
  }
  if (wanted === 'count' && value.unit !== undefined && value.of === 'tokens') {
    return wrongUnit(expr, 'A count is needed here, not a number of tokens.', env, []);
  }
  return inRange(expr, type, value, env);
}

function wrongDimension(
  expr: Expr,
  type: NumberType,
  wanted: keyof typeof DIMENSION_OF,
  value: NumberValue,
  env: Env,
): undefined {
  const range = rangeOf(expr);
  const units = type.kind === 'quantity' ? type.units : [];
  if (value.dimension === NONE) {
    const fixes =
      isQuantity(expr) && value.unit === '' ? units.map((u, i) => withUnit(expr, u, i === 0)) : [];
    const example = units.length > 0 ? `, such as '${digitsOf(expr) ?? '1'}${units[0]}'` : '';
    env.findings.add('unit-missing', range, `${capital(kindName(wanted))} needs its unit${example}.`, {
      fixes,
    });
    return undefined;
  }
  const message = `${capital(kindName(wanted))} is needed here, not ${dimensionName(value.dimension)}.`;
  return wrongUnit(expr, message, env, [...sameLetters(value.unit, wanted), ...units]);
}

function wrongUnit(expr: Expr, message: string, env: Env, units: readonly string[]): undefined {
  const digits = digitsOf(expr);
  const range = rangeOf(expr);
  const fix =
    digits !== undefined && units[0] !== undefined
      ? replaceFix(range, textOf(expr), digits + units[0])
      : undefined;
  env.findings.add('unit-wrong', range, message, { fixes: [fix && { ...fix, safe: false }] });
  return undefined;
}

/** Units of the right dimension with the same letters: `GB` for a bandwidth is `GB/s`, `GB/s` for memory is `GB`. */
function sameLetters(unit: string | undefined, wanted: keyof typeof DIMENSION_OF): string[] {
  if (!unit) return [];
  const [above = ''] = unit.split('/');
  return [`${unit}/s`, above, `${above}/s`, `${above}/bit`, `${above}/h`].filter(
    candidate => candidate !== unit && findUnit(candidate)?.dimension === DIMENSION_OF[wanted],
  );
}

/** Up to here whole numbers are choices, such as the stages of ZeRO, and none is more plausible than another. */
const FEW = 16;

function inRange(expr: Expr, type: NumberType, { value, unit }: NumberValue, env: Env): number | undefined {
  const { min, max } = type;
  const fail = (message: string, fixes: Fix[] = []): undefined => {
    env.findings.add('value-range', rangeOf(expr), message, { fixes });
    return undefined;
  };
  if (type.kind === 'integer') {
    if (!Number.isInteger(value)) return fail(`A whole number is needed here, not ${plain(value)}.`);
    if (value > Number.MAX_SAFE_INTEGER) return fail('This number is too large to count with.');
    if (max <= FEW && (value < min || value > max)) return fail(`Only ${min} to ${max} can stand here.`);
  } else if (type.positive && value === 0) return fail('This must be more than zero.');
  if (value < min)
    return fail(min === 0 ? 'This cannot be negative.' : `This must be at least ${plain(min)}.`);
  if (value > max) {
    if (type.kind === 'quantity' && type.of === 'share' && unit === '' && isQuantity(expr) && value <= 100) {
      const message = `A share above 100 %: write '${expr.value}%'.`;
      env.findings.add('unit-missing', rangeOf(expr), message, { fixes: [withUnit(expr, '%', true)] });
      return undefined;
    }
    return fail(`This is larger than anything plausible (${limit(type)}).`);
  }
  return value;
}

/** A number as a person would write it: bounds and what was typed are not rounded to three digits. */
const plain = (value: number): string =>
  Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(9)));

function limit(type: NumberType): string {
  if (type.kind === 'quantity' && type.of === 'share') return 'at most 100 %';
  return `at most ${type.max >= 1e7 ? type.max.toExponential(0).replace('+', '') : formatCount(type.max)}`;
}

const digitsOf = (expr: Expr): string | undefined =>
  isQuantity(expr) ? /^[0-9_.]+(?:[eE][+-]?[0-9]+)?/.exec(expr.value)?.[0] : undefined;

function withUnit(expr: Expr, unit: string, preferred: boolean): Fix {
  const text = textOf(expr) + unit;
  return {
    title: `Write '${text}'`,
    edits: [{ range: rangeOf(expr), newText: text }],
    ...(preferred && { preferred }),
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
