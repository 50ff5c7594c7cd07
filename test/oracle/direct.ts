/**
 * What the oracle says of collectives on fabrics that are no trees: every algorithm played on explicit links, all groups of an
 * axis at once. Bytes are in buffers (nccl-tests' S), times in seconds for a buffer of one byte.
 */
import type { FabricSpec } from '../../src/engine/fabric/spec.ts';
import type { CollectiveOp } from '../../src/engine/plan/spec.ts';
import { chain, exchangeAll, type Played, ring, sendOn } from './collectives.ts';
import { explicitGraph, type Graph, type Link, meeting, ways } from './graph.ts';
import { type Axis, listGroups } from './groups.ts';
import { type Loads, loadsOf, transferTime } from './play.ts';
import { shapeOf } from './shapes.ts';
import { fault } from './verify.ts';
import { aroundBothWays, bucket, hierarchical, outsideIn, rotations, twoPhase } from './wired/buckets.ts';
import { faultOfRelayed } from './wired/relayed.ts';

/**
 * `ring`: one ring in the sequence of the chips, one direction. `along`: the members lie along one dimension; both directions,
 * as a ring or as a line. `bucket`: dimension after dimension, the last one first in a gather. `rotated`: as many streams as
 * dimensions. `hierarchical`: inside the children of the outermost level, then across. `two_phase`: the same for all-to-all.
 */
export type Algorithm =
  | 'pairwise'
  | 'two_phase'
  | 'ring'
  | 'along'
  | 'bucket'
  | 'rotated'
  | 'hierarchical'
  | 'chain'
  | 'both_ways'
  | 'successor';

export interface Counted {
  /** Over the busiest link in its busier direction. */
  bytes: number;
  /** Over the link that is busiest in both directions together. */
  both: number;
  /** Over all links of the class, both directions. */
  total: number;
}

export interface Answer {
  op: CollectiveOp;
  algorithm: Algorithm;
  /** Per phase and class of links. */
  phases: Map<string, Counted>[];
  /** Per class, the phases added up. */
  classes: Map<string, Counted>;
  /** Phases one after the other, each as long as its slowest link takes; no latency. */
  time: number;
  rounds: Loads[];
  /** Rounds of messages; of an all-to-all with one partner after the other, n - 1. */
  steps: number;
  /** Links of nets on the way of each round's farthest message, added up over the rounds. */
  hops: number;
}

export interface Direct {
  graph: Graph;
  groups: number[][];
  n: number;
  answers: Answer[];
}

/** @returns every algorithm that can run on these groups. Throws when an algorithm does not compute its collective. */
export function direct(fabric: FabricSpec, axes: readonly Axis[], chips: number): Direct {
  const adaptive = fabric.levels.some(({ routing }) => routing === 'adaptive');
  if (!adaptive) return directBy(explicitGraph(fabric), axes, chips);
  const [minimal, detour] = (['minimal', 'valiant'] as const).map(way => {
    const graph = explicitGraph(fabric, ({ routing }) => (routing === 'adaptive' ? way : routing));
    return directBy(graph, axes, chips);
  });
  const better = minimal!.answers.map((answer, at) => {
    const other = detour!.answers[at]!;
    return other.time < answer.time ? other : answer;
  });
  return { ...minimal!, answers: better };
}

function directBy(graph: Graph, axes: readonly Axis[], chips: number): Direct {
  const groups = listGroups(axes, chips);
  const n = groups[0]!.length;
  const answers = candidates(graph, groups).map(({ op, algorithm, played }) => {
    const wrong = algorithm === 'two_phase' ? faultOfRelayed(played, n) : fault(played, n, op);
    if (wrong) throw new Error(`${op} by ${algorithm}: ${wrong}`);
    return answerOf(graph, groups, op, algorithm, played);
  });
  return { graph, groups, n, answers };
}

interface Candidate {
  op: CollectiveOp;
  algorithm: Algorithm;
  played: Played;
}

const KINDS = [
  ['all_reduce', ['reduce', 'gather']],
  ['reduce_scatter', ['reduce']],
  ['all_gather', ['gather']],
] as const;

function candidates(graph: Graph, groups: number[][]): Candidate[] {
  const n = groups[0]!.length;
  const list: Candidate[] = [
    { op: 'all_to_all', algorithm: 'pairwise', played: exchangeAll(n, false) },
    { op: 'broadcast', algorithm: 'chain', played: chain(n) },
    { op: 'send_recv', algorithm: 'successor', played: sendOn(n) },
  ];
  const shape = shapeOf(graph, groups);
  const inner = together(graph, groups);
  const order = Array.from({ length: n }, (_, rank) => rank);
  for (const [op, kinds] of KINDS) {
    list.push({ op, algorithm: 'ring', played: ring([order], [...kinds]) });
    if (inner !== undefined)
      list.push({
        op,
        algorithm: 'hierarchical',
        played: hierarchical(inner, n / inner, ['ring', 'ring'], kinds),
      });
    if (!shape) continue;
    const axes = shape.sizes.length;
    if (axes === 1) list.push({ op, algorithm: 'along', played: bucket(shape, [[0]], kinds) });
    if (axes > 1) {
      list.push({ op, algorithm: 'bucket', played: bucket(shape, outsideIn(axes), kinds) });
      list.push({ op, algorithm: 'rotated', played: bucket(shape, rotations(axes), kinds) });
    }
  }
  if (inner !== undefined)
    list.push({ op: 'all_to_all', algorithm: 'two_phase', played: twoPhase(inner, n / inner) });
  const line = shape?.sizes.length === 1 && order.every(rank => shape.rankAt!([rank]) === rank);
  if (line && shape.along[0] === 'both')
    list.push({ op: 'broadcast', algorithm: 'both_ways', played: aroundBothWays(n) });
  return list;
}

