/**
 * Expert dispatch and combine with kernels of their own (DeepEP). Their tables print a logical bandwidth: what all tokens
 * would weigh over the bottleneck if those for the sender's own node (or rank) travelled as well, over the time.
 *
 * Training kernels send a token once to each node that needs it, and on from there over NVLink to each rank that does; the
 * low-latency kernels send it to each expert's rank on its own, remote ones over the network.
 */
import { EXPERT_KERNELS } from '../../src/engine/fabric/nccl/rates.ts';
import type { Prediction } from './collective.ts';
import { type Chips, machineOf, networkOf } from './machine.ts';
import type { Row } from './row.ts';

/** DeepSeek-V3: what the kernels' tables are measured with unless they say otherwise. */
const HIDDEN = 7168;
const TOPK = 8;

export function expertBandwidth(row: Row, chips: Chips): Prediction {
  const ranks = row.ranks ?? row.chips;
  if (ranks === undefined) return { reason: 'the number of ranks is not stated' };
  const machine = machineOf(row, chips, ranks);
  if (typeof machine === 'string') return { reason: machine };
  const inside = machine.fabric.levels[0]!;
  const reached = inside.bandwidth * inside.efficiency * EXPERT_KERNELS.normal.scaleUp;
  const line = row.scaleOut ?? 0;
  const perNode = Math.min(machine.domain, ranks);
  const nodes = ranks / perNode;
  if (/low[- ]latency/i.test(row.algorithm)) {
    const { topk = TOPK, hidden = HIDDEN, tokens = 128 } = row.settings;
    const bytes = row.bytes ?? tokens * topk * hidden * bytesOf(row);
    const network = (bytes * (1 - 1 / nodes)) / (line * EXPERT_KERNELS.lowLatency.network);
    const within = (bytes * (perNode - 1)) / ranks / reached;
    const time = EXPERT_KERNELS.lowLatency.start + Math.max(nodes > 1 ? network : 0, within);
    return { value: bytes / time / 1e9 };
  }
  const { topk = TOPK, groups } = row.settings;
  const visited = nodesOf(nodes, topk, groups);
  const reachedRanks = visited * distinct(perNode, topk / visited);
  // Per byte of a token: over the network to other nodes, and inside to other ranks of the node that it has reached.
  const across = nodes > 1 ? (visited * (1 - 1 / nodes)) / (line * networkShare(row)) : 0;
  const within = (reachedRanks * (1 - 1 / perNode)) / reached;
  const logical = nodes > 1 ? visited : reachedRanks;
  return { value: logical / Math.max(across, within) / 1e9 };
}

function networkShare(row: Row): number {
  return (EXPERT_KERNELS.normal.network * networkOf(row).share) / EXPERT_KERNELS.normal.measuredOn;
}

function bytesOf({ collective, precision }: Row): number {
  return /fp8|int8/i.test(`${collective} ${precision}`) ? 1 : 2;
}

/** Nodes that a token of `topk` random experts goes to, where it may go to `groups` of them at most. */
function nodesOf(nodes: number, topk: number, groups: number | undefined): number {
  return distinct(Math.min(nodes, groups ?? nodes), topk);
}

/** Of `places`, those that `draws` random ones hit. */
function distinct(places: number, draws: number): number {
  return places * (1 - (1 - 1 / places) ** draws);
}
