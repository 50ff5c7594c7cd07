/**
 * Collective algorithms as steps of traffic. Sizes follow nccl-tests: `bytes` is the buffer per rank of an all-reduce, the
 * gathered output of an all-gather, the whole input of a reduce-scatter, the send buffer of an all-to-all.
 *
 * Ring and tree costs: Thakur, Rabenseifner, Gropp, "Optimization of Collective Communication Operations in MPICH" (2005);
 * double binary trees: Sanders, Speck, Träff (2009), used by NCCL since 2.4; in-switch reduction: every rank's slice is
 * pulled through the switch and pushed back, so each port carries S(1 + 1/n) in both directions.
 */
import type { Algorithm, CollectiveOp } from '../plan/spec.ts';
import type { Traffic } from './load.ts';
import { meetingLevel, type Network } from './network.ts';
import {
  allPairsFlows,
  type Digit,
  doubleTreeFlows,
  exchangeFlows,
  type Group,
  groupSize,
  railRingFlows,
  ringFlows,
} from './pattern.ts';

export interface Step {
  traffic: Traffic;
  repeat: number;
}

/** An algorithm laid out on a group: what travels, and how many waits for latency lie one behind the other. */
export interface Schedule {
  algorithm: Algorithm;
  /** Built when asked for: most candidates are ruled out by what a rank must send at least. */
  steps(): Step[];
  /** Bytes that the busiest rank sends in all steps. */
  perRank: number;
  /** Steps one after the other. */
  count: number;
  /** Seconds of latency in all steps together. */
  latency: number;
  /** Least seconds of the transfer: posting a message to every peer, which goes on beside it. */
  posting?: number;
  /** Share of the achieved rate that is left (in-switch reduction); 1 otherwise. */
  rate: number;
}

interface Laid {
  network: Network;
  group: Group;
  n: number;
  bytes: number;
}

/** Groups larger than this have no list of pair flows when they spread over several digits. */
const MOST_PAIR_SETS = 20_000;

/**
 * Every algorithm that can run `op` on this group, the library's own default first: a later one is chosen only when it is
 * clearly faster (see `price.ts`).
 */
export function schedulesFor(network: Network, group: Group, op: CollectiveOp, bytes: number): Schedule[] {
  const laid: Laid = { network, group, n: groupSize(group), bytes };
  switch (op) {
    case 'all_gather':
    case 'reduce_scatter':
      return present([ring(laid, 1), inSwitch(laid, op), halving(laid, op), direct(laid, 1)]);
    case 'all_reduce':
      return present([
        ring(laid, 2),
        inSwitch(laid, op),
        tree(laid),
        halving(laid, op),
        recursiveDoubling(laid),
        twoShot(laid),
        oneShot(laid),
      ]);
    case 'all_to_all':
      return present([direct(laid, 1), pairwise(laid)]);
    case 'broadcast':
      return present([chain(laid), scatterGather(laid)]);
    case 'send_recv':
      return [send(laid)];
  }
}

function present(schedules: (Schedule | undefined)[]): Schedule[] {
  return schedules.filter(schedule => schedule !== undefined);
}

/** Latency of the level on which chips `a` and `b` meet. */
function hop(network: Network, a: number, b: number): number {
  const level = network.levels[meetingLevel(network, a, b)];
  return level ? level.spec.latency : 0;
}

/** Chip of member `index` of the group that starts at chip 0. */
function member(group: Group, index: number): number {
  let chip = 0;
  let rest = index;
  for (const digit of group) {
    chip += (rest % digit.size) * digit.stride;
    rest = Math.floor(rest / digit.size);
  }
  return chip;
}

/** Largest latency between any two members: what a step waits for when far members talk. */
export function farthest(network: Network, group: Group): number {
  return hop(network, 0, member(group, groupSize(group) - 1));
}

/**
 * Latency of one walk around the ring: a chunk passes every hop but the last, and each hop costs its own level's latency.
 * Closed form per digit: of the hops with stride s, those that leave a unit of m chips are every (m/s)th.
 */
