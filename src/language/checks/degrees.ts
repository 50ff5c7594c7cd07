/** `degree-divides`: heads, widths, experts, sequences and the batch divide by the degrees that split them. */
import { headsComeOutEven } from '../../engine/plan/context.ts';
import { degree } from '../../engine/plan/placement.ts';
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
  const heads = [
    ...tp,
    ...axesOf(check, 'sp'),
    ...(check.spec.cp.method === 'ulysses' ? axesOf(check, 'cp') : []),
  ];
  splits(check, heads, model.heads, `${model.heads} heads`);
  if (product(heads) > product(tp)) splits(check, tp, model.heads, `${model.heads} heads`);
  splits(check, tp, model.hidden, `the hidden width ${formatCount(model.hidden)}`);
  splits(check, tp, model.ffn, `the MLP width ${formatCount(model.ffn)}`);
  const t = product(heads);
  // Fewer KV heads than ranks are replicated, which needs a whole number of ranks per head.
  const even = t > model.kvHeads ? t % model.kvHeads === 0 : model.kvHeads % t === 0;
  if (!model.mla && !even && model.heads % t === 0)
    report(check, heads, t, model.kvHeads, `${model.kvHeads} KV heads`);
  if (model.moe) {
    splits(check, axesOf(check, 'ep'), model.moe.experts, `${model.moe.experts} experts`);
    splits(
      check,
      axesOf(check, 'etp'),
      model.moe.expertFfn,
      `the expert width ${formatCount(model.moe.expertFfn)}`,
    );
  }
  sequenceDivides(check, batch.sequence);
  hierarchyFits(check);
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

/** Evened out, every rank has a block from the front and one from the back: twice as many parts as ranks. */
function sequenceDivides(check: PlanCheck, sequence: number): void {
  const axes = axesOf(check, 'cp', 'sp');
  const ranks = product(axes);
  if (ranks === 1) return;
  const { method, balance } = check.spec.cp;
  const evened =
    method !== 'ulysses' && balance !== 'none' && axes.some(({ role, size }) => role === 'cp' && size > 1);
  const parts = evened ? 2 * ranks : ranks;
  if (sequence % parts === 0) return;
  const below = Math.floor(sequence / parts) * parts;
  const near = [below, below + parts].filter(n => n > 0);
  const at = valueRange(check, 'batch.sequence');
  const node = axisNode(check, axes.at(-1)!.name);
  const fixes = at
    ? near.map(n => ({ title: `Set batch.sequence: ${n}`, edits: [{ range: at, newText: String(n) }] }))
    : [];
  const how = evened
    ? `${formatCount(parts)} blocks, two for each of ${formatCount(ranks)} ranks (${named(axes)})`
    : `${formatCount(parts)} parts (${named(axes)})`;
  const what = sequence < parts ? 'are too few for' : 'do not divide into';
  check.findings.add(
    'degree-divides',
    at ?? here(check, node && rangeOf(node.size)),
    `${formatCount(sequence)} tokens of a sequence ${what} ${how}. Nearest: ${near.map(formatCount).join(' or ')}.`,
    { fixes },
  );
}

/** `hierarchical(ulysses:, ring:)`: the two multiply to the axis, and heads come out even on the ranks that exchange them. */
function hierarchyFits(check: PlanCheck): void {
  const { cp, model, mesh } = check.spec;
  const at = valueRange(check, 'cp.method');
  if (cp.method !== 'hierarchical') return;
  const axes = axesOf(check, 'cp');
  const ranks = product(axes);
  const others = degree(mesh, 'tp', 'sp');
  const legal = divisors(ranks).filter(ulysses => headsComeOutEven(model, others * ulysses));
  const ulysses = cp.ulysses ?? (cp.ring === undefined ? undefined : ranks / cp.ring);
  if (ulysses === undefined) return;
  const fills = ranks % ulysses === 0 && (cp.ring === undefined || cp.ring * ulysses === ranks);
  if (fills && legal.includes(ulysses)) return;
  const near = nearby(legal, ulysses);
  const fixes: Fix[] = at
    ? near.map(n => {
        const newText = `hierarchical(ulysses: ${n}, ring: ${ranks / n})`;
        return { title: `Change to '${newText}'`, edits: [{ range: at, newText }] };
      })
    : [];
  const stated = [
    cp.ulysses === undefined ? '' : `ulysses ${cp.ulysses}`,
    cp.ring === undefined ? '' : `ring ${cp.ring}`,
  ];
  const message = fills
    ? `${model.heads} heads (${model.kvHeads} KV heads) do not come out even on ${others * ulysses} ranks that split or exchange them.`
    : `${stated.filter(Boolean).join(' × ')} does not make the ${formatCount(ranks)} ranks of ${axes.map(({ name }) => name).join(' * ')}.`;
  const offer = near.map(n => `ulysses ${n} with ring ${ranks / n}`).join(' or ');
  check.findings.add('degree-divides', at ?? check.nameRange, `${message} Nearest: ${offer}.`, { fixes });
}

/** The legal value itself or below, and the next above. */
function nearby(legal: readonly number[], value: number): number[] {
  return [legal.filter(n => n <= value).at(-1), legal.find(n => n > value)].filter(n => n !== undefined);
}

/** Stages that have a layer each; what they may be is offered with the other degrees kept. */
function stagesFit(check: PlanCheck): void {
  const { model } = check.spec;
  const axes = axesOf(check, 'pp');
  const stages = product(axes);
  if (stages <= model.layers) return;
  const axis = axes.at(-1)!;
  const node = axisNode(check, axis.name);
  const range = here(check, node && rangeOf(node.size));
  const others = stages / axis.size;
  // Smaller degrees of the axis leave whole chips of its neighbours' groups unused unless they divide it.
  const most = divisors(axis.size)
    .filter(d => d * others <= model.layers)
    .at(-1);
  const fixes: Fix[] =
    most !== undefined && node && isQuantity(node.size) && range !== check.nameRange
      ? [{ title: `Set ${axis.name}: ${most}`, edits: [{ range, newText: String(most) }] }]
      : [];
  const offer = most === undefined ? '' : ` Nearest: ${most}.`;
  check.findings.add(
    'degree-divides',
    range,
    `${stages} stages are more than the ${model.layers} layers of ${model.name}.${offer}`,
    { fixes },
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
      : key === 'batch.tokens' && range !== check.nameRange
        ? near.map(n => {
            const tokens = n * batch.sequence;
            return { title: `Set batch.tokens: ${tokens}`, edits: [{ range, newText: String(tokens) }] };
          })
        : [];
  const ranks = axes.length > 0 ? `${named(axes)} data-parallel ranks` : 'one data-parallel rank';
  check.findings.add(
    'degree-divides',
    range,
    `${formatCount(batch.global)} sequences do not divide into ${ranks} with microbatches of ${batch.micro}: ${formatCount(per)} at a time. Nearest: ${near.map(formatCount).join(' or ')}.`,
    { fixes },
  );
}
