/**
 * Which levels a group crosses, and what latency that brings. Latency is one way through the level on which two chips meet.
 * All groups of an axis run at once and wait for the slowest, so whatever one of them crosses counts for all.
 */
import type { Network } from './network.ts';
import { type Digit, type Group, groupSize, periodOf } from './pattern.ts';
import type { LevelSpec } from './spec.ts';
import { hopsOn } from './wired.ts';

/** What a step over a level takes, where it is not the level's latency alone. */
export type HopTime = (level: LevelSpec) => number;
const byLevel: HopTime = ({ latency }) => latency;

/** Whether some group has members in several units of `span` chips. */
function leaves(span: number, digit: Digit, chips: number): boolean {
  return span % periodOf(digit) !== 0 && span < chips;
}

/**
 * Levels on which members of one group meet, innermost first.
 *
 * Two members whose numbers differ in one digit only lie `stride` apart. Some pair of these shares a unit of the level but
 * not a child of it when the unit is wider than the stride and the digit's periods do not fill children evenly (then the edge
 * of the first child already runs through a pair). If no digit has such a pair, then no two members meet here: digits below
 * stay inside a child, those above step over the whole unit.
 */
export function crossedLevels(network: Network, group: Group, chips = network.chips): number[] {
  const crossed: number[] = [];
  network.levels.forEach(({ childSpan, span }, index) => {
    if (group.some(digit => digit.stride < span && leaves(childSpan, digit, chips))) crossed.push(index);
  });
  return crossed;
}

/** Largest latency between any two members: what a step waits for when all talk to all. Over direct links one for each. */
export function farthest(network: Network, group: Group, chips: number, hop = byLevel): number {
  let most = 0;
  for (const index of crossedLevels(network, group, chips)) {
    const { spec, wired } = network.levels[index]!;
    most = Math.max(most, wired ? wired.latency * hopsOn(wired, group, chips) : hop(spec));
  }
  return most;
}

/** Largest latency of an exchange between chips `distance` apart, in aligned blocks of twice that. */
export function exchangeLatency(network: Network, distance: number, chips: number, hop = byLevel): number {
  return farthest(network, [{ stride: distance, size: 2 }], chips, hop);
}

/**
 * Latency of a chunk that walks the ring: n - 1 of its n hops, each at its own level's latency. Where groups do not fit the
 * units evenly, as many hops leave them as in the worst of the groups. Without `closing`: down the line from first to last.
 */
export function walkLatency(
  network: Network,
  group: Group,
  chips: number,
  closing = true,
  hop = byLevel,
): number {
  const n = groupSize(group);
  let hops = closing ? n : n - 1;
  let sum = 0;
  for (const { span, spec } of network.levels) {
    const on = Math.min(hops, hopsOut(span, group, chips, n, closing));
    sum += (hops - on) * hop(spec);
    hops = on;
  }
  return closing ? (sum * (n - 1)) / n : sum;
}

/** Hops of one walk that leave a unit of `span` chips. */
function hopsOut(span: number, group: Group, chips: number, n: number, closing: boolean): number {
  let walks = n;
  let hops = 0;
  for (const digit of group) {
    // Once in every position of the outer digits this one runs from 0 to its end.
    walks /= digit.size;
    if (!leaves(span, digit, chips)) continue;
    hops += walks * (digit.stride >= span ? digit.size - 1 : edgesPassed(span, digit, chips));
  }
  return hops > 0 && closing ? hops + 1 : hops;
}

/** Edges of units that a digit narrower than the unit passes from its first to its last position, most of all groups. */
function edgesPassed(span: number, digit: Digit, chips: number): number {
  const period = periodOf(digit);
  if (period % span === 0 && span % digit.stride === 0) return period / span - 1;
  const reach = digit.stride * (digit.size - 1);
  const edges = (first: number): number => Math.floor((first + reach) / span) - Math.floor(first / span);
  let most = 0;
  for (let block = 0; block < Math.min(chips / period, MOST_BLOCKS); block++) {
    // Of the groups of one period, those that start closest before an edge pass most.
    const first = block * period;
    const last = Math.min(first + digit.stride - 1, Math.floor(first / span) * span + span - 1);
    most = Math.max(most, edges(last), edges(first + digit.stride - 1));
  }
  return most;
}

/** Where groups and units do not nest, the worst of this many groups in a row. */
const MOST_BLOCKS = 256;
