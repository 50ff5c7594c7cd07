/** Lower bounds of a grid that misses links or chips, or keeps some idle: those of the whole one, as far as they still hold. */
import { once } from '../once.ts';
import { type BrokenGrid, LONGEST_BROKEN } from './broken-grid.ts';
import { latticeSize } from './members.ts';
import type { Bound, Lattice, Wiring } from './wiring.ts';

/** A dimension that has links. */
export interface LinkedDimension {
  at: number;
  name: string;
  /** All its links that are left together, bytes/s. */
  rate: number;
}

export interface BrokenBounds {
  /** Of the rank with the fewest links left, bytes/s. */
  leastPort(): number;
  gatherBound(lattice: Lattice): Bound;
  exchangeBound(lattice: Lattice): Bound;
}

/**
 * @param places of the ranks
 * @param linked in the sequence of the classes
 * @param whole the whole grid's wiring where every place has its rank
 */
export function brokenBounds(
  grid: BrokenGrid,
  places: Int32Array,
  linked: readonly LinkedDimension[],
  whole: Wiring | undefined,
): BrokenBounds {
  const { dimensions, strides, broken, positionAt } = grid;
  const leastPort = once(() => {
    const rates = new Map<number, number>();
    const full = (place: number): number =>
      dimensions.reduce((sum, { size, wrap, rate }, at) => {
        const position = positionAt(place, at);
        const ends = wrap ? 2 : (position > 0 ? 1 : 0) + (position < size - 1 ? 1 : 0);
        return sum + ends * rate;
      }, 0);
    for (const [at, rows] of broken.entries())
      for (const [start, row] of rows)
        row.broken!.forEach((is, link) => {
          if (is === 0) return;
          for (const position of [link, (link + 1) % row.size]) {
            const place = start + position * strides[at]!;
            rates.set(place, (rates.get(place) ?? full(place)) - dimensions[at]!.rate);
          }
        });
    let least = Number.POSITIVE_INFINITY;
    for (const place of places) least = Math.min(least, rates.get(place) ?? full(place));
    return least;
  });

  function gatherBound(lattice: Lattice): Bound {
    const n = latticeSize(lattice);
    if (n < 2) return { time: 0, exact: true, by: 'nothing to send' };
    const ports = (n - 1) / n / leastPort();
    const bound = whole?.gatherBound(lattice);
    return bound && bound.time >= ports
      ? { ...bound, exact: false }
      : { time: ports, exact: false, by: 'ports of the poorest member' };
  }

  /** All links of a dimension that are left together carry at least what the shortest ways of whole rows need. */
  function exchangeBound(lattice: Lattice): Bound {
    const n = latticeSize(lattice);
    if (n < 2) return { time: 0, exact: true, by: 'nothing to send' };
    if (whole) {
      const { time, by } = whole.exchangeBound(lattice);
      const bound: Bound = { time, exact: false, by };
      for (const { at, total } of whole.pairs(lattice, 1 / n)!) {
        const even = total / linked[at]!.rate;
        if (even > bound.time) Object.assign(bound, { time: even, by: `distance over ${linked[at]!.name}s` });
      }
      return bound;
    }
    const bound: Bound = { time: (n - 1) / n / leastPort(), exact: false, by: 'ports of the poorest member' };
    if (n < places.length) return bound;
    linked.forEach(({ at, rate, name }) => {
      const { size, wrap } = dimensions[at]!;
      if (size > LONGEST_BROKEN) return;
      const here = new Float64Array(size);
      for (const place of places) here[positionAt(place, at)]!++;
      let links = 0;
      for (let a = 0; a < size; a++)
        for (let b = 0; b < size; b++) {
          const apart = Math.abs(a - b);
          links += here[a]! * here[b]! * (wrap ? Math.min(apart, size - apart) : apart);
        }
      const even = links / n / rate;
      if (even > bound.time) Object.assign(bound, { time: even, by: `distance over ${name}s` });
    });
    return bound;
  }

  return { leastPort, gatherBound, exchangeBound };
}
