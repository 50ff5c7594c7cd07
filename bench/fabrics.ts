/** Fabrics that speed is promised on: one level of every shape, small and large, whole and broken. */
import type { FabricSpec, LevelSpec, Topology } from '../src/engine/fabric/spec.ts';

const CHIP = {
  name: 'chip',
  kind: 'tpu',
  peak: { bf16: 1e15 },
  hbm: { capacity: 8e10, bandwidth: 3e12 },
  efficiency: {},
} as const;

function level(topology: Topology, count: number, more: Partial<LevelSpec> = {}): LevelSpec {
  return {
    name: 'fabric',
    count,
    topology,
    bandwidth: 5e10,
    efficiency: 0.9,
    efficiencyFrom: 'stated',
    latency: 1e-6,
    floor: 0,
    tier: 'scale_out',
    spare: 0,
    ...more,
  };
}

const fabric = (name: string, levels: LevelSpec[]): FabricSpec => ({ name, chip: CHIP, levels });
const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
const broken = (link: readonly [number, number]) => ({ failed: { links: [link], children: [] } });

/** Nodes of eight behind one switch each. */
const node = (): LevelSpec =>
  level({ kind: 'switch', reduce: false }, 8, { name: 'node', tier: 'scale_up', bandwidth: 4.5e11 });

export function fatTree(chips: number): FabricSpec {
  const topology: Topology = { kind: 'fat_tree', tiers: 3, planes: 1, oversubscription: [1], reduce: false };
  return fabric('fat tree', [node(), level(topology, chips / 8)]);
}

export function torus(dims: number[], more: Partial<LevelSpec> = {}): FabricSpec {
  const topology: Topology = { kind: 'torus', dims, wrap: dims.map(size => size > 2), twist: false };
  return fabric('torus', [level(topology, product(dims), more)]);
}

export function dragonfly(
  hosts: number,
  routers: number,
  globalLinks: number,
  groups: number,
  more: Partial<LevelSpec> = {},
): FabricSpec {
  const topology: Topology = { kind: 'dragonfly', groups, routers, hosts, globalLinks };
  return fabric('dragonfly', [level(topology, groups * routers * hosts, more)]);
}

export function hyperx(dims: number[], hosts: number): FabricSpec {
  return fabric('HyperX', [level({ kind: 'hyperx', dims, hosts }, product(dims) * hosts)]);
}

export function hammingMesh(board: number[], boards: number[]): FabricSpec {
  return fabric('HammingMesh', [
    level({ kind: 'hamming_mesh', board, boards }, product([...board, ...boards])),
  ]);
}

export function rail(chips: number): FabricSpec {
  const topology: Topology = { kind: 'rail', leaf: 32, spine: true, oversubscription: 1 };
  return fabric('rail', [node(), level(topology, chips / 8)]);
}

/** 1,056 endpoints, two links gone: one inside a group, one between groups. */
export function brokenDragonfly(): FabricSpec {
  const links = [
    [1056, 1057],
    [1056, 1071],
  ] as const;
  return dragonfly(4, 8, 4, 33, { failed: { links, children: [] } });
}

export const brokenTorus = (): FabricSpec => torus([16, 16, 16], broken([0, 1]));

export const torusWithout = (chip: number): FabricSpec =>
  torus([16, 16, 16], { failed: { links: [], children: [chip] } });
