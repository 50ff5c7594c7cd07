/** Where the ranks of a measurement sat: on which chips of the levels up to the one that is calibrated. */
import type { CollectiveOp } from '../../plan/spec.ts';
import { networkOf } from '../network.ts';
import { type Group, normaliseGroup } from '../pattern.ts';
import { type FabricSpec, type LevelSpec, ranksOf } from '../spec.ts';

/** One measured collective, SI units; `bytes` is the size of nccl-tests. */
export interface Measurement {
  op: CollectiveOp;
  ranks: number;
  /** What is known of the number of ranks, where it is not known exactly. */
  ranksBetween?: readonly [number, number];
  /** Machines on which they were. */
  hosts?: number;
  bytes: number;
  time: number;
}

export interface Placed {
  op: CollectiveOp;
  group: Group;
  /** Chips from the first to the last rank. */
  chips: number;
  bytes: number;
  time: number;
}

/** Rows whose ranks cross the last level and fit into one unit of it; a text that says why there are none. */
export function placements(fabric: FabricSpec, rows: readonly Measurement[]): Placed[] | string {
  const level = fabric.levels.at(-1)!;
  const children = ranksOf(level);
  const inside = fabric.levels.slice(0, -1).reduce((n, each) => n * ranksOf(each), 1);
  const [fault] = networkOf(fabric).faults;
  if (fault) return `the links of '${fault.level}' cannot be laid: ${fault.message}`;
  const shape: Shape = { children, inside, whole: children * inside, ports: ownPorts(level) };
  const placed: Placed[] = [];
  for (const row of rows) {
    const group = groupOf(row, shape);
    if (!group || !(row.time > 0) || !(row.bytes > 0)) continue;
    const chips = group.reduce((last, digit) => last + digit.stride * (digit.size - 1), 1);
    placed.push({ op: row.op, group, chips, bytes: row.bytes, time: row.time });
  }
  return placed.length > 0 ? placed : misfit(level.name, rows, shape);
}

interface Shape {
  children: number;
  /** Chips of one child. */
  inside: number;
  /** Chips of one unit. */
  whole: number;
  /** Every chip has its own way into the level, so that it does not matter what its neighbours do. */
  ports: boolean;
}

/** Pricing lets all groups of an axis run at once; a test with some of the chips of a machine runs one. */
function ownPorts({ topology, uplink }: LevelSpec): boolean {
  if (uplink !== undefined) return false;
  if (topology.kind === 'switch') return (topology.oversubscription ?? 1) === 1;
  return topology.kind === 'fat_tree' && topology.oversubscription.every(ratio => ratio === 1);
}

function groupOf(row: Measurement, { children, inside, whole, ports }: Shape): Group | undefined {
  const [from, to] = row.ranksBetween ?? [row.ranks, row.ranks];
  // A run over everything is what people measure, where the log leaves it open.
  const ranks = whole >= from && whole <= to ? whole : row.ranks;
  if (ranks < 2) return undefined;
  const hosts = row.hosts ?? 1;
  const perHost = ranks / hosts;
  if (hosts > 1 && hosts <= children && perHost < inside && Number.isInteger(perHost)) {
    const spread = [
      { stride: 1, size: perHost },
      { stride: inside, size: hosts },
    ];
    return ports ? normaliseGroup(spread) : undefined;
  }
  return ranks > inside && ranks <= whole ? normaliseGroup([{ stride: 1, size: ranks }]) : undefined;
}

function misfit(name: string, rows: readonly Measurement[], { inside, whole }: Shape): string {
  const counts = [...new Set(rows.map(row => row.ranks))].slice(0, 4).join(', ');
  const hosts = rows.some(row => (row.hosts ?? 1) > 1);
  if (rows.every(row => row.ranks <= inside) && !hosts)
    return `its ${counts} ranks fit into one child of '${name}' (${inside} chips) and never leave it: calibrate the level below`;
  return rows.some(row => row.ranks > whole)
    ? `its ${counts} ranks do not fit into one '${name}' of ${whole} chips`
    : `its ${counts} ranks leave chips of a machine idle, whose share of the uplinks of '${name}' is not known: measure with all chips`;
}
