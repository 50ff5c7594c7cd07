/**
 * What the engine says that a row's collective costs: the row's links at line rate, its latency per hop and its algorithm, and
 * none of the simulator's settings. A collective over several dimensions is its phases, one after the other.
 *
 * Phases that the engine has no algorithm or no topology for are laid on explicit links here (`links.ts`).
 */
import { buildNetwork, type Network } from '../../../src/engine/fabric/network.ts';
import { priceCollective } from '../../../src/engine/fabric/price.ts';
import type { FabricSpec, Topology } from '../../../src/engine/fabric/spec.ts';
import type { Algorithm } from '../../../src/engine/plan/spec.ts';
import { type Dimension, type Op, phasesOf, type Settings } from '../settings.ts';
import { priceOnLinks } from './links.ts';

export interface Price {
  /** Nanoseconds. */
  time: number;
  /** Who priced it: the engine, explicit links, or both in different phases. */
  by: 'engine' | 'links' | 'engine and links';
}

/** @returns undefined where nobody can run the algorithm on so many ranks */
export function enginePrice(settings: Settings): Price | undefined {
  let time = 0;
  const by = new Set<'engine' | 'links'>();
  for (const { dimension: index, op, size } of phasesOf(settings, settings.size)) {
    const dimension = settings.dimensions[index]!;
    if (!canRun(dimension)) return undefined;
    const engine = enginePhase(dimension, op, size);
    time += engine ?? priceOnLinks(dimension, op, size);
    by.add(engine === undefined ? 'links' : 'engine');
  }
  return { time, by: by.size === 2 ? 'engine and links' : by.has('links') ? 'links' : 'engine' };
}

function canRun({ method, npus }: Dimension): boolean {
  return method === 'ring' || method === 'direct' || Number.isInteger(Math.log2(npus));
}

/**
 * Where the engine has exactly this algorithm on exactly this topology, its price in nanoseconds. To let the engine price
 * more, extend `topologyOf` and `algorithmOf`: both say undefined for what it does not have.
 */
export function enginePhase(dimension: Dimension, op: Op, size: number): number | undefined {
  const algorithm = algorithmOf(dimension, op);
  const network = networkOf(dimension);
  if (!algorithm || !network) return undefined;
  const { npus } = dimension;
  // The engine counts what a gather has put together, the simulator what each rank brings.
  const bytes = op === 'all_gather' ? size * npus : size;
  const group = [{ stride: 1, size: npus }];
  const price = priceCollective(network, group, op, bytes, { chips: npus, algorithm });
  return price && price.time * 1e9;
}

/** The engine's limit of the operation on one dimension alone, nanoseconds; undefined where it has no such topology. */
export function engineLimit(dimension: Dimension, op: Op, size: number): number | undefined {
  const network = networkOf(dimension);
  if (!network) return undefined;
  const { npus } = dimension;
  const bytes = op === 'all_gather' ? size * npus : size;
  const price = priceCollective(network, [{ stride: 1, size: npus }], op, bytes, { chips: npus });
  return price && price.limit * 1e9;
}

function algorithmOf({ method, npus }: Dimension, op: Op): Algorithm | undefined {
  switch (method) {
    case 'ring':
      // Passing every part round the ring until it is where it belongs is no all-to-all of the engine's.
      return op === 'all_to_all' ? undefined : 'ring';
    case 'direct':
      return op === 'all_reduce' ? 'direct_two_shot' : 'direct';
    case 'halvingDoubling':
      return op === 'all_to_all' ? undefined : 'halving_doubling';
    case 'doubleBinaryTree':
      return op === 'all_reduce' && npus > 2 ? 'tree' : undefined;
  }
}

function topologyOf({ block }: Dimension): Topology | undefined {
  if (block === 'Switch') return { kind: 'switch', reduce: false };
  if (block === 'FullyConnected') return { kind: 'fully_connected' };
  // A ring level of the engine runs in both directions, the simulator's algorithms in one.
  return undefined;
}

const networks = new Map<string, Network>();

function networkOf(dimension: Dimension): Network | undefined {
  const topology = topologyOf(dimension);
  if (!topology) return undefined;
  const key = `${dimension.block}/${dimension.npus}/${dimension.bandwidth}/${dimension.latency}`;
  let network = networks.get(key);
  if (!network) {
    network = buildNetwork(fabricOf(dimension, topology));
    networks.set(key, network);
  }
  return network;
}

function fabricOf({ block, npus, bandwidth, latency }: Dimension, topology: Topology): FabricSpec {
  const mesh = block === 'FullyConnected';
  const link = bandwidth * 1e9;
  return {
    name: block,
    chip: { name: 'npu', kind: 'gpu', peak: {}, hbm: { capacity: 0, bandwidth: 0 }, efficiency: {} },
    levels: [
      {
        name: block,
        count: npus,
        topology,
        bandwidth: mesh ? link * (npus - 1) : link,
        ...(mesh && { link }),
        efficiency: 1,
        efficiencyFrom: 'stated',
        latency: (block === 'Switch' ? 2 : 1) * latency * 1e-9,
        floor: 0,
        tier: 'scale_up',
        spare: 0,
      },
    ],
  };
}
