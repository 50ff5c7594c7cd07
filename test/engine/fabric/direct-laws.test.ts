/** What must hold of any price on fabrics that are no trees. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { schedulesFor } from '../../../src/engine/fabric/algorithms.ts';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { FabricSpec, LevelSpec, Topology } from '../../../src/engine/fabric/spec.ts';
import type { Algorithm, CollectiveOp } from '../../../src/engine/plan/spec.ts';
import type { Placed } from '../../oracle/fabrics.ts';
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
import { close, engineOf, OPS } from './support.ts';

const SIZE = 1e9;

const anyDirect: fc.Arbitrary<FabricSpec> = fc.oneof(
  routed(anyNet),
  withFailures(routed(anyNet)),
  routed(anyCircuit),
  routed(netOfNodes),
  routed(netsUnderSwitch),
  anyRail,
);

const placed = placedOn(anyDirect);

function algorithmsOf({ network, group, chips }: ReturnType<typeof engineOf>, op: CollectiveOp): Algorithm[] {
  return [...schedulesFor(network, group, op, 1, chips).map(each => each.algorithm), 'hierarchical'];
}

/** One level's links `factor` times as fast. */
function faster(level: LevelSpec, factor: number): LevelSpec {
  const times = (rate: number | undefined): number | undefined => rate && rate * factor;
  const topology: Topology =
    level.topology.kind === 'graph'
      ? {
          ...level.topology,
          links: level.topology.links.map(({ rate, ...link }) => ({
            ...link,
            ...(rate && { rate: rate * factor }),
          })),
        }
      : level.topology;
  const rates = Object.fromEntries(
    (['uplink', 'link', 'linkLocal', 'linkGlobal'] as const).flatMap(key =>
      level[key] === undefined ? [] : [[key, times(level[key])]],
    ),
  );
  const perDimension = level.linkPerDimension?.map(rate => rate * factor);
  return {
    ...level,
    ...rates,
    topology,
    bandwidth: level.bandwidth * factor,
    ...(perDimension && { linkPerDimension: perDimension }),
  };
}

it('no algorithm beats the limit', () => {
  fc.assert(
    fc.property(placed, fc.constantFrom(...OPS), (where, op) => {
      const engine = engineOf(where);
      const { network, group, chips } = engine;
      for (const algorithm of algorithmsOf(engine, op)) {
        const price = priceCollective(network, group, op, SIZE, { chips, algorithm });
        if (price) expect(price.time, algorithm).toBeGreaterThanOrEqual(price.limit * (1 - 1e-9));
      }
    }),
    { numRuns: 150 },
  );
});

it('a faster level makes no algorithm slower, and no limit higher', () => {
  fc.assert(
    fc.property(
      placed,
      fc.constantFrom(...OPS),
      fc.nat(),
      fc.double({ min: 1, max: 8, noNaN: true }),
      (where, op, pick, factor) => {
        const engine = engineOf(where);
        const { network, group, chips } = engine;
        const levels = where.fabric.levels.map((level, at, { length }) =>
          at === pick % length ? faster(level, factor) : level,
        );
        const better = buildNetwork({ ...where.fabric, levels });
        for (const algorithm of algorithmsOf(engine, op)) {
          const before = priceCollective(network, group, op, SIZE, { chips, algorithm });
          const after = priceCollective(better, group, op, SIZE, { chips, algorithm });
          if (!before || !after) continue;
          expect(after.time, algorithm).toBeLessThanOrEqual(before.time * (1 + 1e-9));
          expect(after.limit).toBeLessThanOrEqual(before.limit * (1 + 1e-9));
        }
      },
    ),
    { numRuns: 120 },
  );
});

it('more bytes take no less time, no link is busier than it can be, and the bottleneck is one of the links', () => {
  fc.assert(
    fc.property(
      placed,
      fc.constantFrom(...OPS),
      fc.integer({ min: 50, max: 100 }).map(percent => percent / 100),
      (where, op, efficiency) => {
        const levels = where.fabric.levels.map(level => ({ ...level, efficiency, latency: 1e-6 }));
        const engine = engineOf({ ...where, fabric: { ...where.fabric, levels } });
        const { network, group, chips } = engine;
        for (const algorithm of algorithmsOf(engine, op)) {
          const [one, two] = [SIZE, 2 * SIZE].map(bytes =>
            priceCollective(network, group, op, bytes, { chips, algorithm }),
          );
          if (!one || !two) continue;
          expect(two.time).toBeGreaterThanOrEqual(one.time);
          expect(close(two.limit, 2 * one.limit)).toBe(true);
          if (algorithm !== 'hierarchical') expect(two.latency).toBe(one.latency);
          for (const use of one.links) expect(use.load).toBeLessThanOrEqual(use.efficiency * (1 + 1e-9));
          expect(one.links).toContainEqual(expect.objectContaining(one.bottleneck));
        }
      },
    ),
    { numRuns: 100 },
  );
});

