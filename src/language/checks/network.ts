/** `network-bound` and `level-hot`: where the network sets the pace. */
import type { CollectiveEstimate } from '../../engine/estimate/result.ts';
import { formatBytesDecimal, formatCount, formatShare, formatTime } from '../../engine/units/format.ts';
import type { PlanCheck } from './context.ts';
import { here } from './context.ts';

export function checkNetworkBound(check: PlanCheck): void {
  const { estimate } = check;
  if (!estimate?.networkBound.bound) return;
  const { axis, reason } = estimate.networkBound;
  const worst = estimate.collectives
    .filter(c => axis === undefined || c.owner === axis)
    .reduce<CollectiveEstimate | undefined>(
      (most, c) => (c.exposed > (most?.exposed ?? 0) ? c : most),
      undefined,
    );
  const what = worst ? ` ${describe(worst, estimate.step.time)}.` : '';
  const line = check.origins.locate(worst?.causes ?? (axis ? [{ kind: 'axis', key: axis }] : []));
  check.findings.add('network-bound', here(check, line), `Network-bound:${what} ${capital(reason)}.`);
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