/** Members that lie in one child of the outermost level on which members meet: runs of the same length in all groups, or undefined. */
function together(graph: Graph, groups: number[][]): number | undefined {
  const top = Math.max(...groups.map(group => meeting(graph, group[0]!, group.at(-1)!)));
  const child = top === 0 ? 1 : graph.spans[top - 1]!;
  const runs = groups.flatMap(group => {
    const units = new Map<number, number>();
    for (const chip of group) {
      const unit = Math.floor(chip / child);
      units.set(unit, (units.get(unit) ?? 0) + 1);
    }
    return [...units.values()];
  });
  const [first] = runs;
  const even = runs.every(run => run === first);
  return even && first! > 1 && first! < groups[0]!.length ? first : undefined;
}

function answerOf(
  graph: Graph,
  groups: number[][],
  op: CollectiveOp,
  algorithm: Algorithm,
  played: Played,
): Answer {
  const rounds = loadsOf(graph, groups, played, 1);
  const phases = rounds.map(loads => count(graph, loads));
  const classes = new Map<string, Counted>();
  for (const phase of phases)
    for (const [name, { bytes, both, total }] of phase) {
      const sum = classes.get(name) ?? { bytes: 0, both: 0, total: 0 };
      classes.set(name, { bytes: sum.bytes + bytes, both: sum.both + both, total: sum.total + total });
    }
  let hops = 0;
  for (const round of played.rounds) {
    let farthest = 0;
    for (const group of groups)
      for (const { from, to } of round)
        farthest = Math.max(farthest, hopsBetween(graph, group[from]!, group[to]!));
    hops += farthest;
  }
  const steps = algorithm === 'pairwise' ? groups[0]!.length - 1 : played.rounds.length;
  return { op, algorithm, phases, classes, time: transferTime(rounds), rounds, steps, hops };
}

/** Links of nets between two chips, the mean over the ways that bytes take. */
export function hopsBetween(graph: Graph, a: number, b: number): number {
  let sum = 0;
  for (const { link, share } of ways(graph, a, b)) if (graph.wired.has(link)) sum += share;
  return sum;
}

/** Links of nets on the longest of the ways from chip `a` to chip `b`. */
export function longestWay(graph: Graph, a: number, b: number): number {
  const out = new Map<unknown, unknown[]>();
  for (const { link } of ways(graph, a, b))
    if (graph.wired.has(link)) out.set(link.from, [...(out.get(link.from) ?? []), link.to]);
  const known = new Map<unknown, number>();
  const from = (vertex: unknown): number => {
    const length = known.get(vertex) ?? Math.max(0, ...(out.get(vertex) ?? []).map(next => 1 + from(next)));
    known.set(vertex, length);
    return length;
  };
  return Math.max(0, ...[...out.keys()].map(from));
}

/** Busiest links by class. */
export function count(graph: Graph, loads: Loads): Map<string, Counted> {
  const back = reverses(graph);
  const classes = new Map<string, Counted>();
  for (const [link, { bytes }] of loads) {
    const most = classes.get(link.class) ?? { bytes: 0, both: 0, total: 0 };
    const both = bytes + (loads.get(back.get(link)!)?.bytes ?? 0);
    classes.set(link.class, {
      bytes: Math.max(most.bytes, bytes),
      both: Math.max(most.both, both),
      total: most.total + bytes,
    });
  }
  return classes;
}

const knownReverses = new WeakMap<Graph, Map<Link, Link>>();

/** The other direction of every link. Cables side by side were listed in the same sequence from either end. */
function reverses(graph: Graph): Map<Link, Link> {
  const known = knownReverses.get(graph);
  if (known) return known;
  const from = new Map<unknown, Map<unknown, Link[]>>();
  for (const link of graph.links) {
    const targets = from.get(link.from) ?? new Map<unknown, Link[]>();
    from.set(link.from, targets);
    targets.set(link.to, [...(targets.get(link.to) ?? []), link]);
  }
  const back = new Map<Link, Link>();
  for (const link of graph.links) {
    const same = from.get(link.from)!.get(link.to)!;
    back.set(link, from.get(link.to)!.get(link.from)![same.indexOf(link)]!);
  }
  knownReverses.set(graph, back);
  return back;
}
