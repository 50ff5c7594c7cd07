/** Wirings against links counted one by one, on random small nets, whole and with failures, and all groups of a mesh. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import type { FabricSpec } from '../../../src/engine/fabric/spec.ts';
import type { Wiring } from '../../../src/engine/fabric/wiring/wiring.ts';
import { differences } from '../../oracle/agree.ts';
import { direct } from '../../oracle/direct.ts';
import { anyCircuit, anyNet, placedOn, routed, twists, withFailures } from '../../oracle/nets.ts';
import { countedWiring } from './counted-wiring.ts';
import { coarse } from './engine-names.ts';
import { type Naming, wiringDiffers } from './wirings.ts';

/** The wiring of a fabric that is one net of chips. */
function wiringOf(fabric: FabricSpec): Wiring {
  const { levels, faults } = buildNetwork(fabric);
  expect(faults).toEqual([]);
  return levels.at(-1)!.wired!.wiring;
}

/** Counted wirings have the oracle's names. */
const counted: Naming = link => coarse(link.name);

describe.each([
  ['nets', 25, routed(anyNet)],
  ['nets with failures', 25, withFailures(routed(anyNet))],
  ['cubes under circuit switches', 15, routed(anyCircuit)],
  ['twisted tori', 2, fc.constantFrom(...twists)],
] as const)('%s', (_, numRuns, fabrics) => {
  it('carry, reach and limit what was counted', () => {
    fc.assert(
      fc.property(placedOn(fabrics), placed => {
        expect(wiringDiffers(placed, wiringOf(placed.fabric))).toEqual([]);
      }),
      { numRuns },
    );
  });
});

describe('the comparison', () => {
  it('notices a link that is busier, a class that is missing and a hop too many', () => {
    fc.assert(
      fc.property(placedOn(anyNet), placed => {
        const right = countedWiring(placed.fabric);
        const spoilt: Wiring[] = [
          { ...right, flows: all => right.flows(all).map(load => ({ ...load, bytes: load.bytes * 1.001 })) },
          { ...right, pairs: (...all) => right.pairs(...all)!.slice(1) },
          { ...right, hops: (...ends) => right.hops(...ends) + 1 },
          { ...right, exchangeBound: () => ({ time: 1, exact: false, by: 'nothing' }) },
        ];
        for (const each of spoilt) expect(wiringDiffers(placed, each, counted)).not.toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('notices a collective that is cheaper, shorter or on other links', () => {
    fc.assert(
      fc.property(placedOn(anyNet), ({ fabric, axes, chips }) => {
        const ours = direct(fabric, axes, chips);
        expect(differences(ours, ours.answers)).toEqual([]);
        const [first] = ours.answers;
        const spoilt = [
          { ...first!, time: first!.time * 0.99 },
          { ...first!, steps: first!.steps + 1 },
          { ...first!, classes: new Map([['nowhere', { bytes: 1 }]]) },
        ];
        for (const each of spoilt) expect(differences(ours, [each])).not.toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});
