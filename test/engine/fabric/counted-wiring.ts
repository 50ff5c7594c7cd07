/** The contract of a wiring fulfilled by counting link by link: what any faster one must say, and a check of the comparison itself. */
import type { FabricSpec } from '../../../src/engine/fabric/spec.ts';
import type { Demand, Lattice, WiredLoad, Wiring } from '../../../src/engine/fabric/wiring/wiring.ts';
import { count, hopsBetween } from '../../oracle/direct.ts';
import { explicitGraph, type Link, ways } from '../../oracle/graph.ts';
import { listGroups } from '../../oracle/groups.ts';
import { exchange, hopBound } from '../../oracle/limits.ts';
import { gatherCost } from '../../oracle/max-flow.ts';
import { addTo, type Loads } from '../../oracle/play.ts';

/** Of a fabric of one level of chips, or of cubes under circuit switches. Classes are called as the oracle calls them. */
export function countedWiring(fabric: FabricSpec): Wiring {
  const graph = explicitGraph(fabric);
  const { chips } = graph;
  const byClass = new Map<string, Link[]>();
  for (const link of graph.links) byClass.set(link.class, [...(byClass.get(link.class) ?? []), link]);
  const names = [...byClass.keys()];
  const groupsOf = ([digits]: Lattice): number[][] => listGroups(digits!, chips);
  const flows = (demands: readonly Demand[]): WiredLoad[] => {
    const loads: Loads = new Map();
    for (const { source, target, bytes } of demands)
      for (const { link, share } of ways(graph, source, target)) addTo(loads, link, bytes * share);
    return [...count(graph, loads)].map(([name, counted]) => ({ at: names.indexOf(name), ...counted }));
  };
  const scaled = (demands: readonly Demand[], n: number, bytes: number): Demand[] =>
    demands.map(demand => ({ ...demand, bytes: demand.bytes * n * bytes }));
  const ports = Array.from({ length: chips }, (_, chip) => chip);
  return {
    ends: chips,
    coordinates: [{ name: 'chips', size: chips, digits: [{ stride: 1, size: chips, step: 1 }] }],
    classes: names.map(name => ({
      name,
      capacity: byClass.get(name)![0]!.capacity,
      links: byClass.get(name)!.length,
      part: 'local',
    })),
    pairs: (lattice, bytes) => {
      const groups = groupsOf(lattice);
      return flows(scaled(exchange(groups), groups[0]!.length, bytes));
    },
    flows,
    hops: (source, target) => hopsBetween(graph, source, target),
    farthest: lattice =>
      Math.max(
        ...exchange(groupsOf(lattice)).map(({ source, target }) => hopsBetween(graph, source, target)),
      ),
    gatherBound: lattice => {
      const [group] = groupsOf(lattice);
      return { time: gatherCost(graph, group!) / group!.length, exact: true, by: 'min-cut' };
    },
    exchangeBound: lattice => ({
      time: hopBound(graph, exchange(groupsOf(lattice))),
      exact: false,
      by: 'hops',
    }),
    leastPort: Math.min(
      ...ports.map(chip =>
        graph.links
          .filter(({ from }) => from === graph.networks[0]!.ports[chip])
          .reduce((sum, { capacity }) => sum + capacity, 0),
      ),
    ),
  };
}
