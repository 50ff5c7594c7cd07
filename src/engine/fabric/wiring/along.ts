/**
 * One dimension of a grid: a ring or a line of positions, and what its links carry when every position does the same as those
 * of its group. Link p joins positions p and p + 1 (the last one of a ring: k - 1 and 0).
 */
import { type Digit, periodOf } from '../pattern.ts';
import { membersAlong, positionsFrom, startsGroup } from './members.ts';

/** Towards higher and towards lower positions, per link. */
export interface Along {
  up: Float64Array;
  down: Float64Array;
}

export const idleAlong = (size: number): Along => ({
  up: new Float64Array(size),
  down: new Float64Array(size),
});

/** Adds `amount` on the shortest way from one position to another; half each way where both are as short. */
export function addWay(
  { up, down }: Along,
  size: number,
  wrap: boolean,
  from: number,
  to: number,
  amount: number,
): void {
  if (from === to) return;
  if (!wrap) {
    if (to > from) for (let at = from; at < to; at++) up[at]! += amount;
    else for (let at = to; at < from; at++) down[at]! += amount;
    return;
  }
  const ahead = (to - from + size) % size;
  const share = 2 * ahead === size ? amount / 2 : amount;
  if (2 * ahead <= size)
    for (let step = 0, at = from; step < ahead; step++, at = (at + 1) % size) up[at]! += share;
  if (2 * ahead >= size) {
    for (let step = 0, at = to; step < size - ahead; step++, at = (at + 1) % size) down[at]! += share;
  }
}

/** Links on the shortest way. */
export function wayLength(size: number, wrap: boolean, from: number, to: number): number {
  const apart = Math.abs(to - from);
  return wrap ? Math.min(apart, size - apart) : apart;
}

/** Whether shifting every position by one step of the outermost digit maps groups onto groups around the ring. */
export function closes(size: number, wrap: boolean, digits: readonly Digit[]): boolean {
  const last = digits.at(-1);
  return wrap && last !== undefined && periodOf(last) === size;
}

/**
 * Flows between all ordered pairs of members of all groups along the dimension, one unit each.
 * Where a single digit runs around the ring all links carry the same: the sum of the ways from one position.
 */
export function pairsAlong(size: number, wrap: boolean, digits: readonly Digit[]): Along {
  const load = idleAlong(size);
  const members = membersAlong(digits);
  if (members < 2) return load;
  if (digits.length === 1 && closes(size, wrap, digits)) {
    const [{ stride }] = digits as [Digit];
    let each = 0;
    for (let k = 1; k < members; k++) each += Math.min(k, members - k) * stride;
    load.up.fill(each / 2);
    load.down.fill(each / 2);
    return load;
  }
  const offsets = positionsFrom(digits, 0);
  const reach = digits.reduce((sum, { stride, size: count }) => sum + stride * (count - 1), 0);
  for (let start = 0; start + reach < size; start++) {
    if (!startsGroup(start, digits)) continue;
    if (wrap) {
      for (const a of offsets) for (const b of offsets) addWay(load, size, wrap, start + a, start + b, 1);
    } else addCuts(load, start, offsets);
  }
  return load;
}

/** On a line every pair with one member on either side of a link passes it. */
function addCuts({ up, down }: Along, start: number, offsets: readonly number[]): void {
  const places = [...offsets].sort((a, b) => a - b);
  for (let below = 1; below < places.length; below++) {
    const flows = below * (places.length - below);
    for (let at = start + places[below - 1]!; at < start + places[below]!; at++) {
      up[at]! += flows;
      down[at]! += flows;
    }
  }
}

/**
 * Shards over every link while each group gathers along the dimension, passed from neighbour to neighbour both ways. Around a
 * ring every way carries half of the n - 1 shards; along a line those of all members on the one side pass to the other.
 */
export function gatherAlong(size: number, wrap: boolean, digits: readonly Digit[]): Along {
  const load = idleAlong(size);
  const members = membersAlong(digits);
  if (members < 2) return load;
  if (closes(size, wrap, digits)) {
    const each = ((size / members) * (members - 1)) / 2;
    load.up.fill(each);
    load.down.fill(each);
    return load;
  }
  const offsets = positionsFrom(digits, 0).sort((a, b) => a - b);
  for (let start = 0; start + offsets.at(-1)! < size; start++) {
    if (!startsGroup(start, digits)) continue;
    for (let below = 1; below < members; below++) {
      for (let at = start + offsets[below - 1]!; at < start + offsets[below]!; at++) {
        load.up[at]! += below;
        load.down[at]! += members - below;
      }
    }
  }
  return load;
}

/** Links that a shard passes until the last member has it. */
export function gatherHops(size: number, wrap: boolean, digits: readonly Digit[]): number {
  const members = membersAlong(digits);
  if (members < 2) return 0;
  if (closes(size, wrap, digits)) return Math.ceil((members - 1) / 2) * (size / members);
  return digits.reduce((sum, { stride, size: count }) => sum + stride * (count - 1), 0);
}

/** Most links between two members. */
export function farthestAlong(size: number, wrap: boolean, digits: readonly Digit[]): number {
  const reach = digits.reduce((sum, { stride, size: count }) => sum + stride * (count - 1), 0);
  if (!wrap) return reach;
  const [only] = digits;
  if (digits.length === 1 && only) {
    // The member nearest to the far side of the ring, before or behind it.
    const before = Math.min(only.size - 1, Math.floor(size / 2 / only.stride));
    const behind = Math.min(only.size - 1, before + 1);
    return Math.max(...[before, behind].map(k => wayLength(size, wrap, 0, k * only.stride)));
  }
  const offsets = positionsFrom(digits, 0);
  let most = 0;
  for (const a of offsets) for (const b of offsets) most = Math.max(most, wayLength(size, wrap, a, b));
  return most;
}
