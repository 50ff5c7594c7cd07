/**
 * NCCL's own choice of algorithm and protocol: for every pair that can run, T = latency + bytes / bandwidth, and the least
 * wins. The library is not after the right time but after the right choice; what a collective really takes is in
 * `schedules.ts`. Formulas of NVIDIA/nccl, `src/graph/tuning.cc` at 5067397c.
 */
import type { CollectiveOp } from '../../plan/spec.ts';
import type { NvidiaGeneration } from '../spec.ts';
import {
  BASE,
  type ByProtocol,
  byNodes,
  CAPS,
  POST,
  PROTOCOLS,
  type Protocol,
  STEP,
  TREE_BY_SIZE,
} from './tables.ts';

export type NcclAlgorithm = 'ring' | 'tree' | 'nvls' | 'nvls_tree' | 'pat';

/** What the library's search found: so many channels at so many GB/s each, inside a node and between nodes. */
export interface Graph {
  channels: number;
  intra: number;
  inter: number;
}

export interface Job {
  generation: NvidiaGeneration;
  nodes: number;
  ranksPerNode: number;
  ring: Graph;
  /** As the ring's, if left out. */
  tree?: Graph;
  nvls?: Graph;
  nvlsTree?: Graph;
  /** IB SHARP is there and switched on: NVLS reaches over several nodes. */
  collNet?: boolean;
  host?: 'intel' | 'amd';
}

export interface Choice {
  algorithm: NcclAlgorithm;
  protocol: Protocol;
  /** Seconds, by the library's reckoning. */
  time: number;
}

/** Operations that the library tunes; the others have one algorithm. */
export type TunedOp = Extract<CollectiveOp, 'all_reduce' | 'all_gather' | 'reduce_scatter' | 'broadcast'>;

/** @returns every pair that can run, the chosen one first. */
export function tune(job: Job, op: TunedOp, bytes: number): Choice[] {
  const choices: Choice[] = [];
  const add = (algorithm: NcclAlgorithm, protocol: Protocol, latency: number, gigabytes: number): void => {
    if (gigabytes > 0)
      choices.push({ algorithm, protocol, time: latency * 1e-6 + bytes / (gigabytes * 1e9) });
  };
  for (const protocol of PROTOCOLS) {
    add('ring', protocol, ringLatency(job, op, protocol, bytes), ringRate(job, op, protocol));
    if (op === 'all_reduce')
      add('tree', protocol, treeLatency(job, protocol), treeRate(job, protocol, bytes));
  }
  add('nvls', 'simple', nvlsLatency(job), nvlsRate(job, op, job.nvls, false));
  if (op === 'all_reduce' && job.nodes > 1)
    add('nvls_tree', 'simple', nvlsTreeLatency(job), nvlsRate(job, op, job.nvlsTree, true));
  if ((op === 'all_gather' || op === 'reduce_scatter') && job.nodes > 1 && job.ranksPerNode === 1)
    add('pat', 'simple', patLatency(job), 0.75 * busOf(job.ring, job));
  return choices.sort((a, b) => a.time - b.time);
}

function ranksOf(job: Job): number {
  return job.nodes * job.ranksPerNode;
}

function stepsOf(job: Job, op: TunedOp): number {
  const n = ranksOf(job);
  if (op === 'broadcast') return n;
  return op === 'all_reduce' ? 2 * (n - 1) : n - 1;
}

/** Two nodes pass each other's traffic once: their links inside are what counts. */
function busOf({ channels, intra, inter }: Graph, { nodes }: Job): number {
  return channels * (nodes <= 2 ? intra : inter);
}

/** LL over several nodes is limited by the host, not by the GPU. */
function llCap({ generation, nodes, host }: Job): number {
  return byNodes(CAPS[nodes === 1 ? generation : host === 'amd' ? 'ampere' : 'volta'].ll, nodes);
}

function ringRate(job: Job, op: TunedOp, protocol: Protocol): number {
  let bus = busOf(job.ring, job);
  if (protocol === 'll') bus = Math.min(llCap(job), 0.5 * bus);
  if (protocol === 'll128') bus = Math.min(0.92 * bus, job.ring.channels * CAPS[job.generation].ringLl128);
  return (bus * ranksOf(job)) / stepsOf(job, op);
}

