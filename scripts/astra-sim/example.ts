/**
 * The crossing that the simulator's network of several dimensions does not see: an all-reduce of 256 MiB over 16 ranks on two
 * nodes of 8, 450 inside a node and 50 per network card (2^30 bytes/s), 500 and 2000 ns a link. The documentation shows these
 * figures, and a test holds it to them.
 */

import type { CollectivePrice } from '../../src/engine/estimate/result.ts';
import { buildNetwork } from '../../src/engine/fabric/network.ts';
import { priceCollective } from '../../src/engine/fabric/price.ts';
import type { LevelSpec } from '../../src/engine/fabric/spec.ts';
import type { Algorithm } from '../../src/engine/plan/spec.ts';
import { simulate } from './model/simulate.ts';
import { enginePrice } from './physics/engine-price.ts';
import type { Dimension, Settings } from './settings.ts';

const SIZE = 256 * 2 ** 20;
const GIB = 2 ** 30;
const NODE = { npus: 8, rate: 450, latency: 500 };
const NODES = { npus: 16, rate: 50, latency: 2000 };
const RANKS = 16;

/** Milliseconds. */
export interface Crossing {
  /** The simulator, one flat ring: congestion-unaware, and the side branch that shares links in several dimensions. */
  unaware: number;
  aware: number;
  /** The engine: one network card to a node, then one to a chip. */
  oneCard: number;
  ring: number;
  halvingDoubling: number;
  /** Scatter in the nodes, reduce between them, gather in the nodes, one after the other. */
  phases: number;
  limit: number;
  /** With decimal GB/s instead of 2^30 bytes/s. */
  decimalLimit: number;
}

export function crossing(): Crossing {
  const cards = (algorithm: Algorithm, unit?: number) => engine(algorithm, false, unit);
  const ring = cards('ring');
  return {
    unaware: simulated(false),
    aware: simulated(true),
    oneCard: engine('ring', true).time * 1e3,
    ring: ring.time * 1e3,
    halvingDoubling: cards('halving_doubling').time * 1e3,
    phases: enginePrice({ ...settings(true), dimensions: dimensions(RANKS / NODE.npus) })!.time / 1e6,
    limit: ring.limit * 1e3,
    decimalLimit: cards('ring', 1e9).limit * 1e3,
  };
}

function dimensions(nodes: number): Dimension[] {
  const block = ({ rate, latency }: typeof NODE, npus: number): Dimension => ({
    block: 'Switch',
    npus,
    bandwidth: (rate * GIB) / 1e9,
    latency,
    method: 'ring',
  });
  return [block(NODE, NODE.npus), block(NODES, nodes)];
}

function settings(congestion: boolean): Settings {
  return {
    dimensions: dimensions(NODES.npus),
    op: 'all_reduce',
    size: SIZE,
    splits: 1,
    active: 1,
    queues: 1,
    endpoint: 1,
    memory: 1e9,
    optimization: 'localBWAware',
    congestion,
  };
}

const simulated = (congestion: boolean): number =>
  simulate({ ...settings(congestion), members: RANKS })!.last / 1e6;

/** @param shared one network card for all chips of a node: the level above continues the network of the node */
function engine(algorithm: Algorithm, shared: boolean, unit = GIB): CollectivePrice {
  const level = (name: string, { npus, rate, latency }: typeof NODE): LevelSpec => ({
    name,
    count: npus,
    topology: { kind: 'switch', reduce: false },
    bandwidth: rate * unit,
    efficiency: 1,
    efficiencyFrom: 'stated',
    latency: 2 * latency * 1e-9,
    floor: 0,
    tier: 'scale_up',
    spare: 0,
  });
  const chip = {
    name: 'npu',
    kind: 'gpu' as const,
    peak: {},
    hbm: { capacity: 0, bandwidth: 0 },
    efficiency: {},
  };
  const above: LevelSpec = shared
    ? { ...level('nodes', NODES), uplink: NODES.rate * unit }
    : { ...level('nodes', NODES), tier: 'scale_out' };
  const network = buildNetwork({ name: 'crossing', chip, levels: [level('node', NODE), above] });
  const group = [{ stride: 1, size: RANKS }];
  return priceCollective(network, group, 'all_reduce', SIZE, { chips: NODE.npus * NODES.npus, algorithm })!;
}
