/**
 * The algorithms of NCCL and RCCL with what each protocol costs, laid on the engine's links. Which can run follows the
 * library's rules; of those that can, the fastest by these prices is taken.
 *
 * The library itself compares by its tuner (`tuner.ts`), whose asymptotes agree with these and whose times do not: it leaves
 * out what `ramp` stands for. Taking its word for the choice and these rates for the time would let a price fall where the
 * message grows past a change of algorithm, and rise where a link gets faster, since the two disagree by some percent where
 * they cross. With one reckoning for both, neither can happen: every candidate's time grows with the bytes and falls with the
 * bandwidth, and so does the least of them. How often the choice is the tuner's is tested (`nccl-choice.test.ts`).
 */
import type { CollectiveOp } from '../../plan/spec.ts';
import { direct, scatterGather } from '../algorithms/directs.ts';
import { reduces } from '../algorithms/in-switch.ts';
import { pat } from '../algorithms/log-steps.ts';
import { chain, railsOf, ring, send, shift } from '../algorithms/rings.ts';
import type { Schedule, Step, Task } from '../algorithms/schedule.ts';
import { crossedLevels, exchangeLatency, farthest, walkLatency } from '../crossing.ts';
import { ringFlows } from '../flows.ts';
import type { Traffic } from '../load.ts';
import type { NetworkLevel } from '../network.ts';
import type { Digit, Group } from '../pattern.ts';
import type { Generation, LevelSpec, NvidiaGeneration } from '../spec.ts';
import { COMMON, NETWORKS, RATES, type Rates, rampTime } from './rates.ts';
import { byNodes, CAPS } from './tables.ts';

/** A task on chips whose library is known. */
interface Job extends Task {
  rates: Rates;
  generation: Generation;
  crossed: NetworkLevel[];
  /** Ranks of the group in one scale-up domain, and how many domains it spans. */
  inner: number;
  nodes: number;
  /** The ring's split, where the group has several ranks in each of several domains. */
  rails: { inner: Digit; outer: Group } | undefined;
}

/**
 * @returns undefined where no library is known for these chips or these links: the plain formulas count then.
 */
export function librarySchedules(task: Task, op: CollectiveOp): Schedule[] | undefined {
  const { generation } = task.network;
  if (!generation) return undefined;
  const crossed = crossedLevels(task.network, task.group, task.chips).map(
    index => task.network.levels[index]!,
  );
  if (crossed.length === 0 || !crossed.every(({ spec }) => KNOWN.has(spec.topology.kind))) return undefined;
  // A log's floor, latency and share say all there is to say of a level: nothing of the library's comes on top.
  if (crossed.some(({ spec }) => spec.efficiencyFrom === 'calibrated')) return undefined;
  const between = crossed.some(({ spec }) => spec.tier === 'scale_out');
  const within = crossed.some(({ spec }) => spec.tier === 'scale_up');
  const rails = between && within ? railsOf(task) : undefined;
  const inner = between ? (rails?.inner.size ?? 1) : task.n;
  const job: Job = {
    ...task,
    rates: RATES[generation],
    generation,
    crossed,
    inner,
    nodes: Math.max(1, task.n / inner),
    rails,
  };
  return schedulesOf(job, op);
}

const KNOWN: ReadonlySet<string> = new Set(['switch', 'fat_tree', 'fully_connected']);

function schedulesOf(job: Job, op: CollectiveOp): Schedule[] {
  switch (op) {
    case 'all_reduce':
      return [
        ...meshDirect(job, 2),
        ...rings(job, 2),
        ...inSwitches(job),
        ...trees(job),
        ...inSwitchTrees(job),
      ];
    case 'all_gather':
    case 'reduce_scatter':
      return [...meshDirect(job, 1), ...rings(job, 1), ...aggregatedTrees(job, op)];
    case 'all_to_all':
      return [exchange(job)];
    case 'broadcast':
      return [
        withRamp(job, chain(job), 1, job.rates.launch + walk(job, false)),
        withRamp(job, scatterGather(job), 1, job.rates.launch + 2 * hopFarthest(job)),
      ];
    case 'send_recv':
      return [send(job), shift(job)].map(each => withRamp(job, each, 1, job.rates.launch + hopFarthest(job)));
  }
}

/** Between nodes the processor posts every message, inside as well: no step is shorter than that. */
function hopOf({ nodes }: Job): (spec: LevelSpec) => number {
  return ({ latency, tier }) => (nodes > 1 && tier === 'scale_up' ? Math.max(latency, COMMON.post) : latency);
}

function walk(job: Job, closing = true): number {
  return walkLatency(job.network, job.group, job.chips, closing, hopOf(job));
}

function hopFarthest(job: Job): number {
  return farthest(job.network, job.group, job.chips, hopOf(job));
}