function ringLatency({ network, group, n }: Laid): number {
  let around = 0;
  let reset = 0;
  let outerCount = n;
  for (const digit of group) {
    outerCount /= digit.size;
    // Hops of this digit in one walk: (size - 1) in each of the outer digits' positions.
    let sum = 0;
    const shift = digit.stride - reset;
    if (digit.size <= 64 || reset > 0) {
      for (let i = 0; i + 1 < digit.size; i++) {
        const at = i * digit.stride + reset;
        sum += hop(network, at, at + shift);
      }
    } else {
      let inside = digit.size - 1;
      for (const level of network.levels) {
        const leaving = Math.min(digit.size - 1, Math.floor(((digit.size - 1) * digit.stride) / level.span));
        sum += (inside - leaving) * level.spec.latency;
        inside = leaving;
      }
    }
    around += sum * outerCount;
    reset += digit.stride * (digit.size - 1);
  }
  // The closing hop is one of the n; a chunk makes n - 1 of them.
  return ((around + hop(network, 0, reset)) * (n - 1)) / n;
}

/** Ring; through every network port of a node where the group has several members in it. `rounds` 2 for an all-reduce. */
function ring(laid: Laid, rounds: 1 | 2): Schedule {
  const { n, bytes } = laid;
  const { inner, outer } = rails(laid);
  const sets = () => (inner ? railRingFlows(inner, outer, bytes / n) : ringFlows(outer, bytes / n));
  const repeat = rounds * (n - 1);
  return {
    algorithm: 'ring',
    steps: () => [{ traffic: { kind: 'sets', sets: sets() }, repeat }],
    perRank: (repeat * bytes) / n,
    count: repeat,
    latency: rounds * ringLatency(laid),
    rate: 1,
  };
}

/** Splits off the members that share a unit below a network's ports, where the group goes beyond that unit. */
function rails({ network, group }: Laid): { inner?: Digit; outer: Group } {
  const first = group[0];
  if (!first) return { outer: group };
  const reach = group.reduce((sum, digit) => sum + digit.stride * (digit.size - 1), 0);
  for (const stack of network.stacks) {
    const members = stack.below / first.stride;
    if (stack.below === 1 || members <= 1 || reach < stack.below) continue;
    if (!Number.isInteger(members)) continue;
    const inside = Math.min(members, first.size);
    if (first.size % inside !== 0) continue;
    const rest = first.size / inside;
    const outer =
      rest > 1 ? [{ stride: first.stride * inside, size: rest }, ...group.slice(1)] : group.slice(1);
    if (outer.length === 0) continue;
    return { inner: { stride: first.stride, size: inside }, outer };
  }
  return { outer: group };
}

/** In-network reduction: the whole group hangs under one switch (or tree of switches) that reduces. */
function inSwitch(laid: Laid, op: CollectiveOp): Schedule | undefined {
  const { network, group, n, bytes } = laid;
  const level = network.levels[meetingLevel(network, 0, member(group, n - 1))];
  if (!level || n < 2) return undefined;
  const topology = level.spec.topology;
  const reduces = (topology.kind === 'switch' || topology.kind === 'fat_tree') && topology.reduce;
  // Ranks must be the level's own children: one port per rank.
  if (!reduces || (level.childSpan > 1 && (group[0]?.stride ?? 0) < level.childSpan)) return undefined;
  // Every port: S/n from each slice's own pull and push, S in all. Multicast spares a gather's sender, not its receivers.
  const share = op === 'all_reduce' ? (n + 1) / n : (n - 1) / n;
  return {
    algorithm: 'in_switch',
    steps: () => [{ traffic: { kind: 'sets', sets: ringFlows(group, bytes * share) }, repeat: 1 }],
    perRank: bytes * share,
    count: 1,
    latency: level.spec.latency,
    rate: NaN,
  };
}

