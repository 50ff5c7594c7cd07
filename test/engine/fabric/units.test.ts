/** The few units that are looked at contain the busiest of all. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schedulesFor } from '../../../src/engine/fabric/algorithms.ts';
import { loadsOf } from '../../../src/engine/fabric/load.ts';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { normaliseGroup } from '../../../src/engine/fabric/pattern.ts';
import type { FabricSpec } from '../../../src/engine/fabric/spec.ts';
import { fabricOf, fatTree, level, type Placed, switched } from '../../oracle/fabrics.ts';
import { close, nameOf, OPS } from './support.ts';

/** A mesh of axes of these sizes, innermost first; the group takes those marked. */
interface Mesh {
  sizes: number[];
  members: boolean[];
}

function placed(fabric: FabricSpec, { sizes, members }: Mesh): Placed | undefined {
  let chips = 1;
  const axes: Placed['axes'] = [];
  sizes.forEach((size, index) => {
    if (members[index]) axes.push({ stride: chips, size });
    chips *= size;
  });
  const most = fabric.levels.reduce((product, each) => product * each.count, 1);
  return chips <= most && axes.length > 0 ? { fabric, axes, chips } : undefined;
}

/** @returns classes whose busiest link was missed, of every algorithm of every operation */
function missed({ fabric, axes, chips }: Placed): string[] {
  const network = buildNetwork(fabric);
  const group = normaliseGroup(axes);
  const faults: string[] = [];
  for (const op of OPS) {
    for (const schedule of schedulesFor(network, group, op, 1e9, chips)) {
      for (const { traffic } of schedule.steps()) {
        const all = new Map(
          loadsOf(network, traffic, chips, Number.POSITIVE_INFINITY).map(load => [load.link, load]),
        );
        const few = new Map(loadsOf(network, traffic, chips).map(load => [load.link, load]));
        for (const [link, { bytes, both }] of all) {
          const found = few.get(link);
          if (!found || !close(found.bytes, bytes) || !close(found.both, both))
            faults.push(
              `${op} ${schedule.algorithm} ${nameOf(link)}: ${found?.bytes}, ${found?.both} for ${bytes}, ${both}`,
            );
        }
      }
    }
  }
  return faults;
}

const clos = (node: number, pod: number, cluster: number, leaf?: number): FabricSpec =>
  fabricOf(
    level('node', node, switched(), 450e9, { tier: 'scale_up' }),
    level('pod', pod, fatTree(2, [], leaf), 50e9),
    level('cluster', cluster, fatTree(1, [7]), 50e9),
  );

const member = fc.boolean();
const meshOf = (size: fc.Arbitrary<number>, most: number): fc.Arbitrary<Mesh> =>
  fc.array(fc.tuple(size, member), { minLength: 1, maxLength: most }).map(axes => ({
    sizes: axes.map(([each]) => each),
    members: axes.some(([, each]) => each) ? axes.map(([, each]) => each) : axes.map(() => true),
  }));

describe('sizes as they are built', () => {
  const sizes = fc.constantFrom(2, 4, 8, 16, 32, 64, 128);
  const fabrics = fc.constantFrom(clos(8, 384, 8), clos(8, 32, 16), clos(4, 96, 8, 24), clos(16, 16, 8));
  it('every algorithm', () => {
    fc.assert(
      fc.property(fabrics, meshOf(sizes, 4), (fabric, mesh) => {
        const placement = placed(fabric, mesh);
        fc.pre(placement !== undefined);
        expect(missed(placement!)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});

describe('sizes that do not fit each other', () => {
  const count = fc.integer({ min: 2, max: 12 });
  const fabrics = fc.tuple(count, count, count, count).map(counts => clos(...counts));
  it('every algorithm', () => {
    fc.assert(
      fc.property(fabrics, meshOf(fc.integer({ min: 2, max: 12 }), 3), (fabric, mesh) => {
        const placement = placed(fabric, mesh);
        fc.pre(placement !== undefined);
        expect(missed(placement!)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
