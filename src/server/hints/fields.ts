/** Fields of fixed width: figures are as wide as U+2007, so text that is padded with it never wobbles while one types. */
import { formatShare, formatTime } from '../../engine/units/index.ts';

const FIGURE_SPACE = '\u2007';

/** Fills on the left; longer text stays as it is. */
export const padLeft = (text: string, width: number): string => text.padStart(width, FIGURE_SPACE);
export const padRight = (text: string, width: number): string => text.padEnd(width, FIGURE_SPACE);

/** `0.58 ms`, ` 8.16 s`. */
export const timeField = (seconds: number): string => padLeft(formatTime(seconds), 7);
/** The same at the start of a hint, where nothing stands left of it to be kept in place: no padding. */
export const leadingTime = (seconds: number): string => formatTime(seconds);

/** `exposed 27.4 %`; `hidden` where the step waits for nothing of it. */
export function exposedField(share: number): string {
  return share > 0 ? `exposed ${shareField(share)}` : padRight('hidden', 'exposed 27.4 %'.length);
}

/** One digit always: ` 5.0 %`, `27.4 %`, `<0.1 %`. */
export const shareField = (share: number): string =>
  padLeft(formatShare(share, true).replace('< ', '<').replace(/^0 %$/, '0.0 %'), 6);

/** A field and how gladly it is given up when the hint is too long: the highest goes first. */
export interface Field {
  text: string;
  giveUp: number;
}

const SEPARATOR = ' · ';

/** Joins the fields; while the text is longer than `limit` (0: no limit), drops the field that is given up first. */
export function joinFields(fields: readonly Field[], limit: number): string {
  let left = fields.filter(field => field.text !== '');
  let text = left.map(field => field.text).join(SEPARATOR);
  while (limit > 0 && text.length > limit && left.length > 1) {
    const worst = left.reduce((a, b) => (b.giveUp > a.giveUp ? b : a));
    left = left.filter(field => field !== worst);
    text = left.map(field => field.text).join(SEPARATOR);
  }
  if (limit > 0 && text.length > limit) text = `${text.slice(0, Math.max(1, limit - 1))}…`;
  return text.trimEnd();
}
