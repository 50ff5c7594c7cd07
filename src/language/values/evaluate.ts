/** Expressions to values, with dimensions: every mistake is a finding at its token, and gives undefined. */
import { combine, DIMENSION_OF, dimensionName, NONE } from '../../engine/units/dimension.ts';
import { formatCount, formatShare } from '../../engine/units/format.ts';
import { parseQuantity } from '../../engine/units/quantity.ts';
import { nearest } from '../../engine/units/suggest.ts';
import { rangeOf, textOf } from '../analysis/source.ts';
import { didYouMean, replaceFix } from '../checks/findings.ts';
import type { Binary, Expr, Quantity, Ref } from '../generated/ast.ts';
import { isQuantity } from '../generated/ast.ts';
import { FUNCTIONS, findMetric, METRICS } from '../schema/metrics.ts';
import { compare } from './compare.ts';
import { letOf, refText } from './names.ts';
import { meantMetric } from './synonyms.ts';
import type { Env, NumberValue, Value } from './value.ts';

/** The value of an expression; undefined after a finding. */
export function evaluate(expr: Expr | undefined, env: Env): Value | undefined {
  if (!expr) return undefined; // made by error recovery; the parser has said what is missing
  switch (expr.$type) {
    case 'Quantity':
      return literal(expr, env);
    case 'Bool':
      return { kind: 'bool', value: expr.value === 'true' };
    case 'Str':
      return { kind: 'string', value: expr.value };
    case 'Negative': {
      const operand = evaluateNumber(expr.operand, env);
      return operand && { ...operand, value: -operand.value };
    }
    case 'Not': {
      const operand = evaluateBool(expr.operand, env);
      return operand === undefined ? undefined : { kind: 'bool', value: !operand };
    }
    case 'Binary':
      return binary(expr, env);
    case 'Ref':
      return reference(expr, env);
    default:
      return { kind: 'other' };
  }
}

/** A number or a finding. */
export function evaluateNumber(expr: Expr | undefined, env: Env): NumberValue | undefined {
  const value = evaluate(expr, env);
  if (!expr || !value) return undefined;
  if (value.kind === 'number') return value;
  if (value.kind === 'word') return unknownName(expr, value.name, env);
  env.findings.add('value-type', rangeOf(expr), `A number is needed here, not ${nameOf(value)}.`);
  return undefined;
}

/** A truth value or a finding. */
export function evaluateBool(expr: Expr | undefined, env: Env): boolean | undefined {
  const value = evaluate(expr, env);
  if (!expr || !value) return undefined;
  if (value.kind === 'bool') return value.value;
  if (value.kind === 'word') return unknownName(expr, value.name, env);
  env.findings.add('claim-type', rangeOf(expr), `A condition is needed here, not ${nameOf(value)}.`);
  return undefined;
}

function literal(expr: Quantity, env: Env): NumberValue | undefined {
  const parsed = parseQuantity(expr.value);
  if (parsed.ok) {
    const of = parsed.unit === '%' ? 'share' : parsed.unit.endsWith('tok') ? 'tokens' : undefined;
    return {
      kind: 'number',
      value: parsed.value,
      dimension: parsed.dimension,
      unit: parsed.unit,
      ...(of && { of }),
    };
  }
  const range = rangeOf(expr);
  if (parsed.kind === 'unknown-unit') {
    const fix = parsed.suggestion && replaceFix(range, expr.value, parsed.digits + parsed.suggestion);
    const message = `There is no unit '${parsed.unit}'.${didYouMean(parsed.suggestion)}`;
    env.findings.add('unit-unknown', range, message, { fixes: [fix || undefined] });
  } else {
    env.findings.add('value-overflow', range, 'This number is too large to compute with.');
  }
  return undefined;
}

function reference(ref: Ref, env: Env): Value | undefined {
  const name = refText(ref);
  const metric = env.metric?.(ref);
  if (metric !== undefined) return metric ?? undefined;
  if (ref.call) {
    return FUNCTIONS.some(f => f.name === name) ? callFunction(ref, name, env) : { kind: 'word', name };
  }
  const target = letOf(ref);
  // An axis of the mesh hides a `let` of the same name, as it does for the links.
  if (!target) {
    const value = env.number?.(name);
    if (typeof value !== 'string') return value === null ? undefined : (value ?? { kind: 'word', name });
    env.findings.add('value-type', rangeOf(ref), value);
    return undefined;
  }
  return valueOfLet(ref, target, env);
}

