/** The comparison for people. */
import { CLASSES } from './classes.ts';
import type { Comparison } from './compare.ts';
import { REASONS } from './reasons.ts';

const TITLES = {
  agree: 'agree within 2 %',
  below_limit: 'below the physical limit',
  simulator_settings: "differ by the simulator's settings",
  unexplained: 'unexplained',
} as const;
const MOST_LISTED = 20;

export function textOf(result: Comparison): string {
  const { counts, confusion, must_agree: strict, rows } = result;
  const classes = [
    ['', 'predicted', 'observed'],
    ...CLASSES.map(each => [TITLES[each], counts.predicted[each], counts.observed[each]]),
  ];
  const matrix = [
    ['predicted \\ observed', ...CLASSES],
    ...CLASSES.map(each => [each, ...CLASSES.map(other => confusion[each][other])]),
  ];
  const lines = [`${counts.rows} rows`, ''];
  lines.push(...aligned(classes), '', ...aligned(matrix), '');
  if (counts.without_time > 0) lines.push(`${counts.without_time} rows have no time to compare with`, '');
  for (const each of CLASSES) {
    const why = Object.entries(result.reasons[each] ?? {}).sort((a, b) => b[1] - a[1]);
    if (why.length === 0) continue;
    lines.push(`${TITLES[each]}, mostly because`);
    lines.push(
      ...aligned(
        why.map(([name, n]) => [`  ${n}`, REASONS[name as keyof typeof REASONS]]),
        true,
      ),
      '',
    );
  }
  if (strict.rows > 0)
    lines.push(
      `one dimension, one chunk, links shared, nothing in the way, 1 MiB and above: ${strict.agreeing} of ${strict.rows} agree, ` +
        `the worst is ${percent(strict.worst ?? 0)} off`,
    );
  lines.push(
    `model of the simulator exact to the nanosecond: ${result.model_exact} of ${counts.rows - counts.without_time}`,
  );
  lines.push('', "the engine's price against the simulator's time");
  lines.push(
    ...aligned([
      ['family', 'n', 'median', 'p90', 'bias'],
      ...result.families.map(({ family, n, median, p90, bias }) => [
        family,
        n,
        percent(median),
        percent(p90),
        percent(bias),
      ]),
    ]),
  );
  const open = rows.filter(
    row => row.predicted_class === 'unexplained' || row.observed_class === 'unexplained',
  );
  if (open.length > 0) {
    lines.push('', 'unexplained');
    for (const { id, reason, model_ns: model, measured } of open.slice(0, MOST_LISTED))
      lines.push(
        `  ${id}: ${reason ?? `the model ends after ${model} ns, the simulator after ${measured} ns`}`,
      );
    if (open.length > MOST_LISTED) lines.push(`  and ${open.length - MOST_LISTED} more (--json lists all)`);
  }
  return lines.join('\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(Math.abs(share) < 0.1 ? 2 : 0)} %`;
}

/** @param free the last column is text, which stays as it is */
function aligned(rows: readonly (readonly (string | number)[])[], free = false): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, `${cell}`.length);
    });
  return rows.map(row =>
    row
      .map((cell, column) => {
        const width = widths[column]!;
        if (column === 0) return free ? `${cell}`.padStart(width) : `${cell}`.padEnd(width);
        return free ? `${cell}` : `${cell}`.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
