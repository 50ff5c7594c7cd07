/** A text of 300 lines as people write them: clusters, models, meshes and plans with comments, all of them estimated. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const NAMES = ['clos24k', 'llama3_405b', 'm16k', 'pretrain'];
export const LINES = 300;

/** The first example five times under different names, and comments up to the last line. */
export function planText(root: string): string {
  const example = readFileSync(join(root, 'examples', 'llama3-405b-16k-h100.shard'), 'utf8').trimEnd();
  const body = example.replace(/^import .*\n/m, '');
  const copies = Array.from({ length: 5 }, (_, copy) =>
    NAMES.reduce((text, name) => text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_${copy}`), body),
  );
  const lines = ['import "std/chips"', ...copies.join('\n').split('\n')];
  while (lines.length < LINES) lines.push(`// note ${lines.length}`);
  return `${lines.slice(0, LINES).join('\n')}\n`;
}

/** A number that differs from the one before in one digit and from all others before: decimal Gray code. */
export function grayDigits(round: number, digits: number): string {
  let rest = round;
  let shifted = Math.floor(round / 10);
  let text = '';
  for (let place = 0; place < digits; place++) {
    const digit = rest % 10;
    const above = shifted;
    text = String(above % 2 === 0 ? digit : 9 - digit) + text;
    rest = shifted;
    shifted = Math.floor(shifted / 10);
  }
  return text;
}
