/** The topology of a level as engine input. What does not fit its level is judged by checks/level. */
import type { GraphLink, Topology } from '../../engine/fabric/spec.ts';
import type { Read } from '../values/read.ts';
import { isDimsRead } from '../values/read.ts';
import type { Choice } from '../values/read-choice.ts';
import { dragonflyOf } from './dragonfly.ts';

export interface TopologyInput {
  choice: Choice | undefined;
  /** Children of one unit. */
  count: number;
  /** Ports of all children of one unit together. */
  ports: number;
  /** Links of `graph`, read from its list or its file. */
  links: readonly GraphLink[];
}

const numbers = (value: Read | undefined): number[] | undefined =>
  typeof value === 'number'
    ? [value]
    : Array.isArray(value)
      ? value.filter(v => typeof v === 'number')
      : undefined;

const numberOr = (value: Read | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
const numberIn = (value: Read | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined;
const dimsIn = (value: Read | undefined): number[] => (isDimsRead(value) ? value.dims : []);

export function lowerTopology({ choice, count, ports, links }: TopologyInput): Topology {
  if (!choice) return { kind: 'switch', reduce: false };
  const { args } = choice;
  const ratios = numbers(args.oversubscription);
  const twist = args.twist === true;
  switch (choice.choice) {
    case 'switch':
      return {
        kind: 'switch',
        reduce: args.reduce === true,
        ...(ratios?.[0] && { oversubscription: ratios[0] }),
      };
    case 'fully_connected':
      return { kind: 'fully_connected' };
    case 'fat_tree': {
      const tiers = numberOr(args.tiers, Array.isArray(args.oversubscription) ? ratios!.length : 1);
      return {
        kind: 'fat_tree',
        tiers,
        ...(typeof args.leaf === 'number' && { leaf: args.leaf }),
        planes: numberOr(args.planes, 1),
        oversubscription: perTier(ratios, tiers, Array.isArray(args.oversubscription)),
        reduce: args.reduce === true,
      };
    }
    case 'ring':
      return grid([count], true);
    case 'line':
      return grid([count], false);
    case 'torus':
      return { ...grid(dimsIn(args.dims), wrapOf(args.wrap)), twist };
    case 'mesh':
      return grid(dimsIn(args.dims), false);
    case 'rail':
      return {
        kind: 'rail',
        ...(typeof args.leaf === 'number' && { leaf: args.leaf }),
        spine: args.spine !== false,
        oversubscription: numberOr(args.oversubscription, 1),
      };
    case 'dragonfly':
      return {
        kind: 'dragonfly',
        ...dragonflyOf(
          {
            groups: numberIn(args.groups),
            routers: numberIn(args.routers),
            hosts: numberIn(args.hosts),
            globalLinks: numberIn(args.global_links),
          },
          ports,
        ),
      };
    case 'hyperx': {
      const dims = dimsIn(args.dims);
      return { kind: 'hyperx', dims, hosts: numberOr(args.hosts, Math.ceil(ports / product(dims))) };
    }
    case 'hamming_mesh':
      return { kind: 'hamming_mesh', board: dimsIn(args.dims), boards: dimsIn(args.boards) };
    case 'ocs':
      return { kind: 'ocs', shape: dimsIn(args.shape), twist };
    case 'graph':
      return { kind: 'graph', links: [...links] };
    default:
      throw new Error(`'${choice.choice}' is in the schema of topologies, but nothing lowers it`);
  }
}

export const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

type Grid = Extract<Topology, { kind: 'torus' }>;

/** A link around a dimension of one or two places would be the one that is there already. */
function grid(dims: number[], wrap: boolean | readonly boolean[]): Grid {
  const closes = (dimension: number) => (typeof wrap === 'boolean' ? wrap : (wrap[dimension] ?? true));
  return { kind: 'torus', dims, wrap: dims.map((size, i) => size > 2 && closes(i)), twist: false };
}

const wrapOf = (value: Read | undefined): boolean | boolean[] =>
  Array.isArray(value) ? value.map(each => each !== false) : value !== false;

/** One ratio belongs to the top tier; a list is per tier, innermost first, and what it leaves out is 1. */
function perTier(ratios: readonly number[] | undefined, tiers: number, list: boolean): number[] {
  const result = new Array<number>(tiers).fill(1);
  if (!ratios) return result;
  if (list) return result.map((one, tier) => ratios[tier] ?? one);
  result[tiers - 1] = ratios[0] ?? 1;
  return result;
}
