/**
 * What a graph leaves of the chips' injection bandwidth when all send to all alike, in the fluid limit; and its bisection.
 * Closed forms: rings and tori by the load of their longest axis, twisted tori by the mean distance (they are alike from every
 * chip), HyperX and dragonfly by counting the pairs over a link of each class, trees by their narrowest cut.
 */
import type { Wiring } from './wiring.ts';

/** @returns share of injection bandwidth; undefined for an operation that has no closed form here */
export function fractionOf(
  wiring: Wiring,
  collective: 'all_to_all' | 'all_gather' | 'all_reduce',
): number | undefined {
  if (collective !== 'all_to_all') return gatherFraction(wiring);
  switch (wiring.kind) {
    case 'grid':
      return gridFraction(wiring);
    case 'full_mesh':
      return 1;
    case 'hyperx': {
      const { sides, n } = wiring;
      if (sides.length === 0) return 1;
      const all = product(sides);
      const ports = sides.reduce((sum, side) => sum + side - 1, 0);
      return Math.min(1, (Math.max(all, n) - 1) / (ports * Math.max(...sides.map(side => all / side))));
    }
    case 'fat_tree': {
      const { n, leaf, ratio } = wiring;
      return (n - 1) / Math.max(n - 1, (n - leaf) * ratio);
    }
    case 'hamming_mesh': {
      const { board, boards } = wiring;
      const n = (board * boards) ** 2;
      // Both ends of a board's line share what leaves it along a row.
      return (n - 1) / (4 * ((board * n * (1 - 1 / boards)) / 2));
    }
    case 'dragonfly': {
      const { p, a, h } = wiring;
      const n = p * a * (a * h + 1);
      return (n - 1) / Math.max(n - 1, (a * p) ** 2, p ** 2 + 2 * p ** 2 * a * h);
    }
    case 'hypercube': {
      const n = 2 ** wiring.dimensions;
      return (n - 1) / (wiring.dimensions * (n / 2));
    }
  }
}

/** Gathers use every port of the poorest chip: of a grid that closes, of a mesh and of a switch all there is. */
function gatherFraction(wiring: Wiring): number | undefined {
  if (wiring.kind !== 'grid') return 1;
  const ports = wiring.sides.reduce(
    (sum, side, axis) => sum + (side === 1 ? 0 : side > 2 && wiring.wrapped[axis] ? 2 : 1),
    0,
  );
  return ports / nominalPorts(wiring.sides);
}

/** Two of each axis, one of an axis of two. */
function nominalPorts(sides: readonly number[]): number {
  return sides.reduce((sum, side) => sum + Math.min(2, side - 1), 0);
}

function gridFraction(wiring: Extract<Wiring, { kind: 'grid' }>): number {
  const { sides, wrapped, twisted } = wiring;
  const n = product(sides);
  const ports = nominalPorts(sides);
  if (twisted) return (n - 1) / sumOfDistances(sides, true);
  const load = Math.max(
    ...sides.map((side, axis) => {
      const ring = wrapped[axis] === true && side > 2;
      const odd = side % 2;
      return (n / side) * ((side * side - odd) / (ring ? 8 : 4));
    }),
  );
  return (n - 1) / (ports * load);
}

/** Hops from one chip to all others. */
export function sumOfDistances(sides: readonly number[], twisted: boolean): number {
  const n = product(sides);
  const distance = new Array<number>(n).fill(-1);
  distance[0] = 0;
  const queue = [0];
  let sum = 0;
  for (const at of queue) {
    sum += distance[at]!;
    for (const next of neighbours(at, sides, twisted)) {
      if (distance[next]! >= 0) continue;
      distance[next] = distance[at]! + 1;
      queue.push(next);
    }
  }
  return sum;
}

/**
 * One step either way along every axis. In a twisted torus the way round a short axis ends half a long axis further, on every
 * axis that is twice as long (Google's TPU v4, arXiv 2304.01433).
 */
function neighbours(at: number, sides: readonly number[], twisted: boolean): number[] {
  const short = Math.min(...sides);
  const place: number[] = [];
  let rest = at;
  for (const side of sides) {
    place.push(rest % side);
    rest = Math.floor(rest / side);
  }
  const found: number[] = [];
  sides.forEach((side, axis) => {
    for (const step of [1, -1]) {
      const next = [...place];
      const to = next[axis]! + step;
      next[axis] = (to + side) % side;
      if (twisted && side === short && (to < 0 || to >= side)) {
        sides.forEach((other, along) => {
          if (other > short) next[along] = (next[along]! + short) % other;
        });
      }
      found.push(next.reduceRight((index, digit, along) => index * sides[along]! + digit, 0));
    }
  });
  return found;
}

/** Bytes/s between two halves, both ways round the longest axis. @param link of one direction */
export function bisection({ sides, wrapped }: Extract<Wiring, { kind: 'grid' }>, link: number): number {
  const longest = sides.indexOf(Math.max(...sides));
  return (product(sides) / sides[longest]!) * (wrapped[longest] ? 2 : 1) * link;
}

function product(values: readonly number[]): number {
  return values.reduce((all, value) => all * value, 1);
}
