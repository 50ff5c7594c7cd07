/** `assert` and `expect`, judged against an estimate. */

import type { MetricArguments } from '../../engine/estimate/metrics.ts';
import type { Estimate } from '../../engine/estimate/result.ts';
import type { PlanSpec } from '../../engine/plan/spec.ts';
import { DIMENSION_OF, kindOf } from '../../engine/units/dimension.ts';
import {
  formatBytesBinary,
  formatBytesDecimal,
  formatCount,
  formatEnergy,
  formatFlops,
  formatRate,
  formatShare,
  formatTime,
} from '../../engine/units/format.ts';
import { nearest } from '../../engine/units/suggest.ts';
import { didYouMean, type Findings, replaceFix } from '../checks/findings.ts';
import type { Arg, Assertion, Binary, Expr, Ref } from '../generated/ast.ts';
import { isBinary, isRef } from '../generated/ast.ts';
import { findMetric, METRICS } from '../schema/metrics.ts';
import type { MetricArgument, MetricSpec } from '../schema/types.ts';
import { isComparison } from '../values/compare.ts';
import { evaluate, evaluateBool } from '../values/evaluate.ts';
import { refText } from '../values/names.ts';
import { meantMetric } from '../values/synonyms.ts';
import type { Env, NumberValue, Value } from '../values/value.ts';
import type { ClaimResult, Fix } from './report.ts';
import { rangeOf, textOf } from './source.ts';

export type Measure = (
  estimate: Estimate,
  spec: PlanSpec,
  metric: string,
  args: MetricArguments,
) => number | boolean | undefined;

export interface ClaimInput {
  /** undefined: the plan could not be lowered; then only the form of the claim is checked. */
  spec: PlanSpec | undefined;
  estimate: Estimate | undefined;
  /** Names of axes and sizes of the plan. */
  env: Env | undefined;
  measure: Measure;
}

export interface Judged extends ClaimResult {
  /** Why it cannot be judged, where `holds` is undefined and the claim itself is sound. */
  unpriced?: string;
}

/** Findings about the claim's form go to `findings`; whether it holds is the answer. */
export function judge(claim: Assertion, input: ClaimInput, findings: Findings): Judged {
  const range = rangeOf(claim);
  const text = claim.condition ? textOf(claim.condition) : '';
  const base = { severity: claim.severity, text, range };
  let unpriced: string | undefined;
  const env: Env = {
    ...input.env,
    findings,
    known: () => [...METRICS.map(m => m.name), ...(input.env?.known?.() ?? [])],
    metric: ref => {
      const metric = isMetric(ref);
      if (!metric) return undefined;
      const args = metricArguments(ref, metric, input.spec, findings);
      if (!args) return null;
      const { estimate, spec } = input;
      const value = estimate && spec ? input.measure(estimate, spec, metric.name, args) : undefined;
      if (value !== undefined) return asValue(value, metric);
      unpriced ??= estimate ? missingFor(metric.name, estimate) : 'the plan has no estimate';
      // Any number will do: the form of the claim is checked all the same.
      return asValue(metric.of === 'bool' ? false : 1, metric);
    },
  };
  const before = findings.list.length;
  const holds = evaluateBool(claim.condition, env);
  // A warning doubts what is meant; what is written holds or fails all the same.
  const unsound = findings.list.slice(before).some(finding => finding.severity === 'error');
  if (holds === undefined || unsound) return { ...base, holds: undefined, actual: '' };
  if (unpriced !== undefined) return { ...base, holds: undefined, actual: 'not priced yet', unpriced };
  return { ...base, holds, actual: actualOf(claim.condition, { ...env, findings }) };
}

/** What the file would have to state, or that nothing helps yet. */
function missingFor(metric: string, { levels }: Estimate): string {
  if (metric === 'cost') return "the chip states no 'price'";
  const silent = levels.filter(level => level.energy === undefined).map(level => `'${level.name}'`);
  if (metric === 'energy' && silent.length > 0)
    return `${silent.join(' and ')} of the fabric states no 'media'`;
  return `'${metric}' is not modelled yet`;
}

const isMetric = (ref: Ref): MetricSpec | undefined => findMetric(refText(ref));

const asValue = (value: number | boolean, metric: MetricSpec): Value =>
  typeof value === 'boolean' || metric.of === 'bool'
    ? { kind: 'bool', value: Boolean(value) }
    : { kind: 'number', value, dimension: DIMENSION_OF[metric.of], of: metric.of };

function metricArguments(
  ref: Ref,
  metric: MetricSpec,
  spec: PlanSpec | undefined,
  findings: Findings,
): MetricArguments | undefined {
  const result: MetricArguments = {};
  let sound = true;
  const fail = (at: Ref | Arg, message: string, fix?: Fix) => {
    findings.add('argument', rangeOf(at), message, { fixes: [fix] });
    sound = false;
  };
  const given = [...ref.args];
  const usage = `${metric.name}(${metric.args.join(', ')})`;
  for (const kind of metric.args) {
    const optional = metric.optional?.includes(kind) ?? false;
    const named = given.findIndex(arg => arg.name === kind);
    const index = named >= 0 ? named : optional ? -1 : given.findIndex(arg => !arg.name);
    const [arg] = index >= 0 ? given.splice(index, 1) : [];
    if (!arg) {
      if (optional) continue;
      // `time < 1s` means the step.
      const whole = given.length > 0 || ref.args.length > 0 ? undefined : meantMetric(metric.name);
      fail(
        ref,
        `Say of which ${kind}: '${usage}'.${didYouMean(whole)}`,
        replaceFix(rangeOf(ref), textOf(ref), whole),
      );
    } else if (!readArgument(arg, kind, spec, result, findings)) sound = false;
  }
  for (const arg of given)
    fail(arg, `'${metric.name}' takes ${metric.args.length > 0 ? `'${usage}'` : 'no arguments'}.`);
  return sound ? result : undefined;
}

