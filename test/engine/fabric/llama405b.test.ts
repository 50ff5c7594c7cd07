/**
 * Llama 3 405B on 16,384 of 24,576 H100: eight pods of 3,072 chips under a 7:1 top tier ("The Llama 3 Herd of Models", 3.3).
 * Numbers follow from the rates by hand; what matters is who shares the pod's uplink of 3,072 x 50 GB/s / 7 = 21.9 TB/s.
 */
import { describe, expect, it } from 'vitest';
import type { CollectivePrice } from '../../../src/engine/estimate/result.ts';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { crossedLevels, priceCollective } from '../../../src/engine/fabric/price.ts';
import { fabricOf, fatTree, level, switched } from '../../oracle/fabrics.ts';

const network = buildNetwork(
  fabricOf(
    level('node', 8, switched(true), 450e9, { tier: 'scale_up' }),
    level('pod', 384, fatTree(2), 50e9),
    level('cluster', 8, fatTree(1, [7]), 50e9),
  ),
);
const chips = 16_384;
const tp = [{ stride: 1, size: 8 }];
/** tp < cp < pp < dp, and Megatron's own order, in which data parallelism lies inside pipeline stages. */
const dpOutside = { pp: [{ stride: 8, size: 16 }], dp: [{ stride: 128, size: 128 }] };
const megatron = { dp: [{ stride: 8, size: 128 }], pp: [{ stride: 1024, size: 16 }] };

const uplink = (price: CollectivePrice) => price.links.find(use => use.link === 'pod uplink');
const SEND = (8192 * 16_384 * 2) / 8;
/** fp32 gradients of one rank of an inner stage. */
const GRADIENTS = 4 * 3.188e9;

describe('inside a node', () => {
  it('an activation gather over tp takes 0.522 ms at line rate', () => {
    const price = priceCollective(network, tp, 'all_gather', 8192 * 16_384 * 2, {
      chips,
      algorithm: 'ring',
    })!;
    expect(price.time * 1e3).toBeCloseTo(0.522, 3);
    expect(price.limit).toBeCloseTo(price.time, 12);
    expect(price.levels).toEqual(['node']);
  });
});

describe('data parallelism outermost', () => {
  it('a send to the next stage takes 0.671 ms', () => {
    const price = priceCollective(network, dpOutside.pp, 'send_recv', SEND, { chips })!;
    expect(price.time * 1e3).toBeCloseTo(0.671, 3);
  });

  it('128 rings cross each pod boundary and fill 29 % of the uplink: 0.253 s, not 1.77 s', () => {
    const price = priceCollective(network, dpOutside.dp, 'reduce_scatter', GRADIENTS, {
      chips,
      algorithm: 'ring',
    })!;
    expect(price.time).toBeCloseTo(0.253, 3);
    expect(uplink(price)).toMatchObject({ flows: 128 });
    expect(uplink(price)!.load).toBeCloseTo(0.29, 2);
    expect(price.bottleneck).toEqual({ level: 'pod', link: 'chip to leaf' });
  });
});

describe("Megatron's order", () => {
  it('data parallelism stays inside pods', () => {
    const names = crossedLevels(network, megatron.dp, chips).map(index => network.levels[index]!.spec.name);
    expect(names).toEqual(['pod']);
  });

  it('1,024 sends meet at a pod boundary, 21.4 GB/s each: 1.57 ms', () => {
    const price = priceCollective(network, megatron.pp, 'send_recv', SEND, { chips })!;
    expect(price.time * 1e3).toBeCloseTo(1.57, 2);
    expect(SEND / price.time / 1e9).toBeCloseTo(21.4, 1);
    expect(uplink(price)).toMatchObject({ flows: 1024 });
    expect(price.bottleneck).toEqual({ level: 'cluster', link: 'pod uplink' });
  });
});

it('an all-to-all over all chips gets a seventh of the rate for what leaves a pod, 8.79 GB/s in all', () => {
  const bytes = 1e9;
  const price = priceCollective(network, [{ stride: 1, size: chips }], 'all_to_all', bytes, {
    chips,
    algorithm: 'direct',
  })!;
  const rate = bytes / price.time / 1e9;
  expect(rate).toBeCloseTo(8.79, 2);
  // 13 of 16 leave a full pod of 3,072.
  expect((rate * 13) / 16).toBeCloseTo(7.14, 2);
});
