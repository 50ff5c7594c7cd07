/** A priced plan written by hand: Llama 3 405B on 16,384 of 24,576 H100, the first example, and smaller ones beside it. */
import type { CollectiveEstimate, Estimate, LinkUse } from '../../src/engine/estimate/result.ts';
import type { FabricSpec, LevelSpec, Topology } from '../../src/engine/fabric/spec.ts';
import type { CollectiveOp, MeshSpec, PlanSpec, Role } from '../../src/engine/plan/spec.ts';
import type { PlanReport, SourceRange } from '../../src/language/analysis/report.ts';
import { buildPanelModel } from '../../src/layout/model/build.ts';
import type { PlanModel } from '../../src/layout/model/types.ts';

export const URI = 'file:///plans/llama3-405b-16k-h100.shard';
const GB = 1e9;
const GiB = 2 ** 30;

export const level = (
  name: string,
  count: number,
  topology: Topology,
  rest: Partial<LevelSpec> = {},
): LevelSpec => ({
  name,
  count,
  topology,
  bandwidth: 50 * GB,
  efficiency: 1,
  efficiencyFrom: 'default',
  latency: 4e-6,
  floor: 0,
  tier: 'scale_out',
  spare: 0,
  media: 'optics',
  ...rest,
});

export const node = (count = 8): LevelSpec =>
  level(
    'node',
    count,
    { kind: 'switch', reduce: true },
    {
      bandwidth: 450 * GB,
      latency: 0.6e-6,
      tier: 'scale_up',
      media: 'copper',
    },
  );

export const fatTree = (tiers: number, oversubscription: number[] = [1], leaf?: number): Topology => ({
  kind: 'fat_tree',
  tiers,
  planes: 1,
  oversubscription,
  reduce: false,
  ...(leaf === undefined ? {} : { leaf }),
});

export const fabric = (name: string, levels: LevelSpec[]): FabricSpec => ({
  name,
  chip: {
    name: 'h100_sxm',
    kind: 'gpu',
    peak: { bf16: 989e12 },
    hbm: { capacity: 80 * GiB, bandwidth: 3.35e12 },
    efficiency: {},
  },
  levels,
});

export const clos24k = (): FabricSpec =>
  fabric('clos24k', [
    node(),
    level('pod', 384, fatTree(2)),
    level('cluster', 8, fatTree(1, [7]), { latency: 7e-6 }),
  ]);

/** Axes innermost first. */
export const mesh = (
  axes: Record<string, number>,
  derived: Record<string, { size: number; from: string[] }> = {},
): MeshSpec => ({
  name: 'm',
  axes: [
    ...Object.entries(axes).map(([name, size]) => ({ name, size, role: name as Role, from: [], on: [] })),
    ...Object.entries(derived).map(([name, { size, from }]) => ({
      name,
      size,
      role: name as Role,
      from,
      on: [],
    })),
  ],
  order: Object.keys(axes),
});

/** Lines of the sample that the fixture's numbers come from, zero-based. */
const LINES: Record<string, number> = {
  tp: 27,
  cp: 28,
  pp: 29,
  dp: 30,
  'dp.zero': 44,
  node: 5,
  pod: 11,
  cluster: 16,
};

const range = (line: number, from = 2, to = 12): SourceRange => ({
  uri: URI,
  start: { line, character: from },
  end: { line, character: to },
});

export const use = (level: string, link: string, capacity: number, load: number, time: number): LinkUse => ({
  level,
  link,
  capacity,
  load,
  bytes: load * capacity * time,
  efficiency: 1,
  flows: 1,
});

interface Shape {
  name: string;
  what: string;
  op: CollectiveOp;
  axis: string;
  ranks: number;
  bytes: number;
  count: number;
  time: number;
  exposed: number;
  links: LinkUse[];
  cause?: string;
  hidden?: string;
}

export function collective(shape: Shape): CollectiveEstimate {
  const hottest = shape.links.reduce((a, b) => (b.load > a.load ? b : a));
  return {
    name: shape.name,
    what: shape.what,
    op: shape.op,
    axis: shape.axis,
    owner: shape.axis.split('*')[0]!,
    ranks: shape.ranks,
    bytes: shape.bytes,
    count: shape.count,
    phase: 'step',
    price: {
      op: shape.op,
      ranks: shape.ranks,
      bytes: shape.bytes,
      limit: shape.time * 0.95,
      limitBy: 'port of a chip',
      limitExact: true,
      algorithm: shape.op === 'send_recv' ? 'direct' : 'ring',
      time: shape.time,
      steps: shape.ranks - 1,
      latency: 1e-5,
      levels: [...new Set(shape.links.map(link => link.level))],
      bottleneck: { level: hottest.level, link: hottest.link },
      links: shape.links,
    },
    total: shape.time * shape.count,
    exposed: shape.exposed,
    ...(shape.hidden ? { hiddenUnder: shape.hidden } : {}),
    causes: [{ kind: shape.cause?.includes('.') ? 'plan' : 'axis', key: shape.cause ?? shape.axis }],
  };
}