function valueOfLet(ref: Ref, target: NonNullable<ReturnType<typeof letOf>>, env: Env): Value | undefined {
  env.lets ??= new Map();
  if (env.lets.has(target)) return env.lets.get(target);
  env.open ??= new Set();
  if (env.open.has(target)) {
    env.findings.add('value-cycle', rangeOf(ref), `The value of '${target.name}' rests on itself.`);
    return undefined;
  }
  env.open.add(target);
  const value = evaluate(target.value, env);
  env.open.delete(target);
  // A computed value keeps no unit of its own: it is named here, not written here.
  const kept = value?.kind === 'number' && value.unit === '' ? { ...value, unit: undefined } : value;
  env.lets.set(target, kept);
  return kept;
}

function callFunction(ref: Ref, name: string, env: Env): Value | undefined {
  const args = ref.args.map(a => evaluateNumber(a.value, env));
  if (args.some(a => a === undefined)) return undefined;
  const numbers = args as NumberValue[];
  const first = numbers[0];
  const many = name === 'min' || name === 'max';
  if (!first || (!many && numbers.length > 1)) {
    env.findings.add(
      'argument',
      rangeOf(ref),
      `'${name}' takes ${many ? 'at least one number' : 'one number'}.`,
    );
    return undefined;
  }
  const other = numbers.findIndex(n => n.dimension !== first.dimension);
  if (other > 0) {
    const message = `'${name}' needs values of one dimension: ${dimensionName(first.dimension)} and ${dimensionName(numbers[other]!.dimension)}.`;
    env.findings.add('unit-mismatch', rangeOf(ref.args[other]!), message);
    return undefined;
  }
  const values = numbers.map(n => n.value);
  const value = many
    ? Math[name](...values)
    : name === 'ceil'
      ? Math.ceil(values[0]!)
      : name === 'floor'
        ? Math.floor(values[0]!)
        : Math.round(values[0]!);
  return { kind: 'number', value, dimension: first.dimension };
}

function binary(expr: Binary, env: Env): Value | undefined {
  if (expr.op === 'and' || expr.op === 'or') {
    const left = evaluateBool(expr.left, env);
    const right = evaluateBool(expr.right, env);
    if (left === undefined || right === undefined) return undefined;
    return { kind: 'bool', value: expr.op === 'and' ? left && right : left || right };
  }
  const left = evaluateNumber(expr.left, env);
  const right = evaluateNumber(expr.right, env);
  if (!left || !right) return undefined;
  if (expr.op === '*' || expr.op === '/') return product(expr, left, right, env);
  if (left.dimension !== right.dimension) return mismatch(expr, left, right, env);
  if (expr.op !== '+' && expr.op !== '-') {
    doubtPercent(expr, left, right, env);
    return { kind: 'bool', value: compare(expr.op, left.value, right.value) };
  }
  const value = expr.op === '+' ? left.value + right.value : left.value - right.value;
  return finite(expr, { kind: 'number', value, dimension: left.dimension, of: left.of }, env);
}

function product(expr: Binary, left: NumberValue, right: NumberValue, env: Env): NumberValue | undefined {
  const divides = expr.op === '/';
  if (divides && right.value === 0) {
    env.findings.add('value-division', rangeOf(expr.right), 'This divides by zero.');
    return undefined;
  }
  const value = divides ? left.value / right.value : left.value * right.value;
  const dimension = combine(left.dimension, right.dimension, divides ? -1 : 1);
  return finite(expr, { kind: 'number', value, dimension }, env);
}

function finite(expr: Expr, value: NumberValue, env: Env): NumberValue | undefined {
  if (Number.isFinite(value.value)) return value;
  env.findings.add('value-overflow', rangeOf(expr), 'This comes out too large to compute with.');
  return undefined;
}

