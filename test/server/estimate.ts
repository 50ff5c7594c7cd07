/**
 * An estimate written by hand, so that what surfaces print is tested apart from what the engine computes. Its figures are
 * those of the design's picture of the first example with ZeRO-3, rounded.
 */
import type { CollectiveEstimate, CollectivePrice, Estimate } from '../../src/engine/estimate/result.ts';

const GIB = 2 ** 30;

export function collective(
  fields: Partial<CollectiveEstimate> & { time: number; limit: number; level: string },
): CollectiveEstimate {
  const { time, limit, level, ...rest } = fields;
  const count = rest.count ?? 1;
  const price: CollectivePrice = {
    op: rest.op ?? 'all_gather',
    ranks: rest.ranks ?? 8,
    bytes: rest.bytes ?? 0,
    algorithm: 'ring',
    time,
    steps: 7,
    latency: 4.2e-6,
    levels: ['node', ...(level === 'node' ? [] : [level])],
    bottleneck: { level, link: level === 'node' ? 'NVLink' : 'chip to leaf' },
    links: [
      {
        level,
        link: level === 'node' ? 'NVLink' : 'chip to leaf',
        bytes: limit * 50e9,
        capacity: 50e9,
        efficiency: 1,
        flows: 1,
        load: limit / time,
      },
    ],
    limit,
    runnerUp: { algorithm: 'tree', time: time * 1.5 },
  };
  return {
    name: 'tp_gather',
    what: 'activations',
    op: 'all_gather',
    axis: 'tp',
    owner: 'tp',
    ranks: 8,
    bytes: 256 * 2 ** 20,
    count,
    phase: 'forward',
    price,
    total: time * count,
    exposed: 0,
    causes: [{ kind: 'axis', key: 'tp' }],
    ...rest,
  };
}

export function handmade(fields: Partial<Estimate> = {}): Estimate {
  const step = {
    time: 9.02,
    compute: 5.24,
    exposed: { tp: 0.45, cp: 0, pp: 0.17, dp: 2.47 },
    bubble: 0.67,
    optimizer: 0.02,
    overhead: 0,
  };
  return {
    plan: 'pretrain',
    fabric: 'clos24k',
    mesh: 'm16k',
    model: 'llama3_405b',
    chips: 16384,
    microbatches: 16,
    step,
    bubbleShare: 0.128,
    throughput: {
      tokensPerSecond: 1.86e6,
      tokensPerSecondPerChip: 113.5,
      modelFlopsPerSecondPerChip: 2.98e14,
      mfu: 0.301,
      mfuFull: 0.318,
      hfu: 0.33,
    },
    parameters: { total: 405.85e9, active: 405.85e9 },
    memory: {
      peak: 45.2 * GIB,
      peakStage: 0,
      capacity: 80 * GIB,
      parts: [
        { name: 'weights', bytes: 12 * GIB },
        { name: 'activations', bytes: 33.2 * GIB },
      ],
      stages: [],
    },
    stages: [],
    busiestStage: 1,
    collectives: [
      collective({ count: 640, time: 0.58e-3, limit: 0.522e-3, level: 'node', exposed: 0.225 }),
      collective({
        name: 'tp_scatter',
        op: 'reduce_scatter',
        count: 640,
        time: 0.58e-3,
        limit: 0.522e-3,
        level: 'node',
        exposed: 0.226,
        phase: 'backward',
      }),
      collective({
        name: 'stage_send',
        what: 'activations',
        op: 'send_recv',
        axis: 'pp',
        owner: 'pp',
        ranks: 2,
        bytes: 32 * 2 ** 20,
        count: 256,
        time: 0.67e-3,
        limit: 0.67e-3,
        level: 'pod',
        exposed: 0.1715,
        causes: [
          { kind: 'plan', key: 'pp.schedule' },
          { kind: 'axis', key: 'pp' },
        ],
      }),
      collective({
        name: 'param_gather',
        what: 'weights',
        axis: 'dp',
        owner: 'dp',
        ranks: 128,
        bytes: 23.75 * GIB,
        count: 8,
        time: 0.51,
        limit: 0.51,
        level: 'pod',
        exposed: 1.24,
        hiddenUnder: 'the forward pass',
        causes: [
          { kind: 'plan', key: 'dp.zero' },
          { kind: 'axis', key: 'dp' },
        ],
      }),
      collective({
        name: 'grad_reduce',
        what: 'gradients',
        op: 'reduce_scatter',
        axis: 'dp',
        owner: 'dp',
        ranks: 128,
        bytes: 23.75 * GIB,
        count: 8,
        time: 0.51,
        limit: 0.51,
        level: 'pod',
        exposed: 1.2315,
        hiddenUnder: 'the backward pass',
        phase: 'backward',
        causes: [
          { kind: 'plan', key: 'dp.zero' },
          { kind: 'axis', key: 'dp' },
        ],
      }),
      // Nobody to talk to: says nothing anywhere.
      collective({
        name: 'cp_exchange',
        axis: 'cp',
        owner: 'cp',
        ranks: 1,
        count: 0,
        time: 0,
        limit: 0,
        level: 'node',
        causes: [{ kind: 'axis', key: 'cp' }],
      }),
    ],
    levels: [
      {
        name: 'node',
        tier: 'scale_up',
        bytes: 4.85e15,
        load: 0.082,
        maxLoad: 0.103,
        critical: 0.45,
        hottest: 'tp_gather',
        used: 16384,
        capacity: 24576,
      },
      {
        name: 'pod',
        tier: 'scale_out',
        bytes: 6.83e15,
        load: 0.61,
        maxLoad: 0.924,
        critical: 2.64,
        hottest: 'param_gather',
        used: 16384,
        capacity: 24576,
      },
      {
        name: 'cluster',
        tier: 'scale_out',
        bytes: 2.77e14,
        load: 0.18,
        maxLoad: 0.264,
        critical: 0,
        hottest: 'param_gather',
        used: 16384,
        capacity: 24576,
        energy: 320e3,
        price: 4.9e6,
      },
    ],
    bound: { by: 'network', axis: 'dp', level: 'pod' },
    networkBound: {
      bound: true,
      bindsAtChips: 8192,
      axis: 'dp',
      reason: 'doubling the chips brings 31 % of what it would on a free network',
    },
    energy: 1.28e6,
    assumptions: [{ key: 'noise', text: 'stragglers are not modelled', confidence: 'default' }],
    ...fields,
  };
}
