/** What a row's columns say of the machine, as a fabric that a user would write. */
import { defaultFloor } from '../../src/engine/fabric/floors.ts';
import { ICI } from '../../src/engine/fabric/ici/rates.ts';
import { achievedShare, defaultHop } from '../../src/engine/fabric/nccl/defaults.ts';
import { NETWORKS, type NetworkRates, PLATFORM_FLOORS } from '../../src/engine/fabric/nccl/rates.ts';
import type { ChipSpec, FabricSpec, LevelSpec, Tier, Topology } from '../../src/engine/fabric/spec.ts';
import type { Row } from './row.ts';
import { isGrid, sliceOf } from './slice.ts';

/** Chips of the standard library by name. */
export type Chips = ReadonlyMap<string, ChipSpec>;

/** Words of a hardware column that name a chip of the library, the more special first. */
const NAMES: readonly [RegExp, string][] = [
  [/V100/i, 'v100_sxm2'],
  [/GB300/i, 'gb300'],
  [/GB200/i, 'gb200'],
  [/B300/i, 'b300'],
  [/B200/i, 'b200'],
  [/H800/i, 'h800'],
  [/H200|P5en/i, 'h200'],
  [/H100.*(96 ?GB|500 ?W)/i, 'h100_sxm_96gb'],
  [/H100/i, 'h100_sxm'],
  [/H20\b/i, 'h20'],
  [/(A100|A800).*40 ?GB/i, 'a100_40gb'],
  [/A100|A800/i, 'a100_80gb'],
  [/MI355X|MI350X/i, 'mi355x'],
  [/MI325X/i, 'mi325x'],
  [/MI300X/i, 'mi300x'],
  [/MI250X?|MI200/i, 'mi250x'],
  [/TPU ?v?7|TPU7x|Ironwood/i, 'tpu_v7'],
  [/v6e|Trillium/i, 'tpu_v6e'],
  [/v5p/i, 'tpu_v5p'],
  [/v5e|v5 ?lite/i, 'tpu_v5e'],
  [/TPU ?v4/i, 'tpu_v4'],
  [/Gaudi ?3/i, 'gaudi3'],
  [/Trn3|Trainium ?3/i, 'trainium3'],
  [/Trn2|Trainium ?2/i, 'trainium2'],
  [/910C|CloudMatrix/i, 'ascend_910c'],
  [/910B/i, 'ascend_910b'],
];

export function chipOf(row: Row, chips: Chips): ChipSpec | undefined {
  const name = NAMES.find(([word]) => word.test(row.hardware))?.[1];
  return name === undefined ? undefined : chips.get(name);
}

export interface Machine {
  fabric: FabricSpec;
  chip: ChipSpec;
  /** Chips of one scale-up domain. */
  domain: number;
  /** Chips that take part, those of other groups included. */
  chips: number;
}

/** @returns a text that says what is missing */
export function machineOf(row: Row, chips: Chips, ranks: number): Machine | string {
  const chip = chipOf(row, chips);
  if (!chip) return `no chip is known by the name '${row.hardware}'`;
  if (row.scaleUp === undefined) return 'the scale-up rate is not stated';
  if (isGrid(chip, row)) {
    const slice = sliceOf(row, chip, ranks);
    if (!slice) return 'the shape of the slice is not stated';
    return {
      fabric: { name: row.id, chip, levels: [slice.level] },
      chip,
      domain: slice.chips,
      chips: slice.chips,
    };
  }
  const domain = filled(row.domain ?? 8, ranks);
  const node = nodeLevel(row, chip, domain);
  const levels = [node];
  if (ranks > domain) {
    if (row.scaleOut === undefined) return 'the scale-out rate is not stated';
    levels.push(clusterLevel(row, chip, Math.ceil(ranks / domain), row.scaleOut));
  }
  return { fabric: { name: row.id, chip, levels }, chip, domain, chips: ranks };
}