/** Units that people add to a bare number beside a value of this dimension. */
const USUAL_UNITS: Readonly<Record<string, readonly string[]>> = {
  [DIMENSION_OF.time]: ['s', 'ms'],
  [DIMENSION_OF.bytes]: ['GiB', 'GB'],
  [DIMENSION_OF.bandwidth]: ['GB/s', 'Gb/s'],
  [DIMENSION_OF.price]: ['usd'],
  [DIMENSION_OF.energy]: ['kJ', 'J'],
  [DIMENSION_OF.rate]: ['tok/s'],
};

/** `mfu > 40` is 4,000 %: sound, but hardly what is meant. */
function doubtPercent(expr: Binary, left: NumberValue, right: NumberValue, env: Env): void {
  for (const [side, value, other] of [
    [expr.right, right, left],
    [expr.left, left, right],
  ] as const) {
    if (!isQuantity(side) || value.unit !== '' || value.value <= 1 || other.of !== 'share') continue;
    const text = `${side.value}%`;
    env.findings.add(
      'unit-missing',
      rangeOf(side),
      `This is compared with a share, and ${side.value} is ${formatShare(value.value)}: write '${text}' if that is meant.`,
      {
        severity: 'warning',
        fixes: [
          { title: `Write '${text}'`, edits: [{ range: rangeOf(side), newText: text }], preferred: true },
        ],
      },
    );
  }
}

function mismatch(expr: Binary, left: NumberValue, right: NumberValue, env: Env): undefined {
  for (const [side, value, other] of [
    [expr.right, right, left],
    [expr.left, left, right],
  ] as const) {
    if (!isQuantity(side) || value.unit !== '' || other.dimension === NONE) continue;
    const units = USUAL_UNITS[other.dimension] ?? [];
    const fixes = units.map((unit, i) => ({
      title: `Write '${side.value}${unit}'`,
      edits: [{ range: rangeOf(side), newText: side.value + unit }],
      ...(i === 0 && { preferred: true }),
    }));
    const what = dimensionName(other.dimension);
    const example = units[0] ? `, such as '${side.value}${units[0]}'` : '';
    const message = `This is compared with ${what} and needs a unit${example}.`;
    env.findings.add('unit-missing', rangeOf(side), message, { fixes });
    return undefined;
  }
  const verb = expr.op === '+' || expr.op === '-' ? 'added to' : 'compared with';
  const message = `${capital(dimensionName(right.dimension))} cannot be ${verb} ${dimensionName(left.dimension)}.`;
  const meant = env.metric && metricMeant(expr.left, right);
  env.findings.add('unit-mismatch', rangeOf(expr.right), `${message}${didYouMean(meant)}`, {
    fixes: [replaceFix(rangeOf(expr.left), textOf(expr.left), meant)],
  });
  return undefined;
}

/** `tokens > 1tok/s`: the size has the name, the metric has the dimension. */
function metricMeant(expr: Expr, other: NumberValue): string | undefined {
  const name = expr.$type === 'Ref' && !expr.call ? meantMetric(refText(expr)) : undefined;
  const of = name === undefined ? undefined : findMetric(name)?.of;
  return of !== undefined && of !== 'bool' && DIMENSION_OF[of] === other.dimension ? name : undefined;
}

function unknownName(expr: Expr, name: string, env: Env): undefined {
  const known = [...(env.known?.() ?? []), ...FUNCTIONS.map(f => f.name)];
  const suggestion = (env.metric && meantMetric(name)) ?? nearest(name, known);
  const list =
    env.metric && suggestion === undefined
      ? ` Metrics: ${METRICS.map(m => m.name).join(', ')}; sizes of the model and axes have names here too.`
      : '';
  const range = rangeOf(expr);
  const fix = expr.$type === 'Ref' && !expr.call ? replaceFix(range, name, suggestion) : undefined;
  env.findings.add(
    env.metric ? 'metric-unknown' : 'name-unknown',
    range,
    `Nothing here is called '${name}'.${didYouMean(suggestion)}${list}`,
    { fixes: [fix] },
  );
  return undefined;
}

function nameOf(value: Value): string {
  if (value.kind === 'number') return `${dimensionName(value.dimension)} (${formatCount(value.value)})`;
  if (value.kind === 'bool') return `'${value.value}'`;
  if (value.kind === 'string') return 'a text';
  return 'this';
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