const MiB = 2 ** 20;
const inNode = (time: number): LinkUse[] => [use('node', 'chip to switch', 450 * GB, 0.9, time)];
const inPod = (time: number): LinkUse[] => [
  use('pod', 'chip to leaf', 50 * GB, 1, time),
  use('pod', 'leaf to spine', 1600 * GB, 1, time),
];
const acrossPods = (time: number): LinkUse[] => [
  ...inPod(time),
  use('cluster', 'pod uplink', (3072 * 50 * GB) / 7, 6.4e12 / ((3072 * 50 * GB) / 7), time),
];

export const collectives405b = (): CollectiveEstimate[] => [
  collective({
    name: 'tp_gather',
    what: 'activations forward',
    op: 'all_gather',
    axis: 'tp',
    ranks: 8,
    bytes: 256 * MiB,
    count: 256,
    time: 0.58e-3,
    exposed: 0.149,
    links: inNode(0.58e-3),
  }),
  collective({
    name: 'tp_scatter',
    what: 'activations forward',
    op: 'reduce_scatter',
    axis: 'tp',
    ranks: 8,
    bytes: 256 * MiB,
    count: 256,
    time: 0.58e-3,
    exposed: 0.149,
    links: inNode(0.58e-3),
  }),
  collective({
    name: 'tp_gather_back',
    what: 'gradients backward',
    op: 'all_gather',
    axis: 'tp',
    ranks: 8,
    bytes: 256 * MiB,
    count: 256,
    time: 0.58e-3,
    exposed: 0.149,
    links: inNode(0.58e-3),
  }),
  collective({
    name: 'grad_reduce',
    what: 'gradients',
    op: 'reduce_scatter',
    axis: 'dp',
    ranks: 128,
    bytes: 11.8 * GiB,
    count: 1,
    time: 0.253,
    exposed: 0.09,
    links: acrossPods(0.253),
    cause: 'dp.zero',
    hidden: 'the last microbatch',
  }),
  collective({
    name: 'stage_send',
    what: 'activations forward',
    op: 'send_recv',
    axis: 'pp',
    ranks: 16,
    bytes: 32 * MiB,
    count: 128,
    time: 0.67e-3,
    exposed: 0.085,
    links: inPod(0.67e-3),
  }),
  collective({
    name: 'stage_send_back',
    what: 'gradients backward',
    op: 'send_recv',
    axis: 'pp',
    ranks: 16,
    bytes: 32 * MiB,
    count: 128,
    time: 0.67e-3,
    exposed: 0.085,
    links: inPod(0.67e-3),
  }),
  collective({
    name: 'param_gather',
    what: 'weights',
    op: 'all_gather',
    axis: 'dp',
    ranks: 128,
    bytes: 5.9 * GiB,
    count: 1,
    time: 0.126,
    exposed: 0,
    links: acrossPods(0.126),
    cause: 'dp.zero',
    hidden: 'the first microbatch',
  }),
];

/** Bytes of weights, gradients, optimizer, activations, logits of stage `stage` of 16. */
function stageMemory(stage: number): Estimate['memory']['stages'][number] {
  const layers = stage === 0 || stage === 15 ? 7 : 8;
  const activations = (stage === 0 ? 37.5 : stage === 15 ? 32.6 : 43 - Math.max(0, stage - 8) * 0.6) * GiB;
  const parts: Estimate['memory']['parts'] = [
    { name: 'weights', bytes: 5.9 * GiB },
    { name: 'gradients', bytes: 11.8 * GiB },
    { name: 'optimizer', bytes: 0.3 * GiB },
    { name: 'activations', bytes: activations },
    { name: 'logits', bytes: stage === 15 ? 1 * GiB : 0 },
  ];
  return { stage, layers, inFlight: 16, parts, total: parts.reduce((sum, part) => sum + part.bytes, 0) };
}

