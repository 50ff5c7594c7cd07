/** The one-line verdict on a plan: lens, status bar and derivation say the same words. */
import { restsOnDefault } from '../engine/estimate/assumptions.ts';
import type { Estimate } from '../engine/estimate/result.ts';
import { formatBytesBinary, formatCount, formatShare, formatTime } from '../engine/units/index.ts';
import type { PlanReport } from '../language/analysis/report.ts';

/** `6.64 s · MFU 40.9 % · compute binds · network exposed 10.7 % · 61 of 80 GiB`. */
export function verdictOf(estimate: Estimate): string {
  return [
    stepTime(estimate),
    `MFU ${formatShare(estimate.throughput.mfu, true)}`,
    boundWords(estimate),
    `network exposed ${formatShare(exposedShare(estimate), true)}`,
    memoryWords(estimate.memory.peak, estimate.memory.capacity),
  ].join(' · ');
}

/** `6.64 s`, with `~` behind it where the estimate rests on a default of ours. */
export const stepTime = (estimate: Estimate): string =>
  formatTime(estimate.step.time) + (restsOnDefault(estimate) ? '~' : '');

/** `dp on pod binds`, `compute binds`, `the bubble binds`. */
export function boundWords({ bound }: Estimate): string {
  switch (bound.by) {
    case 'network':
      return `${[bound.axis ?? 'network', bound.level].filter(Boolean).join(' on ')} binds`;
    case 'bubble':
      return 'the bubble binds';
    default:
      return `${bound.by} binds`;
  }
}

/** All axes' exposed seconds over the step, 0..1. */
export function exposedShare(estimate: Estimate): number {
  const seconds = Object.values(estimate.step.exposed).reduce((sum, s) => sum + s, 0);
  return estimate.step.time > 0 ? seconds / estimate.step.time : 0;
}

/** `61 of 80 GiB`: both in the capacity's unit, the first as coarse as the second. */
export function memoryWords(peak: number, capacity: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(capacity, 1)) / 10)));
  const whole = (bytes: number) => {
    const n = bytes / 1024 ** power;
    return n < 9.95 ? n.toFixed(1) : Math.round(n).toLocaleString('en-US');
  };
  return capacity > 0 ? `${whole(peak)} of ${whole(capacity)} ${units[power]}` : formatBytesBinary(peak);
}

/** Why there is no estimate, in one line. */
export function refusalWords(plan: PlanReport): string {
  const [first, ...rest] = plan.refusals;
  if (!first) return 'No estimate yet';
  return `No estimate: ${first.message.replace(/\.$/, '')}${rest.length > 0 ? ` (and ${rest.length} more)` : ''}`;
}

/** Numbers of parameters as people say them: `406 B`. */
export function shortCount(n: number): string {
  const step = [1e12, 1e9, 1e6].find(s => n >= s * 0.9995);
  if (step === undefined) return formatCount(n);
  return `${Number((n / step).toPrecision(3))} ${{ 1e12: 'T', 1e9: 'B', 1e6: 'M' }[step]}`;
}
