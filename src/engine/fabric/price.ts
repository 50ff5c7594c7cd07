/** The price of one collective on one group: every algorithm laid on the links, the best one chosen. */
import type { AlgorithmPrice, CollectivePrice, LinkUse } from '../estimate/result.ts';
import type { Algorithm, CollectiveOp } from '../plan/spec.ts';
import { type Schedule, schedulesFor } from './algorithms.ts';
import { limitOf } from './limit.ts';
import { type ClassLoad, loadsOf } from './load.ts';
import { meetingLevel, type Network } from './network.ts';
import { type Group, groupSize, ringFlows } from './pattern.ts';

export interface PriceOptions {
  /** Ranks of the mesh; chips beyond them are idle. */
  chips: number;
  algorithm?: Algorithm;
  /** Share of the achieved rate that in-switch reduction keeps. */
  inSwitchRate?: number;
  /** Factors on the bytes over scale-out and scale-up links (deduplicated expert dispatch). */
  scale?: { scaleOut: number; scaleUp: number };
}

/** Hopper's NVLink SHARP: bus bandwidth 0.82 x 2(n-1)/(n+1) of the achieved rate on 4 to 8 ranks (public nccl-tests logs). */
export const IN_SWITCH_RATE = 0.82;

/**
 * Libraries keep their default algorithm unless another is clearly faster, and differences below this share are noise of
 * the model itself; so is ours.
 */
const WORTH_CHANGING = 0.02;

/** @returns undefined for an algorithm that cannot run this operation on this group. */
export function priceCollective(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  options: PriceOptions,
): CollectivePrice | undefined {
  const ranks = groupSize(group);
  if (ranks < 2 || bytes <= 0) return idle(op, ranks, bytes);
  let schedules = schedulesFor(network, group, op, bytes);
  const reduces = schedules.some(schedule => schedule.algorithm === 'in_switch');
  if (options.algorithm) schedules = schedules.filter(schedule => schedule.algorithm === options.algorithm);
  let best: AlgorithmPrice | undefined;
  let second: AlgorithmPrice | undefined;
  const fastestPort = portRate(network);
  for (const schedule of schedules) {
    // What a rank must send bounds the time from below: most candidates need not be laid on the links.
    const rate = Number.isNaN(schedule.rate) ? (options.inSwitchRate ?? IN_SWITCH_RATE) : schedule.rate;
    if (second && schedule.latency + schedule.perRank / (fastestPort * rate) >= second.time) continue;
    const price = priceSchedule(network, group, schedule, options);
    if (!best || price.time < best.time * (1 - WORTH_CHANGING)) {
      if (best && (!second || best.time < second.time)) second = best;
      best = price;
    } else if (!second || price.time < second.time) second = price;
  }
  if (!best) return undefined;
  return {
    op,
    ranks,
    bytes,
    ...best,
    limit: options.scale
      ? lineRate(best)
      : limitOf(network, group, op, bytes, options.chips, reduces && op === 'all_reduce'),
    ...(second ? { runnerUp: { algorithm: second.algorithm, time: second.time } } : {}),
    ...(op === 'send_recv'
      ? { bothDirections: bothDirections(network, group, bytes, options.chips) + best.latency }
      : {}),
  };
}

/** Busiest link at line rate: the limit of traffic that is what it is. */
function lineRate(price: AlgorithmPrice): number {
  return price.links.reduce((most, use) => Math.max(most, use.bytes / use.capacity), 0);
}

/** Transfer time when the opposite sends run at the same moment: a port then carries what leaves and what returns. */
function bothDirections(network: Network, group: Group, bytes: number, chips: number): number {
  const sets = ringFlows(group, bytes, false);
  return loadsOf(network, { kind: 'sets', sets }, chips).reduce((most, load) => {
    return Math.max(most, load.both / (load.link.capacity * load.link.efficiency));
  }, 0);
}

/** All of one chip's ports together, achieved, bytes/s: more than any algorithm can use. */
function portRate(network: Network): number {
  let rate = 0;
  for (const stack of network.stacks) {
    let best = 0;
    for (const link of stack.links) {
      const links = link.kind === 'pairs' ? link.unit / link.span - 1 : 1;
      best = Math.max(best, link.capacity * links * link.efficiency);
    }
    rate += best;
  }
  return rate;
}