function ringLatency(job: Job, op: TunedOp, protocol: Protocol, bytes: number): number {
  const { nodes, ranksPerNode, generation } = job;
  const steps = stepsOf(job, op);
  const intra = STEP.nvlink.ring[protocol];
  if (op === 'broadcast') return BASE.ring[protocol] + intra;
  const between = nodes > 1 ? (op === 'all_reduce' ? 2 : 1) * (nodes - 1) : 0;
  const post = nodes > 1 ? POST[job.host ?? 'intel'] * (protocol === 'simple' ? 3 : 1) : 0;
  const latency =
    BASE.ring[protocol] +
    (steps - between) * Math.max(intra, post) +
    between * networkStep(STEP.network.ring, STEP.network.tree, protocol, ranksPerNode);
  const chunk = bytes / (ranksOf(job) * job.ring.channels);
  const slow = op === 'all_reduce' && protocol === 'simple' && nodes > 1 && chunk >= 64;
  return latency * (slow ? (generation === 'volta' ? 1.9 : 1.4) : 1);
}

/** A lone rank of its node has the tree's entry. */
function networkStep(ring: ByProtocol, tree: ByProtocol, protocol: Protocol, ranksPerNode: number): number {
  return (ranksPerNode === 1 ? tree : ring)[protocol];
}

function treeRate(job: Job, protocol: Protocol, bytes: number): number {
  const graph = job.tree ?? job.ring;
  const caps = CAPS[job.generation];
  const whole = busOf(graph, job);
  let bus = Math.min(0.92 * whole, graph.channels * byNodes(caps.tree, job.nodes));
  if (protocol === 'll') bus = Math.min(bus / 3.8, llCap(job));
  if (protocol === 'll128') {
    const payload = job.nodes === 1 ? 7 / 9 : 120 / 128;
    bus = Math.min(bus * payload, graph.channels * byNodes(caps.treeLl128, job.nodes));
  }
  return 0.5 * bus * bySize(protocol, bytes);
}

function bySize(protocol: Protocol, bytes: number): number {
  const index = Math.floor(Math.log2(Math.max(bytes, 64) / 64));
  return TREE_BY_SIZE[protocol][Math.min(22, index)]!;
}

function treeLatency({ nodes, ranksPerNode }: Job, protocol: Protocol): number {
  const inside = (ranksPerNode - 1) * STEP.nvlink.tree[protocol];
  return BASE.tree[protocol] + 2 * (inside + Math.floor(Math.log2(nodes)) * STEP.network.tree[protocol]);
}

function nvlsLatency({ nodes }: Job): number {
  return STEP.nvlink.nvls + (nodes > 1 ? STEP.network.nvls : 0);
}

function nvlsTreeLatency({ nodes }: Job): number {
  return STEP.nvlink.nvlsTree + 2 * Math.floor(Math.log2(nodes)) * STEP.network.nvlsTree;
}

/** 0 where the library does not use it. */
function nvlsRate(job: Job, op: TunedOp, graph: Graph | undefined, tree: boolean): number {
  const { nodes, ranksPerNode, generation } = job;
  if (!graph || graph.channels < 2 || op === 'broadcast') return 0;
  if (!tree && nodes > 1 && !job.collNet) return 0;
  if (op !== 'all_reduce' && ranksPerNode > 32) return 0;
  const caps = CAPS[generation];
  const { channels, intra, inter } = graph;
  const share = op === 'all_reduce' ? 2 : (ranksPerNode - 1) / ranksPerNode;
  const inside = (intra * caps.nvls * (channels - 1) * share) / channels;
  const between = inter * (tree && nodes <= 2 ? 2 : 1);
  const most = nodes > 1 ? byNodes(caps.nvlsTree, nodes) : Number.POSITIVE_INFINITY;
  const bus = channels * Math.min(inside, between, most);
  return (bus * ranksOf(job)) / stepsOf(job, op);
}

function patLatency(job: Job): number {
  const between = Math.floor(Math.log2(job.nodes)) * (STEP.network.pat / 3.5);
  return BASE.pat.simple + between + 2.8 * ranksOf(job);
}
