/** Media: how far they reach, and what a bit costs on them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimatePlan } from '../../../src/engine/estimate/estimate.ts';
import type { Estimate } from '../../../src/engine/estimate/result.ts';
import { defaultLane, MEDIA, type Medium, mediumOf, reaching } from '../../../src/engine/fabric/media.ts';
import type { CableSpec, FabricSpec, LevelSpec, Topology } from '../../../src/engine/fabric/spec.ts';
import type { PlanSpec } from '../../../src/engine/plan/spec.ts';
import { axis, clos24k, h100, level, pretrain } from '../estimate/samples.ts';

const G = 1e9;
const reach = (medium: Medium, lane: number) => mediumOf(medium, lane * G).reach.value;

describe('the table of media', () => {
  test('passive copper reaches less with every faster lane', () => {
    // Vendors of cables: 3 to 5 m at 50G, 2 m at 100G; about 1 m at 200G is recalled.
    expect([50, 100, 200].map(lane => reach('copper', lane))).toEqual([3, 2, 1]);
    expect(mediumOf('copper', 100 * G).reach.confidence).toBe('published');
    expect(mediumOf('copper', 200 * G).reach.confidence).toBe('unverified');
  });

  test('reaches of the others at 100G', () => {
    // Cable vendors; DR of IEEE 802.3; the LPO MSA.
    expect([reach('aec', 100), reach('aoc', 100), reach('optics', 100), reach('lpo', 100)]).toEqual([
      7, 100, 500, 500,
    ]);
  });

  test('pluggable optics cost 18 pJ/bit, co-packaged ones 5.6, direct copper nothing', () => {
    const energy = (medium: Medium) => mediumOf(medium, 200 * G).energy;
    expect(energy('optics').value).toBeCloseTo(18e-12, 15);
    expect(energy('cpo').value).toBeCloseTo(5.6e-12, 15);
    expect(energy('copper').value).toBe(0);
    // 9 W per 1.6 Tb/s is NVIDIA's own figure; what pluggables take differs from page to page.
    expect([energy('optics').confidence, energy('cpo').confidence]).toEqual(['unverified', 'published']);
  });

  test('a lane is known by its class: what it signals is a little more', () => {
    expect(reach('copper', 106.25)).toBe(2);
    expect(reach('copper', 112)).toBe(2);
    expect(reach('copper', 53.125)).toBe(3);
    expect(reach('copper', 224)).toBe(1);
  });

  test('at a lane that no row describes, nothing is sure', () => {
    for (const medium of ['copper', 'aec', 'cpo'] as const) {
      for (const lane of [1, 10_000]) {
        expect(mediumOf(medium, lane * G).reach.confidence).toBe('unverified');
      }
    }
  });

  test('every figure has a source and lies in its range', () => {
    for (const { reach, energy, price, latency } of MEDIA) {
      for (const fact of [reach, energy, price, latency]) {
        if (!fact) continue;
        expect(fact.source).not.toBe('');
        const [low, high] = fact.range ?? [fact.value, fact.value];
        expect(fact.value).toBeGreaterThanOrEqual(low);
        expect(fact.value).toBeLessThanOrEqual(high);
      }
    }
  });

  test('no medium reaches farther at a faster lane', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...new Set(MEDIA.map(row => row.medium))),
        fc.double({ min: 1, max: 1000, noNaN: true }),
        fc.double({ min: 1, max: 10, noNaN: true }),
        (medium, lane, faster) => {
          expect(reach(medium, lane * faster)).toBeLessThanOrEqual(reach(medium, lane));
        },
      ),
    );
  });

  test('what reaches 5 m at 100G is no copper', () => {
    expect(reaching(5, 100 * G)[0]!.medium).toBe('aec');
    expect(reaching(50, 100 * G)[0]!.medium).toBe('aoc');
    expect(reaching(1000, 100 * G)).toEqual([]);
  });

  test('a scale-out port has four lanes; where nothing tells, they are 100G', () => {
    // EDR, HDR, NDR and XDR: 100, 200, 400 and 800 Gb/s.
    expect([12.5e9, 25e9, 50e9, 100e9].map(port => defaultLane('scale_out', port) / G)).toEqual([
      25, 50, 100, 200,
    ]);
    expect(defaultLane('scale_up', 450e9)).toBe(100 * G);
    expect(defaultLane('scale_out', undefined)).toBe(100 * G);
  });
});

const cable = (medium: Medium, lane = 100 * G): CableSpec => {
  const { energy, reach } = mediumOf(medium, lane);
  return { medium, reach: reach.value, energyPerBit: energy.value, energyFrom: energy.confidence };
};
const both = (one: CableSpec): LevelSpec['cables'] => ({ local: one, global: one });

function priced(plan: PlanSpec): Estimate {
  const result = estimatePlan(plan);
  if (!result.ok) throw new Error(result.refusals[0]!.message);
  return result.estimate;
}

/** The first example with copper in the node and `medium` above. */
function withMedia(medium: Medium, lane = 100 * G): PlanSpec {
  const fabric = clos24k();
  const levels = fabric.levels.map((each, at) => ({
    ...each,
    cables: both(cable(at === 0 ? 'copper' : medium, lane)),
  }));
  return pretrain({ fabric: { ...fabric, levels } });
}

