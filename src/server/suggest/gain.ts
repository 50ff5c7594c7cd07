/** What a suggestion brings and costs, in its title. */
import type { Estimate } from '../../engine/estimate/result.ts';
import { formatTime, type TimeUnit } from '../../engine/units/index.ts';

/** ` — step 9.02 → 6.64 s (−26 %), memory 45 → 61 GiB`; memory only where it changes. */
export function gainWords(before: Estimate, after: Estimate): string {
  const change = after.step.time / before.step.time - 1;
  const words = `step ${pair(before.step.time, after.step.time)} (${percent(change)})`;
  const [a, b] = [gib(before.memory.peak), gib(after.memory.peak)];
  return ` — ${words}${a === b ? '' : `, memory ${a} → ${b} GiB`}`;
}

/** The same for a plan that did not fit: what it was about comes first. */
export function roomWords(before: Estimate, after: Estimate): string {
  const change = after.step.time / before.step.time - 1;
  return ` — memory ${gib(before.memory.peak)} → ${gib(after.memory.peak)} GiB, step ${pair(before.step.time, after.step.time)} (${percent(change)})`;
}

/** Both in the unit of the first; the unit stands once. */
function pair(before: number, after: number): string {
  const unit = formatTime(before).split(' ')[1] as TimeUnit;
  return `${formatTime(before, unit).split(' ')[0]} → ${formatTime(after, unit)}`;
}

const percent = (change: number): string => {
  const n = Math.abs(change * 100);
  return `${change < 0 ? '−' : '+'}${n < 9.95 ? n.toFixed(1) : Math.round(n)} %`;
};

const gib = (bytes: number): string => {
  const n = bytes / 2 ** 30;
  return n < 9.95 ? n.toFixed(1) : String(Math.round(n));
};
