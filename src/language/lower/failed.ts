/** `failed: [link(3, 5), chip(17)]` of a level, with the places of its entries. */
import type { LevelSpec } from '../../engine/fabric/spec.ts';
import type { SourceRange } from '../analysis/report.ts';
import { rangeOf } from '../analysis/source.ts';
import { isChoice } from '../values/read.ts';
import type { Entries } from './properties.ts';

export interface FailedLink {
  ends: readonly [number, number];
  range: SourceRange;
}

export interface FailedChild {
  child: number;
  range: SourceRange;
}

export interface PlacedFailures {
  links: FailedLink[];
  children: FailedChild[];
}

/** Each link and child once, however often it is listed. */
export function lowerFailed(entries: Entries): PlacedFailures {
  const links = new Map<string, FailedLink>();
  const children = new Map<number, FailedChild>();
  const listed = entries.get('failed')?.value;
  for (const each of Array.isArray(listed) ? listed : []) {
    if (!isChoice(each)) continue;
    const range = rangeOf(each.node);
    const { a, b, index } = each.args;
    if (each.choice === 'chip' && typeof index === 'number' && !children.has(index))
      children.set(index, { child: index, range });
    if (each.choice === 'link' && typeof a === 'number' && typeof b === 'number') {
      const ends = [Math.min(a, b), Math.max(a, b)] as const;
      if (!links.has(ends.join())) links.set(ends.join(), { ends, range });
    }
  }
  return { links: [...links.values()], children: [...children.values()] };
}

export function failedSpec({ links, children }: PlacedFailures): LevelSpec['failed'] {
  if (links.length === 0 && children.length === 0) return undefined;
  return { links: links.map(({ ends }) => ends), children: children.map(({ child }) => child) };
}
