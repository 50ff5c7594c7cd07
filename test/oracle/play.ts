/** Bytes of a collective on every link of the graph, all groups of the axis at once, and the time they take. */
import type { Message, Played } from './collectives.ts';
import { type Graph, type Link, meeting, ways } from './graph.ts';

export type Loads = Map<Link, { bytes: number; flows: number }>;

/** Loads of every phase (of all rounds together when pipelined). */
export function loadsOf(graph: Graph, groups: number[][], played: Played, size: number): Loads[] {
  const rounds = phasesOf(played);
  return rounds.map(round => {
    const loads: Loads = new Map();
    for (const group of groups) {
      for (const { from, to, parts } of round) {
        const bytes = (parts.length * size) / played.parts;
        for (const { link, share } of ways(graph, group[from]!, group[to]!))
          addTo(loads, link, bytes * share);
      }
    }
    return loads;
  });
}

/** Messages that are under way together. */
export function phasesOf({ rounds, phases, pipelined }: Played): Message[][] {
  if (pipelined) return [rounds.flat()];
  const numbers = phases ?? rounds.map((_, at) => at);
  return [...new Set(numbers)].map(phase => rounds.filter((_, at) => numbers[at] === phase).flat());
}

export function addTo(loads: Loads, link: Link, bytes: number): void {
  const load = loads.get(link);
  if (load) {
    load.bytes += bytes;
    load.flows++;
  } else loads.set(link, { bytes, flows: 1 });
}

/** Seconds until the slowest link of every round is done, rounds one after the other; no latency. */
export function transferTime(rounds: Loads[], rate = 1): number {
  let time = 0;
  for (const loads of rounds) {
    let slowest = 0;
    for (const [link, { bytes }] of loads)
      slowest = Math.max(slowest, bytes / (link.capacity * link.efficiency * rate));
    time += slowest;
  }
  return time;
}

/** Bytes over the busiest link of every class. */
export function busiest(loads: Loads): Map<string, number> {
  const most = new Map<string, number>();
  for (const [link, { bytes }] of loads) most.set(link.class, Math.max(most.get(link.class) ?? 0, bytes));
  return most;
}

const latency = (graph: Graph, a: number, b: number): number =>
  a === b ? 0 : graph.levels[meeting(graph, a, b)]!.latency;

/** Latency of the slowest message of every round, added up. */
export function roundLatency(graph: Graph, groups: number[][], played: Played): number {
  let sum = 0;
  for (const round of played.rounds) {
    let slowest = 0;
    for (const group of groups)
      for (const { from, to } of round) slowest = Math.max(slowest, latency(graph, group[from]!, group[to]!));
    sum += slowest;
  }
  return sum;
}

/**
 * Latency of a chunk that walks the ring: n - 1 of the n hops, each at its own level's latency, the mean over where it
 * starts; of the group that waits longest. Without `closing`: a line from the first rank to the last.
 */
export function walkLatency(graph: Graph, groups: number[][], closing: boolean): number {
  return Math.max(
    ...groups.map(group => {
      const n = group.length;
      let sum = 0;
      for (let at = 1; at < n; at++) sum += latency(graph, group[at - 1]!, group[at]!);
      return closing ? ((sum + latency(graph, group[n - 1]!, group[0]!)) * (n - 1)) / n : sum;
    }),
  );
}

/** As `walkLatency`, each level charged for the group whose walk leaves its units most often: no less, and simpler. */
export function walkBound(graph: Graph, groups: number[][], closing: boolean): number {
  const n = groups[0]!.length;
  const hops = closing ? n : n - 1;
  const out = graph.spans.map(span =>
    Math.max(
      ...groups.map(group => {
        const unit = group.map(chip => Math.floor(chip / span));
        return unit.filter((here, at) => (closing || at > 0) && here !== unit.at(at - 1)).length;
      }),
    ),
  );
  const sum = out.reduce(
    (total, left, level) => total + ((out[level - 1] ?? hops) - left) * graph.levels[level]!.latency,
    0,
  );
  return closing ? (sum * (n - 1)) / n : sum;
}

export { latency };
