/** Loads of a grid's links row by row: most rows of a dimension carry the same, those that do not are kept one by one. */
import { type Along, idleAlong } from './along.ts';
import type { BrokenGrid } from './broken-grid.ts';
import { addOnWay, wayLeft } from './broken-rows.ts';
import type { WiredLoad } from './wiring.ts';

/** Loads by dimension and row; rows that are like most are not listed. */
export interface Loads {
  even: Along[];
  own: Map<number, Along>[];
}

export const emptyLoads = ({ sizes }: BrokenGrid): Loads => ({
  even: sizes.map(idleAlong),
  own: sizes.map(() => new Map()),
});

export function ownRow({ even, own }: Loads, at: number, start: number): Along {
  let row = own[at]!.get(start);
  if (!row) {
    row = { up: even[at]!.up.slice(), down: even[at]!.down.slice() };
    own[at]!.set(start, row);
  }
  return row;
}

/** Adds what goes from one to the other on all rows that have a way for it. */
export function addPair(grid: BrokenGrid, loads: Loads, source: number, target: number, bytes: number): void {
  grid.eachWay(source, target, (at, start, from, to, way) => {
    if (way) addOnWay(ownRow(loads, at, start), grid.sizes[at]!, from, to, way, bytes);
  });
}

/** Adds what goes dimension by dimension on the ways that are left, if that takes no more than `links`. @returns whether it does */
export function addInOrder(
  grid: BrokenGrid,
  loads: Loads,
  source: number,
  target: number,
  bytes: number,
  links: number,
): boolean {
  let length = 0;
  grid.eachWay(source, target, (at, start, from, to) => {
    length += wayLeft(grid.rowAt(start, at), from, to)?.links ?? Number.POSITIVE_INFINITY;
  });
  if (length > links) return false;
  grid.eachWay(source, target, (at, start, from, to) => {
    const way = wayLeft(grid.rowAt(start, at), from, to)!;
    addOnWay(ownRow(loads, at, start), grid.sizes[at]!, from, to, way, bytes);
  });
  return true;
}

/**
 * The busiest links of every dimension of `linked`: a class each, in their sequence.
 * @param exact no pair counts for others
 */
export function summary(
  { sizes, count }: BrokenGrid,
  linked: readonly number[],
  { even, own }: Loads,
  exact: boolean,
): WiredLoad[] {
  return linked.map((at, index) => {
    const load: WiredLoad = { at: index, bytes: 0, both: 0, total: 0, ...(!exact && { sampled: true }) };
    const rows = count / sizes[at]!;
    const add = ({ up, down }: Along, times: number): void => {
      for (let link = 0; link < up.length; link++) {
        const both = up[link]! + down[link]!;
        load.bytes = Math.max(load.bytes, up[link]!, down[link]!);
        load.both = Math.max(load.both, both);
        load.total += both * times;
      }
    };
    for (const row of own[at]!.values()) add(row, 1);
    if (own[at]!.size < rows) add(even[at]!, rows - own[at]!.size);
    return load;
  });
}
