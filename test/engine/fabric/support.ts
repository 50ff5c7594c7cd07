/** The engine's answers in the oracle's terms. */
import { schedulesFor } from '../../../src/engine/fabric/algorithms.ts';
import { loadsOf } from '../../../src/engine/fabric/load.ts';
import { buildNetwork, type LinkClass } from '../../../src/engine/fabric/network.ts';
import { type Group, normaliseGroup } from '../../../src/engine/fabric/pattern.ts';
import type { FabricSpec } from '../../../src/engine/fabric/spec.ts';
import type { Algorithm, CollectiveOp } from '../../../src/engine/plan/spec.ts';
import type { Placed } from '../../oracle/fabrics.ts';

export const OPS: CollectiveOp[] = [
  'all_reduce',
  'all_gather',
  'reduce_scatter',
  'all_to_all',
  'broadcast',
  'send_recv',
];

export const ALGORITHMS: Algorithm[] = [
  'ring',
  'tree',
  'halving_doubling',
  'recursive_doubling',
  'direct',
  'direct_two_shot',
  'pairwise',
  'pat',
  'in_switch',
];

/** All that an oracle can be asked about, by name, for tables of tests. */
export const COLLECTIVES = OPS.flatMap(op => ALGORITHMS.map(algorithm => ({ op, algorithm }))).filter(
  ({ op, algorithm }) => {
    const runs: Partial<Record<CollectiveOp, Algorithm[]>> = {
      all_gather: ['ring', 'halving_doubling', 'pat', 'direct', 'in_switch'],
      reduce_scatter: ['ring', 'halving_doubling', 'pat', 'direct', 'in_switch'],
      all_to_all: ['direct', 'pairwise'],
      broadcast: ['ring', 'direct_two_shot'],
      send_recv: ['direct'],
    };
    if (algorithm === 'pat' && op === 'all_reduce') return false;
    return algorithm === 'pairwise' ? op === 'all_to_all' : (runs[op]?.includes(algorithm) ?? true);
  },
);

/** Trees and rotations are laid out for one axis (or axes that continue each other) only. */
export function oneAxisOnly(algorithm: Algorithm, group: Group): boolean {
  return group.length > 1 && ['tree', 'pairwise', 'bruck', 'pat'].includes(algorithm);
}

export function engineOf({ fabric, axes, chips }: Placed) {
  return { network: buildNetwork(fabric), group: normaliseGroup(axes), chips };
}

export function nameOf(link: LinkClass): string {
  return link.kind === 'tree'
    ? `${link.level} tree ${link.span}`
    : `${link.level} pairs ${link.span} in ${link.unit}`;
}

/** Bytes over the busiest link of each class, the steps added up. */
export function busiestBytes(
  { network, group, chips }: ReturnType<typeof engineOf>,
  op: CollectiveOp,
  algorithm: Algorithm,
  size: number,
): Map<string, number> | undefined {
  const schedule = schedulesFor(network, group, op, size, chips).find(each => each.algorithm === algorithm);
  if (!schedule) return undefined;
  const bytes = new Map<string, number>();
  for (const { traffic, repeat } of schedule.steps()) {
    // Two cuts around the same units (a leaf switch with one child) carry the same and count once.
    const step = new Map(loadsOf(network, traffic, chips).map(load => [nameOf(load.link), load.bytes]));
    for (const [name, most] of step) bytes.set(name, (bytes.get(name) ?? 0) + most * repeat);
  }
  return bytes;
}

export function close(ours: number, theirs: number, tolerance = 1e-9): boolean {
  return Math.abs(ours - theirs) <= tolerance * Math.max(Math.abs(ours), Math.abs(theirs));
}

/** The same placement with one level's links `factor` times as fast, or its latency so many times shorter. */
export function faster({ fabric }: Placed, pick: number, factor: number): FabricSpec {
  const at = pick % fabric.levels.length;
  return {
    ...fabric,
    levels: fabric.levels.map((level, index) =>
      index === at
        ? {
            ...level,
            bandwidth: level.bandwidth * factor,
            latency: level.latency / factor,
            ...(level.uplink ? { uplink: level.uplink * factor } : {}),
            ...(level.link ? { link: level.link * factor } : {}),
          }
        : level,
    ),
  };
}
