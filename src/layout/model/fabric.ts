/** Levels and link classes of a fabric, with what an estimate says about them. */
import type { Cause, Estimate } from '../../engine/estimate/result.ts';
import { linkClassesOf, networkOf } from '../../engine/fabric/network.ts';
import type { FabricSpec, LevelSpec, Topology } from '../../engine/fabric/spec.ts';
import { ranksPerUnit } from '../ranks.ts';
import type { PanelLevel, PanelLink, PanelTopology, Source } from './types.ts';

/**
 * Of a fabric of unlike parts the one to draw: as if all its parts were of the kind that most of the step's network time is
 * spent on. Prices name the slowest part's links; those of another kind would all stand idle.
 */
export function drawnFabric(fabric: FabricSpec, estimate: Estimate | undefined): FabricSpec {
  if (!fabric.variants || !estimate) return fabric;
  const spent = (variant: FabricSpec): number => {
    const names = new Set(variant.levels.map(({ name }) => name));
    return estimate.collectives
      .filter(({ price }) => price.levels.every(level => names.has(level)))
      .reduce((sum, { total }) => sum + total, 0);
  };
  return fabric.variants.reduce((best, variant) => (spent(variant) > spent(best) ? variant : best), fabric);
}

/**
 * Levels, innermost first.
 *
 * @param kinds the fabric once for each kind of unlike parts.
 */
export function fabricLevels(
  fabric: FabricSpec,
  kinds: readonly FabricSpec[],
  estimate: Estimate | undefined,
  locate: (causes: Cause[]) => Source | undefined,
): PanelLevel[] {
  let span = 1;
  let child = 'chip';
  const levels = fabric.levels.map((level, index): PanelLevel => {
    const childSpan = span;
    span *= level.count;
    const priced = estimate?.levels.find(({ name }) => name === level.name);
    const source = locate([{ kind: 'level', key: level.name }]);
    const others = [...new Set(kinds.map(kind => kind.levels[index]?.name ?? level.name))].filter(
      name => name !== level.name,
    );
    const made: PanelLevel = {
      name: level.name,
      child,
      ...(others.length > 0 ? { others } : {}),
      count: level.count,
      spare: level.spare,
      span,
      childSpan,
      units: 1,
      topology: panelTopology(fabric.levels, index),
      tier: level.tier,
      ...(level.media === undefined ? {} : { media: level.media }),
      latency: level.latency,
      bandwidth: level.bandwidth,
      ratio: ratioOf(level.topology),
      ...(level.failed ? { failed: failedOf(level.failed) } : {}),
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
    child = others.length > 0 ? 'part' : level.name;
    return made;
  });
  for (const level of levels) level.units = span / level.span;
  return levels;
}

function panelTopology(levels: readonly LevelSpec[], index: number): PanelTopology {
  const { topology, ports, count, routing } = levels[index]!;
  const childPorts = ports ?? levels.slice(0, index).reduce((chips, below) => chips * below.count, 1);
  switch (topology.kind) {
    case 'switch':
      return { kind: 'switch', reduce: topology.reduce };
    case 'fully_connected':
      return { kind: 'fully_connected' };
    case 'fat_tree':
      return { kind: 'fat_tree', tiers: topology.tiers, reduce: topology.reduce };
    case 'torus':
      return { kind: 'torus', dims: topology.dims, wrap: topology.wrap, twist: topology.twist };
    case 'ocs':
      return {
        kind: 'ocs',
        shape: topology.shape,
        cube: cubeOf(levels[index - 1]?.topology, topology.shape, count),
        twist: topology.twist,
      };
    case 'rail':
      return {
        kind: 'rail',
        rails: childPorts,
        ...(topology.leaf === undefined ? {} : { leaf: topology.leaf }),
        spine: topology.spine,
      };
    case 'dragonfly': {
      const { groups, routers, hosts, globalLinks } = topology;
      const detours = routing === 'valiant' || routing === 'adaptive';
      return {
        kind: 'dragonfly',
        groups,
        routers,
        perRouter: perRouter(hosts, childPorts),
        globalLinks,
        detours,
      };
    }
    case 'hyperx':
      return { kind: 'hyperx', dims: topology.dims, perRouter: perRouter(topology.hosts, childPorts) };
    case 'hamming_mesh':
      return { kind: 'hamming_mesh', board: topology.board, boards: topology.boards };
    case 'graph':
      return {
        kind: 'graph',
        links: topology.links.map(({ a, b }) => [a, b]),
        rates: Object.fromEntries(
          topology.links.flatMap(({ rate }, index) => (rate === undefined ? [] : [[index, rate]])),
        ),
      };
  }
}

const perRouter = (hosts: number, ports: number): number => Math.max(1, Math.floor(hosts / ports));

/** Sides of the cubes of an optical torus: those of the grid below, filled up with ones. */
function cubeOf(below: Topology | undefined, shape: readonly number[], cubes: number): number[] {
  const sides = below?.kind === 'torus' ? below.dims : [];
  const cube = shape.map((_, dim) => sides[dim] ?? 1);
  const fits = shape.every((side, dim) => side % cube[dim]! === 0);
  const count = shape.reduce((product, side, dim) => product * (side / cube[dim]!), 1);
  return fits && count === cubes ? cube : [];
}

const failedOf = (failed: NonNullable<LevelSpec['failed']>): NonNullable<PanelLevel['failed']> => ({
  links: failed.links.map(([a, b]) => [a, b]),
  children: [...failed.children],
});

function ratioOf(topology: Topology): number {
  if (topology.kind === 'switch') return topology.oversubscription ?? 1;
  if (topology.kind === 'rail') return topology.spine ? topology.oversubscription : 1;
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
  const links = linkClassesOf(networkOf(fabric)).map((link): PanelLink => {
    const index = levels.findIndex(({ name }) => name === link.level);
    const wired = link.kind === 'wired';
    return {
      kind: wired ? 'direct' : link.kind,
      level: index,
      name: link.link,
      span: wired ? 0 : chipSpan(levels, index, link.span),
      capacity: link.capacity,
      step: { bytes: 0, load: 0 },
    };
  });
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
  const at = levelIndex(levels, use.level);
  const level = levels[at];
  if (!level) return -1;
  // What leads into unlike parts is named after them.
  const below = levels[at - 1];
  const kind = below?.others?.find(other => use.link.startsWith(`${other} `));
  const link = below && kind ? below.name + use.link.slice(kind.length) : use.link;
  return links.findIndex(({ level, name }) => level === at && name === link);
}

/** Index of the level that an estimate names, or that is drawn for it; -1 when there is none. */
export const levelIndex = (levels: readonly PanelLevel[], wanted: string): number =>
  levels.findIndex(({ name, others }) => name === wanted || others?.includes(wanted));
