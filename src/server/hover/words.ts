/** What keys, values and metrics mean. */
import { AstUtils } from 'langium';
import { type MetricArguments, measure } from '../../engine/estimate/metrics.ts';
import { DIMENSION_OF } from '../../engine/units/index.ts';
import { formatValue } from '../../language/analysis/claims.ts';
import type { PlanReport } from '../../language/analysis/report.ts';
import type { Key, Property, Ref } from '../../language/generated/ast.ts';
import {
  isArg,
  isAssertion,
  isChip,
  isCollective,
  isFabric,
  isLevel,
  isModel,
  isPlan,
  isProperty,
  isRef,
  isShard,
} from '../../language/generated/ast.ts';
import { meshOfPlan } from '../../language/references/visible.ts';
import {
  type Block,
  COLLECTIVE_OPS,
  describe,
  FUNCTIONS,
  findKey,
  findMetric,
  type KeyContext,
  type MetricSpec,
  type Option,
  SIZES,
  type ValueType,
} from '../../language/schema/index.ts';
import { optionsNamed } from '../completion/values.ts';
import { axesWithRoles } from '../place/context.ts';
import { coversLine, type View } from '../view.ts';

/** `batch.global`, as written. */
export const keyText = (key: Key): string => [key.head?.$refText ?? '', ...key.tail].join('.');

/** Type, default and sentence of a property's key; undefined where the block has no such key. */
export function keyWords(property: Property): string | undefined {
  const found = findOf(property);
  return found && `**${keyText(property.key)}**\n\n${describe(found.spec)}`;
}

export function findOf(property: Property) {
  const block = blockOf(property);
  return block && findKey(block, keyText(property.key), contextOf(property));
}

function blockOf(property: Property): Block | undefined {
  const owner = property.$container;
  if (isChip(owner)) return 'chip';
  if (isFabric(owner)) return 'fabric';
  if (isLevel(owner)) return 'level';
  if (isModel(owner)) return 'model';
  if (isPlan(owner)) return 'plan';
  return isShard(owner) ? 'shard' : undefined;
}

function contextOf(property: Property): KeyContext {
  const plan = AstUtils.getContainerOfType(property, isPlan);
  const mesh = plan && meshOfPlan(plan);
  return mesh ? { axes: axesWithRoles(mesh) } : {};
}

/** A word in a value: an option of the key's type, a metric, a size, a function. */
export function valueWords(ref: Ref, view: View): string | undefined {
  const name = ref.head?.$refText ?? '';
  const claim = AstUtils.getContainerOfType(ref, isAssertion);
  if (claim) return metricWords(ref, view) ?? functionWords(name);
  if (AstUtils.getContainerOfType(ref, isCollective)) {
    const op = COLLECTIVE_OPS.find(o => o.name === name);
    const size = SIZES.find(s => s.name === name);
    return (
      (op && optionWords(op)) ??
      (size && `**${size.name}**\n\n${size.doc}`) ??
      argumentOption(
        ref,
        COLLECTIVE_OPS.flatMap(o => o.args ?? []),
        name,
      )
    );
  }
  const property = AstUtils.getContainerOfType(ref, isProperty);
  const type = property && findOf(property)?.spec.type;
  if (!type) return functionWords(name);
  const option = optionsNamed(type, name)[0] ?? nestedOption(ref, type, name);
  return (option && optionWords(option)) ?? functionWords(name);
}

/** An item inside a call: `swiglu` of `selective(swiglu)`. */
function nestedOption(ref: Ref, type: ValueType, name: string): Option | undefined {
  for (let node = ref.$container as unknown; node; node = (node as { $container?: unknown }).$container) {
    if (!isRef(node)) continue;
    const outer = optionsNamed(type, node.head?.$refText ?? '')[0];
    const found = outer?.args?.flatMap(arg => optionsNamed(arg.type, name))[0];
    if (found) return found;
  }
  return undefined;
}

function argumentOption(
  ref: Ref,
  args: readonly { name: string; type: ValueType }[],
  name: string,
): string | undefined {
  const argument = AstUtils.getContainerOfType(ref, isArg)?.name;
  const option = args.filter(a => a.name === argument).flatMap(a => optionsNamed(a.type, name))[0];
  return option && optionWords(option);
}

const optionWords = (option: Option): string =>
  `**${option.name}**\n\n${option.doc}${option.priced ? '' : '\n\nNot priced yet: kept, but without influence on the estimate.'}${(option.args ?? []).map(a => `\n- \`${a.name}\`: ${a.doc}${a.default ? ` Default: ${a.default}.` : ''}`).join('')}`;

/** What a metric is, and what it is in every plan that claims something here. */
function metricWords(ref: Ref, view: View): string | undefined {
  const metric = findMetric(ref.head?.$refText ?? '');
  const line = ref.$cstNode?.range.start.line;
  if (!metric || line === undefined) return undefined;
  const values = view.report.plans
    .filter(plan => coversLine(plan.range, view.uri, line))
    .map(plan => `- in plan \`${plan.plan}\`: **${measured(plan, metric, ref)}**`);
  const args = metric.args.length > 0 ? `(${metric.args.join(', ')})` : '';
  return [`**${metric.name}${args}**`, metric.doc, values.join('\n')].filter(Boolean).join('\n\n');
}

function measured({ estimate, spec }: PlanReport, metric: MetricSpec, ref: Ref): string {
  if (!estimate || !spec) return 'no estimate';
  const args: MetricArguments = {};
  const given = ref.args.map(arg => ({ name: arg.name, text: arg.value?.$cstNode?.text ?? '' }));
  for (const kind of metric.args) {
    const index = given.findIndex(
      arg => arg.name === kind || (!arg.name && !metric.optional?.includes(kind)),
    );
    const [arg] = index < 0 ? [] : given.splice(index, 1);
    if (arg && kind === 'attention') args.attention = arg.text === 'full' ? 'full' : 'causal';
    else if (arg && kind !== 'attention') args[kind] = arg.text;
  }
  const value = measure(estimate, spec, metric.name, args);
  if (value === undefined) return 'not priced yet';
  if (typeof value === 'boolean' || metric.of === 'bool') return String(Boolean(value));
  return formatValue({ kind: 'number', value, dimension: DIMENSION_OF[metric.of], of: metric.of }, ref);
}

function functionWords(name: string): string | undefined {
  const found = FUNCTIONS.find(f => f.name === name);
  return found && `**${found.name}**\n\n${found.doc}`;
}
