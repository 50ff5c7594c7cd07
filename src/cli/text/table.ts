/** Aligned columns. A table that is too wide gives up whole columns, the least important one first. */
import type { Ink, Page } from './page.ts';

export interface Column<Row> {
  head: string;
  cell(row: Row): string;
  align?: 'left' | 'right';
  ink?: (row: Row) => Ink | undefined;
  /** Highest goes first when the line is too short; columns without it stay. */
  giveUp?: number;
  /** In a last row of its own, under a sum. */
  foot?: string;
}

const GAP = '  ';

/** One line for the heads, in dim ink, unless all are empty; one for every row; one for the feet. Nothing for a table without rows. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  page: Page,
  indent = 2,
): string {
  if (rows.length === 0) return '';
  const texts = rows.map(row => new Map(columns.map(column => [column, column.cell(row)])));
  // A column that says nothing of any row is left out.
  let left = columns.filter(column => texts.some(cells => cells.get(column) !== ''));
  const widthOf = (column: Column<Row>): number =>
    Math.max(column.head.length, column.foot?.length ?? 0, ...texts.map(cells => cells.get(column)!.length));
  const total = (): number =>
    indent + left.reduce((sum, column) => sum + widthOf(column), GAP.length * (left.length - 1));
  while (total() > page.width) {
    const [worst] = left.filter(column => column.giveUp !== undefined).sort((a, b) => b.giveUp! - a.giveUp!);
    if (!worst) break;
    left = left.filter(column => column !== worst);
  }
  const pad = (column: Column<Row>, text: string): string => {
    const width = widthOf(column);
    return column.align === 'right' ? text.padStart(width) : text.padEnd(width);
  };
  const line = (cell: (column: Column<Row>) => string): string =>
    (' '.repeat(indent) + left.map(cell).join(GAP)).trimEnd();
  const lines = rows.map((row, index) =>
    line(column => {
      const text = pad(column, texts[index]!.get(column)!);
      const ink = column.ink?.(row);
      // Blanks stay outside of the ink, so that those at the end of a line can go.
      return ink ? text.replace(/\S(.*\S)?/, shown => page.paint(ink, shown)) : text;
    }),
  );
  if (left.some(column => column.head !== '')) {
    lines.unshift(
      page.paint(
        'dim',
        line(column => pad(column, column.head)),
      ),
    );
  }
  if (left.some(column => column.foot)) lines.push(line(column => pad(column, column.foot ?? '')));
  return `${lines.join('\n')}\n`;
}
