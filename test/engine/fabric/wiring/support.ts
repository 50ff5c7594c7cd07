/** Levels and lattices for tests of wirings. */
import type { GraphLink, LevelSpec, Routing, Topology } from '../../../../src/engine/fabric/spec.ts';
import { type Below, buildWiring } from '../../../../src/engine/fabric/wiring/build.ts';
import type { Lattice, Wiring } from '../../../../src/engine/fabric/wiring/wiring.ts';

/** A level of links of 1 byte/s, so that times are loads. */
export function level(topology: Topology, count: number, more: Partial<LevelSpec> = {}): LevelSpec {
  return {
    name: 'level',
    count,
    topology,
    bandwidth: 1,
    link: 1,
    efficiency: 1,
    efficiencyFrom: 'default',
    latency: 0,
    floor: 0,
    tier: 'scale_out',
    spare: 0,
    ...more,
  };
}

export function wiringOf(spec: LevelSpec, below: Below = { chips: 1 }): Wiring {
  const built = buildWiring(spec, below);
  if ('reason' in built) throw new Error(built.reason);
  return built.wiring;
}

export function reasonOf(spec: LevelSpec, below: Below = { chips: 1 }): string | undefined {
  const built = buildWiring(spec, below);
  return 'reason' in built ? built.reason : undefined;
}

/** One group of all. */
export function everything(wiring: Wiring): Lattice {
  return wiring.coordinates.map(({ size }) => (size > 1 ? [{ stride: 1, size }] : []));
}

export function torus(
  dims: number[],
  wrap: boolean[] = dims.map(size => size > 2),
  twist = false,
): LevelSpec {
  const count = dims.reduce((product, size) => product * size, 1);
  return level({ kind: 'torus', dims, wrap, twist }, count);
}

export function mesh(dims: number[]): LevelSpec {
  return torus(
    dims,
    dims.map(() => false),
  );
}

export function hyperx(dims: number[], hosts: number, routing?: Routing): LevelSpec {
  const count = dims.reduce((product, size) => product * size, hosts);
  return level({ kind: 'hyperx', dims, hosts }, count, routing ? { routing } : {});
}

export function dragonfly(
  [hosts, routers, globalLinks, groups]: [number, number, number, number],
  more: Partial<LevelSpec> = {},
): LevelSpec {
  return level({ kind: 'dragonfly', groups, routers, hosts, globalLinks }, groups * routers * hosts, more);
}

export function hamming(board: number[], boards: number[], routing?: Routing): LevelSpec {
  const count = [...board, ...boards].reduce((product, size) => product * size, 1);
  return level({ kind: 'hamming_mesh', board, boards }, count, routing ? { routing } : {});
}

export function graph(count: number, links: GraphLink[], more: Partial<LevelSpec> = {}): LevelSpec {
  return level({ kind: 'graph', links }, count, more);
}

/** Bytes on the busiest link of any class when all send one byte to all: "pair load". */
export function pairLoad(wiring: Wiring, lattice: Lattice = everything(wiring)): number {
  return Math.max(...wiring.pairs(lattice, 1)!.map(({ bytes }) => bytes));
}

/** t*: seconds of an all-gather of shards of one byte. */
export function gatherTime(wiring: Wiring): number {
  return wiring.gatherBound(everything(wiring)).time * wiring.ends;
}
