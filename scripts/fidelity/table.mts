/** Scores as text. */
import type { Scores } from '../../test/fidelity/score.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const number = (value: number | null): string => (value === null ? '-' : value.toPrecision(4));

export function tableOf({ families, rows, skipped }: Scores, everyRow: boolean): string {
  const lines = families.map(({ family, kind, n, median, p90, bias }) =>
    columns([family, kind, String(n), percent(median), percent(p90), percent(bias)]),
  );
  const text = [columns(['family', 'kind', 'rows', 'median', 'p90', 'bias']), ...lines];
  if (everyRow) {
    for (const { id, predicted, measured, error, reason } of rows)
      text.push(
        `${id.padEnd(10)} ${number(predicted).padStart(9)} ${number(measured).padStart(9)} ${(error === null ? '-' : percent(error)).padStart(9)}  ${reason ?? ''}`,
      );
  }
  for (const { kind, n } of skipped) text.push(`${n} rows of kind '${kind}' are not scored.`);
  return `${text.join('\n')}\n`;
}

function columns([family = '', kind = '', ...figures]: string[]): string {
  return `${family.padEnd(20)} ${kind.padEnd(22)}${figures.map(each => each.padStart(9)).join('')}`;
}
