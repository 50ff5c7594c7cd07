/** Random groups, and who sends to whom in them, by plain enumeration. */
import fc from 'fast-check';
import type { Coordinate, Demand, Lattice } from '../../../../src/engine/fabric/wiring/wiring.ts';

interface Digit {
  stride: number;
  size: number;
}

/** Nested digits that fill a coordinate of this size evenly. */
function digitsOf(size: number): fc.Arbitrary<Digit[]> {
  const chains: Digit[][] = [[]];
  for (let stride = 1; stride <= size; stride++)
    for (let members = 2; members * stride <= size; members++) {
      if (size % (stride * members) !== 0) continue;
      chains.push([{ stride, size: members }]);
      for (let outer = stride * members * 2; outer < size; outer += stride * members)
        for (let more = 2; more * outer <= size; more++)
          if (size % (outer * more) === 0)
            chains.push([
              { stride, size: members },
              { stride: outer, size: more },
            ]);
    }
  return fc.constantFrom(...chains);
}

export function lattices(coordinates: readonly Coordinate[]): fc.Arbitrary<Lattice> {
  return fc.tuple(...coordinates.map(({ size }) => digitsOf(size)));
}

/** One byte from everyone to every other member of its group; not between endpoints of one child. */
export function allPairs(
  coordinates: readonly Coordinate[],
  lattice: Lattice,
  ends: number,
  inChild = 1,
): Demand[] {
  const keys = Array.from({ length: ends }, (_, end) =>
    coordinates
      .map(({ digits }, axis) => {
        let position = 0;
        for (const { stride, size, step } of digits) position += (Math.floor(end / stride) % size) * step;
        let root = position;
        for (const { stride, size } of lattice[axis]!)
          root -= (Math.floor(position / stride) % size) * stride;
        return root;
      })
      .join(),
  );
  const demands: Demand[] = [];
  for (let source = 0; source < ends; source++)
    for (let target = 0; target < ends; target++)
      if (
        source !== target &&
        keys[source] === keys[target] &&
        Math.floor(source / inChild) !== Math.floor(target / inChild)
      )
        demands.push({ source, target, bytes: 1 });
  return demands;
}
