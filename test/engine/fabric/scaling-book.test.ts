/**
 * Problems of "How to scale your model" (jax-ml.github.io/scaling-book) with the inputs that they state: 45 GB/s per link and
 * direction of TPU v4 and v5e, 90 of v5p, 450 per GPU and 400 per node of H100. The book lets a rank receive its own part, too:
 * its times are n/(n-1) of ours, and where that matters `asInTheBook` says so.
 */
import { describe, expect, it } from 'vitest';
import type { CollectivePrice } from '../../../src/engine/estimate/result.ts';
import { networkOf } from '../../../src/engine/fabric/network.ts';
import type { Group } from '../../../src/engine/fabric/pattern.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { FabricSpec, LevelSpec } from '../../../src/engine/fabric/spec.ts';
import type { Algorithm, CollectiveOp } from '../../../src/engine/plan/spec.ts';
import { fabricOf, level, switched } from '../../oracle/fabrics.ts';

const V4 = 45e9;
const V5E = 45e9;
const V5P = 90e9;
/** FLOP/s, bf16. */
const V5P_FLOPS = 4.59e14;
const V5E_FLOPS = 1.97e14;
const H100_FLOPS = 990e12;

function torus(
  dims: number[],
  link: number,
  wrap = dims.map(size => size > 2),
  more: Partial<LevelSpec> = {},
) {
  const topology = { kind: 'torus', dims, wrap, twist: false } as const;
  const count = dims.reduce((a, b) => a * b, 1);
  return fabricOf(
    level('slice', count, topology, 2 * dims.length * link, { link, tier: 'scale_up', ...more }),
  );
}

function price(
  fabric: FabricSpec,
  op: CollectiveOp,
  bytes: number,
  group?: Group,
  { algorithm }: { algorithm?: Algorithm } = {},
): CollectivePrice {
  const chips = fabric.levels.reduce((product, { count }) => product * count, 1);
  return priceCollective(networkOf(fabric), group ?? [{ stride: 1, size: chips }], op, bytes, {
    chips,
    ...(algorithm && { algorithm }),
  })!;
}

/** The time of n ranks of which each would receive its own part, too. */
const asInTheBook = (time: number, ranks: number): number => (time * ranks) / (ranks - 1);

/** At most 3 % off. */
function expectClose(value: number, expected: number): void {
  expect(Math.abs(value / expected - 1), `${value} for ${expected}`).toBeLessThan(0.03);
}

describe('sharded arrays on a 4 x 4 x 4 slice of TPU v4', () => {
  const slice = torus([4, 4, 4], V4);
  const X: Group = [{ stride: 1, size: 4 }];
  const Y: Group = [{ stride: 4, size: 4 }];
  const XY: Group = [{ stride: 1, size: 16 }];
  const array = 2 * 1024 * 4096;

  it('gathering bf16[1024_X, 4096_Y] over X takes 23 us', () => {
    for (const axis of [X, Y]) {
      const { time, limit } = price(slice, 'all_gather', array / 4, axis);
      expectClose(asInTheBook(time, 4), 23.3e-6);
      expect(time).toBeGreaterThanOrEqual(limit);
    }
  });

  it('over X and Y 46 us', () => {
    expectClose(asInTheBook(price(slice, 'all_gather', array, XY).time, 16), 46.6e-6);
  });

  // The sum over Z of what X and Y still share: a sixteenth of the array, there and back.
  it('adding up over Z what X and Y share takes 11.65 us, gathering it 5.8', () => {
    const Z: Group = [{ stride: 16, size: 4 }];
    expectClose(asInTheBook(price(slice, 'all_reduce', array / 16, Z).time, 4), 11.65e-6);
    expectClose(asInTheBook(price(slice, 'all_gather', array / 16, Z).time, 4), 5.82e-6);
  });

  it('gathering bf16[128_X] takes two hops: 2 us', () => {
    const slow = torus([4, 4, 4], V4, undefined, { latency: 1e-6 });
    expectClose(price(slow, 'all_gather', 2 * 128, X).time, 2e-6);
  });

  it('gathering 1 GiB over all axes takes 3.98 ms of the book, less the part that stays', () => {
    expectClose(asInTheBook(price(slice, 'all_gather', 2 ** 30).time, 64), 3.98e-3);
  });
});