function idle(op: CollectiveOp, ranks: number, bytes: number): CollectivePrice {
  const nowhere = { level: '', link: '' };
  return {
    op,
    ranks,
    bytes,
    algorithm: 'direct',
    time: 0,
    steps: 0,
    latency: 0,
    levels: [],
    bottleneck: nowhere,
    links: [],
    limit: 0,
  };
}

function priceSchedule(
  network: Network,
  group: Group,
  schedule: Schedule,
  options: PriceOptions,
): AlgorithmPrice {
  const rate = Number.isNaN(schedule.rate) ? (options.inSwitchRate ?? IN_SWITCH_RATE) : schedule.rate;
  const uses = new Map<string, LinkUse>();
  const waits = new Map<LinkUse, number>();
  let transfer = 0;
  for (const step of schedule.steps()) {
    let slowest = 0;
    let binding: LinkUse | undefined;
    for (const load of scaled(network, loadsOf(network, step.traffic, options.chips), options)) {
      const use = useOf(uses, load, step.repeat);
      const time = load.bytes / (load.link.capacity * load.link.efficiency * rate);
      if (time > slowest) {
        slowest = time;
        binding = use;
      }
    }
    transfer += slowest * step.repeat;
    if (binding) waits.set(binding, (waits.get(binding) ?? 0) + slowest * step.repeat);
  }
  transfer = Math.max(transfer, schedule.posting ?? 0);
  const crossed = crossedLevels(network, group);
  const floor = Math.max(0, ...crossed.map(level => network.levels[level]?.spec.floor ?? 0));
  const time = Math.max(transfer + schedule.latency, floor);
  const links = [...uses.values()];
  for (const use of links) use.load = time > 0 ? use.bytes / (use.capacity * time) : 0;
  const [bottleneck] = [...waits].sort((a, b) => b[1] - a[1])[0] ?? [];
  return {
    algorithm: schedule.algorithm,
    time,
    steps: schedule.count,
    latency: schedule.latency,
    levels: crossed.map(level => network.levels[level]!.spec.name),
    bottleneck: { level: bottleneck?.level ?? '', link: bottleneck?.link ?? '' },
    links,
  };
}

function scaled(network: Network, loads: ClassLoad[], { scale }: PriceOptions): ClassLoad[] {
  if (!scale) return loads;
  const tierOf = (name: string): string | undefined =>
    network.levels.find(level => level.spec.name === name)?.spec.tier;
  return loads.map(load => {
    const factor = tierOf(load.link.level) === 'scale_up' ? scale.scaleUp : scale.scaleOut;
    return { ...load, bytes: load.bytes * factor, both: load.both * factor };
  });
}

function useOf(uses: Map<string, LinkUse>, load: ClassLoad, repeat: number): LinkUse {
  const key = `${load.link.level}/${load.link.link}`;
  let use = uses.get(key);
  if (!use) {
    const { level, link, capacity, efficiency } = load.link;
    use = { level, link, bytes: 0, capacity, efficiency, flows: 0, load: 0 };
    uses.set(key, use);
  }
  use.bytes += load.bytes * repeat;
  use.flows = Math.max(use.flows, load.flows);
  return use;
}

/** Levels on which members of one group meet, innermost first. */
export function crossedLevels(network: Network, group: Group): number[] {
  const crossed = new Set<number>();
  let reset = 0;
  for (const digit of group) {
    // Neighbours of a digit meet on the level of their stride, and on every level whose units the digit outgrows.
    crossed.add(meetingLevel(network, 0, digit.stride));
    network.levels.forEach((level, index) => {
      const reach = reset + digit.stride * (digit.size - 1);
      if (level.childSpan > digit.stride && reach >= level.childSpan) crossed.add(index);
    });
    reset += digit.stride * (digit.size - 1);
  }
  crossed.delete(-1);
  return [...crossed].sort((a, b) => a - b);
}