function readArgument(
  arg: Arg,
  kind: MetricArgument,
  spec: PlanSpec | undefined,
  result: MetricArguments,
  findings: Findings,
): boolean {
  const name = isRef(arg.value) && !arg.value.call ? refText(arg.value) : undefined;
  const known =
    kind === 'attention'
      ? ['causal', 'full']
      : kind === 'axis'
        ? spec?.mesh.axes.map(a => a.name)
        : spec?.fabric.levels.map(l => l.name);
  if (name !== undefined && (known === undefined || known.includes(name))) {
    if (kind === 'attention') result.attention = name as 'causal' | 'full';
    else result[kind] = name;
    return true;
  }
  const range = arg.value ? rangeOf(arg.value) : rangeOf(arg);
  const suggestion = name === undefined ? undefined : nearest(name, known ?? []);
  const list = suggestion ? didYouMean(suggestion) : known?.length ? ` Known: ${known.join(', ')}.` : '';
  const what =
    kind === 'attention' ? "'causal' or 'full'" : `the name of ${kind === 'axis' ? 'an axis' : 'a level'}`;
  const code = name === undefined ? 'argument' : 'name-unknown';
  const message = name === undefined ? `This takes ${what}.` : `There is no ${kind} '${name}'.${list}`;
  findings.add(code, range, message, {
    fixes: [name === undefined ? undefined : replaceFix(range, name, suggestion)],
  });
  return false;
}

/** The left side's value for people; of several comparisons each, of a plain condition what holds. */
function actualOf(condition: Expr, env: Env): string {
  if (isBinary(condition) && (condition.op === 'and' || condition.op === 'or')) {
    return `${actualOf(condition.left, env)}, ${actualOf(condition.right, env)}`;
  }
  if (condition.$type === 'Not') return actualOf(condition.operand, env);
  const side = isBinary(condition) && isComparison(condition.op) ? speakingSide(condition) : condition;
  const value = evaluate(side, env);
  if (value?.kind === 'number') return formatValue(value, side);
  if (value?.kind !== 'bool') return '';
  const name = isRef(side) ? refText(side).replaceAll('_', '-') : 'this';
  return value.value ? name : `not ${name}`;
}

/** `8s > step_time` speaks about its right side. */
const speakingSide = (condition: Binary): Expr =>
  mentionsMetric(condition.left) || !mentionsMetric(condition.right) ? condition.left : condition.right;

function mentionsMetric(expr: Expr): boolean {
  if (isRef(expr)) return isMetric(expr) !== undefined;
  if (isBinary(expr)) return mentionsMetric(expr.left) || mentionsMetric(expr.right);
  return false;
}

/** A value with the unit that people expect; memory is binary, traffic decimal. */
export function formatValue({ value, dimension, of }: NumberValue, side?: Expr): string {
  switch (of ?? kindOf(dimension)) {
    case 'time':
      return formatTime(value);
    case 'share':
      return formatShare(value, true);
    case 'bytes':
      return side && isRef(side) && refText(side) === 'bytes'
        ? formatBytesDecimal(value)
        : formatBytesBinary(value);
    case 'bandwidth':
      return formatRate(value);
    case 'flops':
      return formatFlops(value);
    case 'rate':
      return `${formatCount(Math.round(value))} tok/s`;
    case 'energy':
      return formatEnergy(value);
    case 'price':
      return `${formatCount(value)} usd`;
    default:
      return formatCount(value);
  }
}

/** What a failed claim says: the value, what was asked, and the author's own words. */
export function failureText(
  claim: Assertion,
  result: ClaimResult,
  env: Env | undefined,
  input: ClaimInput,
): string {
  const { condition } = claim;
  const own = claim.message ? `${claim.message}: ` : '';
  if (!condition || !isBinary(condition) || !isComparison(condition.op)) {
    return `${own}the plan is ${result.actual}; claimed was '${result.text}'.`;
  }
  const side = speakingSide(condition);
  const right = condition.right;
  let asked = `${condition.op} ${textOf(right)}`;
  if (side === condition.left && mentionsMetric(right) && env) {
    const { estimate, spec } = input;
    const metric = (ref: Ref): Value | null | undefined => {
      const found = isMetric(ref);
      const args = found && metricArguments(ref, found, spec, env.findings);
      const value = args && estimate && spec ? input.measure(estimate, spec, found!.name, args) : undefined;
      return found ? (value === undefined ? null : asValue(value, found)) : undefined;
    };
    const value = evaluate(right, { ...env, metric });
    if (value?.kind === 'number') asked += ` (${formatValue(value, right)})`;
  } else if (side === right) asked = `'${result.text}'`;
  return `${own}${textOf(side)} is ${result.actual}, claimed was ${asked}.`;
}
