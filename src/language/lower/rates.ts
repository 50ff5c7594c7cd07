/** Rates of a level: per chip and direction, and per link where its children are linked directly. */
import type { GraphLink, LevelSpec, Topology } from '../../engine/fabric/spec.ts';
import { rangeOfProperty } from '../analysis/source.ts';
import type { Level } from '../generated/ast.ts';
import type { Env } from '../values/value.ts';
import type { Entries } from './properties.ts';
import { numberAt } from './properties.ts';

export type Rates = Pick<LevelSpec, 'bandwidth' | 'link' | 'linkPerDimension' | 'linkLocal' | 'linkGlobal'>;

/**
 * Links of one child along each dimension of a grid, as many as its inner children have; undefined where links do not belong
 * to dimensions.
 */
export function linksPerDimension(topology: Topology): number[] | undefined {
  switch (topology.kind) {
    case 'torus':
      return topology.dims.map(linksAlong);
    case 'ocs':
      return topology.shape.map(linksAlong);
    case 'hamming_mesh':
      // Both ends of a board line lead to a switch: also the children there have two.
      return topology.board.map(() => 2);
    default:
      return undefined;
  }
}

const linksAlong = (size: number): number => (size > 2 ? 2 : size > 1 ? 1 : 0);

/** Ports of one child where the text states none. */
export function defaultPorts(topology: Topology, count: number, chipsPerChild: number): number {
  if (topology.kind === 'fully_connected') return Math.max(1, count - 1);
  if (topology.kind === 'graph') return linksPerVertex(topology.links, count);
  const links = linksPerDimension(topology);
  if (!links) return chipsPerChild;
  const each = links.reduce((a, b) => a + b, 0) || 1;
  // The shape of an optical circuit switch counts chips, all others count children.
  return each * (topology.kind === 'ocs' ? chipsPerChild : 1);
}

/** Links of the child that has most of them. */
const linksPerVertex = (links: readonly GraphLink[], count: number): number =>
  most(rateOfVertices(links, count, 1, true).values()) || 1;

const most = (values: Iterable<number>): number => {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, value);
  return largest;
};

/** What the links of every child carry together; `each` counts for all of them, or for those without a rate of their own. */
function rateOfVertices(
  links: readonly GraphLink[],
  count: number,
  each: number,
  all = false,
): Map<number, number> {
  const rates = new Map<number, number>();
  for (const { a, b, rate } of links) {
    for (const end of [a, b])
      if (end < count) rates.set(end, (rates.get(end) ?? 0) + (all ? each : (rate ?? each)));
  }
  return rates;
}

export interface RatesInput {
  level: Level;
  entries: Entries;
  topology: Topology;
  count: number;
  chipsPerChild: number;
  env: Env;
}

/** @returns undefined after a finding */
export function lowerRates(input: RatesInput): Rates | undefined {
  const { entries, topology, count, chipsPerChild } = input;
  const bandwidth = bandwidthOf(input);
  if (bandwidth === undefined) return undefined;
  const link = numberAt(entries, 'link');
  const list = entries.get('link')?.value;
  const perDimension = Array.isArray(list) ? list.filter(each => typeof each === 'number') : undefined;
  const linkLocal = numberAt(entries, 'link.local');
  const linkGlobal = numberAt(entries, 'link.global');
  // Links of a graph that state no rate share what is stated for a chip.
  const shared =
    topology.kind === 'graph' && link === undefined && topology.links.some(each => each.rate === undefined)
      ? (bandwidth * chipsPerChild) / linksPerVertex(topology.links, count)
      : undefined;
  const rate = link ?? shared;
  return {
    bandwidth,
    ...(rate !== undefined && { link: rate }),
    ...(perDimension && { linkPerDimension: perDimension }),
    ...(linkLocal !== undefined && { linkLocal }),
    ...(linkGlobal !== undefined && { linkGlobal }),
  };
}

/** Per chip and direction: stated, or half of the vendor's doubled number, or from links or uplink. */
function bandwidthOf(input: RatesInput): number | undefined {
  const { level, entries, topology, chipsPerChild, env } = input;
  const stated = numberAt(entries, 'bandwidth');
  const both = numberAt(entries, 'bidirectional');
  if (stated !== undefined) return stated;
  if (both !== undefined) return both / 2;
  const ofLinks = bandwidthOfLinks(input);
  if (ofLinks !== undefined) return ofLinks;
  const uplink = numberAt(entries, 'uplink');
  if (uplink !== undefined) return uplink / chipsPerChild;
  const keys = ['bandwidth', 'bidirectional', 'link', 'uplink'];
  if (keys.some(key => entries.has(key))) return undefined; // its value is not understood, which is said there
  const bare = topology.kind === 'graph' ? topology.links.find(each => each.rate === undefined) : undefined;
  if (topology.kind === 'graph' && topology.links.length > 0 && !bare) return undefined; // no link ends at a child, which is said at the links
  env.findings.add(
    'key-missing',
    rangeOfProperty(level, 'name'),
    bare
      ? `The level '${level.name}' lacks 'link' (or 'bandwidth'): the link between ${bare.a} and ${bare.b} states no rate of its own.`
      : `The level '${level.name}' lacks 'bandwidth' (or 'link', 'bidirectional', 'uplink').`,
  );
  return undefined;
}

function bandwidthOfLinks({ entries, topology, count, chipsPerChild }: RatesInput): number | undefined {
  const link = entries.get('link')?.value;
  if (topology.kind === 'graph') {
    if (typeof link !== 'number' && topology.links.some(each => each.rate === undefined)) return undefined;
    const rates = rateOfVertices(topology.links, count, typeof link === 'number' ? link : 0);
    return most(rates.values()) / chipsPerChild || undefined;
  }
  if (Array.isArray(link)) {
    const perDimension = linksPerDimension(topology);
    const rates = link.filter(each => typeof each === 'number');
    if (rates.length === 0) return undefined;
    if (!perDimension) return rates[0]! * (defaultPorts(topology, count, chipsPerChild) / chipsPerChild);
    const child = perDimension.reduce((sum, links, i) => sum + links * (rates[i] ?? rates.at(-1)!), 0);
    return child / (topology.kind === 'ocs' ? 1 : chipsPerChild) || rates[0];
  }
  if (typeof link !== 'number') return undefined;
  const ports = numberAt(entries, 'ports') ?? defaultPorts(topology, count, chipsPerChild);
  return (link * ports) / chipsPerChild;
}
