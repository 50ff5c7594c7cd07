/** Reductions and multicasts inside the switches of one level: every link of the group's tree carries a slice once. */
import type { CollectiveOp } from '../../src/engine/plan/spec.ts';
import { type Graph, type Link, meeting, route } from './graph.ts';
import { addTo, type Loads } from './play.ts';

/** NVLink SHARP: each rank is the head of 1/n of the buffer, pulls it reduced and pushes it to everybody, itself included. */
export function nvls(graph: Graph, groups: number[][], op: CollectiveOp, size: number): Loads {
  const loads: Loads = new Map();
  for (const group of groups) {
    const slice = size / group.length;
    for (const head of group) {
      if (op !== 'all_gather') once(loads, pathsInto(graph, group, head, op === 'all_reduce'), slice);
      if (op !== 'reduce_scatter') once(loads, pathsFrom(graph, group, head, op === 'all_reduce'), slice);
    }
  }
  return loads;
}

/** SHARP of InfiniBand: everything goes up to the switch that holds the whole group, the sum comes back down. */
export function sharp(graph: Graph, groups: number[][], size: number): Loads {
  const loads: Loads = new Map();
  for (const group of groups) {
    const [head] = group;
    once(loads, [...pathsInto(graph, group, head!, true), ...pathsFrom(graph, group, head!, true)], size);
  }
  return loads;
}

function once(loads: Loads, links: Link[], bytes: number): void {
  for (const link of new Set(links)) addTo(loads, link, bytes);
}

/** Up from every rank, down to the head; the head's own copy goes up to the switch too when it takes part (`self`). */
function pathsInto(graph: Graph, group: number[], head: number, self: boolean): Link[] {
  const links = group.filter(rank => rank !== head).flatMap(rank => route(graph, rank, head));
  return self ? [...links, ...ownPort(graph, group, head, true)] : links;
}

function pathsFrom(graph: Graph, group: number[], head: number, self: boolean): Link[] {
  const links = group.filter(rank => rank !== head).flatMap(rank => route(graph, head, rank));
  return self ? [...links, ...ownPort(graph, group, head, false)] : links;
}

function ownPort(graph: Graph, group: number[], head: number, up: boolean): Link[] {
  const other = group.find(rank => rank !== head)!;
  const path = up ? route(graph, head, other) : route(graph, other, head);
  const level = meeting(graph, head, other);
  // One switch: the first (or last) link is the port.
  if (graph.levels[level]!.topology.kind === 'fully_connected') throw new Error('no switch');
  return up ? path.slice(0, path.length / 2) : path.slice(path.length / 2);
}
