/**
 * Gathers over explicit graphs, in spanning trees packed so that no cut is left unused: the least time that any schedule takes, which
 * can be reached in polynomial time (Zhao et al., "ForestColl", arXiv 2402.06787). NCCL's search for as many disjoint rings as the
 * links allow comes close on the graphs it was made for: 134.5 of 150 GB/s on the eight chips of a DGX-1V.
 */
import { crossedLevels } from '../crossing.ts';
import { placesOn } from '../wired.ts';
import { passesAlong } from '../wiring/passing.ts';
import type { Schedule, Task } from './schedule.ts';

export function packedTrees(task: Task, rounds: 1 | 2): Schedule | undefined {
  const { network, group, n, bytes, chips } = task;
  const crossed = crossedLevels(network, group, chips).map(index => network.levels[index]!);
  const wired = crossed[0]?.wired;
  // Children of several chips share their links among as many groups, and pass them on through ports: nobody packs that.
  if (crossed.length !== 1 || !wired?.perLink || wired.end > 1 || passesAlong(wired.wiring)) return undefined;
  const places = placesOn(wired, group, chips);
  if (!places || places.atEnd > 1 || n !== wired.wiring.ends) return undefined;
  const bound = wired.wiring.gatherBound(places.lattice);
  if (!bound.exact) return undefined;
  const depth = wired.wiring.farthest(places.lattice);
  const share = (rounds * bytes * (n - 1)) / n;
  return {
    algorithm: 'packed_trees',
    // Each shard goes over n - 1 links, so a member sends n - 1 shards on average.
    steps: () => [{ traffic: { kind: 'packed', level: crossed[0]!.spec.name, bytes: share }, repeat: 1 }],
    perRank: share,
    count: rounds * depth,
    latency: rounds * depth * wired.latency,
    least: rounds * bound.time,
  };
}
