/** `network-bound` and `level-hot`: where the network sets the pace. */
import type { CollectiveEstimate, Estimate } from '../../engine/estimate/result.ts';
import { formatBytesDecimal, formatCount, formatShare, formatTime } from '../../engine/units/format.ts';
import type { PlanCheck } from './context.ts';
import { here } from './context.ts';

/** Below this share of the step, links that are busy longer than the chips still hide well enough to leave alone. */
const WAITING = 0.2;

export function checkNetworkBound(check: PlanCheck): void {
  const { estimate } = check;
  if (!estimate) return;
  const { bound, networkBound } = estimate;
  const waits = estimate.step.exposed[bound.axis ?? ''] ?? 0;
  if (bound.by === 'network' && waits > WAITING * estimate.step.time) {
    const { text, worst } = busiest(estimate, bound.axis);
    const line = check.origins.locate(worst?.causes ?? []);
    check.findings.add('network-bound', here(check, line), `The network sets the pace: ${text}.`);
    return;
  }
  if (!networkBound.bound) return;
  const { axis, reason } = networkBound;
  const worst = mostExposed(estimate, axis);
  const what = worst ? ` ${describe(worst, estimate.step.time)}.` : '';
  const line = check.origins.locate(worst?.causes ?? (axis ? [{ kind: 'axis', key: axis }] : []));
  check.findings.add('network-bound', here(check, line), `Network-bound:${what} ${capital(reason)}.`);
}

function mostExposed(estimate: Estimate, axis: string | undefined): CollectiveEstimate | undefined {
  return estimate.collectives
    .filter(c => axis === undefined || c.owner === axis)
    .reduce<CollectiveEstimate | undefined>(
      (most, c) => (c.exposed > (most?.exposed ?? 0) ? c : most),
      undefined,
    );
}

/** The axis whose links are busy for longer than everything else that a stage does. */
function busiest(estimate: Estimate, axis = ''): { text: string; worst: CollectiveEstimate | undefined } {
  const own = estimate.collectives.filter(c => c.owner === axis);
  const worst = mostExposed(estimate, axis);
  const bytes = own.reduce((sum, c) => sum + c.bytes * c.count, 0);
  const total = own.reduce((sum, c) => sum + c.total, 0);
  const { exposed, compute, time } = estimate.step;
  const others = Object.entries(exposed).reduce((sum, [name, t]) => sum + (name === axis ? 0 : t), 0);
  const level = worst?.price.bottleneck;
  const where = level ? ` through ${level.link} of ${level.level}` : '';
  const waits = exposed[axis] ?? 0;
  const text =
    `${axis} moves ${formatBytesDecimal(bytes)} per chip and step${where}: ${formatTime(total)} beside ` +
    `${formatTime(compute + others)} of work to hide it under; ${formatTime(waits)} (${formatShare(waits / time)} of the step) wait`;
  return { text, worst };
}

function describe(c: CollectiveEstimate, step: number): string {
  const times = c.count === 1 ? 'once a step' : `${formatCount(c.count)} times a step`;
  return `${c.axis} moves ${c.what}, ${formatBytesDecimal(c.bytes)} ${times}, over ${c.price.bottleneck.level}: ${formatTime(c.total)}, of which ${formatTime(c.exposed)} (${formatShare(c.exposed / step)} of the step) wait`;
}

/** Above this share of a step the busiest link leaves no room for a slow moment. */
const HOT = 0.9;

export function checkHotLevels(check: PlanCheck): void {
  for (const level of check.estimate?.levels ?? []) {
    if (level.maxLoad <= HOT) continue;
    const line = check.origins.locate([{ kind: 'level', key: level.name }]);
    const hottest = level.hottest ? ` ${level.hottest} fills it most.` : '';
    check.findings.add(
      'level-hot',
      here(check, line),
      `The busiest link of ${level.name} carries ${formatShare(level.maxLoad)} of what it could in a step of '${check.spec.name}' (mean of all links ${formatShare(level.load)}).${hottest}`,
    );
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
