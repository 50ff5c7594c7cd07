/** Cells of one line. */

/** Apart by tabs, else by semicolons, else by commas; what stands in double quotes is one cell. Without blanks around them. */
export function cellsOf(line: string): string[] {
  const separator = line.includes('\t') ? '\t' : line.includes(';') ? ';' : ',';
  if (!line.includes('"')) return line.split(separator).map(cell => cell.trim());
  const cells: string[] = [];
  let cell = '';
  let open = false;
  for (const char of line) {
    if (char === '"') open = !open;
    else if (char === separator && !open) {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  cells.push(cell.trim());
  return cells;
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** undefined for what is no finite number. */
export function numberOf(text: string): number | undefined {
  if (text.length > 40 || !NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
