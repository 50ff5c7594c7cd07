/** Levels and link classes of a fabric, with what an estimate says about them. */
import type { Cause, Estimate } from '../../engine/estimate/result.ts';
import { networkOf } from '../../engine/fabric/network.ts';
import type { FabricSpec, Topology } from '../../engine/fabric/spec.ts';
import { ranksPerUnit } from '../ranks.ts';
import type { PanelLevel, PanelLink, PanelTopology, Source } from './types.ts';

/** Levels, innermost first. */
export function fabricLevels(
  fabric: FabricSpec,
  estimate: Estimate | undefined,
  locate: (causes: Cause[]) => Source | undefined,
): PanelLevel[] {
  let span = 1;
  let child = 'chip';
  const levels = fabric.levels.map((level): PanelLevel => {
    const childSpan = span;
    span *= level.count;
    const priced = estimate?.levels.find(({ name }) => name === level.name);
    const source = locate([{ kind: 'level', key: level.name }]);
    const made: PanelLevel = {
      name: level.name,
      child,
      count: level.count,
      spare: level.spare,
      span,
      childSpan,
      units: 1,
      topology: panelTopology(level.topology),
      tier: level.tier,
      ...(level.media === undefined ? {} : { media: level.media }),
      latency: level.latency,
      bandwidth: level.bandwidth,
      ratio: ratioOf(level.topology),
      ...(priced
        ? {
            traffic: {
              bytes: priced.bytes,
              load: priced.load,
              maxLoad: priced.maxLoad,
              critical: priced.critical,
            },
          }
        : {}),
      ...(source ? { source } : {}),
    };
    child = level.name;
    return made;
  });
  for (const level of levels) level.units = span / level.span;
  return levels;
}

function panelTopology(topology: Topology): PanelTopology {
  switch (topology.kind) {
    case 'switch':
      return { kind: 'switch', reduce: topology.reduce };
    case 'fully_connected':
      return { kind: 'fully_connected' };
    case 'fat_tree':
      return { kind: 'fat_tree', tiers: topology.tiers, reduce: topology.reduce };
    case 'other':
      return { kind: 'other', name: topology.name };
    default:
      return { kind: 'other', name: topology.kind };
  }
}

function ratioOf(topology: Topology): number {
  if (topology.kind === 'switch') return topology.oversubscription ?? 1;
  if (topology.kind === 'fat_tree')
    return topology.oversubscription.reduce((product, ratio) => product * ratio, 1);
  return 1;
}

/** Every class of links, used or not, with its load over the step: the engine's bytes of each collective, added up. */
export function linkClasses(
  fabric: FabricSpec,
  levels: PanelLevel[],
  estimate: Estimate | undefined,
): PanelLink[] {
  const links: PanelLink[] = networkOf(fabric).stacks.flatMap(stack =>
    stack.links
      .filter(link => isKnown(levels, link.level))
      .map(({ kind, level, link, span, capacity }) => {
        const index = levels.findIndex(({ name }) => name === level);
        return {
          kind,
          level: index,
          name: link,
          span: chipSpan(levels, index, span),
          capacity,
          step: { bytes: 0, load: 0 },
        };
      }),
  );
  if (!estimate) return links;
  for (const { price, count } of estimate.collectives) {
    for (const use of price.links) {
      const link = links[linkIndex(levels, links, use)];
      if (link) link.step.bytes += use.bytes * count;
    }
  }
  for (const link of links) link.step.load = link.step.bytes / (link.capacity * estimate.step.time);
  return links;
}

/** Of a topology that the engine does not know yet, it does not know the links either. */
const isKnown = (levels: readonly PanelLevel[], name: string): boolean =>
  levels.find(level => level.name === name)?.topology.kind !== 'other';

/** Chips around which a class lies, spares included: the engine counts the chips that can hold ranks. */
function chipSpan(levels: readonly PanelLevel[], level: number, span: number): number {
  const childRanks = level === 0 ? 1 : ranksPerUnit(levels)[level - 1]!;
  return span < childRanks ? span : (span / childRanks) * levels[level]!.childSpan;
}

/** Index of the class that a use or a bottleneck names; -1 when there is none. */
export function linkIndex(
  levels: readonly PanelLevel[],
  links: readonly PanelLink[],
  use: { level: string; link: string },
): number {
  return links.findIndex(({ level, name }) => levels[level]?.name === use.level && name === use.link);
}
