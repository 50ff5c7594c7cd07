/** Bytes, load and critical seconds per level of the fabric, over a step and all chips. */

import type { LinkClass, Network } from '../fabric/network.ts';
import { groupSize } from '../fabric/pattern.ts';
import { profileOfPrice } from '../fabric/profile.ts';
import type { CollectiveWork, Core, StageCost } from './core.ts';
import type { LevelEstimate } from './result.ts';

type Level = LevelEstimate & { /** Load that `hottest` brings. */ hot: number };

/** Load of one class of links: of all of them on average, and of the busiest one. */
interface ClassLoad {
  level: number;
  load: number;
  max: number;
}

export function levelEstimates(core: Core): LevelEstimate[] {
  const { network, placement, slowest, stages } = core;
  const levels = network.levels.map(
    (level): Level => ({
      name: level.spec.name,
      tier: level.spec.tier,
      bytes: 0,
      load: 0,
      maxLoad: 0,
      critical: 0,
      used: Math.min(network.chips, Math.ceil(placement.chips / level.span) * level.span),
      capacity: network.chips,
      hot: 0,
    }),
  );
  const loads = new Map<string, ClassLoad>();
  // Stages of one kind share their collectives; a group that runs through the stages is counted once over all of them.
  for (const [collectives, count] of stageKinds(core.costs))
    for (const work of collectives) addBytes(work, count / stages.length, core, levels, loads);
  for (const work of slowest.collectives) addWaits(work, core, levels, loads);
  for (const { level, load, max } of loads.values()) {
    const estimate = levels[level]!;
    estimate.load = Math.max(estimate.load, load);
    estimate.maxLoad = Math.max(estimate.maxLoad, max);
  }
  return levels.map(({ hot: _, ...level }) => level);
}

function stageKinds(costs: readonly StageCost[]): Map<CollectiveWork[], number> {
  const kinds = new Map<CollectiveWork[], number>();
  for (const { collectives } of costs) kinds.set(collectives, (kinds.get(collectives) ?? 0) + 1);
  return kinds;
}

const indexOf = (network: Network, name: string): number =>
  network.levels.findIndex(level => level.spec.name === name);

/** @param share of all stages that run this collective */
function addBytes(
  { demand, price }: CollectiveWork,
  share: number,
  { network, placement, time }: Core,
  levels: Level[],
  loads: Map<string, ClassLoad>,
): void {
  const groups = (share * placement.chips) / groupSize(demand.group);
  const profile = profileOfPrice(network, demand.group, demand.bytes, price, placement.chips);
  const factor = (index: number): number => {
    if (!demand.scale) return 1;
    return network.levels[index]?.spec.tier === 'scale_up' ? demand.scale.scaleUp : demand.scale.scaleOut;
  };
  profile.meeting.forEach((bytes, index) => {
    levels[index]!.bytes += bytes * groups * demand.count * factor(index);
  });
  for (const [link, bytes] of profile.passing) {
    const index = indexOf(network, link.level);
    const links = linksOf(link, network.chips);
    loadOf(loads, index, link.level, link.link).load +=
      (bytes * groups * demand.count * factor(index)) / (links * link.capacity * time);
  }
}

/** All links of a class, in the direction (of direct links: both) in which `Profile.passing` counts bytes. */
function linksOf(link: LinkClass, chips: number): number {
  switch (link.kind) {
    case 'pairs':
      return (chips / link.unit) * (link.unit / link.span) * (link.unit / link.span - 1);
    case 'wired':
      return (chips / link.unit) * link.links;
    case 'tree':
      return chips / link.span;
  }
}

/** What the busiest stage waits for, and how full it makes the busiest links. */
function addWaits(
  { demand, price, exposed }: CollectiveWork,
  { network, time }: Core,
  levels: Level[],
  loads: Map<string, ClassLoad>,
): void {
  for (const use of price.links) {
    const index = indexOf(network, use.level);
    const load = (use.bytes * demand.count) / (use.capacity * time);
    loadOf(loads, index, use.level, use.link).max += load;
    const level = levels[index];
    if (level && load > level.hot) {
      level.hot = load;
      level.hottest = demand.name;
    }
  }
  const binding = levels[indexOf(network, price.bottleneck.level)];
  if (binding) binding.critical += exposed;
}

function loadOf(loads: Map<string, ClassLoad>, level: number, name: string, link: string): ClassLoad {
  const key = `${name}/${link}`;
  let load = loads.get(key);
  if (!load) {
    load = { level, load: 0, max: 0 };
    loads.set(key, load);
  }
  return load;
}
