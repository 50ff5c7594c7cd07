/** Scores as text. */
import type { ScoredRow, Scores } from '../../test/fidelity/score.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const number = (value: number | null): string => (value === null ? '-' : value.toPrecision(4));

/** Worst steps that are named with what the engine does not know of them. */
const WORST = 12;

export function tableOf({ families, rows, skipped }: Scores, everyRow: boolean): string {
  const lines = families.map(({ family, kind, memory, n, median, p90, bias, constantMfu }) =>
    columns([
      family,
      memory ? `${kind}, ${memory}` : kind,
      String(n),
      percent(median),
      percent(p90),
      percent(bias),
      constantMfu ? `${percent(constantMfu.median)} / ${percent(constantMfu.p90)}` : '',
    ]),
  );
  const text = [columns(['family', 'kind', 'rows', 'median', 'p90', 'bias', 'constant MFU']), ...lines];
  if (everyRow) text.push(...rows.map(rowLine));
  const worst = rows
    .filter(({ step, error }) => step && error !== null)
    .sort((a, b) => Math.abs(b.error!) - Math.abs(a.error!))
    .slice(0, WORST);
  if (worst.length > 0) {
    text.push('', 'Worst steps, and what of them is not stated:');
    for (const row of worst) {
      const open = row.step!.assumed.join('; ') || 'nothing that the engine asks for';
      text.push(`${rowLine(row)}  ${row.family}, ${row.model}: ${open}`);
    }
  }
  for (const { kind, n } of skipped) text.push(`${n} rows of kind '${kind}' are not scored.`);
  return `${text.join('\n')}\n`;
}

function rowLine({ id, predicted, measured, error, reason }: ScoredRow): string {
  const off = error === null ? '-' : percent(error);
  return `${id.padEnd(10)} ${number(predicted).padStart(9)} ${number(measured).padStart(9)} ${off.padStart(9)}  ${reason ?? ''}`;
}

function columns([family = '', kind = '', ...figures]: string[]): string {
  const wide = figures.map((each, at) => each.padStart(at === 4 ? 18 : 9)).join('');
  return `${family.padEnd(24)} ${kind.padEnd(22)}${wide}`.trimEnd();
}