export function estimate405b(collectives = collectives405b()): Estimate {
  const stages = Array.from({ length: 16 }, (_, stage) => stageMemory(stage));
  const peak = stages.reduce((a, b) => (b.total > a.total ? b : a));
  return {
    plan: 'pretrain',
    fabric: 'clos24k',
    mesh: 'm16k',
    model: 'llama3_405b',
    chips: 16384,
    microbatches: 16,
    step: {
      time: 6.64,
      compute: 5.24,
      exposed: { tp: 0.447, pp: 0.17, dp: 0.09 },
      bubble: 0.67,
      optimizer: 0.023,
      overhead: 0,
    },
    bubbleShare: 0.128,
    throughput: {
      tokensPerSecond: 2.5e6,
      tokensPerSecondPerChip: 154,
      modelFlopsPerSecondPerChip: 404e12,
      mfu: 0.409,
      mfuFull: 0.43,
      hfu: 0.45,
    },
    parameters: { total: 405.8e9, active: 405.8e9 },
    memory: {
      peak: peak.total,
      peakStage: peak.stage,
      reserved: 1.05 * peak.total,
      leastReserved: 1.03 * peak.total,
      outside: 2 * GiB,
      capacity: 80 * GiB,
      parts: peak.parts,
      stages,
    },
    stages: [],
    busiestStage: 1,
    collectives,
    levels: [
      {
        name: 'node',
        tier: 'scale_up',
        bytes: 5e15,
        load: 0.1,
        maxLoad: 0.11,
        critical: 0.45,
        used: 16384,
        capacity: 24576,
      },
      {
        name: 'pod',
        tier: 'scale_out',
        bytes: 4e14,
        load: 0.04,
        maxLoad: 0.08,
        critical: 0.26,
        hottest: 'grad_reduce',
        used: 16384,
        capacity: 24576,
      },
      {
        name: 'cluster',
        tier: 'scale_out',
        bytes: 2e13,
        load: 0.01,
        maxLoad: 0.017,
        critical: 0,
        hottest: 'grad_reduce',
        used: 16384,
        capacity: 24576,
      },
    ],
    bound: { by: 'compute' },
    networkBound: {
      bound: false,
      bindsAtChips: 61_000,
      axis: 'dp',
      reason: 'work still shrinks faster than traffic',
    },
    assumptions: [],
  };
}

export function planSpec(fabricSpec: FabricSpec, meshSpec: MeshSpec): PlanSpec {
  return {
    name: 'pretrain',
    fabric: fabricSpec,
    mesh: { ...meshSpec, name: 'm16k' },
    model: { name: 'llama3_405b' },
  } as PlanSpec;
}

export function report(spec: PlanSpec, estimate?: Estimate): PlanReport {
  return {
    plan: 'pretrain',
    range: range(34),
    nameRange: range(34, 5, 13),
    spec,
    ...(estimate ? { estimate } : {}),
    refusals: [],
    claims: [
      {
        severity: 'expect',
        text: 'exposed(dp) < 2% * step_time',
        holds: true,
        actual: '90.0 ms',
        range: range(50),
      },
      { severity: 'assert', text: 'step_time < 8s', holds: true, actual: '6.64 s', range: range(51) },
      {
        severity: 'assert',
        text: 'mfu(attention: full) > 38%',
        holds: true,
        actual: '43.0 %',
        range: range(52),
      },
      { severity: 'assert', text: 'peak_memory < 76GiB', holds: true, actual: '61.0 GiB', range: range(53) },
      {
        severity: 'assert',
        text: 'not network_bound',
        holds: true,
        actual: 'bound by compute',
        range: range(54),
      },
    ],
    locate: causes => {
      for (const { key } of causes) {
        const line = LINES[key];
        if (line !== undefined) return range(line);
      }
      return undefined;
    },
  };
}

export const MESH_405B = { tp: 8, cp: 1, pp: 16, dp: 128 };

/** The first example: 16,384 of 24,576 chips, gradients reduced over 128 data-parallel ranks across six pods. */
export const llama405b = (): PlanModel =>
  buildPanelModel(report(planSpec(clos24k(), mesh(MESH_405B)), estimate405b()), {
    uri: URI,
    plans: ['pretrain'],
  });

/** Any other fabric and mesh, without numbers. */
export const placement = (fabricSpec: FabricSpec, meshSpec: MeshSpec): PlanModel =>
  buildPanelModel(report(planSpec(fabricSpec, meshSpec)), { uri: URI, plans: ['pretrain'] });
