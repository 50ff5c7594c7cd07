/** `degree-divides`: heads, widths, experts, sequences and the batch divide by the degrees that split them. */
import type { AxisSpec } from '../../engine/plan/spec.ts';
import { formatCount } from '../../engine/units/format.ts';
import type { Fix } from '../analysis/report.ts';
import { rangeOf } from '../analysis/source.ts';
import { isQuantity } from '../generated/ast.ts';
import { divisors } from '../lower/mesh.ts';
import type { PlanCheck } from './context.ts';
import { axesOf, axisNode, here, valueRange } from './context.ts';

const product = (axes: readonly AxisSpec[]): number => axes.reduce((n, a) => n * a.size, 1);
const named = (axes: readonly AxisSpec[]): string => axes.map(a => `${a.name} ${a.size}`).join(' × ');

export function checkDegrees(check: PlanCheck): void {
  const { model, batch } = check.spec;
  const tp = axesOf(check, 'tp');
  const heads = [...tp, ...axesOf(check, 'sp')];
  splits(check, heads, model.heads, `${model.heads} heads`);
  splits(check, tp, model.hidden, `the hidden width ${formatCount(model.hidden)}`);
  splits(check, tp, model.ffn, `the MLP width ${formatCount(model.ffn)}`);
  const t = product(tp);
  // Fewer KV heads than ranks are replicated, which needs a whole number of ranks per head.
  const even = t > model.kvHeads ? t % model.kvHeads === 0 : model.kvHeads % t === 0;
  if (!model.mla && !even && model.heads % t === 0)
    report(check, tp, t, model.kvHeads, `${model.kvHeads} KV heads`);
  if (model.moe) {
    splits(check, axesOf(check, 'ep'), model.moe.experts, `${model.moe.experts} experts`);
    splits(
      check,
      axesOf(check, 'etp'),
      model.moe.expertFfn,
      `the expert width ${formatCount(model.moe.expertFfn)}`,
    );
  }
  splits(
    check,
    axesOf(check, 'cp', 'sp'),
    batch.sequence,
    `${formatCount(batch.sequence)} tokens of a sequence`,
  );
  stagesFit(check);
  batchDivides(check);
}

function splits(check: PlanCheck, axes: readonly AxisSpec[], size: number, what: string): void {
  const degree = product(axes);
  if (size % degree !== 0) report(check, axes, degree, size, what);
}

function report(
  check: PlanCheck,
  axes: readonly AxisSpec[],
  degree: number,
  size: number,
  what: string,
): void {
  const axis = axes.at(-1)!;
  const others = degree / axis.size;
  const options = divisors(size)
    .filter(d => d % others === 0)
    .map(d => d / others);
  const node = axisNode(check, axis.name);
  const range = here(check, node && rangeOf(node.size));
  const near = [options.filter(d => d < axis.size).at(-1), options.find(d => d > axis.size)].filter(
    d => d !== undefined,
  );
  const fixes: Fix[] =
    node && isQuantity(node.size) && range !== check.nameRange
      ? near.map(d => ({ title: `Set ${axis.name}: ${d}`, edits: [{ range, newText: String(d) }] }))
      : [];
  const offer = near.length > 0 ? ` Nearest: ${near.join(' or ')}.` : '';
  check.findings.add(
    'degree-divides',
    range,
    `${named(axes)} does not divide ${what} of ${check.spec.model.name}.${offer}`,
    { fixes },
  );
}

function stagesFit(check: PlanCheck): void {
  const { model } = check.spec;
  const axes = axesOf(check, 'pp');
  const stages = product(axes);
  if (stages <= model.layers) return;
  const node = axisNode(check, axes.at(-1)!.name);
  check.findings.add(
    'degree-divides',
    here(check, node && rangeOf(node.size)),
    `${stages} stages are more than the ${model.layers} layers of ${model.name}.`,
  );
}

function batchDivides(check: PlanCheck): void {
  const { batch } = check.spec;
  const axes = axesOf(check, 'dp', 'fsdp').filter(a => a.from.length === 0);
  const per = product(axes) * batch.micro;
  if (batch.global % per === 0) return;
  const key = check.entries.has('batch.global')
    ? 'batch.global'
    : check.entries.has('batch.tokens')
      ? 'batch.tokens'
      : 'batch.micro';
  const range = valueRange(check, key) ?? check.nameRange;
  const below = Math.floor(batch.global / per) * per;
  const near = [below, below + per].filter(n => n > 0);
  const fixes =
    key === 'batch.global' && range !== check.nameRange
      ? near.map(n => ({ title: `Set batch.global: ${n}`, edits: [{ range, newText: String(n) }] }))
      : [];
  const ranks = axes.length > 0 ? `${named(axes)} data-parallel ranks` : 'one data-parallel rank';
  check.findings.add(
    'degree-divides',
    range,
    `${formatCount(batch.global)} sequences do not divide into ${ranks} with microbatches of ${batch.micro}: ${formatCount(per)} at a time. Nearest: ${near.map(formatCount).join(' or ')}.`,
    { fixes },
  );
}