it.each([
  ['v5p, three axes', torus([8, 8, 8], V5P), 1.99e-3],
  ['v5e, a whole pod', torus([16, 16], V5E), 5.97e-3],
])('gathering 1 GiB on %s', (_, slice, expected) => {
  expectClose(price(slice, 'all_gather', 2 ** 30).time, expected);
});

describe('rings', () => {
  // An array of V bytes over all ranks: each of n sends V/n in an all-to-all, and V is what a gather ends with.
  it('an all-to-all takes a quarter of a gather', () => {
    const ring = torus([64], V5P);
    const whole = 2 ** 36;
    const gather = price(ring, 'all_gather', whole).time;
    expectClose(price(ring, 'all_to_all', whole / 64).time / gather, 1 / 4);
  });

  it('15 GB reach a corner of a 4 x 4 slice of v5e, without wrap, over two links in 167 ms at best', () => {
    const mesh = torus([4, 4], V5E, [false, false]);
    expectClose(price(mesh, 'all_gather', 16e9).limit, 167e-3);
  });

  it('two chips of v5e share a contraction without waiting from D = 8755 on', () => {
    const [B, F] = [1024, 8192];
    // Partial sums of 2BF bytes are added up while each chip multiplies its half: 2B(D/2)F FLOP.
    const { time } = price(torus([2], V5E), 'all_reduce', 2 * B * F);
    expectClose((time * V5E_FLOPS) / (B * F), 8755);
  });
});

describe('how many tokens hide the traffic, TPU v5p', () => {
  const [D, F] = [8192, 32_768];
  /** Tokens per chip whose forward pass through a D x F matrix takes as long as gathering it. */
  const tokens = (gather: number): number => (gather * V5P_FLOPS) / (2 * D * F);

  it('sharded data parallelism: 2550 on one axis, 850 on three', () => {
    const slice = torus([16, 16, 16], V5P);
    const one = price(slice, 'all_gather', 2 * D * F, [{ stride: 1, size: 16 }]).time;
    expectClose(tokens(asInTheBook(one, 16)), 2550);
    expectClose(tokens(price(slice, 'all_gather', 2 * D * F).time), 850);
  });

  // Y ranks gather and scatter B x D activations around 4BDF/Y FLOP.
  it.each([
    [30_000, 30_000 / 2550],
    [50_000, 50_000 / 2550],
  ])('tensor parallelism of a layer with F = %i: about %f ranks on an axis', (ffn, ranks) => {
    const B = 4096;
    const ring = torus([16], V5P);
    const there = price(ring, 'all_gather', 2 * B * D).time;
    const back = price(ring, 'reduce_scatter', 2 * B * D).time;
    expectClose((4 * B * D * ffn) / V5P_FLOPS / asInTheBook(there + back, 16), ranks);
  });

  it('sharding weights over X and activations over Y: best at X = 13.7, so 16 x 4 of 64', () => {
    const [B, ffn, chips] = [48_000, 32_768, 64];
    const slice = torus([4, 4, 4], V5P);
    // Weights go over two axes, activations over one.
    const perByte = (group: Group, size: number) =>
      asInTheBook(price(slice, 'all_gather', 2 ** 30, group).time, size) / 2 ** 30;
    const two = perByte([{ stride: 1, size: 16 }], 16);
    const one = perByte([{ stride: 16, size: 4 }], 4);
    const cost = (x: number) => ((4 * D * ffn) / (chips / x)) * two + ((4 * B * D) / x) * one;
    const grid = Array.from({ length: 640 }, (_, i) => 1 + i / 10);
    const best = grid.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    expectClose(best, Math.sqrt((B / ffn) * 2 * chips));
    expectClose(best, 13.7);
    expect([8, 16, 32].reduce((a, b) => (cost(b) < cost(a) ? b : a))).toBe(16);
  });

  it('pods over the data-centre network: 76,000 tokens a pod', () => {
    // 2,000 hosts of four chips at 25 GB/s; 64 pods, so that 63/64 of all travel.
    const hosts = 2000;
    const perChip = 25e9 / 4;
    const fabric = fabricOf(
      level('pod', 4 * hosts, switched(), 6 * V5P, { tier: 'scale_up' }),
      level('dcn', 64, switched(), perChip),
    );
    const parameters = 1e9;
    const share = (2 * parameters) / (4 * hosts);
    const { time } = price(fabric, 'all_reduce', share, [{ stride: 4 * hosts, size: 64 }]);
    // Hidden under the backward pass, 4 FLOP per parameter and token at 3.8e18 a pod.
    expectClose((time * 3.8e18) / (4 * parameters), 76_000);
  });
});

