/** Random small fabrics and groups for property tests. */
import fc from 'fast-check';
import type { ChipSpec, FabricSpec, LevelSpec, Tier, Topology } from '../../src/engine/fabric/spec.ts';

export const chip: ChipSpec = {
  name: 'chip',
  kind: 'gpu',
  peak: {},
  hbm: { capacity: 80e9, bandwidth: 3e12 },
  efficiency: {},
};

export function level(
  name: string,
  count: number,
  topology: Topology,
  bandwidth: number,
  more: Partial<LevelSpec> = {},
): LevelSpec {
  return {
    name,
    count,
    topology,
    bandwidth,
    efficiency: 1,
    efficiencyFrom: 'default',
    latency: 0,
    floor: 0,
    tier: 'scale_out',
    spare: 0,
    ...more,
  };
}

export const switched = (reduce = false, oversubscription?: number): Topology => ({
  kind: 'switch',
  reduce,
  ...(oversubscription === undefined ? {} : { oversubscription }),
});

export const fatTree = (
  tiers: number,
  oversubscription: number[] = [],
  leaf?: number,
  reduce = false,
): Topology => ({
  kind: 'fat_tree',
  tiers,
  planes: 1,
  oversubscription,
  reduce,
  ...(leaf === undefined ? {} : { leaf }),
});

export const fabricOf = (...levels: LevelSpec[]): FabricSpec => ({ name: 'fabric', chip, levels });

const rate = fc.integer({ min: 1, max: 900 }).map(gigabytes => gigabytes * 1e9);

const topology = (tier: Tier): fc.Arbitrary<Topology> => {
  const ratio = fc.integer({ min: 1, max: 8 });
  const kinds: fc.Arbitrary<Topology>[] = [
    fc.record({ reduce: fc.boolean(), oversubscription: ratio }).map(each => ({ kind: 'switch', ...each })),
    fc.constant({ kind: 'fully_connected' }),
    fc
      .record({
        tiers: fc.integer({ min: 1, max: 3 }),
        leaf: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        oversubscription: fc.array(ratio, { maxLength: 2 }),
        reduce: tier === 'scale_out' ? fc.boolean() : fc.constant(false),
      })
      .map(({ leaf, ...each }) => ({
        kind: 'fat_tree',
        planes: 1,
        ...each,
        oversubscription: each.oversubscription.slice(0, each.tiers),
        ...(leaf === undefined ? {} : { leaf }),
      })),
  ];
  return fc.oneof(...kinds);
};

const levels = (names: string[], most: number): fc.Arbitrary<LevelSpec[]> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: names.length }),
      ...names.map((name, index) =>
        fc.record({
          count: fc.integer({ min: 2, max: most }),
          spare: fc.constantFrom(0, 0, 0, 1),
          bandwidth: rate,
          shared: fc.constantFrom('no', 'no', 'uplink', 'link'),
          amount: rate,
          efficiency: fc.integer({ min: 50, max: 100 }).map(percent => percent / 100),
          latency: fc.integer({ min: 0, max: 9 }).map(units => (units + 10 * index) * 1e-7),
          floor: fc.constantFrom(0, 0, 1e-5),
          outer: fc.boolean(),
          up: topology('scale_up'),
          out: topology('scale_out'),
          name: fc.constant(name),
        }),
      ),
    )
    .map(([depth, ...parts]) => {
      let tier: Tier = 'scale_up';
      return parts.slice(0, depth).map(({ name, count, spare, outer, up, out, shared, amount, ...rest }) => {
        if (outer) tier = 'scale_out';
        const made = tier === 'scale_up' ? up : out;
        return level(name, count, made, rest.bandwidth, {
          ...rest,
          tier,
          spare: count - spare >= 2 ? spare : 0,
          ...(shared === 'uplink' ? { uplink: amount } : {}),
          ...(shared === 'link' && made.kind === 'fully_connected' ? { link: amount } : {}),
        });
      });
    });

/** One to three levels of 2 to 9 children, of every topology, with and without spares and shared uplinks. */
export const anyFabric: fc.Arbitrary<FabricSpec> = levels(['node', 'pod', 'cluster'], 9)
  .filter(each => chipsOf(each) <= 240)
  .map(each => fabricOf(...each));

export function chipsOf(list: readonly LevelSpec[]): number {
  return list.reduce((product, each) => product * (each.count - each.spare), 1);
}

export interface Placed {
  fabric: FabricSpec;
  axes: { stride: number; size: number }[];
  chips: number;
}

/** A mesh of up to five axes that fits, of which a group takes some; the fabric may be filled in part. */
export const anyPlacement: fc.Arbitrary<Placed> = fc
  .tuple(
    anyFabric,
    fc.array(fc.tuple(fc.oneof(fc.integer({ min: 2, max: 9 }), fc.constantFrom(2, 4, 8)), fc.boolean()), {
      minLength: 1,
      maxLength: 5,
    }),
    fc.nat(),
  )
  .map(([fabric, mesh, pick]) => {
    const most = chipsOf(fabric.levels);
    const axes: { stride: number; size: number; member: boolean }[] = [];
    let chips = 1;
    for (const [size, member] of mesh) {
      if (chips * size > most) continue;
      axes.push({ stride: chips, size, member });
      chips *= size;
    }
    if (axes.length === 0) {
      axes.push({ stride: 1, size: most, member: true });
      chips = most;
    }
    if (axes.every(axis => !axis.member)) axes[pick % axes.length]!.member = true;
    return {
      fabric,
      axes: axes.filter(axis => axis.member).map(({ stride, size }) => ({ stride, size })),
      chips,
    };
  });
