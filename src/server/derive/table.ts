/** Several collectives of one line: their sums, then one row each. */
import type { CollectiveEstimate, Estimate } from '../../engine/estimate/result.ts';
import { formatBytesBinary, formatCount, formatShare, formatTime } from '../../engine/units/index.ts';
import { OP_NAME } from './algorithms.ts';

/** Rows that fit a hover; the rest is one row of sums. */
const SHOWN = 8;

const sum = (list: readonly CollectiveEstimate[], of: (c: CollectiveEstimate) => number): number =>
  list.reduce((total, c) => total + of(c), 0);

/** The line of sums and the table, as markdown paragraphs; nothing of a single collective, whose derivation says it all. */
export function collectiveTable(collectives: readonly CollectiveEstimate[], estimate: Estimate): string[] {
  return collectives.length < 2 ? [] : [totals(collectives, estimate), table(collectives)];
}

function totals(collectives: readonly CollectiveEstimate[], { step }: Estimate): string {
  const exposed = sum(collectives, c => c.exposed);
  const waits =
    exposed > 0
      ? `exposed **${formatTime(exposed)}**, ${formatShare(exposed / step.time, true)} of the step`
      : 'all of it hidden';
  return `**${formatTime(sum(collectives, c => c.total))}** a step, ${waits}; bound ${boundBy(collectives)}`;
}

/** The level at which most of the time is lost: of what the step waits for, or of everything where it waits for nothing. */
function boundBy(collectives: readonly CollectiveEstimate[]): string {
  const waiting = collectives.some(c => c.exposed > 0);
  const times = new Map<string, number>();
  for (const c of collectives) {
    const { level } = c.price.bottleneck;
    times.set(level, (times.get(level) ?? 0) + (waiting ? c.exposed : c.total));
  }
  const [[most] = ['']] = [...times].sort((a, b) => b[1] - a[1]);
  return `${times.size > 1 ? 'mostly ' : ''}on **${most}**`;
}

function table(collectives: readonly CollectiveEstimate[]): string {
  const shown = collectives.length > SHOWN ? collectives.slice(0, SHOWN - 1) : collectives;
  const rest = collectives.slice(shown.length);
  const rows = shown.map(c => [
    OP_NAME[c.op],
    `${c.what} (\`${c.name}\`)`,
    formatBytesBinary(c.bytes),
    formatCount(c.count),
    formatTime(c.price.time),
    formatTime(c.total),
    waits(c.exposed),
  ]);
  if (rest.length > 0)
    rows.push([
      `and ${rest.length} more`,
      '',
      '',
      formatCount(sum(rest, c => c.count)),
      '',
      formatTime(sum(rest, c => c.total)),
      waits(sum(rest, c => c.exposed)),
    ]);
  return [
    '| | what | size | count | each | total | exposed |',
    '|---|---|---:|---:|---:|---:|---:|',
    ...rows.map(row => `| ${row.join(' | ')} |`),
  ].join('\n');
}

const waits = (seconds: number): string => (seconds > 0 ? formatTime(seconds) : 'hidden');
