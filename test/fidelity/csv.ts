/** CSV as spreadsheets write it: quoted fields, doubled quotes, line breaks inside quotes. */

export type CsvRecord = Readonly<Record<string, string>>;

/** One record per line after the header, by column name; missing fields are empty. */
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
    } else if (sign === '"') quoted = true;
    else if (sign === ',') {
      line.push(field);
      field = '';
    } else if (sign === '\n') endLine();
    else if (sign !== '\r') field += sign;
  }
  endLine();
  return lines;
}