function withRamp(job: Job, schedule: Schedule, rounds: number, latency: number): Schedule {
  return {
    ...schedule,
    protocol: 'simple',
    latency,
    ramp: bytes => rampTime(job.rates, rounds * bytes),
  };
}

function rings(job: Job, rounds: 1 | 2): Schedule[] {
  const plain = ring(job, rounds);
  const latency = job.rates.launch + rounds * walk(job);
  return byProtocol(job, { ...plain, latency }, rounds, 1 + COMMON.turn / (rounds ** 2 * (job.n - 1)));
}

/** LL, LL128 where NVLink is there for it, and Simple. @param longer the transfer takes so many times as long as its bytes do */
function byProtocol(job: Job, schedule: Schedule, rounds: number, longer = 1): Schedule[] {
  const rails = railShare(job);
  const share = (rate: number) => ({ scale_up: rate / longer, scale_out: (rate * rails) / longer });
  const ramp = (part: number) => (bytes: number) => part * rampTime(job.rates, rounds * bytes);
  const column = job.nodes === 1 ? 0 : job.nodes === 2 ? 1 : 2;
  const low: Schedule = {
    ...schedule,
    protocol: 'll',
    rate: share(0.5),
    cap: job.rates.lowLatency[column],
  };
  const middle: Schedule = {
    ...schedule,
    protocol: 'll128',
    rate: share(COMMON.ll128),
    ramp: ramp(COMMON.ll128Ramp),
  };
  const high: Schedule = { ...schedule, protocol: 'simple', rate: share(1), ramp: ramp(1) };
  const nvlink =
    !job.generation.startsWith('cdna') && job.crossed.some(({ spec }) => spec.tier === 'scale_up');
  return nvlink ? [low, middle, high] : [low, high];
}

/** Only where every rank is alone in its node (NCCL's tuner; 75 % of the bandwidth, a post for each rank's part). */
function aggregatedTrees(job: Job, op: CollectiveOp): Schedule[] {
  const plain =
    job.inner === 1 && job.nodes > 1 && !job.generation.startsWith('cdna') ? pat(job, op) : undefined;
  if (!plain) return [];
  const hops = Math.floor(Math.log2(job.nodes)) * (hopFarthest(job) / PAT_OVERLAP);
  const latency = job.rates.launch + hops + job.n * PAT_POST;
  return [{ ...withRamp(job, plain, 1, latency), rate: { scale_up: PAT_SHARE, scale_out: PAT_SHARE } }];
}

/** NCCL's tuner: rounds overlap, each rank's part is posted, and so much of the bandwidth is left. */
const PAT_OVERLAP = 3.5;
const PAT_POST = 2.8e-6;
const PAT_SHARE = 0.75;

/** Rings through every link of a full mesh: together they send what one exchange with every peer does. */
function meshDirect(job: Job, rounds: 1 | 2): Schedule[] {
  if (job.crossed.some(({ spec }) => spec.topology.kind !== 'fully_connected')) return [];
  const plain = direct(job, rounds, rounds === 2 ? 'direct_two_shot' : 'direct');
  const latency = job.rates.launch + rounds * (job.n - 1) * hopFarthest(job);
  return byProtocol(job, { ...plain, latency }, rounds);
}

/** The binary tree between nodes, through every port of a node, and the chain through its ranks. */
function trees(job: Job): Schedule[] {
  const { rails, n, bytes, network, chips } = job;
  const outer = rails ? rails.outer : job.nodes > 1 ? job.group : [];
  const digit = outer[0];
  if (!digit || outer.length > 1) return [];
  let between = 0;
  for (let step = 1; 2 * step <= digit.size; step *= 2)
    between += exchangeLatency(network, digit.stride * step, chips, hopOf(job)) + COMMON.treeHop;
  const inside = rails ? (job.inner - 1) * farthest(network, [rails.inner], chips, hopOf(job)) : 0;
  const through = (2 * bytes * (n - 1)) / n;
  const schedule: Schedule = {
    algorithm: 'tree',
    steps: () => [
      {
        traffic: { kind: 'trees', group: [digit], bytes: bytes / job.inner / 2 },
        ...(rails && {
          beside: around([rails.inner], through),
        }),
        repeat: 1,
      },
    ],
    perRank: through,
    count: 2 * (job.inner - 1 + Math.ceil(Math.log2(digit.size))),
    latency: job.rates.launch + 2 * (inside + between),
  };
  // Up and down at once: 92 % of the bandwidth by NCCL's tuner, and so much for each channel.
  const most = treeCap(job);
  return byProtocol(job, schedule, 2, 1 / 0.92).map(each => ({
    ...each,
    cap: Math.min(each.cap ?? most, most),
  }));
}

