/** `order-slow-level`: tensor or expert parallelism whose groups cross the scale-out network. */
import type { CollectiveEstimate, Estimate } from '../../engine/estimate/result.ts';
import type { AxisSpec, PlanSpec } from '../../engine/plan/spec.ts';
import { formatBytesDecimal, formatTime } from '../../engine/units/format.ts';
import type { Fix } from '../analysis/report.ts';
import { rangeOf } from '../analysis/source.ts';
import type { PlanCheck } from './context.ts';
import { axesOf, axisNode, here } from './context.ts';

export function checkSlowLevels(check: PlanCheck): void {
  const { estimate } = check;
  if (!estimate) return;
  const slow = new Set(check.spec.fabric.levels.filter(l => l.tier === 'scale_out').map(l => l.name));
  for (const axis of axesOf(check, 'tp', 'etp', 'ep')) {
    const crossing = estimate.collectives.filter(
      c => c.axis === axis.name && c.price.levels.some(level => slow.has(level)),
    );
    const level = crossing.flatMap(c => c.price.levels).find(name => slow.has(name));
    if (crossing.length > 0 && level) report(check, estimate, axis, crossing, level);
  }
}

function report(
  check: PlanCheck,
  estimate: Estimate,
  axis: AxisSpec,
  crossing: readonly CollectiveEstimate[],
  level: string,
): void {
  const better = betterOrder(check, axis, estimate);
  // Experts wider than a scale-up unit have nowhere else to go: worth knowing, but no mistake.
  const severity = better || axis.role !== 'ep' ? undefined : ('info' as const);
  const total = crossing.reduce((sum, c) => sum + c.total, 0);
  const exposed = crossing.reduce((sum, c) => sum + c.exposed, 0);
  const bytes = crossing.reduce((sum, c) => sum + c.bytes * c.count, 0);
  const node = axisNode(check, axis.name);
  const units = check.spec.fabric.levels
    .filter(l => l.tier === 'scale_up')
    .reduce((n, l) => n * (l.count - l.spare), 1);
  const why =
    axis.size > units
      ? `${axis.name} ${axis.size} is wider than a scale-up unit of ${units}`
      : `by the order its groups span several units of ${units} chips`;
  const offer = better
    ? ` With 'order: ${better.order.join(' < ')}' the step takes ${formatTime(better.time)} instead of ${formatTime(estimate.step.time)}.`
    : '';
  check.findings.add(
    'order-slow-level',
    here(check, node && rangeOf(node)),
    `'${axis.name}' crosses ${level}, a scale-out level: ${why}. ${formatBytesDecimal(bytes)} per chip and step take ${formatTime(total)} there, ${formatTime(exposed)} of them exposed.${offer}`,
    { ...(severity && { severity }), fixes: [better && orderFix(check, better)] },
  );
}

interface Better {
  order: string[];
  time: number;
  gain: number;
}

/** The axis (or the parents that it reuses) moved innermost, if that is legal and faster. */
function betterOrder(check: PlanCheck, axis: AxisSpec, estimate: Estimate): Better | undefined {
  const { mesh } = check.spec;
  const moved = axis.from.length > 0 ? axis.from : [axis.name];
  const rest = mesh.order.filter(name => !moved.includes(name));
  const tensor =
    axis.role === 'ep' ? rest.filter(name => mesh.axes.find(a => a.name === name)?.role === 'tp') : [];
  const order = [...tensor, ...moved, ...rest.filter(name => !tensor.includes(name))];
  if (order.join() === mesh.order.join()) return undefined;
  const spec: PlanSpec = { ...check.spec, mesh: { ...mesh, order } };
  const result = check.price(spec);
  if (!result.ok || result.estimate.step.time >= estimate.step.time * 0.999) return undefined;
  return { order, time: result.estimate.step.time, gain: 1 - result.estimate.step.time / estimate.step.time };
}

function orderFix(check: PlanCheck, better: Better): Fix | undefined {
  const stated = check.meshNode?.order[0];
  const text = `order: ${better.order.join(' < ')}`;
  const percent = Math.round(better.gain * 100);
  const title = `Change to '${text}' — step ${formatTime(check.estimate!.step.time)} → ${formatTime(better.time)}${percent > 0 ? ` (−${percent} %)` : ''}`;
  if (!stated || rangeOf(stated).uri !== check.uri) return undefined;
  return { title, edits: [{ range: rangeOf(stated), newText: text }], preferred: true };
}
