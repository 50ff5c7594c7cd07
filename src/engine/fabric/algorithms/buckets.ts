/**
 * Gathers along the dimensions of a grid, neighbour by neighbour: what XLA does on TPU slices.
 *
 * One dimension: a ring both ways, or a line. Several: `bucket` deals the buffer to as many streams as there are dimensions, each
 * starting on another one, so that all links are busy in every phase (Sack, Gropp, "Collective algorithms for multiported torus
 * networks", 2015); its phases wait for the longest dimension where they are unlike. `ring` goes through the dimensions with one
 * stream, the outermost first, while a shard is small: less bandwidth, the same latency.
 */
import { crossedLevels } from '../crossing.ts';
import type { Network, Wired } from '../network.ts';
import type { Digit, Group } from '../pattern.ts';
import { placesOn } from '../wired.ts';
import { latticeOf } from '../wiring/lattice.ts';
import { membersAlong } from '../wiring/members.ts';
import { type PassingWiring, passesAlong } from '../wiring/passing.ts';
import type { Schedule, Step, Task } from './schedule.ts';

interface Along {
  group: Group;
  size: number;
  hops: number;
}

/** The one grid on which all members of the group meet; undefined where they meet elsewhere, too. */
export function gridOf(network: Network, group: Group, chips: number): Wired | undefined {
  const crossed = crossedLevels(network, group, chips).map(index => network.levels[index]!);
  const [first] = crossed;
  const wired = first?.wired;
  return wired && passesAlong(wired.wiring) && crossed.every(level => level.wired === wired)
    ? wired
    : undefined;
}

export function buckets(task: Task, rounds: 1 | 2): (Schedule | undefined)[] {
  const wired = gridOf(task.network, task.group, task.chips);
  const along = wired && dimensionsOf(wired, task.group, task.chips);
  if (!wired || !along) return [];
  const streams = along.length;
  const single = schedule(task, rounds, wired, along.toReversed(), 1);
  return streams > 1 ? [schedule(task, rounds, wired, along, streams), single] : [single];
}

/** The group's part in every dimension it uses; undefined where it fits the grid unevenly or has several members at one place. */
function dimensionsOf(wired: Wired, group: Group, chips: number): Along[] | undefined {
  if (placesOn(wired, group, chips)?.atEnd !== 1) return undefined;
  const torus = wired.wiring as PassingWiring;
  const found = new Map<number, Digit[]>();
  for (const digit of group) {
    // A digit may run through several dimensions: take it apart where the coordinates are.
    let { stride, size } = digit;
    while (size > 1) {
      const here = largestWithin(wired, stride, size);
      if (here === undefined) return undefined;
      const at = here.dimension;
      found.set(at, [...(found.get(at) ?? []), { stride, size: here.size }]);
      stride *= here.size;
      size /= here.size;
    }
  }
  const inSequence = [...found].sort(([a], [b]) => a - b);
  return inSequence.map(([at, digits]) => {
    const lattice = latticeOf(digits, torus.coordinates, wired.end, torus.ends)!.lattice[at]!;
    return { group: digits, size: membersAlong(lattice), hops: torus.gatherHops(at, lattice) };
  });
}

/** The part of a digit that lies in one coordinate. */
function largestWithin(
  { wiring, end }: Wired,
  stride: number,
  size: number,
): { dimension: number; size: number } | undefined {
  for (const [dimension, { digits }] of wiring.coordinates.entries()) {
    for (const slot of digits) {
      const from = slot.stride * end;
      const to = from * slot.size;
      if (stride >= from && stride < to) return { dimension, size: Math.min(size, to / stride) };
    }
  }
  return undefined;
}

function schedule(
  { n, bytes }: Task,
  rounds: 1 | 2,
  wired: Wired,
  along: readonly Along[],
  streams: number,
): Schedule {
  const steps = (): Step[] => {
    const made: Step[] = [];
    for (let phase = 0; phase < along.length; phase++) {
      const parts = Array.from({ length: streams }, (_, stream) => {
        // What the stream gathered in the phases before comes along.
        let held = bytes / n / streams;
        for (let before = 0; before < phase; before++) held *= along[(stream + before) % along.length]!.size;
        return { group: along[(stream + phase) % along.length]!.group, bytes: held };
      });
      made.push({ traffic: { kind: 'gather', parts }, repeat: rounds });
    }
    return made;
  };
  const hops = along.reduce((sum, each) => sum + each.hops, 0);
  return {
    algorithm: along.length > 1 && streams > 1 ? 'bucket' : 'ring',
    steps,
    perRank: (rounds * bytes * (n - 1)) / n,
    count: rounds * hops,
    latency: rounds * hops * wired.latency,
  };
}
