/**
 * What a graph leaves of the chips' injection bandwidth when its links run at their line rate and nothing takes any latency, as
 * the engine prices it: an all-to-all by its flows, gathers and reductions by the fabric's own limit.
 */
import { buildNetwork } from '../../src/engine/fabric/network.ts';
import { type Group, normaliseGroup } from '../../src/engine/fabric/pattern.ts';
import { priceCollective } from '../../src/engine/fabric/price.ts';
import type { ChipSpec, FabricSpec } from '../../src/engine/fabric/spec.ts';
import type { CollectiveOp } from '../../src/engine/plan/spec.ts';
import type { Pattern, Wiring } from './wiring.ts';

/** Any rate: shares do not depend on it. */
const LINK = 1e9;
const BYTES = 2 ** 30;

const CHIP: ChipSpec = {
  name: 'chip',
  kind: 'gpu',
  peak: {},
  hbm: { capacity: 0, bandwidth: 0 },
  efficiency: {},
};

/** One level of ideal links. */
export function idealFabric({ topology, n, ports, routing }: Wiring, link = LINK): FabricSpec {
  const level = {
    name: 'level',
    count: n,
    topology,
    bandwidth: ports * link,
    link,
    ...(routing && { routing }),
    efficiency: 1,
    efficiencyFrom: 'stated',
    latency: 0,
    floor: 0,
    tier: 'scale_up',
    spare: 0,
  } as const;
  return { name: 'fabric', chip: CHIP, levels: [level] };
}

/**
 * An all-reduce reaches what its two halves do, a scatter and a gather: where switches only forward, nothing better is known to be
 * reached everywhere.
 *
 * @returns share of injection bandwidth, 0..1; undefined where the engine has no such fabric or operation
 */
export function fractionOf(
  wiring: Wiring,
  op: CollectiveOp,
  pattern: Pattern = 'uniform',
): number | undefined {
  const shift = pattern === 'next group' ? nextGroup(wiring) : undefined;
  const group = shift ?? normaliseGroup([{ stride: 1, size: wiring.n }]);
  const asked = shift ? 'send_recv' : op === 'all_reduce' || op === 'reduce_scatter' ? 'all_gather' : op;
  const price = priceOn(wiring, group, asked);
  if (!price) return undefined;
  const sent = BYTES * (asked === 'send_recv' || asked === 'broadcast' ? 1 : (wiring.n - 1) / wiring.n);
  const seconds = asked === 'all_to_all' || asked === 'send_recv' ? price.time : price.limit;
  return sent / seconds / (wiring.ports * LINK);
}

/** Pairs over the busiest link when every chip sends one unit to every other one. */
export function pairLoad(wiring: Wiring): number | undefined {
  const price = priceOn(wiring, normaliseGroup([{ stride: 1, size: wiring.n }]), 'all_to_all');
  return price && (price.time * LINK * wiring.n) / BYTES;
}

/**
 * Bytes/s between two halves of an even torus, all links of the cut one way: half of what every chip sends in an all-to-all goes
 * across, and nothing else binds there. @param link of one direction
 */
export function bisectionOf(wiring: Wiring, link: number): number | undefined {
  const price = priceOn(wiring, normaliseGroup([{ stride: 1, size: wiring.n }]), 'all_to_all', link);
  return price && ((wiring.n / 2) * (BYTES / 2)) / price.limit;
}

function priceOn(wiring: Wiring, group: Group, op: CollectiveOp, link = LINK) {
  const network = buildNetwork(idealFabric(wiring, link));
  if (network.faults.length > 0) return undefined;
  return priceCollective(network, group, op, BYTES, {
    chips: wiring.n,
    ...(op === 'all_to_all' && { algorithm: 'direct' as const }),
  });
}

/** Every chip of a group to the one at its place in the next group. */
function nextGroup({ topology }: Wiring): Group | undefined {
  if (topology.kind !== 'dragonfly') return undefined;
  return normaliseGroup([{ stride: topology.routers * topology.hosts, size: topology.groups }]);
}
