/** Bytes, load and critical seconds per level of the fabric, over a step and all chips. */

import type { Network } from '../fabric/network.ts';
import { groupSize } from '../fabric/pattern.ts';
import { profileOf } from '../fabric/profile.ts';
import type { CollectiveWork, Core } from './core.ts';
import type { LevelEstimate } from './result.ts';

export function levelEstimates(core: Core): LevelEstimate[] {
  const { network, placement, time, slowest } = core;
  const levels = network.levels.map((level): LevelEstimate & { hot: number } => ({
    name: level.spec.name,
    tier: level.spec.tier,
    bytes: 0,
    load: 0,
    maxLoad: 0,
    critical: 0,
    used: Math.min(network.chips, Math.ceil(placement.chips / level.span) * level.span),
    capacity: network.chips,
    hot: 0,
  }));
  const means = new Map<string, { level: number; load: number; max: number }>();
  for (const work of slowest.collectives) addCollective(work, network, placement.chips, time, levels, means);
  for (const { level, load, max } of means.values()) {
    const estimate = levels[level]!;
    estimate.load = Math.max(estimate.load, load);
    estimate.maxLoad = Math.max(estimate.maxLoad, max);
  }
  return levels.map(({ hot: _, ...level }) => level);
}

function addCollective(
  work: CollectiveWork,
  network: Network,
  chips: number,
  time: number,
  levels: (LevelEstimate & { hot: number })[],
  means: Map<string, { level: number; load: number; max: number }>,
): void {
  const { demand, price } = work;
  const indexOf = (name: string): number => network.levels.findIndex(level => level.spec.name === name);
  const groups = chips / groupSize(demand.group);
  const times = demand.count * demand.meanShare;
  const profile = profileOf(network, demand.group, demand.op, demand.bytes, price.algorithm, chips);
  const factor = (index: number): number => {
    if (!demand.scale) return 1;
    return network.levels[index]?.spec.tier === 'scale_up' ? demand.scale.scaleUp : demand.scale.scaleOut;
  };
  profile.meeting.forEach((bytes, index) => {
    levels[index]!.bytes += bytes * groups * times * factor(index);
  });
  for (const [link, bytes] of profile.passing) {
    const index = indexOf(link.level);
    const mean = meanOf(means, index, link.level, link.link);
    const links =
      link.kind === 'pairs'
        ? (network.chips / link.unit) * (link.unit / link.span) * (link.unit / link.span - 1)
        : network.chips / link.span;
    mean.load += (bytes * groups * times * factor(index)) / (links * link.capacity * time);
  }
  for (const use of price.links) {
    const index = indexOf(use.level);
    const load = (use.bytes * demand.count) / (use.capacity * time);
    meanOf(means, index, use.level, use.link).max += load;
    const level = levels[index];
    if (level && load > level.hot) {
      level.hot = load;
      level.hottest = demand.name;
    }
  }
  const binding = levels[indexOf(price.bottleneck.level)];
  if (binding) binding.critical += work.exposed;
}

function meanOf(
  means: Map<string, { level: number; load: number; max: number }>,
  level: number,
  name: string,
  link: string,
) {
  const key = `${name}/${link}`;
  let mean = means.get(key);
  if (!mean) {
    mean = { level, load: 0, max: 0 };
    means.set(key, mean);
  }
  return mean;
}
