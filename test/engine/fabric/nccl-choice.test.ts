/** The engine's choice beside the tuner's own, and beside what logs show. */
import { describe, expect, it } from 'vitest';
import { defaultFloor } from '../../../src/engine/fabric/floors.ts';
import { achievedShare, defaultHop } from '../../../src/engine/fabric/nccl/defaults.ts';
import { type Job, tune } from '../../../src/engine/fabric/nccl/tuner.ts';
import { buildNetwork } from '../../../src/engine/fabric/network.ts';
import { normaliseGroup } from '../../../src/engine/fabric/pattern.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { ChipSpec, FabricSpec, Generation, LevelSpec, Tier } from '../../../src/engine/fabric/spec.ts';
import { fatTree, level, switched } from '../../oracle/fabrics.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

function machine(generation: Generation, rate: number, reduce: boolean, domain = 8, domains = 1): FabricSpec {
  const chip: ChipSpec = {
    name: 'chip',
    kind: 'gpu',
    generation,
    peak: {},
    hbm: { capacity: 8e10, bandwidth: 3e12 },
    efficiency: {},
  };
  const more = (tier: Tier): Partial<LevelSpec> => ({
    tier,
    efficiency: achievedShare(chip, tier)!,
    latency: defaultHop(chip, tier)!,
    floor: defaultFloor(chip, tier),
  });
  const levels = [level('node', domain, switched(reduce), rate, more('scale_up'))];
  if (domains > 1) levels.push(level('cluster', domains, fatTree(1), 50e9, more('scale_out')));
  return { name: 'machine', chip, levels };
}

const price = (fabric: FabricSpec, ranks: number, bytes: number, stride = 1) =>
  priceCollective(buildNetwork(fabric), normaliseGroup([{ stride, size: ranks }]), 'all_reduce', bytes, {
    chips: fabric.levels.reduce((product, each) => product * each.count, 1),
  })!;

const h100 = machine('hopper', 450e9, true);
const b200 = machine('blackwell', 900e9, true);
const a100 = machine('ampere', 300e9, false);

describe('the algorithm that logs show', () => {
  // ml-engineering, network/README.md: NVLS above 4 ranks on H200, above 5 on B200; Azure's and NCCL's logs: rings up to 1 MiB.
  it.each<[string, FabricSpec, number, number, string]>([
    ['8 H100', h100, 8, 64 * 1024, 'ring'],
    ['8 H100', h100, 8, MiB, 'ring'],
    ['8 H100', h100, 8, 16 * MiB, 'in_switch'],
    ['8 H100', h100, 8, GiB, 'in_switch'],
    ['4 H100', h100, 4, 8 * GiB, 'ring'],
    ['5 H100', h100, 5, 8 * GiB, 'in_switch'],
    ['5 B200', b200, 5, 8 * GiB, 'ring'],
    ['7 B200', b200, 7, 8 * GiB, 'in_switch'],
    ['8 A100', a100, 8, GiB, 'ring'],
    ['72 GB200', machine('blackwell', 900e9, true, 72), 72, GiB, 'in_switch'],
  ])('%s', (_, fabric, ranks, bytes, algorithm) =>
    expect(price(fabric, ranks, bytes).algorithm).toBe(algorithm),
  );
});

describe('beside the tuner', () => {
  const jobs: [string, FabricSpec, Job][] = [
    [
      '8 H100',
      h100,
      {
        generation: 'hopper',
        nodes: 1,
        ranksPerNode: 8,
        ring: { channels: 12, intra: 30, inter: 30 },
        nvls: { channels: 8, intra: 40, inter: 60 },
      },
    ],
    [
      '64 H100',
      machine('hopper', 450e9, true, 8, 8),
      {
        generation: 'hopper',
        nodes: 8,
        ranksPerNode: 8,
        ring: { channels: 8, intra: 48, inter: 48 },
        nvlsTree: { channels: 8, intra: 40, inter: 40 },
      },
    ],
    [
      '8 A100',
      a100,
      { generation: 'ampere', nodes: 1, ranksPerNode: 8, ring: { channels: 12, intra: 20, inter: 20 } },
    ],
  ];
  const names: Readonly<Record<string, string>> = { nvls: 'in_switch', nvls_tree: 'in_switch' };
  const sizes = Array.from({ length: 27 }, (_, power) => 1024 * 2 ** power);

  it.each(jobs)(
    '%s: chooses alike on three sizes of four, and within a third of what the other choice takes',
    (_, fabric, job) => {
      const ranks = job.nodes * job.ranksPerNode;
      let same = 0;
      for (const bytes of sizes) {
        const [theirs] = tune(job, 'all_reduce', bytes);
        const ours = price(fabric, ranks, bytes);
        const name = names[theirs!.algorithm] ?? theirs!.algorithm;
        if (ours.algorithm === name) same++;
        const asked = priceCollective(
          buildNetwork(fabric),
          [{ stride: 1, size: ranks }],
          'all_reduce',
          bytes,
          { chips: ranks, algorithm: ours.algorithm === name ? ours.algorithm : (name as 'ring') },
        )!;
        expect(asked.time / ours.time, `${bytes} bytes, ${name}`).toBeLessThan(4 / 3);
      }
      expect(same / sizes.length).toBeGreaterThanOrEqual(0.75);
    },
  );
});

describe('what is stated counts', () => {
  const node = h100.levels[0]!;
  const at = (more: Partial<LevelSpec>, bytes: number) =>
    price({ ...h100, levels: [{ ...node, topology: switched(), ...more }] }, 8, bytes).time;
  it('efficiency', () => expect(at({ efficiency: 0.4 }, GiB)).toBeGreaterThan(1.8 * at({}, GiB)));
  it('latency', () => expect(at({ latency: 10e-6 }, 1024)).toBeGreaterThan(14 * 10e-6));
  it('floor', () => expect(at({ floor: 1e-3 }, 1024)).toBe(1e-3));
});

describe('the protocol', () => {
  it('is LL for the shortest and Simple for the longest', () => {
    expect(price(a100, 8, 1024).protocol).toBe('ll');
    expect(price(a100, 8, 4 * GiB).protocol).toBe('simple');
  });
  it('is left out where no library is known', () => {
    const plain = { ...a100, chip: { ...a100.chip, generation: undefined } };
    expect(price(plain, 8, GiB).protocol).toBeUndefined();
  });
});
