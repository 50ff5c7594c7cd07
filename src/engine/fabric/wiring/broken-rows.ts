/** Rows of a grid of which links are broken: which ways along a row are left, and what its links then carry. */
import { type Along, idleAlong, wayLength } from './along.ts';

/** One row along a dimension. Link p joins positions p and p + 1; of a ring the last one closes it. */
export interface Row {
  size: number;
  wrap: boolean;
  /** Broken links of the row, 1 each; undefined: none. */
  broken?: Uint8Array;
}

/** Shares of what goes to higher and to lower positions; undefined: no way is left. */
export interface Way {
  up: number;
  down: number;
  /** Links on the way. */
  links: number;
}

const NOWHERE: Way = { up: 0, down: 0, links: 0 };

/** The shortest way of the whole row, if it is left. */
export function wayIn(row: Row, from: number, to: number): Way | undefined {
  const way = wayLeft(row, from, to);
  return way && way.links <= wayLength(row.size, row.wrap, from, to) ? way : undefined;
}

/** The shorter way that is left, be it a detour, half each way where both are as short. */
export function wayLeft({ size, wrap, broken }: Row, from: number, to: number): Way | undefined {
  if (from === to) return NOWHERE;
  const ahead = wrap ? (to - from + size) % size : to - from;
  const back = wrap ? size - ahead : -ahead;
  const up = ahead > 0 && !(broken && passesBroken(broken, from, ahead));
  const down = back > 0 && !(broken && passesBroken(broken, to, back));
  if (up && down) {
    if (ahead === back) return { up: 0.5, down: 0.5, links: ahead };
    return ahead < back ? { up: 1, down: 0, links: ahead } : { up: 0, down: 1, links: back };
  }
  if (up) return { up: 1, down: 0, links: ahead };
  return down ? { up: 0, down: 1, links: back } : undefined;
}

function passesBroken(broken: Uint8Array, start: number, length: number): boolean {
  const { length: size } = broken;
  for (let step = 0, at = start; step < length; step++, at = at + 1 === size ? 0 : at + 1)
    if (broken[at] === 1) return true;
  return false;
}

/** Adds `bytes` on the way from one position to another. */
export function addOnWay(
  { up, down }: Along,
  size: number,
  from: number,
  to: number,
  way: Way,
  bytes: number,
): void {
  if (way.up > 0) for (let at = from; at !== to; at = at + 1 === size ? 0 : at + 1) up[at]! += bytes * way.up;
  if (way.down > 0)
    for (let at = to; at !== from; at = at + 1 === size ? 0 : at + 1) down[at]! += bytes * way.down;
}

/**
 * `bytes` between all ordered pairs of positions that `partners` names, on the shortest ways of the whole row.
 * @param lost told of every pair whose way is broken
 */
export function pairsInRow(
  row: Row,
  partners: (position: number) => readonly number[],
  bytes: number,
  lost: (from: number, to: number) => void,
): Along {
  const { size } = row;
  // What starts and ends at every link, summed up along the row at the end.
  const [up, down] = [new Float64Array(2 * size + 1), new Float64Array(2 * size + 1)];
  for (let from = 0; from < size; from++) {
    for (const to of partners(from)) {
      const way = wayIn(row, from, to);
      if (!way) lost(from, to);
      else {
        if (way.up > 0) addSpan(up, from, way.links, bytes * way.up);
        if (way.down > 0) addSpan(down, to, way.links, bytes * way.down);
      }
    }
  }
  return { up: summed(up, size), down: summed(down, size) };
}

function addSpan(changes: Float64Array, start: number, links: number, bytes: number): void {
  changes[start]! += bytes;
  changes[start + links]! -= bytes;
}

function summed(changes: Float64Array, size: number): Float64Array {
  const { up } = idleAlong(size);
  let sum = 0;
  for (let at = 0; at < changes.length - 1; at++) {
    sum += changes[at]!;
    up[at % size]! += sum;
  }
  return up;
}
