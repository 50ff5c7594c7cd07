/** Times and bandwidths that others published or measured, or that follow from their figures by hand. */
import { describe, expect, it } from 'vitest';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { FabricSpec } from '../../../src/engine/fabric/spec.ts';
import type { Algorithm, CollectiveOp } from '../../../src/engine/plan/spec.ts';
import { fabricOf, fatTree, level, switched } from '../../oracle/fabrics.ts';

const GiB = 2 ** 30;
const ms = (seconds: number, digits = 3): number => Number((seconds * 1e3).toFixed(digits));

interface Ask {
  op: CollectiveOp;
  ranks: number;
  bytes: number;
  algorithm?: Algorithm;
  inSwitchRate?: number;
}

const price = (fabric: FabricSpec, { op, ranks, bytes, ...options }: Ask) =>
  priceCollective(buildNetwork(fabric), [{ stride: 1, size: ranks }], op, bytes, {
    chips: ranks,
    ...options,
  })!;

/** nccl-tests' bus bandwidth, GB/s. */
function busBandwidth(fabric: FabricSpec, ask: Ask): number {
  const factor = {
    all_reduce: 2,
    all_gather: 1,
    reduce_scatter: 1,
    all_to_all: 1,
    broadcast: 1,
    send_recv: 1,
  };
  const share = ((factor[ask.op] ?? 1) * (ask.ranks - 1)) / ask.ranks;
  return (share * ask.bytes) / price(fabric, ask).time / 1e9;
}

const node = (gigabytes: number, reduce = false): FabricSpec =>
  fabricOf(level('node', 8, switched(reduce), gigabytes * 1e9, { tier: 'scale_up' }));

describe('eight ranks on a switch, 1 GiB', () => {
  const allReduce = { op: 'all_reduce', ranks: 8, bytes: GiB } as const;
  // NCCL's ring at line rate, and at the 370.8 GB/s that it reaches on H100 (nccl-tests issues 212 and 309: 365-370).
  it('ring at 450 GB/s', () =>
    expect(ms(price(node(450), { ...allReduce, algorithm: 'ring' }).time)).toBe(4.176));
  it('ring at 370.8 GB/s', () => {
    const fabric = node(370.8);
    expect(ms(price(fabric, { ...allReduce, algorithm: 'ring' }).time)).toBe(5.068);
    expect(busBandwidth(fabric, { ...allReduce, algorithm: 'ring' })).toBeCloseTo(370.8, 6);
  });
  // NVLink SHARP: S (1 + 1/n) per port. Measured on H100: 472 (Azure's guide), 480 (nccl-tests 212, 290).
  it('NVLS on H100', () => {
    const ask = { ...allReduce, inSwitchRate: 0.82 };
    expect(price(node(370.8, true), ask)).toMatchObject({ algorithm: 'in_switch' });
    expect(ms(price(node(370.8, true), ask).time)).toBe(3.973);
    expect(busBandwidth(node(370.8, true), ask)).toBeCloseTo(473, 0);
  });
  // "830+" on a B200 node (nccl issue 1807).
  it('NVLS on B200', () => {
    const ask = { ...allReduce, inSwitchRate: 0.75 };
    expect(ms(price(node(721.8, true), ask).time)).toBe(2.231);
    expect(busBandwidth(node(721.8, true), ask)).toBeCloseTo(842, 0);
  });
  // Logs of H200 (ml-engineering): 363.3 on 4 ranks, where the ring is chosen, 435.6 on 6.
  it.each([
    [4, 370.8],
    [6, 434.4],
    [7, 456.1],
  ])('NVLS on %i ranks of H200: %f GB/s', (ranks, expected) => {
    const ask = { op: 'all_reduce', ranks, bytes: 8 * GiB, inSwitchRate: 0.82 } as const;
    expect(Math.abs(busBandwidth(node(370.8, true), ask) - expected)).toBeLessThan(0.2);
  });

  it.each([
    [64 * 1024, 1.02, 0.25],
    [2 ** 20, 16.3, 4.1],
  ])('one shot and two shots of %i bytes at 450 GB/s: %f and %f us', (bytes, one, two) => {
    const time = (algorithm: Algorithm) =>
      price(node(450), { op: 'all_reduce', ranks: 8, bytes, algorithm }).time * 1e6;
    expect(Math.abs(time('direct') / one - 1)).toBeLessThan(0.005);
    expect(Math.abs(time('direct_two_shot') / two - 1)).toBeLessThan(0.02);
  });
});

describe('MI300X, a full mesh with 48 GB/s achieved on each link', () => {
  const mi300x = fabricOf(
    level('node', 8, { kind: 'fully_connected' }, 448e9, { tier: 'scale_up', link: 64e9, efficiency: 0.75 }),
  );
  // 47.7 measured on two ranks (ml-engineering); 7 x 48 by AMD's own account.
  it('8 ranks use all seven links', () =>
    expect(busBandwidth(mi300x, { op: 'all_reduce', ranks: 8, bytes: 4 * GiB })).toBeCloseTo(336, 6));
  it('2 ranks have one', () =>
    expect(busBandwidth(mi300x, { op: 'all_reduce', ranks: 2, bytes: 4 * GiB })).toBeCloseTo(48, 6));
  it('a single ring uses one of seven', () =>
    expect(busBandwidth(mi300x, { op: 'all_reduce', ranks: 8, bytes: GiB, algorithm: 'ring' })).toBeCloseTo(
      48,
      6,
    ));
});

