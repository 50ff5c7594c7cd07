/** What text is set on: how wide it may be, and with what ink. */
import type { Io } from '../io.ts';

export type Ink = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Page {
  width: number;
  paint(ink: Ink, text: string): string;
}

const CODES: Readonly<Record<Ink, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

export function pageOf({ width, colour }: Pick<Io, 'width' | 'colour'>): Page {
  return {
    width,
    paint: (ink, text) => (colour ? `\x1b[${CODES[ink][0]}m${text}\x1b[${CODES[ink][1]}m` : text),
  };
}

/** Lines of at most `width` characters, broken at blanks (or at `between`); later ones start with `indent` blanks. */
export function wrap(text: string, width: number, indent: number, between = ' '): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(between)) {
    const longer = line === '' ? word : line + between + word;
    if (line !== '' && longer.length > width - (lines.length > 0 ? indent : 0)) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** Facts with a middle dot between them, on lines of the page, two blanks in. */
export function facts(list: readonly string[], page: Page): string {
  const text = list.filter(fact => fact !== '').join(' · ');
  return `  ${wrap(text, page.width - 2, 2, ' · ')}\n`;
}