describe('energy of a step', () => {
  test('the same plan on pluggable and on co-packaged optics: 18 to 5.6', () => {
    const [pluggable, packaged] = [priced(withMedia('optics')), priced(withMedia('cpo'))];
    expect(pluggable.energy! / packaged.energy!).toBeCloseTo(18 / 5.6, 9);
    expect(pluggable.step).toEqual(packaged.step);
    // Copper in the node adds nothing, and the whole is the sum of the levels.
    expect(pluggable.levels[0]!.energy).toBe(0);
    expect(pluggable.energy).toBeCloseTo(pluggable.levels[1]!.energy! + pluggable.levels[2]!.energy!, 6);
  });

  test('media change no other number', () => {
    const { energy: _, assumptions: __, levels, ...rest } = priced(withMedia('optics'));
    const { energy: ___, assumptions: ____, levels: plain, ...silent } = priced(pretrain());
    expect(rest).toEqual(silent);
    const without = (list: Estimate['levels']) => list.map(({ energy: _, ...each }) => each);
    expect(without(levels)).toEqual(without(plain));
  });

  test('unknown where a level that carries bytes has no medium', () => {
    expect(priced(pretrain()).energy).toBeUndefined();
    expect(priced(pretrain()).assumptions.some(({ key }) => key.endsWith('.energy'))).toBe(false);
  });

  test('an energy that nobody verified is an assumption of ours, a published one of its vendor', () => {
    const said = (medium: Medium, lane?: number) =>
      priced(withMedia(medium, lane)).assumptions.filter(({ key }) => key.endsWith('.energy'));
    expect(said('optics').map(({ key, confidence }) => [key, confidence])).toEqual([
      ['pod.energy', 'default'],
      ['cluster.energy', 'default'],
    ]);
    expect(said('optics')[0]!.text).toContain('recalled, unverified');
    expect(said('cpo', 200 * G).map(({ confidence }) => confidence)).toEqual(['datasheet', 'datasheet']);
    // Nobody publishes co-packaged optics at 100G per lane.
    expect(said('cpo').map(({ confidence }) => confidence)).toEqual(['default', 'default']);
  });
});

/** Pure data parallelism of the first example's model over all chips, gradients and weights once a step. */
const dataParallel = (chips: number, levels: LevelSpec[]): PlanSpec => {
  const fabric: FabricSpec = { name: 'f', chip: { ...h100, hbm: { ...h100.hbm, capacity: 1e18 } }, levels };
  const mesh = { name: 'm', axes: [axis('dp', chips)], order: ['dp'] };
  return pretrain({
    fabric,
    mesh,
    batch: { global: chips, micro: 1, sequence: 8192 },
    pp: { schedule: { kind: '1f1b' } } as PlanSpec['pp'],
  });
};

const tree = (tiers: number): Topology => ({
  kind: 'fat_tree',
  tiers,
  leaf: 2,
  planes: 1,
  oversubscription: [],
  reduce: false,
});

/** Ten picojoules per bit and end. */
const stated: CableSpec = { energyPerBit: 10e-12, energyFrom: 'stated' };

describe('energy counted by hand', () => {
  /** Bytes that all members send in a ring: n flows of (n-1)/n S each, twice for an all-reduce. */
  const sent = ({ collectives }: Estimate) =>
    collectives
      .filter(({ ranks }) => ranks > 1)
      .reduce((sum, c) => sum + (c.op === 'all_reduce' ? 2 : 1) * (c.ranks - 1) * c.bytes * c.count, 0);

  test('behind a switch every byte passes two links, with two ends each', () => {
    const one = level('node', 8, {
      topology: { kind: 'switch', reduce: false },
      bandwidth: 450e9,
      latency: 1e-6,
      tier: 'scale_up',
      cables: both(stated),
    });
    const estimate = priced(dataParallel(8, [one]));
    expect(sent(estimate)).toBeGreaterThan(0);
    expect(estimate.energy).toBeCloseTo(sent(estimate) * 2 * 8 * 10e-12 * 2, 6);
  });

  test('over direct links it passes one', () => {
    const one = level('node', 8, {
      topology: { kind: 'fully_connected' },
      bandwidth: 450e9,
      latency: 1e-6,
      tier: 'scale_up',
      cables: both(stated),
    });
    const estimate = priced(dataParallel(8, [one]));
    expect(estimate.energy).toBeCloseTo(sent(estimate) * 8 * 10e-12 * 2, 6);
  });

  test('through a fat tree it passes the links of every tier that it climbs, those of lower levels, too', () => {
    const common = { bandwidth: 50e9, latency: 4e-6, tier: 'scale_out', cables: both(stated) } as const;
    const pod = level('pod', 4, { ...common, topology: tree(2) });
    const cluster = level('cluster', 2, { ...common, topology: tree(1) });
    const estimate = priced(dataParallel(8, [pod, cluster]));
    const rings = estimate.collectives.filter(({ ranks }) => ranks > 1);
    expect(rings.map(({ price }) => price.algorithm)).toEqual(rings.map(() => 'ring'));
    // Of the eight flows of a ring over 2 pods x 2 leaves x 2 chips all pass a chip's link, four a leaf's, two a pod's.
    const flow = sent(estimate) / 8;
    const perPass = 8 * 10e-12 * 2;
    expect(estimate.levels[0]!.energy).toBeCloseTo(flow * (8 + 4) * 2 * perPass, 6);
    expect(estimate.levels[1]!.energy).toBeCloseTo(flow * 2 * 2 * perPass, 6);
  });

  test('links above the first switch are `global`', () => {
    const common = { topology: tree(2), bandwidth: 50e9, latency: 4e-6, tier: 'scale_out' } as const;
    const of = (cables: LevelSpec['cables']) =>
      priced(dataParallel(4, [level('pod', 4, { ...common, ...(cables && { cables }) })])).energy;
    const free = cable('copper');
    // A ring over two leaves of two chips: four flows pass chips' links, two pass leaves'.
    expect(of({ local: stated, global: free })! / of({ local: free, global: stated })!).toBeCloseTo(2, 9);
    expect(of({ local: stated })).toBeUndefined();
  });
});