describe('all-to-all on tapered fat trees, share of the injection rate', () => {
  // Solved as a linear program: 4 leaves of 4 hosts.
  const share = (fabric: FabricSpec, ranks: number): number =>
    busBandwidth(fabric, { op: 'all_to_all', ranks, bytes: GiB });
  it('16 hosts, 4:1', () =>
    expect(share(fabricOf(level('pod', 16, fatTree(2, [4], 4), 1e9)), 16)).toBeCloseTo(0.3125, 9));
  it('64 hosts, 2:1', () =>
    expect(share(fabricOf(level('pod', 64, fatTree(2, [2], 8), 1e9)), 64)).toBeCloseTo(0.5625, 9));
  it('the gather does not mind', () => {
    const ask = { op: 'all_gather', ranks: 16, bytes: GiB } as const;
    const at = (ratio: number) => price(fabricOf(level('pod', 16, fatTree(2, [ratio], 4), 1e9)), ask);
    expect(at(4).limit).toBe(at(1).limit);
    expect(at(4).time).toBe(at(1).time);
  });
});

describe('nodes of 8 with a network port per rank', () => {
  const nodes = (count: number): FabricSpec =>
    fabricOf(
      level('node', 8, switched(), 450e9, { tier: 'scale_up' }),
      level('pod', count, switched(), 50e9),
    );
  it('eight flat rings over 4 nodes, one per port: 5.20 ms for 1 GiB', () => {
    const ask = { op: 'all_reduce', ranks: 32, bytes: GiB, algorithm: 'ring' } as const;
    expect(ms(price(nodes(4), ask).time, 2)).toBe(5.2);
  });
  // Maintainers' rule, nccl-tests issue 130: algorithm bandwidth k/(k-1) times the port's.
  it.each([
    [2, 93.75],
    [4, 64.6],
    [8, 56.25],
    [16, 52.9],
  ])('all-to-all over %i nodes: %f GB/s', (count, expected) => {
    const ask = { op: 'all_to_all', ranks: 8 * count, bytes: 64 * GiB } as const;
    expect(Math.abs(busBandwidth(nodes(count), ask) - expected)).toBeLessThan(0.05);
  });
});

describe('problems of "How to scale your model" (jax-ml.github.io/scaling-book, GPUs)', () => {
  // SuperPOD: nodes of 8 at 450 GB/s per GPU, 400 GB/s per node; SU of 32 nodes, 4 SUs, all 1:1.
  const superPod = fabricOf(
    level('node', 8, switched(true), 450e9, { tier: 'scale_up' }),
    level('su', 32, switched(), 50e9),
    level('pod', 4, switched(), 50e9),
  );
  const limit = (fabric: FabricSpec, ranks: number, bytes: number): number =>
    price(fabric, { op: 'all_gather', ranks, bytes }).limit;

  it('gathering bf16[4096, 65536] in a node takes 1.04 ms', () => {
    const bytes = 2 * 4096 * 65_536;
    expect(ms(price(superPod, { op: 'all_gather', ranks: 8, bytes, algorithm: 'ring' }).time, 2)).toBe(1.04);
    expect(ms(limit(superPod, 8, bytes), 2)).toBe(1.04);
  });

  it('bandwidth of a gather by level: 514 GB/s in a node, 413 over the nodes of an SU', () => {
    expect(GiB / limit(superPod, 8, GiB) / 1e9).toBeCloseTo(514, 0);
    // One rank per node has the node's 400 GB/s in the book.
    const oneRankPerNode = fabricOf(level('su', 32, switched(), 400e9));
    expect(GiB / limit(oneRankPerNode, 32, GiB) / 1e9).toBeCloseTo(413, 0);
  });

  it('an all-to-all of V bytes in a node of 8 takes 7 V / (64 x 450 GB/s)', () => {
    const global = 8 * GiB;
    const { time } = price(superPod, { op: 'all_to_all', ranks: 8, bytes: global / 8 });
    expect(time).toBeCloseTo((7 * global) / (64 * 450e9), 12);
  });

  it('across M nodes V (M - 1) / (M^2 x 400 GB/s)', () => {
    const nodes = 32;
    const global = 256 * GiB;
    const { time } = price(superPod, { op: 'all_to_all', ranks: 8 * nodes, bytes: global / (8 * nodes) });
    expect(time).toBeCloseTo((global * (nodes - 1)) / (nodes ** 2 * 400e9), 9);
  });

  // 2DF bytes, of which each inner rank gathers its part: Y <= 8 inner ranks share one node's ports, 16 those of two nodes.
  it.each([
    [4, 32, 400e9],
    [8, 32, 400e9],
    [16, 16, 800e9],
  ])('gathering what %i inner ranks share, over %i nodes (or pairs of them)', (inner, units, rate) => {
    const whole = 64 * GiB;
    const group = [{ stride: inner, size: 256 / inner }];
    const network = buildNetwork(superPod);
    const { limit: least } = priceCollective(network, group, 'all_gather', whole / inner, { chips: 256 })!;
    expect(least).toBeCloseTo((whole * (units - 1)) / (units * rate), 9);
  });

  it('an in-network all-reduce over one port per rank takes bytes over egress', () => {
    const fabric = fabricOf(level('pod', 16, switched(true), 50e9));
    const ask = { op: 'all_reduce', ranks: 16, bytes: GiB, algorithm: 'in_switch', inSwitchRate: 1 } as const;
    expect(price(fabric, ask).time).toBeCloseTo(GiB / 50e9, 12);
  });
});