it('the chosen algorithm is the fastest that is not by name only, or the usual one where that is 2 % slower at most', () => {
  fc.assert(
    fc.property(placed, fc.constantFrom(...OPS), fc.constantFrom(1e3, 1e6, 1e9), (where, op, size) => {
      const { network, group, chips } = engineOf(where);
      const chosen = priceCollective(network, group, op, size, { chips })!;
      const free = schedulesFor(network, group, op, 1, chips).filter(each => !each.byNameOnly);
      const times = [...free.map(each => each.algorithm), 'hierarchical' as const].flatMap(algorithm => {
        const price = priceCollective(network, group, op, size, { chips, algorithm });
        return price ? [{ algorithm, time: price.time }] : [];
      });
      expect(chosen.time).toBeLessThanOrEqual(Math.min(...times.map(({ time }) => time)) / 0.98);
      expect(times).toContainEqual({ algorithm: chosen.algorithm, time: chosen.time });
    }),
    { numRuns: 100 },
  );
});

it('names of levels make no difference', () => {
  fc.assert(
    fc.property(placed, fc.constantFrom(...OPS), (where, op) => {
      const price = (fabric: FabricSpec) => {
        const { network, group, chips } = engineOf({ ...where, fabric });
        const { time, latency, limit, algorithm } = priceCollective(network, group, op, SIZE, { chips })!;
        return { time, latency, limit, algorithm };
      };
      const levels = where.fabric.levels.map((level, at) => ({ ...level, name: `renamed ${9 - at}` }));
      expect(price({ ...where.fabric, levels })).toEqual(price(where.fabric));
    }),
    { numRuns: 40 },
  );
});

it('numbers of the children of a graph make no difference to what all of them do at once', () => {
  const graphs = anyNet.filter(({ levels }) => levels[0]!.topology.kind === 'graph');
  fc.assert(
    fc.property(graphs, fc.nat(), (fabric, turn) => {
      const [level] = fabric.levels;
      const { count } = level!;
      const other = (vertex: number): number =>
        vertex < count ? count - 1 - ((vertex + turn) % count) : vertex;
      const { links } = level!.topology as Extract<Topology, { kind: 'graph' }>;
      const topology: Topology = {
        kind: 'graph',
        links: links.map(link => ({ ...link, a: other(link.a), b: other(link.b) })),
      };
      const price = (each: LevelSpec, op: CollectiveOp) => {
        const where: Placed = {
          fabric: { ...fabric, levels: [each] },
          axes: [{ stride: 1, size: count }],
          chips: count,
        };
        const { network, group, chips } = engineOf(where);
        return priceCollective(network, group, op, SIZE, {
          chips,
          ...(op === 'all_to_all' ? { algorithm: 'direct' } : {}),
        })!;
      };
      expect(close(price({ ...level!, topology }, 'all_to_all').time, price(level!, 'all_to_all').time)).toBe(
        true,
      );
      // The bound of an exchange tries cuts between numbers that follow each other, so it does depend on them.
      for (const op of ['all_gather', 'all_reduce'] as const)
        expect(close(price({ ...level!, topology }, op).limit, price(level!, op).limit, 1e-6)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

it('what is broken lets nobody gather faster at best', () => {
  fc.assert(
    fc.property(withFailures(anyNet), fabric => {
      const [level] = fabric.levels;
      const failed = { links: level!.failed!.links, children: [] };
      const limit = (each: LevelSpec): number => {
        const axes = [{ stride: 1, size: each.count }];
        const { network, group, chips } = engineOf({
          fabric: { ...fabric, levels: [each] },
          axes,
          chips: each.count,
        });
        return (
          priceCollective(network, group, 'all_gather', SIZE, { chips })?.limit ?? Number.POSITIVE_INFINITY
        );
      };
      const { failed: _, ...whole } = level!;
      // Without its broken children, whose links may be all that holds others together, a net may fall apart.
      if (buildNetwork({ ...fabric, levels: [{ ...whole, failed }] }).faults.length > 0) return;
      expect(limit({ ...whole, failed })).toBeGreaterThanOrEqual(limit(whole) * (1 - 1e-6));
    }),
    { numRuns: 50 },
  );
});
