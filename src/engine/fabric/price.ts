/** The price of one collective on one group: every algorithm laid on the links, the best one chosen. */
import type { AlgorithmPrice, CollectivePrice, LinkUse } from '../estimate/result.ts';
import type { Algorithm, CollectiveOp } from '../plan/spec.ts';
import type { Schedule } from './algorithms.ts';
import { crossedLevels } from './crossing.ts';
import { unevenness } from './hashing.ts';
import { hierarchical } from './hierarchical.ts';
import { type LaidAlgorithm, type LaidOut, laidOut } from './laid-out.ts';
import type { Limit } from './limit.ts';
import type { ClassLoad } from './load.ts';
import type { LinkClass, Network } from './network.ts';
import { type Group, groupSize } from './pattern.ts';
import type { Tier } from './spec.ts';

export { crossedLevels };

export interface PriceOptions {
  /** Ranks of the mesh; chips beyond them are idle. */
  chips: number;
  algorithm?: Algorithm;
  /** Share of the achieved rate that in-switch reduction keeps. */
  inSwitchRate?: number;
  /** Factors on the bytes over scale-out and scale-up links (deduplicated expert dispatch). */
  scale?: { scaleOut: number; scaleUp: number };
  /** false: the time alone is asked for, and `limit` is 0; on explicit links the limit costs more than the price. */
  limits?: boolean;
}

/** Hopper's NVLink SHARP: bus bandwidth 0.82 x 2(n-1)/(n+1) of the achieved rate on 4 to 8 ranks (public nccl-tests logs). */
export const IN_SWITCH_RATE = 0.82;

/**
 * Libraries keep their default algorithm unless another is clearly faster, and differences below this share are noise of
 * the model itself; so is ours.
 */
const WORTH_CHANGING = 0.02;
const INFINITE = Number.POSITIVE_INFINITY;

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
  const laid = laidOut(network, group, op, options.chips);
  const candidates = laid.algorithms.filter(({ schedule }) =>
    options.algorithm ? schedule.algorithm === options.algorithm : !schedule.byNameOnly,
  );
  // What a rank must send bounds the time from below: most candidates need not be laid on the links.
  const leastOf = ({ schedule }: LaidAlgorithm): number =>
    schedule.latency + (schedule.perRank * bytes) / (laid.port * bestRate(schedule, options));
  const hopeless = options.scale
    ? INFINITE
    : hopelessFrom(network, laid, candidates, leastOf, bytes, options);
  let best: AlgorithmPrice | undefined;
  let second: AlgorithmPrice | undefined;
  for (const candidate of candidates) {
    const { schedule } = candidate;
    const least = leastOf(candidate);
    if (least >= hopeless || (second && least >= second.time && !options.scale)) continue;
    const price = priceSchedule(network, laid.crossed, candidate, bytes, options);
    if (!best || price.time < best.time * (1 - (schedule.protocol ? 0 : WORTH_CHANGING))) {
      const other = best?.algorithm !== price.algorithm ? best : undefined;
      if (other && (!second || second.algorithm === price.algorithm || other.time < second.time))
        second = other;
      best = price;
    } else if (price.algorithm !== best.algorithm && (!second || price.time < second.time)) second = price;
  }
  // Where the library is known, its own algorithms go level by level where they do.
  const library = laid.algorithms.some(({ schedule }) => schedule.protocol !== undefined);
  const layered =
    library && options.algorithm !== 'hierarchical'
      ? undefined
      : levelByLevel(network, group, op, bytes, options);
  if (layered && (options.algorithm || !best || layered.time < best.time * (1 - WORTH_CHANGING))) {
    if (best && (!second || best.time < second.time)) second = best;
    best = layered;
  } else if (layered && (!second || layered.time < second.time)) second = layered;
  if (!best) return undefined;
  return {
    op,
    ranks,
    bytes,
    ...best,
    ...limitFields(limitFor(best, laid, options), options.scale ? 1 : bytes),
    ...(second ? { runnerUp: { algorithm: second.algorithm, time: second.time } } : {}),
    ...(op === 'send_recv' ? { bothDirections: bothDirections(laid) * bytes + best.latency } : {}),
  };
}

/**
 * On a wiring without a formula for their flows, candidates cost most to lay. Two of different algorithms are tried before all
 * others, those that could be fastest; what cannot be faster than either, by more than is worth a change, is neither the best nor
 * the runner-up.
 */
function hopelessFrom(
  network: Network,
  laid: LaidOut,
  candidates: readonly LaidAlgorithm[],
  leastOf: (candidate: LaidAlgorithm) => number,
  bytes: number,
  options: PriceOptions,
): number {
  if (candidates.length < 3 || !laid.crossed.some(index => network.levels[index]!.wired)) return INFINITE;
  const sorted = [...candidates].sort((a, b) => leastOf(a) - leastOf(b));
  const first = sorted[0]!;
  const other = sorted.find(({ schedule }) => schedule.algorithm !== first.schedule.algorithm);
  if (!other) return INFINITE;
  const times = [first, other].map(each => priceSchedule(network, laid.crossed, each, bytes, options).time);
  return Math.max(...times) / (1 - WORTH_CHANGING);
}

/** The parts of a group that spans several networks, each by its own best algorithm. */
function levelByLevel(
  network: Network,
  group: Group,
  op: CollectiveOp,
  bytes: number,
  options: PriceOptions,
): AlgorithmPrice | undefined {
  const { algorithm, ...others } = options;
  if ((algorithm && algorithm !== 'hierarchical') || options.scale) return undefined;
  return hierarchical(network, group, op, bytes, options.chips, stage =>
    priceCollective(network, stage.group, stage.op, stage.bytes, { ...others, limits: false }),
  );
}

