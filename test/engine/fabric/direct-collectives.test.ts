/** Whole collectives on fabrics that are no trees against messages counted link by link, all groups of a mesh at once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyCircuit,
  anyNet,
  anyRail,
  netOfNodes,
  netsUnderSwitch,
  placedOn,
  routed,
  withFailures,
} from '../../oracle/nets.ts';
import { collectivesDiffer } from './collectives.ts';

describe.each([
  ['nets', 25, routed(anyNet)],
  ['nets with failures', 10, withFailures(routed(anyNet))],
  ['cubes under circuit switches', 10, routed(anyCircuit)],
  ['nets of nodes', 20, routed(netOfNodes)],
  ['nets under a switch', 10, routed(netsUnderSwitch)],
  ['rails', 20, anyRail],
] as const)('%s', (_, numRuns, fabrics) => {
  it('put on every link what was counted, in all and in the time that takes, by every algorithm', () => {
    fc.assert(
      fc.property(placedOn(fabrics), placed => {
        const { found, compared } = collectivesDiffer(placed);
        expect(found).toEqual([]);
        // At least a gather, its mirror image, both after each other, an exchange, a broadcast and a send.
        expect(new Set(compared.map(each => each.split(' ')[0])).size).toBe(6);
      }),
      { numRuns },
    );
  });
});