/** Powers of two only: halves travel to the nearest partners first, so that far links carry the small pieces. */
function halving(laid: Laid, op: CollectiveOp): Schedule | undefined {
  const { network, group, n, bytes } = laid;
  if (n < 2 || !group.every(digit => Number.isInteger(Math.log2(digit.size)))) return undefined;
  const steps: Step[] = [];
  let latency = 0;
  let piece = bytes / 2;
  group.forEach((digit, index) => {
    for (let bit = 0; 2 ** bit < digit.size; bit++) {
      steps.push({ traffic: { kind: 'sets', sets: exchangeFlows(group, index, bit, piece) }, repeat: 1 });
      latency += worstHop(network, digit.stride * 2 ** bit, digit);
      piece /= 2;
    }
  });
  const rounds = op === 'all_reduce' ? 2 : 1;
  return {
    algorithm: 'halving_doubling',
    steps: () => steps.map(step => ({ ...step, repeat: rounds })),
    perRank: (rounds * bytes * (n - 1)) / n,
    count: rounds * steps.length,
    latency: rounds * latency,
    rate: 1,
  };
}

/** Latency of the slowest of the exchanges at this distance. */
function worstHop(network: Network, distance: number, digit: Digit): number {
  let worst = 0;
  for (const level of network.levels) {
    worst = Math.max(worst, hop(network, 0, distance));
    // An exchange that straddles a unit's edge meets one level higher.
    const edge = level.span - (level.span % digit.stride);
    if (edge > 0 && edge < digit.stride * digit.size && level.span % (2 * distance) !== 0) {
      worst = Math.max(worst, hop(network, Math.max(0, edge - distance), edge));
    }
  }
  return worst;
}

/** All-reduce of whole buffers, log2 n steps: least latency, most bytes. */
function recursiveDoubling(laid: Laid): Schedule | undefined {
  const { network, group, n, bytes } = laid;
  if (n < 2 || !group.every(digit => Number.isInteger(Math.log2(digit.size)))) return undefined;
  const steps: Step[] = [];
  let latency = 0;
  group.forEach((digit, index) => {
    for (let bit = 0; 2 ** bit < digit.size; bit++) {
      steps.push({ traffic: { kind: 'sets', sets: exchangeFlows(group, index, bit, bytes) }, repeat: 1 });
      latency += worstHop(network, digit.stride * 2 ** bit, digit);
    }
  });
  return {
    algorithm: 'recursive_doubling',
    steps: () => steps,
    perRank: bytes * steps.length,
    count: steps.length,
    latency,
    rate: 1,
  };
}

/** Two complementary binary trees, each with half of the buffer, pipelined: up and down 2 log2 n hops. */
function tree(laid: Laid): Schedule | undefined {
  const { network, group, n, bytes } = laid;
  const [digit, ...more] = group;
  if (!digit || more.length > 0 || n < 3) return undefined;
  let latency = 0;
  for (let step = 1; step < n; step *= 2) latency += 2 * worstHop(network, digit.stride * step, digit);
  return {
    algorithm: 'tree',
    steps: () => [{ traffic: { kind: 'sets', sets: doubleTreeFlows(digit, bytes) }, repeat: 1 }],
    perRank: (2 * bytes * (n - 1)) / n,
    count: 2 * Math.ceil(Math.log2(n)),
    latency,
    rate: 1,
  };
}

/** Everybody to everybody, `bytes` per ordered pair. */
function pairs(laid: Laid, bytes: number): Traffic | undefined {
  const [digit, ...more] = laid.group;
  if (!digit) return undefined;
  if (more.length === 0) return { kind: 'pairs', digit, bytes };
  if (laid.group.reduce((product, each) => product * (2 * each.size - 1), 1) > MOST_PAIR_SETS)
    return undefined;
  return { kind: 'sets', sets: allPairsFlows(laid.group, bytes) };
}

/** A network card posts its messages one after the other: NCCL's tuner counts 1 us each (`src/graph/tuning.cc`). */
const NETWORK_POST = 1e-6;

/** What posting a message to every peer costs before the last one is on its way. */
function posting({ network, group, n }: Laid): number {
  const level = network.levels[meetingLevel(network, 0, member(group, n - 1))];
  return level?.spec.tier === 'scale_out' ? (n - 1) * NETWORK_POST : 0;
}