const NOT_ASKED: Limit = { time: 0, by: 'not asked for', exact: false };

function limitFor(best: AlgorithmPrice, laid: LaidOut, { limits = true, scale }: PriceOptions): Limit {
  if (!limits) return NOT_ASKED;
  return scale ? lineRate(best) : laid.limit();
}

/** Busiest link at line rate: the limit of traffic that is what it is. */
function lineRate(price: AlgorithmPrice): Limit {
  const limit: Limit = { time: 0, by: 'nothing to send', exact: true };
  for (const { bytes, capacity, link, level } of price.links) {
    if (bytes / capacity <= limit.time) continue;
    limit.time = bytes / capacity;
    limit.by = `its own flows over the ${link} of ${level}`;
  }
  return limit;
}

function limitFields(
  { time, by, exact, reachable }: Limit,
  bytes: number,
): Pick<CollectivePrice, 'limit' | 'limitBy' | 'limitExact' | 'reachable'> {
  return {
    limit: time * bytes,
    limitBy: by,
    limitExact: exact,
    ...(reachable !== undefined && { reachable: reachable * bytes }),
  };
}

/** Transfer time of a byte when the opposite sends run at the same moment: a port carries what leaves and what returns. */
function bothDirections({ algorithms }: LaidOut): number {
  let most = 0;
  for (const { loads } of algorithms[0]!.steps())
    for (const { both, link } of loads) most = Math.max(most, both / (link.capacity * link.efficiency));
  return most;
}

/** Share of the achieved rate of links of a tier; what the chip states of in-switch reduction counts before the library's. */
function rateOf({ inSwitch, rate }: Schedule, { inSwitchRate }: PriceOptions, tier: Tier): number {
  if (!inSwitch) return rate?.[tier] ?? 1;
  if (!rate) return inSwitchRate ?? IN_SWITCH_RATE;
  return tier === 'scale_up' ? (inSwitchRate ?? rate.scale_up) : rate.scale_out;
}

function bestRate(schedule: Schedule, options: PriceOptions): number {
  return Math.max(rateOf(schedule, options, 'scale_up'), rateOf(schedule, options, 'scale_out'));
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
    limitBy: 'nothing to send',
    limitExact: true,
  };
}

function priceSchedule(
  network: Network,
  crossed: readonly number[],
  { schedule, steps }: LaidAlgorithm,
  bytes: number,
  options: PriceOptions,
): AlgorithmPrice {
  const uses = new Map<LinkClass, LinkUse>();
  const waits = new Map<LinkUse, number>();
  let transfer = 0;
  let sampled = false;
  for (const { repeat, loads } of steps()) {
    let slowest = 0;
    let estimated = false;
    let binding: LinkUse | undefined;
    for (const load of loads) {
      const sent = load.bytes * bytes * scaleOf(load, options);
      const use = useOf(uses, load, sent * repeat);
      const rate = rateOf(schedule, options, load.link.tier);
      const uneven = load.link.kind === 'tree' ? unevenness(load.link, load.flows) : 1;
      const time = (sent * uneven) / (load.link.capacity * load.link.efficiency * rate);
      if (time > slowest) {
        slowest = time;
        binding = use;
        estimated = load.sampled === true;
      }
    }
    transfer += slowest * repeat;
    sampled ||= estimated;
    if (binding) waits.set(binding, (waits.get(binding) ?? 0) + slowest * repeat);
  }
  const [bound] = uses.keys();
  transfer = Math.max(
    transfer,
    schedule.posting ?? 0,
    (schedule.perRank * bytes) / (schedule.cap ?? INFINITE),
    bound ? ((schedule.least ?? 0) * bytes) / bound.efficiency : 0,
  );
  transfer += schedule.ramp?.(bytes) ?? 0;
  let floor = 0;
  for (const index of crossed) floor = Math.max(floor, network.levels[index]!.spec.floor);
  const time = Math.max(transfer + schedule.latency, floor);
  const links = [...uses.values()];
  for (const use of links) use.load = time > 0 ? use.bytes / (use.capacity * time) : 0;
  const [bottleneck] = [...waits].sort((a, b) => b[1] - a[1])[0] ?? [];
  return {
    algorithm: schedule.algorithm,
    ...(schedule.protocol && { protocol: schedule.protocol }),
    time,
    steps: schedule.count,
    latency: schedule.latency,
    levels: crossed.map(level => network.levels[level]!.spec.name),
    bottleneck: { level: bottleneck?.level ?? '', link: bottleneck?.link ?? '' },
    links,
    ...(sampled && { sampled }),
  };
}

function scaleOf({ link }: ClassLoad, { scale }: PriceOptions): number {
  if (!scale) return 1;
  return link.tier === 'scale_up' ? scale.scaleUp : scale.scaleOut;
}

function useOf(uses: Map<LinkClass, LinkUse>, load: ClassLoad, bytes: number): LinkUse {
  let use = uses.get(load.link);
  if (!use) {
    const { level, link, capacity, efficiency } = load.link;
    use = { level, link, bytes: 0, capacity, efficiency, flows: 0, load: 0 };
    uses.set(load.link, use);
  }
  use.bytes += bytes;
  use.flows = Math.max(use.flows, load.flows);
  return use;
}