describe('how many tokens hide the traffic, H100', () => {
  const nodes = (count: number, scaleUp = 450e9): FabricSpec =>
    fabricOf(
      level('node', 8, switched(), scaleUp, { tier: 'scale_up' }),
      level('network', count, switched(), 400e9 / 8),
    );
  const parameters = 1e9;
  /** Tokens per GPU whose backward pass takes as long as adding up the gradients of all parameters that a GPU works on. */
  const tokens = (reduce: number, held: number): number => (reduce * H100_FLOPS) / (4 * held);

  it.each([
    ['H100', 450e9, 2200],
    ['H800 of 300 GB/s', 300e9, 3300],
  ])('%s in a node: %f', (_, rate, expected) => {
    const ring = { algorithm: 'ring' } as const;
    const { time } = price(nodes(1, rate), 'all_reduce', 2 * parameters, [{ stride: 1, size: 8 }], ring);
    expectClose(tokens(asInTheBook(time, 8), parameters), expected);
  });

  // What eight GPUs of a node add up inside is the network's part of each: an eighth.
  it.each([
    [128, 2475],
    [2, 1237],
  ])('over %i nodes: %f per GPU', (count, expected) => {
    const group: Group = [{ stride: 8, size: count }];
    const { time } = price(nodes(count), 'all_reduce', (2 * parameters) / 8, group);
    expectClose(tokens(time, parameters), expected);
  });

  it('4 of 128 experts: 79,200 over nodes', () => {
    const group: Group = [{ stride: 8, size: 128 }];
    const { time } = price(nodes(128), 'all_reduce', (2 * parameters) / 8, group);
    expectClose(tokens(time, parameters * (4 / 128)), 79_200);
  });

  it('the switches of a node let 3.6 TB/s through the middle', () => {
    // Every GPU exchanges half of what it has with the one four further on.
    const bytes = 2 ** 33;
    const { time } = price(nodes(1), 'all_to_all', bytes, [{ stride: 4, size: 2 }]);
    expectClose((8 * (bytes / 2)) / time, 3.6e12);
  });
});

describe('an all-reduce of 1 GiB over four nodes of eight, 450 and 50 GB/s', () => {
  const fabric = fabricOf(
    level('node', 8, switched(), 450e9, { tier: 'scale_up' }),
    level('network', 4, switched(), 50e9),
  );
  const all: Group = [{ stride: 1, size: 32 }];
  const time = (op: CollectiveOp, bytes: number, group: Group) =>
    price(fabric, op, bytes, group, { algorithm: 'ring' }).time * 1e3;

  // By hand: 7/8 S / 450, 2 x 3/4 x S/8 / 50, 7/8 S / 450; one after the other 8.20 ms, in chunks 4.18.
  it('scatter, reduce over the network, gather: 2.09, 4.03 and 2.09 ms', () => {
    const inside: Group = [{ stride: 1, size: 8 }];
    expectClose(time('reduce_scatter', 2 ** 30, inside), 2.088);
    expectClose(time('all_reduce', 2 ** 27, [{ stride: 8, size: 4 }]), 4.027);
    expectClose(time('all_gather', 2 ** 30, inside), 2.088);
  });

  it('level by level takes between 4.18 ms, in chunks that overlap, and 8.20', () => {
    const { time: seconds } = price(fabric, 'all_reduce', 2 ** 30, all, { algorithm: 'hierarchical' });
    expect(seconds * 1e3).toBeGreaterThanOrEqual(4.176 * 0.999);
    expect(seconds * 1e3).toBeLessThanOrEqual(8.203 * 1.001);
  });
});