function direct(laid: Laid, rounds: 1 | 2, algorithm: Algorithm = 'direct'): Schedule | undefined {
  const traffic = pairs(laid, laid.bytes / laid.n);
  if (!traffic) return undefined;
  const latency = rounds * farthest(laid.network, laid.group);
  const perRank = (rounds * laid.bytes * (laid.n - 1)) / laid.n;
  return {
    algorithm,
    steps: () => [{ traffic, repeat: rounds }],
    perRank,
    count: rounds,
    latency,
    posting: rounds * posting(laid),
    rate: 1,
  };
}

/** Reduce-scatter and all-gather, each in one exchange. */
function twoShot(laid: Laid): Schedule | undefined {
  return direct(laid, 2, 'direct_two_shot');
}

/** Everybody sends its whole buffer to everybody. */
function oneShot(laid: Laid): Schedule | undefined {
  const traffic = pairs(laid, laid.bytes);
  if (!traffic) return undefined;
  const latency = farthest(laid.network, laid.group);
  const perRank = laid.bytes * (laid.n - 1);
  return {
    algorithm: 'direct',
    steps: () => [{ traffic, repeat: 1 }],
    perRank,
    count: 1,
    latency,
    posting: posting(laid),
    rate: 1,
  };
}

/** n - 1 rounds with one partner each: no incast, a latency per round. */
function pairwise(laid: Laid): Schedule | undefined {
  const { network, group, n, bytes } = laid;
  const [digit, ...more] = group;
  if (!digit || more.length > 0 || n > 64) return undefined;
  const steps: Step[] = [];
  for (let distance = 1; distance < n; distance++) {
    const period = digit.stride * digit.size;
    const edge = period - distance * digit.stride;
    const sets = [
      { windows: [{ period, lo: 0, hi: edge }], shift: distance * digit.stride, bytes: bytes / n },
      { windows: [{ period, lo: edge, hi: period }], shift: -edge, bytes: bytes / n },
    ];
    steps.push({ traffic: { kind: 'sets', sets }, repeat: 1 });
  }
  const perRank = (bytes * (n - 1)) / n;
  return {
    algorithm: 'pairwise',
    steps: () => steps,
    perRank,
    count: n - 1,
    latency: (n - 1) * farthest(network, group),
    rate: 1,
  };
}

/** Pipelined chain: with many chunks every link carries the buffer once. */
function chain(laid: Laid): Schedule {
  const sets = ringFlows(laid.group, laid.bytes, false);
  return {
    algorithm: 'ring',
    steps: () => [{ traffic: { kind: 'sets', sets }, repeat: 1 }],
    perRank: laid.bytes,
    count: laid.n - 1,
    latency: ringLatency(laid),
    rate: 1,
  };
}

/** The root scatters, then all gather: no chain of n - 1 hops where latency matters. */
function scatterGather(laid: Laid): Schedule | undefined {
  const gather = direct(laid, 2);
  return gather && { ...gather, algorithm: 'direct_two_shot' };
}

/** Every rank to its successor, all at once: the boundary of a pipeline. */
function send(laid: Laid): Schedule {
  const sets = ringFlows(laid.group, laid.bytes, false);
  let latency = 0;
  const [digit] = laid.group;
  if (digit)
    latency = laid.group.length === 1 ? worstStep(laid.network, digit) : farthest(laid.network, laid.group);
  return {
    algorithm: 'direct',
    steps: () => [{ traffic: { kind: 'sets', sets }, repeat: 1 }],
    perRank: laid.bytes,
    count: 1,
    latency,
    rate: 1,
  };
}

/** Latency of the slowest hop between neighbours of a digit. */
function worstStep(network: Network, digit: Digit): number {
  let worst = hop(network, 0, digit.stride);
  for (const level of network.levels) {
    const edge = Math.ceil(level.span / digit.stride) * digit.stride;
    if (edge < digit.stride * digit.size) worst = Math.max(worst, hop(network, edge - digit.stride, edge));
  }
  return worst;
}