/** Bytes/s through one rank's ports, by NCCL's caps for its generation. */
function treeCap({ generation, inner, nodes }: Job): number {
  if (inner === 1 || !(generation in CAPS)) return Number.POSITIVE_INFINITY;
  const channel = byNodes(CAPS[generation as NvidiaGeneration].tree, nodes) * 1e9;
  return Math.min(inner, COMMON.rails) * channel;
}

/** NVLink SHARP in one domain; with the network's own reduction (SHARP of InfiniBand) over several. */
function inSwitches(job: Job): Schedule[] {
  const { crossed, rates, bytes, group, inner, nodes, rails } = job;
  if (!crossed.every(({ spec }) => reduces(spec.topology))) return [];
  const up = crossed.some(({ spec }) => spec.tier === 'scale_up');
  if (up && inner < rates.inSwitchFrom) return [];
  const heads = Math.min(inner, HEADS);
  const pushed = (bytes * (heads + 1)) / heads;
  const share = bytes / inner;
  const steps = (): Step[] => {
    if (!up) return [{ traffic: around(group, share), repeat: 1 }];
    if (!rails) return [{ traffic: around(group, pushed), repeat: 1 }];
    return [{ traffic: around([rails.inner], pushed), beside: around(rails.outer, share), repeat: 1 }];
  };
  return [
    {
      algorithm: 'in_switch',
      protocol: 'simple',
      steps,
      perRank: up ? pushed : share,
      count: 1,
      latency:
        (up ? startOf(inner) : rates.launch) + (nodes > 1 ? COMMON.networkReduce : 0) + hopFarthest(job),
      inSwitch: true,
      rate: { scale_up: inSwitchShare(job), scale_out: 1 },
      ramp: bytes => rampTime(rates, COMMON.inSwitchPasses * bytes),
    },
  ];
}

/** What passes a port passes a trunk, too, once per group: the flows of a ring. */
function around(group: Group, bytes: number): Traffic {
  return { kind: 'sets', group, sets: ringFlows(group, bytes), parts: 'ends' };
}

/** The library gives the slices of a buffer to no more ranks than this. */
const HEADS = 32;

function inSwitchShare({ rates, inner }: Job): number {
  return inner <= 8 ? rates.inSwitch : rates.inSwitchWide;
}

function startOf(ranks: number): number {
  return COMMON.inSwitchStart + COMMON.inSwitchRank * Math.max(0, ranks - 8);
}

/** A wide domain has more network ports than the library has channels for. */
function railShare({ inner }: Job): number {
  return Math.min(1, COMMON.rails / inner);
}

/** Nodes whose switches reduce, and a binary tree between them. */
function inSwitchTrees(job: Job): Schedule[] {
  const { rails, crossed, rates, bytes, inner, nodes } = job;
  const inside = crossed.filter(({ spec }) => spec.tier === 'scale_up');
  const digit = rails?.outer[0];
  if (!rails || !digit || rails.outer.length > 1 || nodes < 2) return [];
  // Over twenty racks the library runs rings: NET-067, NET-069.
  if (inner > HEADS && nodes > 2) return [];
  if (inner < rates.inSwitchFrom || !inside.every(({ spec }) => reduces(spec.topology))) return [];
  const heads = Math.min(inner, HEADS);
  const share = (bytes * (heads + 1)) / heads;
  return [
    {
      algorithm: 'in_switch',
      protocol: 'simple',
      steps: () => [
        {
          traffic: { kind: 'trees', group: [digit], bytes: bytes / inner / 2 },
          beside: around([rails.inner], share),
          repeat: 1,
        },
      ],
      perRank: share,
      count: 1 + 2 * Math.ceil(Math.log2(nodes)),
      latency:
        startOf(inner) +
        2 *
          Math.floor(Math.log2(nodes)) *
          (COMMON.inSwitchHop + farthest(job.network, rails.outer, job.chips) - NETWORKS.ib.latency),
      inSwitch: true,
      rate: { scale_up: inSwitchShare(job), scale_out: railShare(job) },
      ramp: bytes => rampTime(rates, COMMON.inSwitchPasses * bytes),
    },
  ];
}

/** All messages posted at once; the switches carry many flows per port less well than a ring's one. */
function exchange(job: Job): Schedule {
  const { rates } = job;
  const plain = direct(job, 1);
  return {
    ...plain,
    protocol: 'simple',
    latency: rates.exchange + (job.nodes > 1 ? hopFarthest(job) : 0),
    rate: { scale_up: rates.allToAll / rates.scaleUp, scale_out: NETWORKS.ib.allToAll },
    ramp: bytes => COMMON.exchangeRamp * rampTime(rates, bytes),
  };
}
