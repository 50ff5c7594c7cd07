/** CSV as spreadsheets write it: quoted fields, doubled quotes, line breaks inside quotes. */

export type CsvRecord = Readonly<Record<string, string>>;

/** A table that cannot be read; the message says where. */
export class CsvError extends Error {}

/** What a row is asked by. Columns of results may be missing. */
export const COLUMNS: readonly string[] = [
  'id',
  'set_family',
  'kind',
  'hardware',
  'scaleup_domain',
  'scaleup_gbps_per_dir',
  'scaleout_gbps_per_gpu',
  'topology',
  'chips',
  'collective',
  'ranks',
  'message_bytes',
  'algo',
  'unit',
];

/** @returns those of {@link COLUMNS} that the table's first line lacks */
export function missingColumns(text: string): string[] {
  const header = new Set((fieldsOf(text.replace(/^\uFEFF/, ''))[0] ?? []).map(name => name.trim()));
  return COLUMNS.filter(name => !header.has(name));
}

/**
 * One record per line after the header, by column name; missing fields are empty.
 *
 * @throws CsvError where a quote is never closed
 */
export function readCsv(text: string): CsvRecord[] {
  const [header, ...lines] = fieldsOf(text.replace(/^\uFEFF/, ''));
  if (!header) return [];
  return lines.map(fields =>
    Object.fromEntries(header.map((name, index) => [name.trim(), (fields[index] ?? '').trim()])),
  );
}

function fieldsOf(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let field = '';
  let quoted = false;
  let opened = 0;
  const endLine = (): void => {
    line.push(field);
    if (line.length > 1 || line[0] !== '') lines.push(line);
    line = [];
    field = '';
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else quoted = false;
    } else if (sign === '"' && field === '') {
      quoted = true;
      opened = at;
    } else if (sign === ',') {
      line.push(field);
      field = '';
    } else if (sign === '\n') endLine();
    else if (sign !== '\r') field += sign;
  }
  if (quoted) {
    const line = text.slice(0, opened).split('\n').length;
    throw new CsvError(`line ${line}: a quoted field is never closed.`);
  }
  endLine();
  return lines;
}
