/** The oracle on nets of links: what must hold of any count. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Topology } from '../../src/engine/fabric/spec.ts';
import { direct, hopsBetween } from './direct.ts';
import { fabricOf, level, switched } from './fabrics.ts';
import { exchange, hopBound, leastTime } from './limits.ts';
import { gatherCost } from './max-flow.ts';
import {
  anyCircuit,
  anyNet,
  anyRail,
  netOfNodes,
  netsUnderSwitch,
  placedOn,
  routed,
  twists,
  withFailures,
} from './nets.ts';

const KINDS = [
  ['nets of chips', 20, routed(anyNet)],
  ['nets with failures', 20, withFailures(anyNet)],
  ['cubes behind circuit switches', 15, anyCircuit],
  ['twisted tori', 3, fc.constantFrom(...twists)],
  ['nets of nodes', 15, routed(netOfNodes)],
  ['nets under a switch', 15, routed(netsUnderSwitch)],
  ['rails', 15, anyRail],
] as const;

describe.each(KINDS)('%s', (_, numRuns, fabrics) => {
  it('carry what is sent as far as it goes, no faster than links and cuts allow', () => {
    fc.assert(
      fc.property(placedOn(fabrics), ({ fabric, axes, chips }) => {
        const { graph, groups, n, answers } = direct(fabric, axes, chips);
        const pairwise = answers.find(({ algorithm }) => algorithm === 'pairwise')!;
        const sent = exchange(groups);
        const far = sent.reduce(
          (sum, { source, target, bytes }) => sum + bytes * hopsBetween(graph, source, target),
          0,
        );
        let carried = 0;
        for (const [link, { bytes }] of pairwise.rounds[0]!) if (graph.wired.has(link)) carried += bytes;
        expect(carried).toBeCloseTo(far, 9);
        expect(pairwise.time).toBeGreaterThanOrEqual(hopBound(graph, sent) * (1 - 1e-9));
        // One group's limit, as if the others were silent.
        const least = n <= 16 ? gatherCost(graph, groups[0]!) / n : 0;
        for (const { op, time } of answers) {
          if (op === 'all_gather' || op === 'reduce_scatter' || op === 'all_reduce')
            expect(time).toBeGreaterThanOrEqual(least * (1 - 1e-9));
        }
      }),
      { numRuns },
    );
  });
});

it('no exchange beats the flow programme', () => {
  const small = routed(anyNet).filter(({ levels }) => levels[0]!.count <= 8);
  fc.assert(
    fc.property(placedOn(small), ({ fabric, axes, chips }) => {
      const { graph, groups, answers } = direct(fabric, axes, chips);
      const least = leastTime(graph, exchange(groups));
      const best = Math.min(...answers.flatMap(({ op, time }) => (op === 'all_to_all' ? [time] : [])));
      expect(best).toBeGreaterThanOrEqual(least * (1 - 1e-6));
    }),
    { numRuns: 20 },
  );
});

describe('numbers by hand', () => {
  it('all-reduce over 4 nodes of 8, 450 and 50 GB/s: 2.088, 4.027 and 2.088 ms for 1 GiB', () => {
    const rail = { kind: 'rail', spine: true, oversubscription: 1 } as const;
    const fabric = fabricOf(
      level('node', 8, switched(), 450e9, { tier: 'scale_up' }),
      level('pod', 4, rail, 50e9, { tier: 'scale_out' }),
    );
    const { answers } = direct(fabric, [{ stride: 1, size: 32 }], 32);
    const time = (op: string, algorithm: string): number =>
      2 ** 30 * answers.find(each => each.op === op && each.algorithm === algorithm)!.time;
    expect(time('all_reduce', 'hierarchical') * 1e3).toBeCloseTo(8.2, 2);
    // Every chip of a node passes 24/32 of its buffer through its port.
    expect(time('all_to_all', 'two_phase')).toBeGreaterThanOrEqual((2 ** 30 * 24) / 32 / 50e9);
  });

  it('rail-only: bytes for another rail pass the own node first', () => {
    const rail = { kind: 'rail', spine: false, oversubscription: 1 } as const;
    const fabric = fabricOf(
      level('node', 8, switched(), 450e9, { tier: 'scale_up' }),
      level('pod', 2, rail, 50e9, { tier: 'scale_out' }),
    );
    const { answers } = direct(fabric, [{ stride: 1, size: 16 }], 16);
    const { classes } = answers.find(({ algorithm }) => algorithm === 'pairwise')!;
    expect(classes.get('pod port')!.bytes).toBeCloseTo(8 / 16, 12);
    expect(classes.get('node tree 1')!.bytes).toBeCloseTo(7 / 16 + ((8 / 16) * 7) / 8, 12);
  });

  it('rings that interleave on one ring share its links', () => {
    const ring: Topology = { kind: 'torus', dims: [8], wrap: [true], twist: false };
    const fabric = fabricOf(level('pod', 8, ring, 2e9, { link: 1e9, tier: 'scale_up' }));
    const gather = (axes: { stride: number; size: number }[]) =>
      direct(fabric, axes, 8).answers.find(
        ({ op, algorithm }) => op === 'all_gather' && algorithm === 'along',
      )!;
    // 4 members two links apart, twice: each direction of a link carries 3/8 of two buffers.
    expect(gather([{ stride: 2, size: 4 }]).classes.get('pod x link')!.bytes).toBeCloseTo(2 * (3 / 8), 12);
    // 4 neighbours: a line, whose end takes 3 shards of 4 over its one link.
    expect(gather([{ stride: 1, size: 4 }]).classes.get('pod x link')!.bytes).toBeCloseTo(3 / 4, 12);
    expect(gather([{ stride: 2, size: 4 }]).hops).toBe(2 * 2);
    expect(gather([{ stride: 1, size: 8 }]).steps).toBe(4);
  });
});
