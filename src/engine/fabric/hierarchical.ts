/**
 * Collectives that go level by level where a group spans several networks: scatter inside the nearer one, reduce across the
 * farther one, gather inside again, so that the far network carries each byte once per nearer group and all of its ports are used.
 *
 * The buffer goes in chunks, so that both networks work at once: with k chunks the time is all latencies, one chunk's transfers,
 * and k - 1 times what the busier network does for a chunk. k is the best of a few powers of two.
 */
import type { AlgorithmPrice, LinkUse, PriceStage } from '../estimate/result.ts';
import type { CollectiveOp } from '../plan/spec.ts';
import { crossedLevels } from './crossing.ts';
import type { Network } from './network.ts';
import { type Digit, type Group, groupSize } from './pattern.ts';

/** One collective on a part of the group, inside one network. */
export interface Stage {
  group: Group;
  op: CollectiveOp;
  bytes: number;
}

/** Prices a stage by its own best algorithm. */
export type StagePricer = (stage: Stage) => AlgorithmPrice | undefined;

const CHUNKS = [1, 2, 4, 8, 16];

/** The group's part in every network it crosses, the nearest first; undefined where it crosses one or fits them unevenly. */
export function partsOf(network: Network, group: Group, chips: number): Group[] | undefined {
  const stacks = new Set(crossedLevels(network, group, chips).map(index => network.levels[index]!.stack));
  if (stacks.size < 2) return undefined;
  const parts: Digit[][] = [];
  let rest = group.map(digit => ({ ...digit }));
  for (const stack of network.stacks) {
    const inside: Digit[] = [];
    const beyond: Digit[] = [];
    for (const { stride, size } of rest) {
      if (stride >= stack.above) {
        beyond.push({ stride, size });
        continue;
      }
      const here = Math.min(size, stack.above / stride);
      // Groups must lie in the units of the network alike.
      const even = Number.isInteger(here) && size % here === 0 && stack.above % (stride * here) === 0;
      if (!even) return undefined;
      if (here > 1) inside.push({ stride, size: here });
      if (size > here) beyond.push({ stride: stride * here, size: size / here });
    }
    if (inside.length > 0) parts.push(inside);
    rest = beyond;
  }
  return rest.length === 0 && parts.length > 1 ? parts : undefined;
}

/** @returns undefined for operations that gain nothing by going level by level, and for groups of one network. */
export function hierarchical(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  chips: number,
  price: StagePricer,
): AlgorithmPrice | undefined {
  const parts = partsOf(network, group, chips);
  const stages = parts && stagesOf(parts, op, bytes);
  if (!stages) return undefined;
  const prices: AlgorithmPrice[] = [];
  for (const stage of stages) {
    const priced = price(stage);
    if (!priced) return undefined;
    prices.push(priced);
  }
  const done = stages.map((stage, at): PriceStage => {
    const { algorithm, levels, time } = prices[at]!;
    return { ...stage, algorithm, levels, time };
  });
  return { ...combined(prices, network, group, chips), stages: done };
}

function stagesOf(parts: readonly Group[], op: CollectiveOp, bytes: number): Stage[] | undefined {
  // Buffer that a part works on: the farther it is, the more it is split.
  let left = bytes;
  const inward: Stage[] = [];
  const outward: Stage[] = [];
  for (const [at, group] of parts.entries()) {
    const last = at === parts.length - 1;
    if (op === 'all_reduce') {
      if (last) inward.push({ group, op, bytes: left });
      else {
        inward.push({ group, op: 'reduce_scatter', bytes: left });
        outward.unshift({ group, op: 'all_gather', bytes: left });
      }
    } else if (op === 'all_gather' || op === 'reduce_scatter') inward.push({ group, op, bytes: left });
    else return undefined;
    left /= groupSize(group);
  }
  return [...inward, ...outward];
}

function combined(
  prices: readonly AlgorithmPrice[],
  network: Network,
  group: Group,
  chips: number,
): AlgorithmPrice {
  const latency = prices.reduce((sum, each) => sum + each.latency, 0);
  const transfers = prices.map(each => Math.max(0, each.time - each.latency));
  const whole = transfers.reduce((sum, each) => sum + each, 0);
  // Stages over the same links (the scatter and the gather of one network) cannot work at once.
  const byNetwork = new Map<
    string,
    { latency: number; transfer: number; bottleneck: AlgorithmPrice['bottleneck'] }
  >();
  prices.forEach((each, at) => {
    const key = each.levels.join('/');
    const sum = byNetwork.get(key) ?? { latency: 0, transfer: 0, bottleneck: each.bottleneck };
    sum.latency += each.latency;
    sum.transfer += transfers[at]!;
    byNetwork.set(key, sum);
  });
  const busiest = [...byNetwork.values()].reduce((most, each) =>
    each.transfer > most.transfer ? each : most,
  );
  let time = Number.POSITIVE_INFINITY;
  let chunks = 1;
  for (const tried of CHUNKS) {
    const slowest = Math.max(...[...byNetwork.values()].map(each => each.latency + each.transfer / tried));
    const taken = latency + whole / tried + (tried - 1) * slowest;
    if (taken >= time) continue;
    time = taken;
    chunks = tried;
  }
  const levels = crossedLevels(network, group, chips).map(index => network.levels[index]!);
  const floor = Math.max(...levels.map(({ spec }) => spec.floor));
  time = Math.max(time, floor);
  const uses = new Map<string, LinkUse>();
  for (const use of prices.flatMap(each => each.links)) {
    const key = `${use.level}/${use.link}`;
    const sum = uses.get(key);
    if (sum) {
      sum.bytes += use.bytes;
      sum.flows = Math.max(sum.flows, use.flows);
    } else uses.set(key, { ...use });
  }
  for (const use of uses.values()) use.load = use.bytes / (use.capacity * time);
  return {
    algorithm: 'hierarchical',
    time,
    steps: prices.reduce((sum, each) => sum + each.steps, 0),
    latency,
    levels: levels.map(({ spec }) => spec.name),
    bottleneck: busiest.bottleneck,
    chunks,
    links: [...uses.values()],
    ...(prices.some(each => each.sampled) && { sampled: true }),
  };
}