/** Schedulers fill the domains of a job evenly: 256 chips take 64 of each of four racks of 72. */
function filled(domain: number, ranks: number): number {
  if (ranks <= domain || domain <= 8) return domain;
  for (let part = domain; part > domain / 2; part--) if (ranks % part === 0) return part;
  return domain;
}

function nodeLevel(row: Row, chip: ChipSpec, domain: number): LevelSpec {
  const level = levelOf(chip, 'node', domain, 'scale_up', row.scaleUp!);
  // Some columns hold what is reached, not the line rate.
  const achieved = {
    ...(/achievable/i.test(row.topology) && { efficiency: 1 }),
    ...(row.platform && { floor: PLATFORM_FLOORS[row.platform] }),
  };
  if (/cube[- ]mesh/i.test(row.topology))
    return { ...level, topology: CUBE_MESH, link: level.bandwidth / CUBE_MESH_LINKS, ...achieved };
  return { ...level, topology: nodeTopology(row, chip), ...achieved };
}

/**
 * DGX-1 with V100, six NVLinks a chip: two squares with diagonals and four links between them, some of them double (NVIDIA's
 * white paper WP-08437, figure 4). What is listed twice is two links.
 */
const CUBE_MESH_LINKS = 6;
const CUBE_MESH: Topology = {
  kind: 'graph',
  links: [
    ...[0, 4].flatMap(quad =>
      [
        [0, 1],
        [0, 2],
        [0, 3],
        [0, 3],
        [1, 2],
        [1, 2],
        [1, 3],
        [2, 3],
      ].map(([a, b]) => ({
        a: quad + a!,
        b: quad + b!,
      })),
    ),
    ...[0, 0, 1, 1, 2, 2, 3, 3].map(a => ({ a, b: a + 4 })),
  ],
};

/** In-switch reduction came with Hopper's NVSwitch. */
const REDUCES = new Set(['hopper', 'blackwell']);

function nodeTopology({ topology, algorithm }: Row, chip: ChipSpec): Topology {
  if (/full(y)?[- ]?(connected)? ?mesh|fully connected|all-to-all mesh/i.test(topology) || meshByNature(chip))
    return { kind: 'fully_connected' };
  const off = /NVLS off|^ring/i.test(algorithm) && !/default/i.test(algorithm);
  return { kind: 'switch', reduce: REDUCES.has(chip.generation ?? '') && !off };
}

function meshByNature({ generation, name }: ChipSpec): boolean {
  return (generation?.startsWith('cdna') ?? false) || name === 'gaudi3' || name === 'ascend_910b';
}

function clusterLevel(row: Row, chip: ChipSpec, nodes: number, rate: number): LevelSpec {
  const network = networkOf(row);
  const [, ratio] = /(\d+(?:\.\d+)?) ?: ?1\b/.exec(row.topology) ?? [];
  // The network's switches reduce only where a job asks for it: NCCL leaves CollNet off by default.
  const reduce = /^(IB )?SHARP$|CollNet/i.test(row.algorithm);
  return {
    ...levelOf(chip, 'cluster', nodes, 'scale_out', rate),
    topology: {
      kind: 'fat_tree',
      tiers: ratio === undefined ? 1 : 2,
      planes: 1,
      oversubscription: ratio === undefined ? [] : [Number(ratio)],
      reduce,
    },
    efficiency: network.share,
    latency: network.latency,
  };
}

export function networkOf({ topology }: Row): NetworkRates {
  return /EFA/i.test(topology) ? NETWORKS.efa : NETWORKS.ib;
}

function levelOf(chip: ChipSpec, name: string, count: number, tier: Tier, bandwidth: number): LevelSpec {
  return {
    name,
    count,
    tier,
    bandwidth,
    topology: { kind: 'switch', reduce: false },
    efficiency: achievedShare(chip, tier) ?? (tier === 'scale_up' ? ICI.assumed.share : NETWORKS.ib.share),
    efficiencyFrom: 'chip',
    latency: defaultHop(chip, tier) ?? (tier === 'scale_up' ? 1e-6 : 4e-6),
    floor: defaultFloor(chip, tier),
    spare: 0,
  };
}
