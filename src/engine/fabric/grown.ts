/**
 * The level of twice the children, as people would build it next: a grid grows along its shortest dimension, a dragonfly by
 * groups, a HammingMesh by boards. A graph is what its author wrote and has no larger one.
 */
import type { LevelSpec, Topology } from './spec.ts';
import { twistable } from './wiring/twist-shape.ts';

/** A full mesh of more children has more links at each than any chip or switch has ports. */
const LARGEST_MESH = 1024;

/** @returns undefined where the shape has no larger one; what is broken in the smaller one is whole in the larger one */
export function doubled(level: LevelSpec): LevelSpec | undefined {
  const topology = larger(level.topology, level.count);
  if (!topology) return undefined;
  const { failed: _, ...whole } = level;
  return { ...whole, count: 2 * level.count, topology };
}

function larger(topology: Topology, count: number): Topology | undefined {
  switch (topology.kind) {
    case 'torus': {
      const { dims, wrap } = topology;
      const sizes = longer(dims);
      // Two places close with the link that they have anyway; of more, the ends meet where those of another dimension do.
      const closes = wrap.some(each => each) || dims.every(size => size <= 2);
      const closed = wrap.map((each, axis) => each || (dims[axis]! <= 2 && sizes[axis]! > 2 && closes));
      return { ...topology, dims: sizes, wrap: closed, twist: topology.twist && twistable(sizes) };
    }
    case 'ocs': {
      const shape = longer(topology.shape);
      return { ...topology, shape, twist: topology.twist && twistable(shape) };
    }
    case 'hyperx':
      return { ...topology, dims: longer(topology.dims) };
    case 'hamming_mesh':
      return { ...topology, boards: longer(topology.boards) };
    case 'dragonfly': {
      const groups = 2 * topology.groups;
      const globalLinks = Math.max(topology.globalLinks, Math.ceil((groups - 1) / topology.routers));
      return { ...topology, groups, globalLinks };
    }
    case 'fully_connected':
      return 2 * count <= LARGEST_MESH ? topology : undefined;
    case 'graph':
      return undefined;
    case 'rail':
      // Without a spine all children are on one switch of every rail.
      return topology.spine ? topology : { ...topology, leaf: 2 * count };
    default:
      return topology;
  }
}

/** Twice as long along the shortest dimension, the first of several. */
function longer(sizes: readonly number[]): number[] {
  const shortest = sizes.indexOf(Math.min(...sizes));
  return sizes.map((size, axis) => (axis === shortest ? 2 * size : size));
}
