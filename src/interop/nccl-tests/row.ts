/**
 * One line of a table: size, count, type, then (by version and operation) the reduction and the root, then time, algbw, busbw
 * and wrong elements, once or twice (out of place, in place).
 */

/** Times in seconds, bandwidths in bytes per second. */
export interface Cell {
  time: number;
  algbw: number;
  busbw: number;
  /** undefined: not checked. */
  wrong?: number;
  /** Half a unit of the last digit that is printed. */
  rounding: { time: number; algbw: number; busbw: number };
}

export interface Line {
  bytes: number;
  redop: string;
  /** -1 for operations without one; undefined in old versions. */
  root?: number;
  /** Out of place first. */
  cells: Cell[];
}

const TYPE = '(?:u?int(?:8|32|64)|half|float|double|bfloat16|fp8\\w*|f8\\w*|fp16|bf16)';
/** Launchers put their own words before a line: `[1,0]<stdout>:`, `0: `, a time. They are skipped. */
const START = new RegExp(`(?:^|[\\s:>\\]|])(\\d{1,16})\\s+(\\d{1,16})\\s+${TYPE}(?=\\s)`);
const NUMBER = /^(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const UNKNOWN = /^(?:n\/?a|-)$/i;

/** Whether a line begins as a row does, although the rest may be missing. */
export const looksLikeRow = (line: string): boolean => START.test(line);

export function parseRow(line: string): Line | undefined {
  const start = START.exec(line);
  if (!start) return undefined;
  const words = line
    .slice(start.index + start[0].length)
    .trim()
    .split(/\s+/);
  const redop =
    /^[a-z]/i.test(words[0] ?? '') && !UNKNOWN.test(words[0]!) ? words.shift()!.toLowerCase() : '';
  const root = words.length % 4 === 1 && /^-?\d+$/.test(words[0]!) ? Number(words.shift()) : undefined;
  if (words.length !== 4 && words.length !== 8) return undefined;
  const cells: Cell[] = [];
  for (let at = 0; at < words.length; at += 4) {
    const cell = cellOf(words.slice(at, at + 4));
    if (!cell) return undefined;
    cells.push(cell);
  }
  return { bytes: Number(start[1]), redop, ...(root !== undefined && { root }), cells };
}

function cellOf([time, algbw, busbw, wrong]: string[]): Cell | undefined {
  const numbers = [time, algbw, busbw].map(word => (NUMBER.test(word!) ? Number(word) : Number.NaN));
  const unchecked = UNKNOWN.test(wrong!);
  if (!numbers.every(Number.isFinite) || (!unchecked && !NUMBER.test(wrong!))) return undefined;
  return {
    time: numbers[0]! * 1e-6,
    algbw: numbers[1]! * 1e9,
    busbw: numbers[2]! * 1e9,
    ...(unchecked ? {} : { wrong: Number(wrong) }),
    rounding: {
      time: halfUnit(time!) * 1e-6,
      algbw: halfUnit(algbw!) * 1e9,
      busbw: halfUnit(busbw!) * 1e9,
    },
  };
}

/** `12.30`: 0.005. */
function halfUnit(word: string): number {
  const [mantissa = '', exponent = '0'] = word.toLowerCase().split('e');
  const decimals = mantissa.split('.')[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(exponent) - decimals);
}
