/** What the oracle says a collective costs with one algorithm. */
import type { FabricSpec } from '../../src/engine/fabric/spec.ts';
import type { Algorithm, CollectiveOp } from '../../src/engine/plan/spec.ts';
import * as textbook from './collectives.ts';
import { explicitGraph, type Graph, meeting } from './graph.ts';
import { type Axis, listGroups } from './groups.ts';
import { nvls, sharp } from './in-switch.ts';
import { type Loads, latency, loadsOf, roundLatency, transferTime, walkLatency } from './play.ts';

export interface Scene {
  graph: Graph;
  axes: readonly Axis[];
  groups: number[][];
  chips: number;
  n: number;
}

export function scene(fabric: FabricSpec, axes: readonly Axis[], chips: number): Scene {
  const groups = listGroups(axes, chips);
  return { graph: explicitGraph(fabric), axes, groups, chips, n: groups[0]!.length };
}

/** @returns undefined when the algorithm cannot run the operation on these groups. */
export function played(at: Scene, op: CollectiveOp, algorithm: Algorithm): textbook.Played | undefined {
  const { n } = at;
  const phases = {
    all_reduce: ['reduce', 'gather'],
    reduce_scatter: ['reduce'],
    all_gather: ['gather'],
  } as const;
  const kinds = op in phases ? [...phases[op as keyof typeof phases]] : [];
  const binary = at.axes.every(axis => Number.isInteger(Math.log2(axis.size)));
  switch (algorithm) {
    case 'ring':
      if (op === 'broadcast') return textbook.chain(n);
      return kinds.length > 0 ? textbook.ring(textbook.railOrders(n, perNode(at)), kinds) : undefined;
    case 'halving_doubling':
      return kinds.length > 0 && binary ? textbook.halving(n, kinds) : undefined;
    case 'recursive_doubling':
      return op === 'all_reduce' && binary ? textbook.doubling(n) : undefined;
    case 'tree':
      return op === 'all_reduce' && n > 2 ? textbook.doubleTree(n) : undefined;
    case 'direct':
      if (op === 'all_reduce') return textbook.oneShot(n);
      if (op === 'all_to_all') return textbook.exchangeAll(n, false);
      if (op === 'send_recv') return textbook.sendOn(n);
      return kinds.length > 0 ? textbook.direct(n, kinds) : undefined;
    case 'direct_two_shot':
      if (op === 'broadcast') return textbook.scatterGather(n);
      return op === 'all_reduce' ? textbook.direct(n, kinds) : undefined;
    case 'pairwise':
      return op === 'all_to_all' ? textbook.exchangeAll(n, true) : undefined;
    case 'pat':
      return op === 'all_gather' || op === 'reduce_scatter' ? textbook.pat(n, kinds[0]!) : undefined;
    default:
      return undefined;
  }
}

/**
 * Members of a group that sit together below the ports of a network and follow each other in the ring: as many rings run, one
 * per port. One ring where they do not come out even.
 */
function perNode({ graph, groups }: Scene): number {
  const first = groups[0]!;
  const apart = first[1]! - first[0]!;
  // Evenly spaced members at the start of the ring.
  const uneven = first.findIndex((chip, at) => chip !== first[0]! + at * apart);
  const run = uneven < 0 ? first.length : uneven;
  for (const network of graph.networks.slice(1)) {
    const node = graph.spans[network.levels[0]! - 1]!;
    if (first.at(-1)! < node || node % apart !== 0) continue;
    const together = Math.min(node / apart, run);
    if (together > 1 && run % together === 0) return together;
  }
  return 1;
}

export interface Costs {
  rounds: Loads[];
  transfer: number;
  latency: number;
}

export function costs(
  at: Scene,
  op: CollectiveOp,
  algorithm: Algorithm,
  size: number,
  inSwitchRate: number,
): Costs | undefined {
  if (algorithm === 'in_switch') return inSwitch(at, op, size, inSwitchRate);
  const steps = played(at, op, algorithm);
  if (!steps) return undefined;
  const rounds = loadsOf(at.graph, at.groups, steps, size);
  const transfer = Math.max(transferTime(rounds), posting(at, algorithm, steps));
  return { rounds, transfer, latency: latencyOf(at, op, algorithm, steps) };
}

function latencyOf(at: Scene, op: CollectiveOp, algorithm: Algorithm, steps: textbook.Played): number {
  const { graph, groups } = at;
  if (algorithm === 'ring') {
    const walk = walkLatency(graph, groups, op !== 'broadcast');
    return op === 'all_reduce' ? 2 * walk : walk;
  }
  if (algorithm === 'tree') return treeLatency(at);
  return roundLatency(graph, groups, steps);
}

/** Where groups meet on a scale-out level, a rank posts a message to each of its peers, 1 us after the other, in every round. */
function posting(at: Scene, algorithm: Algorithm, steps: textbook.Played): number {
  const everybody = steps.rounds.some(round => round.length === at.n * (at.n - 1));
  const network = at.graph.levels[levelsCrossed(at).at(-1)!]!.tier === 'scale_out';
  const shots = algorithm === 'direct' || algorithm === 'direct_two_shot';
  return shots && everybody && network && steps.rounds.length * at.n > 0
    ? steps.rounds.length * (at.n - 1) * 1e-6
    : 0;
}

/** Up and down log2 n levels; a hop of length d costs what chips d apart in aligned blocks of 2 d pay at most. */
function treeLatency({ graph, axes, chips, n }: Scene): number {
  const stride = axes.find(axis => axis.size > 1)!.stride;
  let sum = 0;
  for (let step = 1; step < n; step *= 2) {
    const distance = step * stride;
    let slowest = 0;
    for (let chip = 0; chip + distance < chips; chip++)
      if (Math.floor(chip / distance) % 2 === 0)
        slowest = Math.max(slowest, latency(graph, chip, chip + distance));
    sum += 2 * slowest;
  }
  return sum;
}

/** All groups hang under one switch each of the same level, with one port per rank, and that level reduces. */
function inSwitch(at: Scene, op: CollectiveOp, size: number, rate: number): Costs | undefined {
  if (op !== 'all_reduce' && op !== 'all_gather' && op !== 'reduce_scatter') return undefined;
  const meetings = new Set(
    at.groups.flatMap(group =>
      group.flatMap(a => group.filter(b => b !== a).map(b => meeting(at.graph, a, b))),
    ),
  );
  const [index, ...more] = [...meetings];
  const level = at.graph.levels[index!]!;
  const { topology } = level;
  if (more.length > 0 || !('reduce' in topology) || !topology.reduce) return undefined;
  const loads =
    level.tier === 'scale_out' && op === 'all_reduce'
      ? sharp(at.graph, at.groups, size)
      : nvls(at.graph, at.groups, op, size);
  return { rounds: [loads], transfer: transferTime([loads], rate), latency: level.latency };
}

/** Levels on which two members of some group meet, innermost first. */
export function levelsCrossed({ graph, groups }: Scene): number[] {
  const found = new Set<number>();
  for (const group of groups)
    for (const a of group) for (const b of group) if (a !== b) found.add(meeting(graph, a, b));
  return [...found].sort((a, b) => a - b);
}
