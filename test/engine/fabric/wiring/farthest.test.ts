/** The longest way inside a group, by formula, against the hops of all pairs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allPairs, lattices } from './lattices.ts';
import { hamming, torus, wiringOf } from './support.ts';

const shapes = fc.oneof(
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), { minLength: 1, maxLength: 2 })
    .map(sides =>
      torus(
        sides.map(([size]) => size),
        sides.map(([size, wrap]) => wrap && size > 2),
      ),
    ),
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 }))
    .filter(([side, across, boards]) => side * across * boards > 1)
    .map(([side, across, boards]) => hamming([side, across], [boards, 2])),
);

test('tori, meshes and HammingMeshes, any groups', () => {
  fc.assert(
    fc.property(
      shapes
        .map(spec => wiringOf(spec))
        .chain(wiring => lattices(wiring.coordinates).map(lattice => ({ wiring, lattice }))),
      ({ wiring, lattice }) => {
        const hops = allPairs(wiring.coordinates, lattice, wiring.ends).map(({ source, target }) =>
          wiring.hops(source, target),
        );
        expect(wiring.farthest(lattice)).toBe(Math.max(0, ...hops));
      },
    ),
    { numRuns: 200 },
  );
});
