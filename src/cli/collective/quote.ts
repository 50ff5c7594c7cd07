/** The price of one collective with the rates that nccl-tests would print. */
import type { CollectivePrice, LinkUse } from '../../engine/estimate/result.ts';
import { schedulesFor } from '../../engine/fabric/algorithms.ts';
import { groupSize } from '../../engine/fabric/pattern.ts';
import { priceCollective } from '../../engine/fabric/price.ts';
import type { Algorithm, CollectiveOp } from '../../engine/plan/spec.ts';
import { UsageError } from '../command.ts';
import type { Request } from './resolve.ts';

export interface Quote {
  request: Request;
  price: CollectivePrice;
  /** Groups of the axis, all running at once. */
  groups: number;
  /** S over the time, and times the factor of nccl-tests, bytes/s; undefined for a single rank. */
  algbw?: number;
  busbw?: number;
  /** Of an all-to-all over several levels: bytes that each chip sends over the bottleneck, and at what rate. */
  crossing?: { bytesPerChip: number; rate: number; link: LinkUse };
}

/** @throws UsageError for an algorithm that cannot run here. */
export function quote(
  request: Request,
  op: CollectiveOp,
  bytes: number,
  algorithm: Algorithm | undefined,
): Quote {
  const { network, group, chips, fabric } = request;
  const { inSwitch } = fabric.chip.efficiency;
  const price = priceCollective(network, group, op, bytes, {
    chips,
    ...(algorithm && { algorithm }),
    ...(inSwitch !== undefined && { inSwitchRate: inSwitch }),
  });
  if (!price) {
    const can = schedulesFor(network, group, op, bytes, chips).map(each => each.algorithm);
    throw new UsageError(
      `${algorithm} cannot run ${op} on this group; these can: ${[...new Set(can)].join(', ')}.`,
    );
  }
  const quoted: Quote = { request, price, groups: chips / Math.max(1, groupSize(group)) };
  if (price.time <= 0) return quoted;
  const algbw = bytes / price.time;
  const crossing = crossingOf(request, price);
  return { ...quoted, algbw, busbw: algbw * busFactor(op, price.ranks), ...(crossing && { crossing }) };
}

/** From algbw to busbw: nccl-tests, doc/PERFORMANCE.md. */
export function busFactor(op: CollectiveOp, ranks: number): number {
  switch (op) {
    case 'all_reduce':
      return (2 * (ranks - 1)) / ranks;
    case 'all_gather':
    case 'reduce_scatter':
    case 'all_to_all':
      return (ranks - 1) / ranks;
    case 'broadcast':
    case 'send_recv':
      return 1;
  }
}

/** What one chip sends over the links that bind: of an all-to-all only the bytes that leave the unit are slow. */
function crossingOf({ network }: Request, price: CollectivePrice): Quote['crossing'] {
  if (price.op !== 'all_to_all' || price.levels.length < 2) return undefined;
  const { level, link } = price.bottleneck;
  const use = price.links.find(each => each.level === level && each.link === link);
  const span = network.stacks
    .flatMap(stack => stack.links)
    .find(each => each.level === level && each.link === link && each.kind === 'tree')?.span;
  if (!use || span === undefined) return undefined;
  const bytesPerChip = use.bytes / span;
  return { bytesPerChip, rate: bytesPerChip / price.time, link: use };
}
